"""What is worth how much, and what is told where a price or a rate lacks."""

from datetime import timedelta
from decimal import Decimal

from ledgers import BEGIN, KIND, entry, portfolio

from tio.api.portfolio import Holdings
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.rates import Rate
from tio.engine.portfolio.valuing import Price, holdings

BUYS = (
    entry(KIND.buy, 1, symbol="AAA", quantity=10, price=5),
    entry(KIND.buy, 2, symbol="BBB", quantity=2, price=50, currency="EUR", rate="1.1"),
)


def valued(prices: dict[str, Price], rates: dict[str, Rate]) -> Holdings:
    now = BEGIN + timedelta(days=9)
    return holdings(Books(portfolio(), BUYS), prices, {"USD": Rate(Decimal(1))} | rates, now, now)


def test_worth_is_quantity_times_price_times_rate() -> None:
    prices = {"AAA": Price(Decimal(6), "USD"), "BBB": Price(Decimal(55), "EUR")}
    told = valued(prices, {"EUR": Rate(Decimal("1.2"))})
    assert [each.value for each in told.positions] == [Decimal(60), Decimal(132)]
    # 50 dollars and 100 euros were spent.
    assert told.nav == Decimal(60) + Decimal(132) - 50 - 120
    assert told.lacks == ()


def test_a_missing_rate_is_called_a_rate_and_the_price_still_stands() -> None:
    told = valued({"AAA": Price(Decimal(6), "USD"), "BBB": Price(Decimal(55), "EUR")}, {})
    assert told.lacks == ("rate of EUR",)
    assert (told.positions[1].price, told.positions[1].value) == (Decimal(55), None)
    assert (told.nav, told.unrealised) == (None, None)


def test_a_missing_price_is_called_by_its_symbol() -> None:
    told = valued({"AAA": Price(Decimal(6), "USD")}, {"EUR": Rate(Decimal("1.2"))})
    assert told.lacks == ("price of BBB",)
