"""Lines, steps, dots, clouds and compared instruments over a pane's bars."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tio.api.market import Timeframe
from tio.draw.canvas import BRAILLE, Canvas, Pen
from tio.draw.chart import Layout, draw_chart, lay_out
from tio.draw.columns import Columns
from tio.draw.scale import Kind
from tio.draw.view import ChartKind, ChartView, Cloud, Compared, Overlay, Stroke, SubPane

COUNT = 60
VIEW = ChartView(80, 30, volume=False, legend=False)
LEVEL = np.full(COUNT, 105.0)


def bars(count: int = COUNT) -> Columns:
    """Bars from 90 to 110 that all close at 100."""
    full = np.full(count, 100.0)
    time = np.arange(count, dtype=np.int64) * Timeframe.d1.step
    high, low = full.copy(), full.copy()
    high[:: count - 1], low[:: count - 1] = 110.0, 90.0
    return Columns(time, full, high, low, full, full)


def drawn(view: ChartView, count: int = COUNT) -> tuple[Canvas, Layout]:
    return draw_chart(bars(count), view), lay_out(bars(count), view)


def columns_in(canvas: Canvas, layout: Layout, pen: Pen) -> list[int]:
    plot = canvas.ink[: layout.price_rows, : layout.plot_width] == pen
    return np.flatnonzero(plot.any(axis=0)).tolist()


@pytest.mark.parametrize(("shift", "first", "last"), [(0, 0, 59), (8, 8, 67), (-8, 0, 51)])
def test_a_shift_moves_a_line_ahead_or_back(shift: int, first: int, last: int) -> None:
    canvas, layout = drawn(replace(VIEW, overlays=(Overlay("x", LEVEL, Pen.violet, shift=shift),)))
    inked = columns_in(canvas, layout, Pen.violet)
    assert inked == list(range(int(layout.x_of(first)), int(layout.x_of(last)) + 1))


def test_steps_are_level_and_dots_are_single() -> None:
    values = np.where(np.arange(COUNT) < 30, 95.0, 105.0)
    for stroke, bits in ((Stroke.steps, 2), (Stroke.dots, 1)):
        view = replace(VIEW, overlays=(Overlay("x", values, Pen.violet, stroke),))
        canvas, layout = drawn(view)
        row = layout.scale.row(95.0)
        assert row is not None
        cell = canvas.glyph[row, int(layout.columns[10])]
        assert BRAILLE < cell < BRAILLE + 256
        assert int(cell - BRAILLE).bit_count() == bits


def test_the_last_of_two_lines_in_a_cell_gives_its_pen_and_both_their_dots() -> None:
    lines = (Overlay("a", LEVEL, Pen.blue), Overlay("b", LEVEL - 0.2, Pen.violet))
    canvas, layout = drawn(replace(VIEW, overlays=lines))
    both = canvas.ink[: layout.price_rows] == Pen.violet
    assert both.any()
    assert not (canvas.ink[: layout.price_rows] == Pen.blue).any()
    assert all(
        int(cell - BRAILLE).bit_count() == 4 for cell in canvas.glyph[: layout.price_rows][both]
    )


def test_a_plain_view_has_the_bars_over_the_lines() -> None:
    view = ChartView(80, 30, legend=False, volume=False, overlays=(Overlay("x", LEVEL - 5),))
    rows = [draw_chart(bars(), replace(view, plain=plain)).text() for plain in (False, True)]
    row = lay_out(bars(), view).scale.row(100.0)
    assert row is not None
    assert "─" not in rows[0][row]
    assert rows[1][row].count("─") > 50


def test_a_cloud_is_tinted_by_which_column_is_above() -> None:
    upper = np.where(np.arange(COUNT) < 30, 108.0, 92.0)
    canvas, layout = drawn(replace(VIEW, clouds=(Cloud(upper, np.full(COUNT, 100.0)),)))
    above, below = layout.scale.row(104.0), layout.scale.row(96.0)
    assert above is not None
    assert below is not None
    assert canvas.ground[above, int(layout.columns[10])] == Pen.fade_rise
    assert canvas.ground[below, int(layout.columns[50])] == Pen.fade_fall
    assert canvas.ground[below, int(layout.columns[10])] == Pen.none
    assert "·" in canvas.text()[above]


def test_a_band_has_one_tint_and_goes_where_it_is_shifted() -> None:
    cloud = Cloud(LEVEL, LEVEL - 10, 10, Pen.band)
    canvas, layout = drawn(replace(VIEW, clouds=(cloud,)))
    tinted = np.flatnonzero((canvas.ground == Pen.band).any(axis=0)).tolist()
    assert tinted == list(range(int(layout.x_of(10)), int(layout.x_of(69)) + 1))


def test_what_is_compared_begins_where_the_prices_do_and_tells_its_percent() -> None:
    other = Compared("QQQ", np.linspace(300.0, 330.0, COUNT), Pen.blue)
    canvas, layout = drawn(replace(VIEW, compared=(other,)))
    plot = canvas.ink[: layout.price_rows, : layout.plot_width] == Pen.blue
    row = layout.scale.row(100.0)
    assert row is not None
    assert plot[row, int(layout.columns[0])]
    last = layout.scale.row(110.0)
    assert last is not None
    assert canvas.text()[last][layout.plot_width :].strip() == "+10.00%"
    assert any("QQQ" in line for line in canvas.text())


def test_one_bar_in_a_million_that_spikes_is_seen() -> None:
    count = 200_000
    values = np.full(count, 100.0)
    values[123_457] = 109.0
    view = replace(VIEW, overlays=(Overlay("x", values, Pen.violet),))
    canvas, layout = drawn(view, count)
    row = layout.scale.row(109.0)
    assert row is not None
    column = layout.column_of(123_457)
    assert column is not None
    assert canvas.ink[row, column] == Pen.violet


def test_over_grouped_bars_a_line_within_them_is_thin() -> None:
    count = 20_000
    time = np.arange(count, dtype=np.int64) * Timeframe.d1.step
    full = np.full(count, 100.0)
    many = Columns(time, full, full + 10, full - 10, full, full)
    swing = 100 + 8 * np.sin(np.arange(count))
    line = Overlay("x", swing, Pen.violet)
    view = replace(VIEW, overlays=(line,))
    pane = replace(VIEW, panes=(SubPane("x", (line,), 2.0),))
    inked = [(draw_chart(many, one).ink == Pen.violet).sum(axis=0).max() for one in (view, pane)]
    assert inked[0] <= 12
    assert inked[1] > 12


ANY = st.lists(st.floats(), min_size=1, max_size=50).map(
    lambda values: np.array(values, np.float64)
)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(1, 120),
    st.integers(1, 90),
    st.integers(1, 40),
    st.tuples(ANY, ANY),
    st.integers(-70, 70),
    st.sampled_from(list(Stroke)),
    st.sampled_from(list(ChartKind)),
    st.sampled_from(["linear", "log", "percent"]),
    st.booleans(),
)
def test_nothing_raises_whatever_the_values(
    count: int,
    width: int,
    height: int,
    values: tuple[np.ndarray[tuple[int], np.dtype[np.float64]], ...],
    shift: int,
    stroke: Stroke,
    kind: ChartKind,
    scale: Kind,
    compared: bool,
) -> None:
    one, two = values
    line = Overlay("x", one, Pen.blue, stroke, shift)
    view = ChartView(
        width,
        height,
        kind=kind,
        scale=scale,
        overlays=(line, Overlay("y", two)),
        clouds=(Cloud(one, two, shift) if len(one) == len(two) else Cloud(one, one, shift),),
        panes=(SubPane("P", (line,)), SubPane("Q", (Overlay("z", two),), guides=(0.0,))),
        compared=(Compared("C", np.resize(one, count)),) if compared else (),
    )
    canvas = draw_chart(bars(max(count, 2)), view)
    assert [len(text) for text in canvas.text()] == [width] * height
