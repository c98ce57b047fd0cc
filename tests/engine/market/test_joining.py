"""Bars of two sources stand beside each other, each whole, with seams where they meet."""

from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tio.api.market import Adjustment, Coverage, Timeframe
from tio.api.series import instant
from tio.engine.market.joining import Part, joined_of
from tio.engine.market.sessions import rules_of
from tio.engine.market.symbols import classify
from tio.engine.store.bars import Terms
from tio.engine.store.columns import Columns

CRYPTO = rules_of(classify("BTC-USD"))
HOUR = Timeframe.h1.step
START = instant(datetime(2026, 11, 20, tzinfo=UTC))


def part(
    source: str,
    hours: list[int],
    price: float,
    basis: Adjustment = Adjustment.raw,
    coverage: Coverage = Coverage.single_venue,
) -> Part:
    time = START + np.array(hours, np.int64) * HOUR
    same = np.full(len(hours), price)
    bars = Columns.of(time, same, same, same, same, same)
    return Part(source, bars, Terms(coverage, adjusted=basis))


def told(parts: list[Part], limit: int = 1_000) -> tuple[list[tuple[int, float]], list[str]]:
    bars, seams, _ = joined_of(parts, limit, Timeframe.h1, CRYPTO)
    rows = [
        ((int(time) - START) // HOUR, close)
        for time, close in zip(bars.time, bars.close.tolist(), strict=True)
    ]
    return rows, [f"{seam.before}>{seam.after}" for seam in seams]


def test_the_first_stands_whole_and_the_other_before_and_after_it() -> None:
    rows, seams = told([part("live", [5, 6], 1.0), part("past", list(range(9)), 2.0)])
    assert rows == [
        *((hour, 2.0) for hour in range(5)),
        (5, 1.0),
        (6, 1.0),
        (7, 2.0),
        (8, 2.0),
    ]
    assert seams == ["past>live", "live>past"]


def test_a_hole_of_the_first_is_filled_by_the_other_with_two_seams() -> None:
    rows, seams = told([part("live", [0, 1, 8, 9], 1.0), part("past", list(range(10)), 2.0)])
    assert rows == [(0, 1.0), (1, 1.0), *((h, 2.0) for h in range(2, 8)), (8, 1.0), (9, 1.0)]
    assert seams == ["live>past", "past>live"]


def test_an_hour_without_a_trade_is_no_hole() -> None:
    rows, seams = told([part("live", [0, 1, 3, 4], 1.0), part("past", list(range(5)), 2.0)])
    assert [hour for hour, _ in rows] == [0, 1, 3, 4]
    assert seams == []


def test_what_was_adjusted_otherwise_is_left_out() -> None:
    rows, _ = told([part("live", [5, 6], 1.0), part("past", [0, 1], 2.0, Adjustment.splits)])
    assert [hour for hour, _ in rows] == [5, 6]


def test_a_seam_says_whether_the_coverage_differs() -> None:
    _, seams, _ = joined_of(
        [part("iex", [5], 1.0), part("all", [1], 1.0, coverage=Coverage.consolidated)],
        10,
        Timeframe.h1,
        CRYPTO,
    )
    assert [seam.coverage_differs for seam in seams] == [True]


def test_a_seam_before_the_bars_that_are_told_is_not_told() -> None:
    rows, seams = told([part("live", [5, 6], 1.0), part("past", [0, 1], 2.0)], limit=2)
    assert rows == [(5, 1.0), (6, 1.0)]
    assert seams == []


@given(
    st.sets(st.integers(0, 40), min_size=1),
    st.sets(st.integers(0, 40)),
    st.sets(st.integers(0, 40)),
)
def test_every_time_comes_once_in_order_and_the_first_is_never_replaced(
    first: set[int], second: set[int], third: set[int]
) -> None:
    parts = [
        part(name, sorted(hours), price)
        for name, hours, price in (("a", first, 1.0), ("b", second, 2.0), ("c", third, 3.0))
    ]
    rows, _ = told(parts)
    hours = [hour for hour, _ in rows]
    assert hours == sorted(set(hours))
    assert {hour for hour, price in rows if price == 1.0} == first
