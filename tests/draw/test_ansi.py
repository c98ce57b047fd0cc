"""A canvas as terminal lines: as wide as it is, in as many colours as there are."""

import re
from datetime import UTC, datetime

import numpy as np
import pytest

from tio.api.market import Timeframe
from tio.draw.ansi import Depth, ansi_lines
from tio.draw.canvas import Canvas, Pen
from tio.draw.chart import draw_chart
from tio.draw.columns import Columns
from tio.draw.palette import PALETTES
from tio.draw.table import cell_width
from tio.draw.view import ChartKind, ChartView, Overlay

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
START = int(datetime(2021, 3, 1, tzinfo=UTC).timestamp() * 1e6)


def chart(kind: ChartKind = ChartKind.candles) -> Canvas:
    random = np.random.default_rng(5)
    close = 100 * np.exp(np.cumsum(random.normal(0, 0.02, 90)))
    open_ = np.concatenate((close[:1], close[:-1]))
    high, low = np.maximum(open_, close) * 1.01, np.minimum(open_, close) * 0.99
    time = START + np.arange(90, dtype=np.int64) * Timeframe.d1.step
    bars = Columns(time, open_, high, low, close, random.random(90))
    lines = (Overlay("mean", np.full(90, float(close.mean()))),)
    view = ChartView(80, 24, kind=kind, overlays=lines, last=float(close[-1]), last_change=-1.0)
    return draw_chart(bars, view)


@pytest.mark.parametrize("depth", list(Depth))
@pytest.mark.parametrize("kind", list(ChartKind))
def test_every_line_is_as_wide_as_the_canvas(depth: Depth, kind: ChartKind) -> None:
    lines = ansi_lines(chart(kind), PALETTES["light"], depth)
    assert [cell_width(ESCAPE.sub("", line)) for line in lines] == [80] * 24


@pytest.mark.parametrize("depth", [Depth.true, Depth.few, Depth.sixteen])
def test_coloured_lines_end_in_a_reset(depth: Depth) -> None:
    assert all(line.endswith("\x1b[0m") for line in ansi_lines(chart(), depth=depth))


@pytest.mark.parametrize("depth", [Depth.none, Depth.ascii])
def test_lines_without_colour_hold_no_escape(depth: Depth) -> None:
    assert not any("\x1b" in line for line in ansi_lines(chart(), depth=depth))


def test_a_rising_body_is_green_in_each_depth() -> None:
    canvas = Canvas(2, 1)
    canvas.put(0, 0, "▄", Pen.rise)
    assert ansi_lines(canvas)[0] == "\x1b[0;38;2;79;192;141m▄ \x1b[0m"
    assert ansi_lines(canvas, depth=Depth.few)[0] == "\x1b[0;38;5;72m▄ \x1b[0m"
    assert ansi_lines(canvas, depth=Depth.sixteen)[0] == "\x1b[0;32m▄ \x1b[0m"


def test_a_marker_reads_on_a_terminal_of_any_ground() -> None:
    canvas = Canvas(3, 1)
    canvas.put(0, 0, "1.5", Pen.marker_fall, reverse=True)
    assert ansi_lines(canvas, depth=Depth.sixteen)[0] == "\x1b[0;7;31m1.5\x1b[0m"
    assert ansi_lines(canvas)[0] == "\x1b[0;38;2;13;17;23;48;2;229;99;106m1.5\x1b[0m"


def test_greys_are_taken_from_the_ramp_of_greys() -> None:
    canvas = Canvas(1, 1)
    canvas.put(0, 0, "x", Pen.text)
    palette = {**PALETTES["dark"], "text": "#767676"}
    assert "38;5;243m" in ansi_lines(canvas, palette, Depth.few)[0]


def test_blocks_that_hang_from_above_need_no_inversion_without_colour() -> None:
    canvas = Canvas(3, 1)
    for column, block in enumerate("▂▅▇"):
        canvas.put(column, 0, block, Pen.rise, reverse=True)
    assert ansi_lines(canvas, depth=Depth.none) == ["█▀▔"]


def test_ascii_tells_rising_from_falling_and_has_no_other_letters() -> None:
    lines = ansi_lines(chart(), depth=Depth.ascii)
    assert all(line.isascii() for line in lines)
    assert any("+" in line for line in lines)
    assert any("#" in line for line in lines)
    assert not any("?" in line for line in lines)


def test_a_wide_name_keeps_its_cells_in_ascii() -> None:
    canvas = Canvas(6, 1)
    canvas.put(0, 0, "東京x")
    assert ansi_lines(canvas, depth=Depth.ascii) == ["????x "]
