"""Prices become rows."""

import numpy as np
import pytest

from tio.draw.scale import Kind, Scale, scale_over

KINDS: tuple[Kind, ...] = ("linear", "log", "percent")
NOTHING = np.zeros(0)


def test_the_highest_price_is_at_the_top() -> None:
    scale = scale_over(np.array([10.0]), np.array([20.0]), 10)
    assert (scale.row(20.0), scale.row(15.0), scale.row(10.0)) == (0, 5, 9)
    assert (scale.row(20.1), scale.row(9.9)) == (None, None)


def test_a_log_scale_gives_each_doubling_the_same_rows() -> None:
    scale = scale_over(np.array([1.0]), np.array([16.0]), 8, "log")
    assert [float(scale.place(price)) for price in (16.0, 8.0, 4.0, 2.0, 1.0)] == pytest.approx(
        [0, 2, 4, 6, 8]
    )
    assert scale.steps(0.0, 1) > 8


@pytest.mark.parametrize("kind", KINDS)
def test_price_undoes_place(kind: Kind) -> None:
    scale = scale_over(np.array([5.0]), np.array([500.0]), 20, kind, base=50.0)
    for value in (5.0, 17.0, 499.0):
        assert scale.price(float(scale.place(value))) == pytest.approx(value)


def test_one_price_alone_stands_in_the_middle() -> None:
    for value in (100.0, 0.0, 1e-9):
        scale = scale_over(np.array([value]), np.array([value]), 9)
        assert scale.row(value) == 4


def test_nothing_to_scale_still_makes_a_scale() -> None:
    for kind in KINDS:
        scale = scale_over(NOTHING, NOTHING, 0, kind)
        assert scale.hi > scale.lo
        assert scale.rows == 1


def test_the_greatest_floats_do_not_overflow() -> None:
    scale = scale_over(np.array([-1.7e308]), np.array([1.7e308]), 10)
    assert scale.row(0.0) == 5


def test_percent_needs_a_base_above_zero() -> None:
    assert Scale(1, 2, 3, "percent", 1.5) == scale_over(
        np.array([1.0]), np.array([2.0]), 3, "percent", 1.5
    )
    assert scale_over(np.array([1.0]), np.array([2.0]), 3, "percent", 0.0).kind == "linear"
