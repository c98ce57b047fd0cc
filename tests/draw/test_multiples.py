"""Small multiples: each chart has its name, last price and change, at every size."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tio.api.market import Timeframe
from tio.draw.columns import Columns
from tio.draw.multiples import LEAST_HEIGHT, Small, columns_of, multiples, rows_of
from tio.draw.view import ChartKind


def bars(count: int = 60, first: float = 100.0, last: float = 110.0) -> Columns:
    close = np.linspace(first, last, count)
    time = np.arange(count, dtype=np.int64) * Timeframe.d1.step
    return Columns(time, close, close + 1, close - 1, close, close)


def test_each_chart_says_its_name_last_price_and_change() -> None:
    charts = [Small("AAPL", bars()), Small("EURUSD", bars(first=1.25, last=1.2), decimals=5)]
    lines = multiples(charts, 100, 14).text()
    assert "AAPL 110.00 ▲ +10.00%" in lines[0]
    assert "EURUSD 1.20000 ▼ −4.00%" in lines[0]


def test_a_change_that_is_given_wins() -> None:
    assert "▼ −1.50%" in multiples([Small("A", bars(), change=-1.5)], 60, 10).text()[0]


def test_a_chart_without_bars_says_why() -> None:
    lines = multiples([Small("XYZ", bars(0), empty="no bars of 1d")], 60, 10).text()
    assert lines[0].startswith("XYZ")
    assert any("no bars of 1d" in line for line in lines)


def test_what_finds_no_room_is_counted() -> None:
    charts = [Small(f"S{n}", bars()) for n in range(30)]
    text = "\n".join(multiples(charts, 80, 24).text())
    shown = sum(f"S{n} " in text for n in range(30))
    assert shown == columns_of(30, 80, 24) * (24 // LEAST_HEIGHT)
    assert f"+{30 - shown} more" in text


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
@pytest.mark.parametrize("count", [1, 2, 5, 9, 30])
def test_rows_of_tells_a_height_that_shows_all(width: int, count: int) -> None:
    charts = [Small(f"S{n}", bars()) for n in range(count)]
    assert "more" not in "".join(multiples(charts, width, rows_of(count, width)).text())


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 12),
    st.integers(0, 130),
    st.integers(0, 40),
    st.sampled_from(list(ChartKind)),
    st.floats(),
)
def test_nothing_raises_at_any_size(
    count: int, width: int, height: int, kind: ChartKind, change: float
) -> None:
    charts = [Small("名前 ABC", bars(n * 7), change=change) for n in range(count)]
    canvas = multiples(charts, width, height, kind=kind)
    assert len(canvas.text()) == height
