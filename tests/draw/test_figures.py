"""Drawings lie where their points are, under or over the bars, and their names stay whole."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tio.api.market import Timeframe
from tio.draw.canvas import BRAILLE, Canvas, Pen
from tio.draw.chart import Layout, draw_chart, lay_out
from tio.draw.columns import Columns
from tio.draw.figures import fibonacci_levels
from tio.draw.view import ChartKind, ChartView, Figure, Shape

STEP = Timeframe.d1.step
VIEW = ChartView(80, 30, volume=False, legend=False, axis_width=10)


def level_bars(count: int = 60) -> Columns:
    """Bars that span 90 to 110, all closing at 100, at the scale's middle."""
    time = np.arange(count, dtype=np.int64) * STEP
    full = np.full(count, 100.0)
    high, low = full.copy(), full.copy()
    high[0], low[0] = 110.0, 90.0
    return Columns(time, full, high, low, full, full)


def drawn(*figures: Figure, view: ChartView = VIEW) -> tuple[Canvas, Layout]:
    view = replace(view, figures=figures)
    return draw_chart(level_bars(), view), lay_out(level_bars(), view)


def cells_of(canvas: Canvas, layout: Layout, pen: Pen) -> list[tuple[int, int]]:
    """(column, row) of the plot's cells in a pen."""
    plot = canvas.ink[: layout.price_rows, : layout.plot_width] == pen
    rows, columns = np.nonzero(plot)
    return sorted(zip(columns.tolist(), rows.tolist(), strict=True))


def row_of(layout: Layout, price: float) -> int:
    row = layout.scale.row(price)
    assert row is not None
    return row


def test_a_trend_runs_from_point_to_point_and_no_further() -> None:
    canvas, layout = drawn(Figure(Shape.trend, ((10, 92.0), (40, 108.0))))
    cells = cells_of(canvas, layout, Pen.violet)
    assert (layout.column_of(10), row_of(layout, 92.0)) in cells
    assert (layout.column_of(40), row_of(layout, 108.0)) in cells
    assert {row for _, row in cells} == set(range(row_of(layout, 108.0), row_of(layout, 92.0) + 1))
    columns = {column for column, _ in cells}
    assert columns == set(range(cells[0][0], cells[-1][0] + 1))


def test_a_ray_goes_on_to_the_border() -> None:
    canvas, layout = drawn(Figure(Shape.ray, ((10, 95.0), (20, 96.0))))
    cells = cells_of(canvas, layout, Pen.violet)
    assert cells[0][0] == layout.column_of(10)
    assert cells[-1][0] == layout.plot_width - 1


def test_a_ray_drawn_backwards_goes_to_the_left_border() -> None:
    canvas, layout = drawn(Figure(Shape.ray, ((30, 95.0), (20, 96.0))))
    cells = cells_of(canvas, layout, Pen.violet)
    assert (cells[0][0], cells[-1][0]) == (0, layout.column_of(30))


def test_a_channel_has_two_lines_as_far_apart_as_its_third_point() -> None:
    canvas, layout = drawn(Figure(Shape.channel, ((10, 92.0), (50, 92.0), (30, 107.0))))
    rows = {row for _, row in cells_of(canvas, layout, Pen.violet)}
    assert rows == {row_of(layout, 92.0), row_of(layout, 107.0)}


def test_a_horizontal_spans_the_pane_under_the_bars_with_its_price_on_the_axis() -> None:
    canvas, layout = drawn(Figure(Shape.horizontal, ((5, 104.0),), text="supply"))
    row = row_of(layout, 104.0)
    line = canvas.text()[row]
    assert "supply" in line
    assert line.count("─") > 40
    assert line[layout.plot_width :].strip() == "104.00"
    assert cells_of(drawn(Figure(Shape.horizontal, ((5, 200.0),)))[0], layout, Pen.violet) == []


def test_fibonacci_levels_go_back_from_the_second_point() -> None:
    figure = Figure(Shape.fibonacci, ((10, 90.0), (30, 110.0)))
    assert [round(price, 2) for _, price in fibonacci_levels(figure)] == [
        110.0,
        105.28,
        102.36,
        100.0,
        97.64,
        94.28,
        90.0,
    ]
    canvas, layout = drawn(figure)
    for ratio, price in fibonacci_levels(figure):
        assert f"{ratio * 100:g}% {price:.2f}" in canvas.text()[row_of(layout, price)]


def test_a_text_stands_at_its_point_and_is_pushed_in_from_the_border() -> None:
    canvas, layout = drawn(Figure(Shape.text, ((59, 104.0),), text="a long remark"))
    assert "a long remark" in canvas.text()[row_of(layout, 104.0)][: layout.plot_width]


def test_names_are_not_cut_by_lines_drawn_later() -> None:
    text = Figure(Shape.text, ((20, 101.0),), text="mind this")
    line = Figure(Shape.trend, ((5, 101.0), (55, 101.0)), pen=Pen.blue)
    assert any("mind this" in row for row in drawn(text, line)[0].text())


def test_a_line_over_a_horizontal_takes_no_ground_from_it() -> None:
    level = Figure(Shape.horizontal, ((5, 101.0),), pen=Pen.blue)
    line = Figure(Shape.trend, ((5, 99.0), (55, 103.0)))
    assert not (drawn(level, line)[0].ground == Pen.blue).any()


def test_only_a_selected_figure_shows_its_handles() -> None:
    figure = Figure(Shape.trend, ((10, 92.0), (40, 108.0)))
    assert "◆" not in "".join(drawn(figure)[0].text())
    canvas, layout = drawn(replace(figure, selected=True))
    assert canvas.text()[row_of(layout, 92.0)][layout.column_of(10) or 0] == "◆"
    assert "".join(canvas.text()).count("◆") == 2


def test_an_upright_line_is_drawn_from_price_to_price() -> None:
    canvas, layout = drawn(Figure(Shape.trend, ((20, 92.0), (20, 108.0))))
    cells = cells_of(canvas, layout, Pen.violet)
    assert {column for column, _ in cells} == {layout.column_of(20)}
    assert [row for _, row in cells] == list(range(row_of(layout, 108.0), row_of(layout, 92.0) + 1))
    assert (canvas.glyph[cells[0][1], cells[0][0]] & 0xFF00) == BRAILLE


PRICES = st.one_of(st.floats(-1e300, 1e300), st.floats(80, 120))
POINTS = st.tuples(st.floats(-1e6, 1e6), PRICES)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(list(Shape)),
    st.lists(POINTS, min_size=3, max_size=3),
    st.integers(1, 70),
    st.integers(1, 24),
    st.sampled_from(["linear", "log", "percent"]),
)
def test_no_figure_leaves_the_canvas_or_raises(
    shape: Shape, points: Sequence[tuple[float, float]], width: int, height: int, scale: str
) -> None:
    figure = Figure(shape, tuple(points), text="名前", selected=True)
    view = ChartView(width, height, kind=ChartKind.line, scale=scale, figures=(figure,))  # type: ignore[arg-type]
    assert len(draw_chart(level_bars(), view).text()) == height
