from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from ledgers import BEGIN, KIND, entry, portfolio

from tio.api.portfolio import Transaction
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.course import Closes, Course, course_of
from tio.engine.portfolio.steps import Floats, steps_of

START = BEGIN.date()


def closes(days: dict[int, float], currency: str = "USD") -> Closes:
    ordinals = [float((START + timedelta(days=number)).toordinal()) for number in days]
    return Closes(np.array(ordinals), np.array(list(days.values())), currency)


async def course(
    entries: list[Transaction],
    prices: dict[str, Closes],
    length: int,
    rates: dict[str, list[float]] | None = None,
) -> Course:
    async def closes_of(symbol: str, _: date, __: date) -> Closes:
        return prices[symbol]

    async def rates_on(currency: str, days: tuple[date, ...]) -> Floats:
        return np.array((rates or {}).get(currency, [1.0] * len(days)))

    steps = steps_of(Books(portfolio(), entries), ZoneInfo("UTC"))
    end = START + timedelta(days=length - 1)
    return await course_of(steps, START, end, closes_of, rates_on)


async def test_worth_is_cash_and_quantities_at_the_days_closes() -> None:
    told = await course(
        [
            entry(KIND.deposit, 0, amount=100),
            entry(KIND.buy, 1, symbol="AAA", quantity=2, price=20),
            entry(KIND.splits, 3, symbol="AAA", quantity=2),
        ],
        {"AAA": closes({0: 19.0, 1: 21.0, 2: 22.0, 3: 11.5})},
        5,
    )
    assert told.nav.tolist() == [100, 60 + 42, 60 + 44, 60 + 46, 60 + 46]
    assert told.value["AAA"].tolist() == [0, 42, 44, 46, 46]
    assert told.flow.tolist() == [100, 0, 0, 0, 0]
    assert told.bought["AAA"].tolist() == [0, 40, 0, 0, 0]
    assert told.lacks == ()


async def test_a_close_stands_for_ten_days_and_no_longer() -> None:
    bought = entry(KIND.buy, 0, symbol="AAA", quantity=1, price=5)
    told = await course([bought], {"AAA": closes({0: 7.0})}, 14)
    assert told.value["AAA"][:11].tolist() == [7.0] * 11
    assert np.isnan(told.nav[11:]).all()
    assert told.lacks == ("a price of AAA on 3 days",)


async def test_what_is_held_no_more_needs_no_price() -> None:
    told = await course(
        [
            entry(KIND.buy, 0, symbol="AAA", quantity=1, price=5),
            entry(KIND.sell, 2, symbol="AAA", quantity=1, price=6),
        ],
        {"AAA": closes({0: 5.0, 1: 5.5})},
        20,
    )
    assert told.nav[-1] == 1.0
    assert told.lacks == ()


async def test_other_currencies_are_worth_their_rate_of_the_day() -> None:
    told = await course(
        [
            entry(KIND.deposit, 0, amount=10, currency="EUR", rate="1.1"),
            entry(KIND.buy, 1, symbol="AAA", quantity=1, price=4, currency="EUR", rate="1.2"),
        ],
        {"AAA": closes({1: 5.0}, "EUR")},
        3,
        {"EUR": [1.1, 1.2, np.nan]},
    )
    assert np.allclose(told.nav[:2], [11.0, 6 * 1.2 + 5 * 1.2])
    assert np.isnan(told.nav[2])
    assert told.lacks == ("a price of AAA on 1 day", "a rate of EUR on 1 day")
    assert told.flow[0] == 11.0
