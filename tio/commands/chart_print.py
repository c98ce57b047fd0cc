"""How charts print: as large as the terminal, in colour where one is seen."""

import os
import shutil
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tio.api.errors import Invalid
from tio.commands.charting import Charted, Wanted
from tio.commands.printing import say

if TYPE_CHECKING:
    from tio.draw.ansi import Depth
    from tio.draw.canvas import Canvas
    from tio.draw.palette import Palette

STYLES = ("plotext", "blocks", "ascii")
COLOURS = ("auto", "always", "never")
LEAST_WIDTH, LEAST_HEIGHT = 24, 8


@dataclass(frozen=True, slots=True)
class Paper:
    """What is drawn on: cells, style and whether colours show; `theme` "" is the settings'."""

    width: int
    height: int
    style: str = "plotext"
    colour: bool = False
    theme: str = ""


def paper(style: str, width: int, height: int, colour: str, theme: str) -> Paper:
    """As the options tell, and where they do not the terminal; Invalid says what is unknown."""
    from tio.draw.palette import PALETTES

    for name, told, known in (
        ("style", style, STYLES),
        ("color", colour, COLOURS),
        ("theme", theme or "dark", tuple(PALETTES)),
    ):
        if told not in known:
            raise Invalid(f"--{name} {told[:20]!r} is not known", f"one of {' '.join(known)}")
    if width < 0 or height < 0:
        raise Invalid(f"a chart of {width} × {height} cells cannot be drawn", "0: the terminal's")
    terminal = shutil.get_terminal_size((100, 30))
    return Paper(
        max(width or terminal.columns, LEAST_WIDTH),
        max(height or terminal.lines - 2, LEAST_HEIGHT),
        style if _can_print("█") else "ascii",
        colour == "always" or (colour == "auto" and _shows_colour()),
        theme,
    )


def check(wanted: Wanted, paper: Paper) -> None:
    """Invalid when the style does not draw what is wanted."""
    if paper.style == "plotext" and wanted.kind == "hollow":
        raise Invalid("plotext draws no hollow candles", "--style blocks does")


def print_chart(charted: Charted, paper: Paper) -> None:
    """The chart on standard output; what there is to know about it on standard error."""
    view = replace(charted.view, width=paper.width, height=paper.height)
    if paper.style == "plotext":
        from tio.draw.plot import plot_chart

        print(plot_chart(charted.bars, view, title=charted.title, colour=paper.colour))
    else:
        from tio.draw.chart import draw_chart
        from tio.draw.table import cell_width, fit

        view = replace(view, height=paper.height - 1)
        print(fit(charted.title, min(cell_width(charted.title), paper.width)))
        print_canvas(draw_chart(charted.bars, view), paper)
    for note in charted.notes:
        say(f"{charted.title}: {note}")


def print_canvas(canvas: "Canvas", paper: Paper) -> None:
    """A drawing on standard output."""
    from tio.draw.ansi import ansi_lines

    print("\n".join(ansi_lines(canvas, palette_of(paper), _depth(paper))))


def palette_of(paper: Paper) -> "Palette":
    """The colours of the theme asked for, else of the settings."""
    from tio.config import load
    from tio.draw.palette import PALETTES, rise_is_red

    looks = load().ui
    found = PALETTES[paper.theme or looks.theme]
    return rise_is_red(found) if looks.rise_is_red else found


def _depth(paper: Paper) -> "Depth":
    from tio.draw.ansi import Depth

    if paper.style == "ascii":
        return Depth.ascii
    if not paper.colour:
        return Depth.none
    if os.environ.get("COLORTERM", "") in ("truecolor", "24bit"):
        return Depth.true
    return Depth.few if "256" in os.environ.get("TERM", "") else Depth.sixteen


def _shows_colour() -> bool:
    return (
        sys.stdout.isatty()
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM", "") != "dumb"
    )


def _can_print(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
