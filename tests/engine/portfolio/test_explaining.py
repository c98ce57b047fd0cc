from datetime import timedelta
from decimal import Decimal, localcontext

import pytest
from hypothesis import given, settings
from ledgers import BEGIN, KIND, entry, ledgers, portfolio

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.explaining import Opened, explained
from tio.engine.portfolio.money import EXACT
from tio.engine.portfolio.rates import Rate
from tio.engine.portfolio.valuing import Price, holdings

WHOLE = (
    *("nav", "flows", "realised", "unrealised", "income", "fees", "taxes"),
    *("currency_result", "carried", "day_change"),
)
NOW = BEGIN + timedelta(days=4_000)
RATES = {"USD": Rate(Decimal(1)), "EUR": Rate(Decimal("1.0841"))}


def opened(books: Books, prices: dict[str, Price] | None = None) -> Opened:
    symbols = {held.symbol for held in books.held()}
    price = Price(Decimal("12.345"), "EUR", Decimal("12.1"), source="a source", as_of=NOW)
    told = dict.fromkeys(symbols, price) if prices is None else prices
    begin = NOW - timedelta(days=3_990)
    return Opened(books, holdings(books, told, RATES, NOW, begin), begin)


@given(ledgers(40))
@settings(max_examples=60, deadline=None)
def test_parts_add_up_to_the_figure_exactly(entries: list[Transaction]) -> None:
    try:
        of = opened(Books(portfolio(), entries))
    except Invalid:
        return
    for name in WHOLE:
        told = explained(of, name)
        assert told.value == getattr(of.holdings, name), name
        with localcontext(EXACT):
            assert sum((part.value or Decimal(0) for part in told.parts), Decimal(0)) == told.value
    for position in of.holdings.positions:
        for name in ("quantity", "value", "unrealised", "realised", "income", "day_change"):
            told = explained(of, f"{name}:{position.symbol}")
            assert told.value == getattr(position, name), (name, position.symbol)
        assert explained(of, f"cost:{position.symbol}").value == position.base_cost


def test_a_part_says_how_it_was_reckoned_and_whence() -> None:
    bought = entry(KIND.buy, 0, id="7", symbol="AAA", quantity=10, price=9, fee=1)
    sold = entry(KIND.sell, 3_999, id="8", symbol="AAA", quantity=4, price=12)
    of = opened(Books(portfolio(), [bought, sold]))
    (value,) = explained(of, "value:AAA").parts
    assert value.working == "6 × 12.345 × 1.0841"
    assert (value.source, value.as_of) == ("a source", NOW)
    (gain,) = explained(of, "realised").parts
    assert gain.label == "4 AAA of lot 7"
    assert gain.working == "48 USD − 36.4"
    assert gain.entry == "8"
    (lot,) = explained(of, "unrealised:AAA").parts
    assert lot.label == "AAA lot 7 of 2026-01-01"
    (day,) = explained(of, "day_change").parts
    assert day.working == "6 × (12.345 − 12.1) × 1.0841"


def test_without_a_price_a_figure_is_not_told_and_says_what_it_lacks() -> None:
    books = Books(portfolio(), [entry(KIND.buy, 0, symbol="AAA", quantity=10, price=9)])
    told = explained(opened(books, {}), "nav")
    assert told.value is None
    assert told.lacks == ("price of AAA",)
    assert [part.working for part in told.parts] == ["no price or rate", ""]


@pytest.mark.parametrize("figure", ["sharpe", "nav:AAA", "value", "lot_fees", ""])
def test_what_is_no_figure_is_refused(figure: str) -> None:
    with pytest.raises(Invalid):
        explained(opened(Books(portfolio(), [])), figure)
