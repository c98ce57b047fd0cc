"""Income to come: announced, else the past year again, marked as estimated."""

from datetime import date
from decimal import Decimal

from tio.api.companies import CorporateEvent, EventKind
from tio.engine.portfolio.expecting import Holding, Remembered, ahead, by_ledger, expected

D = Decimal
TODAY = date(2026, 11, 20)
HELD = Holding("AAA", D(100), "EUR")
RATES = {"USD": D(1), "EUR": D("1.1")}


def paid(ex: date, amount: float, pay: date | None = None) -> CorporateEvent:
    return CorporateEvent(
        symbol="AAA",
        kind=EventKind.dividend,
        ex_date=ex,
        amount=amount,
        pay_date=pay,
        currency="EUR",
        source="fake",
    )


def test_an_announced_payment_is_certain_and_stands_for_the_projected_one() -> None:
    events = (paid(date(2025, 12, 5), 0.5), paid(date(2026, 12, 8), 0.6, date(2026, 12, 20)))
    (each,) = expected(HELD, events, {}, RATES, TODAY)
    assert (each.day, each.estimated, each.amount) == (date(2026, 12, 20), False, D("66"))
    assert each.why == "announced by fake, ex 2026-12-08"


def test_else_the_past_year_comes_again_as_estimated() -> None:
    events = (paid(date(2025, 11, 1), 9.0), paid(date(2026, 3, 2), 0.5, date(2026, 3, 20)))
    (each,) = expected(HELD, events, {}, RATES, TODAY)
    assert (each.day, each.estimated, each.amount) == (date(2027, 3, 20), True, D("55"))
    assert each.why == "estimated: as a year before, 0.5 a share ex 2026-03-02"


def test_a_projection_counts_shares_of_today_after_a_split() -> None:
    split = CorporateEvent(
        symbol="AAA", kind=EventKind.share_split, ex_date=date(2026, 6, 1), ratio=4.0
    )
    (each,) = expected(HELD, (paid(date(2026, 3, 2), 2.0), split), {}, RATES, TODAY)
    assert each.per_share == D("0.5")


def test_what_went_ex_is_paid_on_what_was_held_then() -> None:
    ex = date(2026, 11, 10)
    events = (paid(ex, 0.5, date(2026, 12, 1)),)
    announced = [e for e in expected(HELD, events, {ex: D(40)}, RATES, TODAY) if not e.estimated]
    assert [(e.quantity, e.amount) for e in announced] == [(D(40), D("22"))]


def test_without_a_rate_no_amount_is_told_and_a_short_position_pays() -> None:
    (each,) = expected(HELD, (paid(date(2026, 12, 8), 0.6),), {}, {}, TODAY)
    assert each.amount is None
    short = Holding("AAA", D(-10), "EUR")
    (each,) = expected(short, (paid(date(2026, 12, 8), 0.6),), {}, RATES, TODAY)
    assert each.amount == D("-6.6")


def test_where_no_source_tells_the_ledgers_year_comes_again_in_proportion() -> None:
    once = [Remembered(date(2026, 2, 1), D(50), D(200)), Remembered(date(2025, 2, 1), D(9), D(9))]
    (each,) = by_ledger(HELD, once, "USD", TODAY)
    assert (each.per_share, each.amount, each.day) == (D("0.25"), D(25), date(2027, 2, 1))
    assert "no source tells more" in each.why


def test_twelve_months_ahead_part_the_certain_from_the_estimated() -> None:
    events = (paid(date(2026, 3, 2), 0.5), paid(date(2026, 12, 8), 0.6))
    told = ahead(expected(HELD, events, {}, RATES, TODAY), TODAY)
    assert len(told) == 12
    assert told[0].month == date(2026, 11, 1)
    assert (told[1].announced, told[1].estimated) == (D(66), D(0))
    assert (told[4].announced, told[4].estimated) == (D(0), D(55))
