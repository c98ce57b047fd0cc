"""Adjusted views of one series agree with what the exchange printed."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.companies import CorporateEvent, EventKind
from tio.api.market import Adjustment, Timeframe
from tio.api.series import instant
from tio.engine.market.adjusting import adjusted, as_adjusted
from tio.engine.market.answers import told
from tio.engine.market.sessions import rules_of
from tio.engine.market.symbols import classify
from tio.engine.store.bars import Terms
from tio.engine.store.columns import Columns

RULES = rules_of(classify("AAPL"))


def day(text: str) -> int:
    return instant(datetime.fromisoformat(text).replace(tzinfo=UTC))


def daily(*rows: tuple[str, float, float]) -> Columns:
    return Columns.of_rows((day(on), close, close, close, close, size) for on, close, size in rows)


def split(on: str, ratio: float) -> CorporateEvent:
    return CorporateEvent(
        symbol="AAPL", kind=EventKind.share_split, ex_date=date.fromisoformat(on), ratio=ratio
    )


def dividend(on: str, amount: float, *, adjusted: bool = True) -> CorporateEvent:
    return CorporateEvent(
        symbol="AAPL",
        kind=EventKind.dividend,
        ex_date=date.fromisoformat(on),
        amount=amount,
        split_adjusted=adjusted,
    )


# The exchange printed 499.23 on Friday, 28 August 2020; 129.04 on Monday, after 4 for 1.
PRINTED = daily(("2020-08-28", 499.23, 46_907_479), ("2020-08-31", 129.04, 225_702_688))


def test_prices_before_a_split_are_divided_and_volumes_multiplied() -> None:
    bars, basis = adjusted(
        PRINTED,
        Timeframe.d1,
        RULES,
        [split("2020-08-31", 4.0)],
        Adjustment.raw,
        Adjustment.splits,
    )
    assert basis is Adjustment.splits
    assert bars.close.tolist() == pytest.approx([124.8075, 129.04])
    assert bars.volume.tolist() == pytest.approx([187_629_916, 225_702_688])


def test_a_reverse_split_multiplies() -> None:
    bars, _ = adjusted(
        daily(("2026-01-05", 2.0, 100.0), ("2026-01-06", 21.0, 10.0)),
        Timeframe.d1,
        RULES,
        [split("2026-01-06", 0.1)],
        Adjustment.raw,
        Adjustment.splits,
    )
    assert bars.close.tolist() == pytest.approx([20.0, 21.0])


def test_split_adjusted_bars_give_the_printed_ones_back() -> None:
    events = [split("2020-08-31", 4.0)]
    split_bars, _ = adjusted(
        PRINTED, Timeframe.d1, RULES, events, Adjustment.raw, Adjustment.splits
    )
    raw, basis = adjusted(
        split_bars, Timeframe.d1, RULES, events, Adjustment.splits, Adjustment.raw
    )
    assert basis is Adjustment.raw
    assert raw.close.tolist() == pytest.approx(PRINTED.close.tolist())
    assert raw.volume.tolist() == pytest.approx(PRINTED.volume.tolist())


def test_a_dividend_lowers_what_was_before_it_by_its_share_of_the_last_close() -> None:
    bars, basis = adjusted(
        daily(("2026-02-05", 100.0, 1.0), ("2026-02-06", 200.0, 1.0), ("2026-02-09", 199.0, 1.0)),
        Timeframe.d1,
        RULES,
        [dividend("2026-02-09", 2.0)],
        Adjustment.splits,
        Adjustment.total,
    )
    assert basis is Adjustment.total
    assert bars.close.tolist() == pytest.approx([99.0, 198.0, 199.0])
    assert bars.volume.tolist() == [1.0, 1.0, 1.0]


def test_a_dividend_as_paid_is_divided_by_the_splits_that_followed() -> None:
    events = [dividend("2020-08-07", 0.82, adjusted=False), split("2020-08-31", 4.0)]
    bars, _ = adjusted(
        daily(("2020-08-06", 455.61, 1.0), ("2020-08-07", 444.45, 1.0), ("2020-08-31", 129.0, 1.0)),
        Timeframe.d1,
        RULES,
        events,
        Adjustment.raw,
        Adjustment.total,
    )
    assert bars.close[0] == pytest.approx(455.61 / 4 * (1 - 0.82 / 455.61))


def test_a_split_takes_effect_with_the_first_minute_of_its_day_in_new_york() -> None:
    minutes = [day("2020-08-28T19:59"), day("2020-08-31T08:00"), day("2020-08-31T13:30")]
    bars = Columns.of_rows((at, 400.0, 400.0, 400.0, 400.0, 1.0) for at in minutes)
    told, _ = adjusted(
        bars,
        Timeframe.m1,
        RULES,
        [split("2020-08-31", 4.0)],
        Adjustment.raw,
        Adjustment.splits,
    )
    assert told.close.tolist() == [100.0, 400.0, 400.0]


def test_what_was_adjusted_for_dividends_stays_and_says_so() -> None:
    bars, basis = adjusted(
        PRINTED,
        Timeframe.d1,
        RULES,
        [split("2020-08-31", 4.0)],
        Adjustment.total,
        Adjustment.raw,
    )
    assert basis is Adjustment.total
    assert bars == PRINTED


@given(
    st.lists(st.sampled_from([0.1, 0.5, 2.0, 3.0, 4.0, 7.0, 20.0]), max_size=4),
    st.integers(2, 30),
)
def test_raw_and_split_adjusted_are_each_others_inverse(ratios: list[float], count: int) -> None:
    start = day("2026-01-05")
    time = start + np.arange(count, dtype=np.int64) * 86_400_000_000
    close = np.linspace(50.0, 60.0, count)
    bars = Columns.of(time, close, close, close, close, close)
    events = [split(f"2026-01-{6 + 5 * number:02}", ratio) for number, ratio in enumerate(ratios)]
    there, _ = adjusted(bars, Timeframe.d1, RULES, events, Adjustment.raw, Adjustment.splits)
    back, _ = adjusted(there, Timeframe.d1, RULES, events, Adjustment.splits, Adjustment.raw)
    assert np.allclose(back.close, close, rtol=1e-12)
    assert np.allclose(back.volume, close, rtol=1e-12)


def test_a_split_that_is_announced_has_changed_no_price_yet() -> None:
    bars = told(
        "AAPL",
        Timeframe.d1,
        PRINTED,
        forming=False,
        source="any",
        terms=Terms(adjusted=Adjustment.splits),
    )
    coming = [split("2020-09-14", 4.0)]
    before = as_adjusted(bars, Adjustment.raw, RULES, coming, day("2020-09-01"))
    after = as_adjusted(bars, Adjustment.raw, RULES, coming, day("2020-09-15"))
    assert list(before.close) == [499.23, 129.04]
    assert list(after.close) == pytest.approx([4 * 499.23, 4 * 129.04])
