"""Volume bars end at eighths and never hide a trade."""

import numpy as np

from tio.draw.canvas import Canvas, Pen
from tio.draw.volume import draw_volume


def test_bars_are_relative_to_the_greatest() -> None:
    canvas = Canvas(4, 2)
    volume = np.array([16.0, 8.0, 3.0, 0.0])
    draw_volume(canvas, np.arange(4), volume, np.array([True, False, True, True]))
    assert canvas.text() == ["█   ", "██▃ "]
    assert canvas.ink[1, :3].tolist() == [Pen.rise_dim, Pen.fall_dim, Pen.rise_dim]


def test_the_smallest_volume_shows_and_none_does_not() -> None:
    canvas = Canvas(3, 1)
    draw_volume(canvas, np.arange(3), np.array([1e9, 1.0, np.nan]), np.array([True] * 3))
    assert canvas.text() == ["█▁ "]


def test_wide_bars_and_columns_outside() -> None:
    canvas = Canvas(4, 1)
    columns, rising = np.array([-3, 0, 3, 9]), np.array([True] * 4)
    draw_volume(canvas, columns, np.full(4, 5.0), rising, width=3)
    assert canvas.text() == ["████"]
