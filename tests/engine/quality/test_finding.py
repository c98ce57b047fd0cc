"""What is looked for, in made-up bars of which everything is known."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.companies import CorporateEvent, EventKind
from tio.api.market import Adjustment, Timeframe
from tio.api.quality import FaultKind
from tio.engine.quality.finding import faults_of
from tio.engine.quality.mending import mended
from tio.engine.quality.past import Found, Past, Payment, Split
from tio.engine.store.columns import Columns

DAY = 86_400_000_000
ODD = st.sampled_from([0.0, -1.0, np.nan, np.inf, 1e-9, 1e9, 100.0, 10_000.0]) | st.floats(0, 1e6)


def walk(days: int = 200, seed: int = 3, level: float = 50.0) -> Columns:
    """A share that moves 1 % a day."""
    random = np.random.default_rng(seed)
    close = level * np.exp(np.cumsum(0.01 * random.standard_normal(days)))
    open_ = close * np.exp(0.003 * random.standard_normal(days))
    high, low = np.maximum(open_, close) * 1.004, np.minimum(open_, close) * 0.996
    volume = 1e6 * np.exp(0.3 * random.standard_normal(days))
    return Columns.of(np.arange(days) * DAY, open_, high, low, close, volume)


def scaled(bars: Columns, rows: slice, factor: float) -> Columns:
    factors = np.ones(len(bars))
    factors[rows] = factor
    return Columns.of(
        bars.time,
        bars.open * factors,
        bars.high * factors,
        bars.low * factors,
        bars.close * factors,
        bars.volume / factors,
    )


def only(found: list[Found]) -> Found:
    (fault,) = found
    return fault


def found_in(past: Past) -> list[Found]:
    return list(faults_of(past))


def paid(bars: Columns, row: int, amount: float) -> Payment:
    event = CorporateEvent(
        symbol="X", kind=EventKind.dividend, ex_date=date(2020, 1, 1), amount=amount
    )
    return Payment(row, amount, event)


def test_a_quiet_series_has_no_faults() -> None:
    assert found_in(Past(walk(), Timeframe.d1)) == []


@pytest.mark.parametrize("ratio", [2.0, 4.0, 0.1, 1.5])
def test_a_split_that_was_not_applied_is_taken_back(ratio: float) -> None:
    good = walk()
    bad = scaled(good, slice(0, 120), ratio)
    past = Past(bad, Timeframe.d1, splits=(Split(120, ratio),))
    fault = only(found_in(past))
    assert (fault.kind, fault.begin, fault.end) == (FaultKind.split_not_applied, 0, 120)
    assert fault.sure
    bars, _ = mended(past, fault.repairs)
    assert np.allclose(bars.close, good.close)
    assert np.allclose(bars.volume, good.volume)


def test_a_split_applied_twice_and_a_run_in_the_middle_are_told_apart() -> None:
    good = walk()
    twice = Past(scaled(good, slice(0, 120), 0.25), Timeframe.d1, splits=(Split(120, 4.0),))
    assert only(found_in(twice)).kind is FaultKind.split_applied_twice
    run = Past(scaled(good, slice(60, 70), 4.0), Timeframe.d1, splits=(Split(120, 4.0),))
    fault = only(found_in(run))
    assert (fault.kind, fault.begin, fault.end) == (FaultKind.split_not_applied, 60, 70)


def test_a_raw_series_jumps_at_its_splits_and_that_is_right() -> None:
    raw = scaled(walk(), slice(0, 120), 4.0)
    splits = (Split(120, 4.0),)
    assert found_in(Past(raw, Timeframe.d1, splits, adjusted=Adjustment.raw)) == []
    unknown = only(found_in(Past(raw, Timeframe.d1, adjusted=Adjustment.raw)))
    assert (unknown.kind, unknown.begin, unknown.sure) == (FaultKind.split_suspect, 120, False)


def test_a_crash_is_no_split() -> None:
    bars = walk()
    crash = scaled(bars, slice(120, 200), 0.62)
    assert found_in(Past(crash, Timeframe.d1)) == []


def test_a_dividend_in_pence_is_read_in_pounds_and_a_right_one_left_alone() -> None:
    bars = scaled(walk(), slice(0, 100), 1 / 0.97)
    right = paid(bars, 100, 0.03 * float(bars.close[99]))
    assert found_in(Past(bars, Timeframe.d1, paid=(right,))) == []
    wrong = paid(bars, 100, right.amount * 100)
    fault = only(found_in(Past(bars, Timeframe.d1, paid=(wrong,))))
    assert (fault.kind, fault.sure) == (FaultKind.dividend_unit, True)


def test_total_closes_that_forgot_a_payment_are_scaled_before_it() -> None:
    bars = scaled(walk(), slice(0, 100), 1 / 0.97)
    payment = paid(bars, 100, 0.03 * float(bars.close[99]))
    past = Past(bars, Timeframe.d1, paid=(payment,), total=bars.close.copy())
    fault = only(found_in(past))
    assert fault.kind is FaultKind.dividend_not_adjusted
    _, total = mended(past, fault.repairs)
    assert total is not None
    assert np.allclose(total[:100], 0.97 * bars.close[:100])
    assert np.array_equal(total[100:], bars.close[100:])


def test_zero_flat_and_doubled_bars_are_told() -> None:
    rows = list(walk(60).rows())
    rows[20] = (rows[20][0], 0.0, 0.0, 0.0, 0.0, 0.0)
    close = rows[29][4]
    rows[30] = (rows[30][0], close, close, close, close, 0.0)
    rows[41] = (rows[40][0] + DAY // 2, *rows[40][1:])
    kinds = [
        (fault.kind, fault.begin) for fault in found_in(Past(Columns.of_rows(rows), Timeframe.d1))
    ]
    assert (FaultKind.non_positive, 20) in kinds
    assert (FaultKind.flat_without_trade, 30) in kinds
    assert (FaultKind.doubled, 40) in kinds


@given(st.lists(st.tuples(ODD, ODD, ODD, ODD, ODD), max_size=40), st.integers(1, 39))
def test_no_bars_however_odd_are_too_much(rows: list[tuple[float, ...]], row: int) -> None:
    bars = Columns.of_rows([(DAY * n, *figures) for n, figures in enumerate(rows)])  # type: ignore[misc]
    inside = row < len(bars)
    past = Past(
        bars,
        Timeframe.d1,
        splits=(Split(row, 4.0),) if inside else (),
        paid=(paid(bars, row, 3.0),) if inside else (),
        total=bars.close * 0.9,
    )
    found = faults_of(past)
    mended(past, [repair for fault in found for repair in fault.repairs])


def test_oil_below_zero_is_no_fault_but_of_a_share_it_is_one() -> None:
    rows = list(walk(level=20.0).rows())
    at = rows[100][0]
    rows[100] = (at, 18.0, 18.1, -40.3, -37.6, 1e6)
    rows[101] = (rows[101][0], -14.0, 13.9, -16.7, 10.0, 1e6)
    kinds = [fault.kind for fault in found_in(Past(Columns.of_rows(rows), Timeframe.d1))]
    assert FaultKind.non_positive in kinds
    oil = found_in(Past(Columns.of_rows(rows), Timeframe.d1, signed=True))
    assert FaultKind.non_positive not in [fault.kind for fault in oil]
    rows[101] = (rows[101][0], np.nan, np.nan, np.nan, np.nan, 0.0)
    rows[102] = (rows[102][0], -5.0, -6.0, -4.0, -5.0, 1e6)
    broken = found_in(Past(Columns.of_rows(rows), Timeframe.d1, signed=True))
    faults = {(fault.kind, fault.begin) for fault in broken}
    assert {(FaultKind.non_positive, 101), (FaultKind.high_below_low, 102)} <= faults
