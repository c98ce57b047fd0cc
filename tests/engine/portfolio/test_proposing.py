"""Events of the market's side against a ledger: what is proposed, and what it has already."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from ledgers import KIND, entry, portfolio

from tio.api.companies import CorporateEvent, EventKind
from tio.api.portfolio import Transaction
from tio.engine.portfolio.already import EVENT, Sorted, repeats, sorted_out
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.importing.doubles import doubled
from tio.engine.portfolio.proposing import Suggested, suggested

ZONE = ZoneInfo("UTC")
TODAY = date(2026, 12, 1)
D = Decimal


def paid(ex: date, amount: float, pay: date | None = None, **more: Any) -> CorporateEvent:
    told: dict[str, Any] = {
        "symbol": "AAA",
        "kind": EventKind.dividend,
        "ex_date": ex,
        "amount": amount,
    }
    return CorporateEvent(**told, pay_date=pay, currency="USD", source="fake", **more)


def split(ex: date, ratio: float) -> CorporateEvent:
    return CorporateEvent(
        symbol="AAA", kind=EventKind.share_split, ex_date=ex, ratio=ratio, source="fake"
    )


def made(entries: list[Transaction], *events: CorporateEvent) -> list[Suggested]:
    books = Books(portfolio(), entries)
    return suggested(books, {"AAA": events}, {"AAA": "USD"}, ZONE, TODAY)


def open_(entries: list[Transaction], *events: CorporateEvent) -> Sorted:
    return sorted_out([each.due for each in made(entries, *events)], entries, ZONE)


BOUGHT = entry(KIND.buy, 10, symbol="AAA", quantity=100, price=10)
EX = date(2026, 3, 2)
PAY = date(2026, 3, 20)


def test_a_dividend_goes_to_what_was_held_the_day_before() -> None:
    on_the_day = entry(KIND.buy, 60, symbol="AAA", quantity=50, price=10)
    assert on_the_day.at.date() == EX
    (each,) = made([BOUGHT, on_the_day], paid(EX, 0.25, PAY))
    assert each.due.quantity == 100
    assert each.entry.amount == D(25)
    assert each.entry.at == datetime(2026, 3, 20, 23, 59, 59, 999999, UTC)
    assert "tax withheld not known" in each.what


def test_each_account_has_its_own_and_a_short_one_pays() -> None:
    ira = entry(KIND.buy, 11, id="b", symbol="AAA", quantity=40, price=10, account="ira")
    short = entry(
        KIND.sell, 12, id="s", symbol="AAA", quantity=10, price=10, account="m", short=True
    )
    told = {each.due.account: each.entry for each in made([BOUGHT, ira, short], paid(EX, 0.5, PAY))}
    assert {name: each.amount for name, each in told.items()} == {
        "": D(50),
        "ira": D(20),
        "m": D(-5),
    }
    assert told["m"].quantity == 10
    booked = Books(portfolio(), [BOUGHT, ira, short, *numbered(told.values())])
    assert booked.tallies()["AAA"].income == D(65)


def numbered(entries: Any) -> list[Transaction]:
    from msgspec.structs import replace

    return [
        replace(each, id=f"n{at}", rate=D(1), currency="USD") for at, each in enumerate(entries)
    ]


def test_a_split_comes_before_what_is_entered_of_its_day() -> None:
    sold = entry(KIND.sell, 60, symbol="AAA", quantity=150, price=5)
    (each,) = made([BOUGHT], split(EX, 2.0))
    booked = Books(portfolio(), [BOUGHT, sold, *numbered([each.entry])])
    (lot,) = booked.lots("AAA")
    assert (lot.quantity, lot.cost) == (D(50), D(250))
    assert "100 become 200" in each.what


def test_amounts_a_source_divided_by_later_splits_are_told_as_they_were_paid() -> None:
    later = split(date(2026, 6, 1), 4.0)
    told = made([BOUGHT], paid(EX, 0.25, PAY, split_adjusted=True), later)
    assert [each.entry.amount for each in told] == [D(100), None]
    raw = made([BOUGHT], paid(EX, 1.0, PAY), later)
    assert raw[0].entry.amount == D(100)


def test_what_is_unpaid_or_was_not_held_is_not_proposed() -> None:
    assert made([BOUGHT], paid(EX, 1.0, date(2027, 1, 5)), paid(date(2026, 1, 3), 1.0)) == []


def test_a_row_of_the_brokers_stands_for_the_event_net_or_gross() -> None:
    for amount in ("25", "21.25", "17.5"):
        row = entry(KIND.dividend, 79, symbol="AAA", amount=amount)
        assert open_([BOUGHT, row], paid(EX, 0.25, PAY)).open == ()
    far = entry(KIND.dividend, 79, symbol="AAA", amount="60")
    late = entry(KIND.dividend, 150, symbol="AAA", amount="25")
    other = entry(KIND.dividend, 79, symbol="BBB", amount="25")
    for row in (far, late, other):
        assert len(open_([BOUGHT, row], paid(EX, 0.25, PAY)).open) == 1


def test_of_monthly_payments_each_row_stands_for_one() -> None:
    months = [paid(date(2026, month, 2), 0.25) for month in (3, 4, 5)]
    row = entry(KIND.dividend, 95, symbol="AAA", amount="25")
    told = open_([BOUGHT, row], *months)
    assert [due.ex_date.month for due in told.open] == [3, 5]


def test_one_row_may_tell_all_accounts() -> None:
    ira = entry(KIND.buy, 11, id="b", symbol="AAA", quantity=100, price=10, account="ira")
    row = entry(KIND.dividend, 79, symbol="AAA", amount="50", account="cash")
    assert open_([BOUGHT, ira, row], paid(EX, 0.25, PAY)).open == ()


def test_what_was_confirmed_is_not_proposed_and_beside_a_brokers_row_is_a_double() -> None:
    (each,) = made([BOUGHT], paid(EX, 0.25, PAY))
    (mine,) = numbered([each.entry])
    assert open_([BOUGHT, mine], paid(EX, 0.25, PAY)) == Sorted((), ())
    row = entry(KIND.dividend, 80, symbol="AAA", amount="21.25", tax="3.75")
    assert open_([BOUGHT, mine, row], paid(EX, 0.25, PAY)) == Sorted((), ((mine, row),))


def test_an_import_finds_a_confirmed_payment_doubled_once() -> None:
    (each,) = made([BOUGHT], paid(EX, 0.25, PAY))
    (mine,) = numbered([each.entry])
    row = entry(KIND.dividend, 80, symbol="AAA", amount="25", tax="3.75", reference="X1")
    assert mine.reference == f"{EVENT}dividend:AAA:2026-03-02"
    assert doubled([mine], [row, row]) == [True, False]
    assert not repeats(mine, entry(KIND.dividend, 80 + 90, symbol="AAA", amount="25"))


def test_a_split_of_one_account_leaves_the_others_to_be_proposed() -> None:
    one = entry(KIND.buy, 10, id="1", symbol="AAA", quantity=1, price=10, account="a")
    two = entry(KIND.buy, 10, id="2", symbol="AAA", quantity=3, price=10, account="b")
    theirs = entry(KIND.splits, 60, symbol="AAA", quantity=2, account="a")
    (due,) = open_([one, two, theirs], split(EX, 2.0)).open
    assert (due.account, due.quantity) == ("b", D(3))
    assert open_([one, two], split(EX, 2.0)).open[0].quantity == D(4)
    assert timedelta(0) < TODAY - EX
