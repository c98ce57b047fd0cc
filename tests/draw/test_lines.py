"""Lines have no gaps, break at holes and leave candles readable."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tio.draw.canvas import BRAILLE, SPACE, Canvas, Pen
from tio.draw.dots import DOTS
from tio.draw.lines import draw_area, draw_line, draw_series
from tio.draw.scale import Scale, scale_over


def dots(canvas: Canvas) -> NDArray[Any]:
    """Which dots are set, shape (4 × rows, 2 × columns)."""
    bits = np.where(canvas.glyph >= BRAILLE, canvas.glyph - BRAILLE, 0)
    cells = bits[:, None, :, None] & DOTS[None, :, None, :]
    drawn: NDArray[Any] = (cells != 0).reshape(4 * canvas.height, 2 * canvas.width)
    return drawn


def line(*values: float, rows: int = 2) -> Canvas:
    canvas = Canvas(len(values), rows)
    scale = Scale(0, 4 * rows, rows)
    draw_line(canvas, scale, np.arange(len(values)), np.array(values), Pen.accent)
    return canvas


def test_a_flat_line_is_level() -> None:
    assert line(6, 6, 6).text() == ["⠤⠤⠤", "   "]


def test_a_steep_line_is_joined() -> None:
    assert line(8, 0).text() == ["⢣ ", "⠈⢆"]
    assert dots(line(8, 0)).any(axis=1).all()


def test_a_hole_breaks_the_line() -> None:
    canvas = line(6, 6, np.nan, 6, 6)
    assert canvas.text()[0] == "⠤⠤ ⠤⠤"


def test_a_lone_value_between_holes_is_seen() -> None:
    assert line(np.nan, 6, np.nan).text()[0] == " ⠤ "


def test_a_line_over_a_body_keeps_the_body_as_ground() -> None:
    canvas = Canvas(1, 1)
    canvas.put(0, 0, "█", Pen.rise)
    draw_line(canvas, Scale(0, 4, 1), np.array([0]), np.array([2.0]), Pen.accent)
    assert canvas.ground[0, 0] == Pen.rise_dim
    assert canvas.ink[0, 0] == Pen.accent


def test_crossing_lines_share_their_cell() -> None:
    canvas = line(6, 6)
    draw_line(canvas, Scale(0, 8, 2), np.arange(2), np.array([4.5, 4.5]), Pen.blue)
    assert canvas.text()[0] == "⣤⣤"


def test_outside_the_pane_nothing_is_drawn() -> None:
    assert line(99, 99).text() == ["  ", "  "]


def test_an_area_is_filled_to_the_eighth() -> None:
    canvas = Canvas(2, 2)
    draw_area(canvas, Scale(0, 16, 2), np.arange(2), np.array([11.0, 8.0]), Pen.area)
    assert canvas.text() == ["▃ ", "██"]


def test_an_area_has_the_holes_of_its_series() -> None:
    canvas = Canvas(3, 1)
    draw_area(canvas, Scale(0, 8, 1), np.arange(3), np.array([8.0, np.nan, 8.0]), Pen.area)
    assert canvas.text() == ["█ █"]


VALUES = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=60)


@given(VALUES, st.integers(1, 20), st.integers(1, 8))
def test_neighbouring_dot_columns_touch(values: list[float], width: int, rows: int) -> None:
    series = np.array(values)
    canvas = Canvas(width, rows)
    draw_series(canvas, scale_over(series, series, rows), series, Pen.accent)
    drawn = dots(canvas)
    assert drawn.any(axis=0).all()
    grown = drawn.copy()
    grown[1:] |= drawn[:-1]
    grown[:-1] |= drawn[1:]
    assert (grown[:, :-1] & drawn[:, 1:]).any(axis=0).all()


@given(VALUES, st.integers(1, 12), st.integers(1, 8))
def test_a_long_series_keeps_its_extremes(values: list[float], width: int, rows: int) -> None:
    series = np.array(values)
    canvas = Canvas(width, rows)
    scale = scale_over(series, series, rows)
    draw_series(canvas, scale, series, Pen.accent)
    drawn = dots(canvas)
    if len(values) >= 2 * width and np.ptp(series) > 1e-6 * np.abs(series).max() > 1e-100:
        assert drawn[0].any()
        assert drawn[-1].any()


@given(
    st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=30),
    st.integers(0, 9),
    st.integers(0, 4),
)
def test_nothing_raises_whatever_the_values(values: list[float], width: int, rows: int) -> None:
    series = np.array(values, np.float64)
    canvas = Canvas(width, rows)
    scale = scale_over(series, series, rows)
    draw_series(canvas, scale, series, Pen.accent)
    columns = np.arange(len(series))
    draw_line(canvas, scale, columns, series, Pen.accent)
    draw_area(canvas, scale, columns, series, Pen.area)
    assert canvas.glyph.shape == (rows, width)
    assert ((canvas.glyph == SPACE) | (canvas.glyph > 0x2580)).all()
