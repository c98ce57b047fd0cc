"""Rows of the talk as they stand on the terminal: their text, their style, what is in a cell."""

from rich.cells import cell_len
from rich.style import Style

from tio.api.clean import clean
from tio.draw.prose import Row
from tio.screens.themes import Paint


def drawn(text: str) -> str:
    """Clean, and without the mark that makes a character wider than it was measured."""
    return clean(text).replace("\ufe0f", "")


def talk_style(paint: Paint, ink: str, *, lit: bool) -> Style:
    """The style of an ink of prose; `lit` where one stands."""
    ground = "selected" if lit else "ground"
    match ink:
        case "bold":
            return paint.style("text", ground, bold=True)
        case "italic":
            return paint.style("text", ground) + Style(italic=True)
        case "struck":
            return paint.style("fall", ground) + Style(strike=True)
        case "figure":
            return paint.style("text", ground) + Style(underline=lit)
    return paint.style(ink, ground, bold=lit)


def thing_at(row: Row, at: int) -> object:
    """What a cell of a row stands for, counted from 0."""
    end = 0
    for run in row:
        end += cell_len(drawn(run.text))
        if at < end:
            return run.thing
    return None
