"""Candles stand where their prices are, to the eighth of a row, and their wicks touch them."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tio.draw.candles import draw_bars, draw_candles, heikin_ashi
from tio.draw.canvas import REVERSE, SPACE, Canvas, Pen
from tio.draw.columns import Columns
from tio.draw.scale import Kind, Scale, scale_over

ROWS = 4


def columns_of(*bars: tuple[float, float, float, float]) -> Columns:
    """Bars from (open, high, low, close)."""
    prices = np.array(bars, np.float64).reshape(-1, 4).T
    time = np.arange(len(bars), dtype=np.int64) * 60_000_000
    open_, high, low, close = prices
    return Columns(time, open_, high, low, close, np.full(len(bars), np.nan))


def drawn(
    *bars: tuple[float, float, float, float], rows: int = ROWS, hollow: bool = False
) -> Canvas:
    """The bars at 8 eighths a row, one price an eighth, 0 at the bottom."""
    canvas = Canvas(len(bars), rows)
    scale = Scale(0, 8 * rows, rows)
    draw_candles(canvas, scale, np.arange(len(bars)), columns_of(*bars), hollow=hollow)
    return canvas


def column(canvas: Canvas, at: int = 0) -> str:
    return "".join(line[at] for line in canvas.text())


def test_a_body_on_row_borders_is_solid() -> None:
    assert column(drawn((8, 24, 8, 24))) == " ██ "


def test_wicks_are_whole_or_half_cells() -> None:
    assert column(drawn((16, 32, 0, 24))) == "│█││"
    assert column(drawn((16, 28, 4, 24))) == "╷█│╵"


@pytest.mark.parametrize(("eighths", "glyph"), enumerate("▁▂▃▄▅▆▇█", 1))
def test_every_eighth_of_a_top_edge(eighths: int, glyph: str) -> None:
    assert column(drawn((0, 8 + eighths, 0, 8 + eighths))) == "  " + glyph + "█"


@pytest.mark.parametrize(("eighths", "glyph"), enumerate("▇▆▅▄▃▂▁", 1))
def test_every_eighth_of_a_bottom_edge_by_inverse_video(eighths: int, glyph: str) -> None:
    canvas = drawn((16 - eighths, 32, 16 - eighths, 32))
    assert column(canvas) == "██" + glyph + " "
    assert canvas.flags[2, 0] == REVERSE


def test_a_doji_is_a_thin_line_crossed_by_its_wicks() -> None:
    assert column(drawn((20, 20, 20, 20))) == " ─  "
    assert column(drawn((20, 32, 0, 20))) == "│┼││"
    assert column(drawn((20, 32, 20, 20))) == "│┴  "
    assert column(drawn((20, 20, 0, 20))) == " ┬││"


def test_a_doji_at_the_very_bottom_or_top_is_seen() -> None:
    assert column(drawn((0, 0, 0, 0))) == "   ▁"
    assert column(drawn((32, 32, 32, 32)))[0] != " "


def test_colour_says_direction() -> None:
    canvas = drawn((8, 16, 8, 16), (16, 16, 8, 8))
    assert canvas.ink[2].tolist() == [Pen.rise, Pen.fall]


def test_hollow_candles_outline_rises_and_colour_by_the_close_before() -> None:
    canvas = drawn((8, 16, 8, 16), (4, 12, 4, 12), (24, 24, 16, 16), hollow=True)
    assert canvas.text()[2] == "║║ "
    assert canvas.text()[1] == "  █"
    assert canvas.ink[2, :2].tolist() == [Pen.rise, Pen.fall]
    assert canvas.ink[1, 2] == Pen.rise


def test_wide_bodies_have_one_wick_in_the_middle() -> None:
    canvas = Canvas(3, ROWS)
    draw_candles(
        canvas, Scale(0, 32, ROWS), np.array([1]), columns_of((8, 32, 0, 24)), body_width=3
    )
    assert canvas.text() == [" │ ", "███", "███", " │ "]


def test_bars_have_the_open_left_and_the_close_right() -> None:
    canvas = Canvas(2, ROWS)
    draw_bars(
        canvas, Scale(0, 32, ROWS), np.arange(2), columns_of((12, 32, 0, 20), (28, 30, 18, 28))
    )
    assert [line[0] for line in canvas.text()] == ["│", "├", "┤", "│"]
    assert canvas.text()[0][1] in "┼┬"


def test_a_bar_with_a_hole_is_left_out() -> None:
    assert column(drawn((np.nan, 32, 0, 20))) == "    "


def test_heikin_ashi_follows_its_definition() -> None:
    bars = columns_of((10, 14, 8, 12), (12, 16, 11, 15), (15, 15, 9, 10))
    averaged = heikin_ashi(bars)
    assert averaged.close.tolist() == [11.0, 13.5, 12.25]
    assert averaged.open.tolist() == [11.0, 11.0, 12.25]
    assert averaged.high.tolist() == [14.0, 16.0, 15.0]
    assert averaged.low.tolist() == [8.0, 11.0, 9.0]


def test_heikin_ashi_starts_again_after_a_hole() -> None:
    averaged = heikin_ashi(columns_of((1, 2, 1, 2), (np.nan, 2, 1, 2), (4, 6, 4, 6)))
    assert np.isnan(averaged.open[1])
    assert averaged.open[2] == 5.0


PRICE = st.floats(1, 1000)
BAR = st.tuples(PRICE, PRICE, PRICE, PRICE).map(
    lambda p: (p[0], max(p), min(p), p[3]),
)


@given(st.lists(BAR, min_size=1, max_size=12), st.integers(1, 30), st.booleans())
def test_a_candle_reaches_from_its_high_to_its_low_without_a_gap(
    bars: list[tuple[float, float, float, float]], rows: int, hollow: bool
) -> None:
    data = columns_of(*bars)
    scale = scale_over(data.low, data.high, rows)
    canvas = Canvas(len(bars), rows)
    draw_candles(canvas, scale, np.arange(len(bars)), data, hollow=hollow)
    inked = canvas.glyph != SPACE
    high, low = scale.steps(data.high, 8), scale.steps(data.low, 8)
    for at in range(len(bars)):
        at_rows = np.flatnonzero(inked[:, at])
        assert at_rows.size
        assert (np.diff(at_rows) == 1).all()
        first = min(int(high[at]) // 8, rows - 1)
        last = max(-(-int(low[at]) // 8) - 1, first)
        assert abs(int(at_rows[0]) - first) <= (1 if high[at] == low[at] else 0)
        assert abs(int(at_rows[-1]) - last) <= (1 if low[at] - high[at] < 2 else 0)


@given(st.lists(BAR, min_size=1, max_size=12), st.integers(1, 30))
def test_wicks_touch_their_bodies(bars: list[tuple[float, float, float, float]], rows: int) -> None:
    data = columns_of(*bars)
    canvas = Canvas(len(bars), rows)
    draw_candles(canvas, scale_over(data.low, data.high, rows), np.arange(len(bars)), data)
    wick = np.isin(canvas.glyph, [ord(c) for c in "│╷╵"])
    flags = canvas.flags & REVERSE != 0
    partial = (canvas.glyph > 0x2580) & (canvas.glyph < 0x2588)
    # A block that ends inside its cell must not have a wick coming from that side.
    assert not (wick[:-1] & (partial & ~flags)[1:]).any()
    assert not (wick[1:] & (partial & flags)[:-1]).any()


LINEAR_AND_LOG: tuple[Kind, ...] = ("linear", "log")
ANY = st.floats(allow_nan=True, allow_infinity=True)


@example([(0.0, 1.7798941929294263e308, 1.779894192932986e308, 0.0)], 1, 1)
@given(st.lists(st.tuples(ANY, ANY, ANY, ANY), max_size=6), st.integers(0, 8), st.integers(0, 6))
def test_nothing_raises_whatever_the_prices(
    bars: list[tuple[float, float, float, float]], rows: int, width: int
) -> None:
    data = columns_of(*bars)
    for kind in LINEAR_AND_LOG:
        scale = scale_over(data.low, data.high, rows, kind)
        canvas = Canvas(width, rows)
        draw_candles(canvas, scale, np.arange(len(bars)), data)
        draw_bars(canvas, scale, np.arange(len(bars)), data)
        assert len(canvas.text()) == rows
