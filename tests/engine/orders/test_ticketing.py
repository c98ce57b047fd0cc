"""The average range a ticket's stop is measured by."""

from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest

from tio.api.market import Bars, Timeframe
from tio.api.series import Series, Times
from tio.engine.orders.ticketing import average_range

BARS = [(12.0, 8.0, 10.0), (13.0, 10.0, 12.0), (12.0, 9.0, 9.5), (14.0, 10.0, 13.0)]
"""High, low, close."""


def bars(rows: list[tuple[float, float, float]], forming: bool = False) -> Bars:
    high, low, close = (np.array(each) for each in zip(*rows, strict=True))
    count = len(rows)
    return Bars(
        symbol="ACME",
        timeframe=Timeframe.d1,
        time=Times(np.arange(count, dtype=np.int64)),
        open=Series(close),
        high=Series(high),
        low=Series(low),
        close=Series(close),
        volume=Series(np.ones(count)),
        forming=forming,
    )


def plain(rows: list[tuple[float, float, float]], length: int) -> float:
    """Wilder (1978): the mean of the first true ranges, then each weighing one part in `length`."""
    ranges = [
        max(high - low, abs(high - before), abs(low - before))
        for (_, _, before), (high, low, _) in pairwise(rows)
    ]
    found = sum(ranges[:length]) / length
    for each in ranges[length:]:
        found += (each - found) / length
    return found


@pytest.mark.parametrize("length", [1, 2, 3])
def test_the_average_range_is_wilders(length: int) -> None:
    found = average_range(bars(BARS), length)
    assert found is not None
    assert float(found) == pytest.approx(plain(BARS, length), rel=1e-4)


def test_a_bar_that_forms_does_not_count() -> None:
    assert average_range(bars([*BARS, (99.0, 1.0, 50.0)], forming=True), 2) == average_range(
        bars(BARS), 2
    )


def test_bars_without_prices_are_passed_over_and_too_few_tell_nothing() -> None:
    nan = float("nan")
    gap = [*BARS[:2], (nan, nan, nan), *BARS[2:]]
    assert average_range(bars(gap), 2) == average_range(bars(BARS), 2)
    assert average_range(bars(BARS), 4) is None


def test_it_is_told_to_a_ten_thousandth_of_itself() -> None:
    found = average_range(bars(BARS), 3)
    assert found is not None
    assert found == found.quantize(Decimal("0.0001"))
