"""Sparklines: exact width, extremes kept, nothing breaks them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tio.draw.sparkline import sparkline, sparkline_canvas


def spark(*values: float, width: int = 8) -> str:
    return sparkline(np.array(values, np.float64), width)


def test_every_level_is_reachable() -> None:
    assert spark(0, 1, 2, 3, 4, 5, 6, 7) == "▁▂▃▄▅▆▇█"


def test_few_values_stand_on_the_right() -> None:
    assert spark(1, 2, 3, width=5) == "  ▁▅█"


def test_constant_one_and_no_values() -> None:
    assert spark(5, 5, 5, width=3) == "▄▄▄"
    assert spark(5, width=3) == "  ▄"
    assert spark(width=3) == "   "
    assert spark(np.nan, np.inf, width=3) == "   "
    assert spark(1, 2, width=0) == ""


def test_a_missing_value_is_blank() -> None:
    assert spark(1, np.nan, 2, width=3) == "▁ █"


def test_a_lone_spike_survives() -> None:
    values = np.ones(1000)
    values[517] = 9
    assert sparkline(values, 10).count("█") == 1
    values[517] = -9
    assert sparkline(values, 10).count("▁") == 1


@given(
    st.lists(st.floats(allow_nan=True, allow_infinity=True, width=32), max_size=200),
    st.integers(0, 40),
)
def test_the_width_is_exact_and_both_extremes_show(values: list[float], width: int) -> None:
    text = sparkline(np.array(values, np.float64), width)
    assert len(text) == width
    known = [value for value in values if np.isfinite(value)]
    if width >= 2 and known and min(known) < max(known):
        assert "▁" in text
        assert "█" in text


def test_the_larger_form_fills_its_canvas() -> None:
    canvas = sparkline_canvas(np.sin(np.arange(300) / 20), 20, 3)
    assert (canvas.width, canvas.height) == (20, 3)
    assert all(max(line) > "⠀" for line in canvas.text())
