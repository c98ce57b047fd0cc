"""What views are measured by: closed days alone, their range, what the price does anyway."""

from datetime import timedelta

import pytest
from given_views import AT, THURSDAY, bars, day, days
from hypothesis import given
from hypothesis import strategies as some

from tio.api.series import instant
from tio.engine.analyst.views.measures import LEAST, atr, base, closed_days, went
from tio.engine.market.sessions import rules_of
from tio.engine.market.symbols import classify

NEW_YORK = rules_of(classify("AAPL"))


def test_only_days_that_were_over_count_and_odd_prices_never() -> None:
    told = [*days([98, 99, 100]), day(THURSDAY + timedelta(days=1), 101)]
    found = closed_days(bars("AAPL", told), NEW_YORK, instant(AT))
    assert [each.close for each in found] == [98, 99, 100]
    forming = closed_days(bars("AAPL", told[:3], forming=True), NEW_YORK, instant(AT))
    assert [each.close for each in forming] == [98, 99]
    odd = [day(THURSDAY, float("nan")), day(THURSDAY, 0.5)]
    assert closed_days(bars("AAPL", odd), NEW_YORK, instant(AT)) == []


def test_a_day_is_over_at_its_close_not_at_midnight() -> None:
    friday = bars("AAPL", [day(THURSDAY + timedelta(days=1), 101)])
    assert closed_days(friday, NEW_YORK, instant(AT.replace(hour=20, minute=59))) == []
    assert len(closed_days(friday, NEW_YORK, instant(AT.replace(hour=21)))) == 1


def test_a_range_is_the_mean_of_fourteen_true_ranges() -> None:
    assert atr(days([100.0] * 14)) is None
    assert atr(days([100.0] * 15)) == 2
    # A gap counts from the close before: 1 of 14 ranges is 11 instead of 2.
    assert atr(days([100.0] * 14 + [110.0])) == pytest.approx((13 * 2 + 11) / 14)
    assert atr(days([100.0] * 15, reach=0.0)) is None


@pytest.mark.parametrize(
    ("bias", "change", "as_said"),
    [
        (2, 0.01, True),
        (1, 0.0, False),
        (1, -1.0, False),
        (-1, -0.01, True),
        (-2, 0.0, False),
        # Half of a range of 2 times the root of 4 sessions is 2.
        (0, 1.99, True),
        (0, -1.99, True),
        (0, 2.0, False),
    ],
)
def test_a_sign_decides_and_a_neutral_view_wants_little(
    bias: int, change: float, as_said: bool
) -> None:
    assert went(bias, change, 2.0, 4) is as_said


def test_a_neutral_view_without_a_range_says_nothing() -> None:
    assert went(0, 0.0, None, 5) is None


def test_a_base_counts_every_span_and_none_of_fewer_than_thirty() -> None:
    rising = [100.0 + n for n in range(LEAST + 5)]
    assert base(days(rising), 1, 5) == 1
    assert base(days(rising), -1, 5) == 0
    assert base(days(rising[:-1]), 1, 5) is None
    # Up for three days and down for one: three spans of one day in four rise.
    waves = [100.0 + (0, 1, 2, 3)[n % 4] for n in range(41)]
    assert base(days(waves), 1, 1) == 0.75


def test_a_base_looks_at_one_year() -> None:
    fell_before = [1_000.0 - n for n in range(400)] + [600.0 + n for n in range(252)]
    assert base(days(fell_before), 1, 5) == 1


def test_a_neutral_base_takes_the_range_known_when_each_span_began() -> None:
    # So quiet that no span leaves half a range; those before a range is known do not count.
    assert base(days([100.0] * 60), 0, 5) == 1
    assert base(days([100.0] * 45), 0, 5) is None


@given(
    some.lists(some.floats(1, 1_000), min_size=60, max_size=90),
    some.integers(1, 20),
)
def test_up_and_down_never_make_more_than_all(closes: list[float], span: int) -> None:
    told = days(closes)
    up, down = base(told, 1, span), base(told, -1, span)
    assert up is not None
    assert down is not None
    assert 0 <= up <= 1
    assert up + down <= 1 + 1e-9
