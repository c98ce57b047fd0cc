from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given, settings
from ledgers import BEGIN, KIND, entry, ledgers, portfolio

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.steps import Stair, steps_of

UTC_ZONE = ZoneInfo("UTC")


def day(number: int) -> date:
    return (BEGIN + timedelta(days=number)).date()


@given(ledgers(40))
@settings(max_examples=60, deadline=None)
def test_the_last_steps_are_what_the_books_say(entries: list[Transaction]) -> None:
    try:
        books = Books(portfolio(), entries)
    except Invalid:
        return
    steps = steps_of(books, UTC_ZONE)
    held: defaultdict[str, Decimal] = defaultdict(Decimal)
    for each in books.held():
        held[each.symbol] += each.lot.quantity
    last = {symbol: stair.level[-1] for symbol, stair in steps.quantity.items()}
    assert {symbol: amount for symbol, amount in last.items() if amount} == {
        symbol: amount for symbol, amount in held.items() if amount
    }
    cash: defaultdict[str, Decimal] = defaultdict(Decimal)
    for (_, currency), amount in books.till().cash.items():
        cash[currency] += amount
    told = {currency: stair.level[-1] for currency, stair in steps.cash.items()}
    assert {c: amount for c, amount in told.items() if amount} == {
        c: amount for c, amount in cash.items() if amount
    }
    flows = sum((tally.flows for tally in books.tallies().values()), Decimal(0))
    assert sum(steps.flow.values(), Decimal(0)) == flows


def test_a_stair_stands_from_its_day_on() -> None:
    stair = Stair()
    stair.step(day(2), Decimal(5))
    stair.step(day(2), Decimal(7))
    stair.step(day(4), Decimal(3))
    days = [day(number) for number in range(6)]
    assert stair.at_end_of(days).tolist() == [0, 0, 7, 7, 3, 3]
    assert stair.at_end_of(days[3:]).tolist() == [7, 3, 3]
    assert stair.at_end_of(days[:2]).tolist() == [0, 0]


def test_what_went_into_a_symbol_is_apart_from_what_it_paid() -> None:
    books = Books(
        portfolio(),
        [
            entry(KIND.deposit, 0, amount=1000),
            entry(KIND.buy, 1, symbol="AAA", quantity=10, price=20, fee=1, tax=2),
            entry(KIND.dividend, 2, symbol="AAA", amount=30, tax=5),
            entry(KIND.sell, 3, symbol="AAA", quantity=4, price=25, fee=1),
            entry(KIND.transfer_in, 4, symbol="AAA", quantity=1, price=9, amount=26),
        ],
    )
    steps = steps_of(books, UTC_ZONE)
    assert steps.bought["AAA"] == {
        day(1): Decimal(201),
        day(2): Decimal(0),
        day(3): Decimal(-99),
        day(4): Decimal(26),
    }
    assert steps.income["AAA"][day(1)] == -2
    assert steps.income["AAA"][day(2)] == 25
    assert steps.flow == {day(0): Decimal(1000), day(4): Decimal(26)}
    assert steps.first == day(0)


def test_days_are_those_of_the_portfolios_zone() -> None:
    late = entry(KIND.deposit, 0, amount=5)
    steps = steps_of(Books(portfolio(), [late]), ZoneInfo("America/New_York"))
    assert steps.first == date(2025, 12, 31)


def test_nothing_has_no_steps() -> None:
    steps = steps_of(Books(portfolio(), []), UTC_ZONE)
    assert steps.first is None
    assert np.array_equal(Stair().at_end_of([day(0)]), [0.0])
