"""The legend tells all that is drawn and never leaves its lines."""

import numpy as np
import pytest

from tio.api.market import Timeframe
from tio.draw.canvas import Pen
from tio.draw.columns import Columns
from tio.draw.legend import legend_lines, value_at, width_of
from tio.draw.view import ChartView, Compared, Overlay

NAMES = ("EMA 20", "EMA 50", "SMA 200", "BB upper 20 2", "BB lower 20 2", "VWAP", "KAMA 10 2 30")


def bars(count: int = 60) -> Columns:
    close = np.linspace(64_000.0, 65_000.0, count)
    time = np.arange(count, dtype=np.int64) * Timeframe.d1.step
    return Columns(time, close, close + 90, close - 90, close, np.full(count, 1.23e9))


def told(view: ChartView) -> list[str]:
    lines = legend_lines(bars(), view)
    return ["  ".join("".join(text for text, _ in group) for group in line) for line in lines]


@pytest.mark.parametrize("height", [10, 24, 50])
@pytest.mark.parametrize("width", [24, 40, 60, 80, 100, 120, 160, 200])
@pytest.mark.parametrize("count", [0, 1, 4, 7])
def test_a_line_is_never_wider_than_the_chart(width: int, height: int, count: int) -> None:
    lines = tuple(Overlay(name, np.full(60, 64_321.5)) for name in NAMES[:count])
    others = (Compared("QQQ", np.linspace(300.0, 310.0, 60)),)
    view = ChartView(width, height, overlays=lines, compared=others, pieces=(("note", Pen.muted),))
    found = legend_lines(bars(), view)
    assert 1 <= len(found) <= (2 if height >= 18 else 1)
    for line in found:
        assert sum(map(width_of, line)) + 2 * (len(line) - 1) <= width
    assert told(view)[0].startswith(("O ", "C "))


def test_what_is_left_out_is_counted() -> None:
    lines = tuple(Overlay(name, np.full(60, 1.0)) for name in NAMES)
    (line,) = told(ChartView(80, 12, overlays=lines))
    shown = sum(name in line for name in NAMES)
    assert shown < len(NAMES)
    assert line.endswith(f"+{len(NAMES) - shown}")


def test_values_give_way_before_names() -> None:
    lines = tuple(Overlay(name, np.full(60, 64_321.5)) for name in NAMES[:5])
    assert "EMA 20 64,321.50" in told(ChartView(200, 30, overlays=lines))[0]
    narrow = " ".join(told(ChartView(80, 30, overlays=lines)))
    assert all(name in narrow for name in NAMES[:5])
    assert "64,321.50" not in narrow


def test_the_crosshair_tells_its_bar_and_what_is_over_it() -> None:
    view = ChartView(120, 30, crosshair=30, overlays=(Overlay("X", np.arange(60.0)),))
    (line,) = told(view)
    assert f"C {bars().close[30]:,.2f}" in line
    assert line.endswith("X 30.00")
    shifted = Overlay("X", np.arange(60.0), shift=10)
    assert told(ChartView(120, 30, crosshair=30, overlays=(shifted,)))[0].endswith("X 20.00")


def test_what_is_compared_tells_its_change_since_the_first_bar_in_sight() -> None:
    other = Compared("QQQ", np.concatenate((np.full(30, 100.0), np.full(30, 103.0))))
    assert told(ChartView(120, 30, start=20, compared=(other,)))[0].endswith("QQQ +3.00%")
    assert told(ChartView(120, 30, start=40, compared=(other,)))[0].endswith("QQQ 0.00%")


def test_an_overlay_that_lags_tells_its_last_value_only_over_the_newest_bar() -> None:
    line = Overlay("X", np.array([1.0, 2.0, np.nan]))
    assert value_at(line, 2, True) == 2.0
    assert np.isnan(value_at(line, 2, False))
    assert np.isnan(value_at(line, 40, True))


def test_unnamed_overlays_are_left_out() -> None:
    assert told(ChartView(120, 30, overlays=(Overlay("", np.zeros(60)),))) == told(
        ChartView(120, 30)
    )
