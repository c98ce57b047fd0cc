"""How charts print: as large as the terminal, in colour where one is seen."""

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tio.api.errors import Conflict, Invalid
from tio.commands.bar_tables import timeframe_of
from tio.commands.charting import Charted, Wanted, kind_of, scale_of
from tio.commands.printing import say

if TYPE_CHECKING:
    from tio.draw.ansi import Depth
    from tio.draw.canvas import Canvas
    from tio.draw.heat_map import Tile
    from tio.draw.multiples import Small
    from tio.draw.palette import Palette
    from tio.draw.view import ChartView

STYLES = ("plotext", "blocks", "ascii")
COLOURS = ("auto", "always", "never")
LEAST_WIDTH, LEAST_HEIGHT = 24, 8
PICTURE = (120, 42)
"""Cells of a picture whose size was not asked for."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What is drawn on: cells, style and whether colours show; `theme` "" is the settings'.

    `fixed`: the height was asked for. `svg` is the file to write in place of printing.
    """

    width: int
    height: int
    style: str = "plotext"
    colour: bool = False
    theme: str = ""
    fixed: bool = False
    svg: str = ""


def paper(style: str, width: int, height: int, colour: str, theme: str, svg: str) -> Paper:
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
    columns, lines = PICTURE if svg else shutil.get_terminal_size((100, 30))
    return Paper(
        max(width or columns, LEAST_WIDTH),
        max(height or lines - 2, LEAST_HEIGHT),
        style if _can_print("█") else "ascii",
        colour == "always" or (colour == "auto" and _shows_colour()),
        theme,
        height > 0,
        svg,
    )


def check(wanted: Wanted, paper: Paper) -> None:
    """Invalid when the style does not draw what is wanted."""
    if paper.style != "plotext" or paper.svg:
        return
    if wanted.kind == "hollow":
        raise Invalid("plotext draws no hollow candles", "--style blocks does")
    if wanted.drawings:
        raise Invalid("plotext draws no drawings", "--style blocks does")


def print_chart(charted: Charted, paper: Paper) -> None:
    """The chart on standard output or in its file; what there is to know on standard error."""
    view = replace(charted.view, width=paper.width, height=paper.height)
    if paper.style == "plotext" and not paper.svg:
        from tio.draw.plot import plot_chart

        print(plot_chart(charted.bars, view, title=charted.title, colour=paper.colour))
    else:
        from tio.draw.chart import draw_chart

        view = _seen_plain(replace(view, height=paper.height - 1), paper)
        put_canvas(draw_chart(charted.bars, view), paper, charted.title)
    for note in charted.notes:
        say(f"{charted.title}: {note}")


def _seen_plain(view: "ChartView", paper: Paper) -> "ChartView":
    """Where no colour shows, lines lie under the bars, and rising ones are outlines."""
    from tio.draw.view import ChartKind

    if paper.svg or (paper.colour and paper.style != "ascii"):
        return view
    outlined = view.kind is ChartKind.candles and paper.style != "ascii"
    return replace(view, plain=True, kind=ChartKind.hollow if outlined else view.kind)


def print_grid(charts: "Sequence[Small]", wanted: Wanted, paper: Paper) -> None:
    """Small charts side by side, as many rows as they need."""
    from tio.draw.multiples import multiples, rows_of

    height = paper.height if paper.fixed else max(rows_of(len(charts), paper.width), paper.height)
    canvas = multiples(
        charts,
        paper.width,
        height,
        kind=kind_of(wanted.kind),
        timeframe=timeframe_of(wanted.timeframe),
        scale=scale_of(wanted.scale),
    )
    put_canvas(canvas, paper, f"{len(charts)} symbols, {wanted.timeframe}" * bool(paper.svg))


def print_heat(tiles: "Sequence[Tile]", paper: Paper) -> None:
    """A heat map of changes."""
    from tio.draw.heat_map import heat_map

    canvas = heat_map(tiles, paper.width, paper.height)
    put_canvas(canvas, paper, "Change of the newest quotes" * bool(paper.svg))


def put_canvas(canvas: "Canvas", paper: Paper, title: str) -> None:
    """A drawing below its title, on standard output or as SVG where the paper says."""
    if paper.svg:
        _write_svg(canvas, paper, title)
        return
    from tio.draw.ansi import ansi_lines
    from tio.draw.table import cell_width, fit

    if title:
        shown = fit(title, min(cell_width(title), paper.width))
        print(_letters(shown) if paper.style == "ascii" else shown)
    print("\n".join(ansi_lines(canvas, palette_of(paper), _depth(paper))))


def _write_svg(canvas: "Canvas", paper: Paper, title: str) -> None:
    from tio.draw.svg import svg

    text = svg(canvas, palette_of(paper), title=title)
    if paper.svg == "-":
        print(text, end="")
        return
    path = Path(paper.svg).expanduser()
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise Conflict(f"{path} is there already", "choose another name") from error
    except OSError as error:
        raise Invalid(f"{path} cannot be written: {error.strerror}", "choose another") from error
    say(f"{path}: {len(text.encode()):,} bytes")


def _letters(text: str) -> str:
    """The text in ASCII alone."""
    return text.replace("÷", "/").encode("ascii", "replace").decode()


def palette_of(paper: Paper) -> "Palette":
    """The colours of the theme asked for, else of the settings."""
    from tio.config import load
    from tio.draw.palette import PALETTES, rise_is_red

    looks = load().ui
    name = paper.theme or looks.theme
    # A picture has no terminal whose sixteen colours it could take.
    found = PALETTES["dark" if paper.svg and name == "16-colours" else name]
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
