"""What a day brought by what was closed in it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from ledgers import BEGIN, KIND, entry, portfolio

from tio.api.portfolio import Transaction
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.day import closed_since, day_begin
from tio.engine.portfolio.valuing import Price

DAY = BEGIN + timedelta(days=10)
PRICES = {"AAA": Price(Decimal(9), "USD", previous=Decimal(12))}


def books(*entries: Transaction) -> Books:
    return Books(portfolio(), entries)


def trade(kind: str, day: float, price: str, fee: str = "0") -> Transaction:
    return entry(KIND(kind), day, symbol="AAA", quantity=10, price=price, fee=fee)  # type: ignore[arg-type]


def test_what_was_held_before_counts_from_the_previous_close() -> None:
    held = books(trade("buy", 1, "20"), trade("sell", 10.5, "11", "3"))
    assert closed_since(held, DAY, PRICES) == 10 * (11 - 12) - 3


def test_what_was_opened_the_same_day_counts_from_its_cost() -> None:
    turned = books(trade("buy", 10.1, "20", "1"), trade("sell", 10.5, "11", "3"))
    assert closed_since(turned, DAY, PRICES) == 10 * (11 - 20) - 4


def test_without_a_previous_close_the_whole_gain_counts() -> None:
    held = books(trade("buy", 1, "20"), trade("sell", 10.5, "11"))
    assert closed_since(held, DAY, {}) == -90


def test_what_was_closed_before_the_day_counts_no_more() -> None:
    held = books(trade("buy", 1, "20"), trade("sell", 9.5, "11"))
    assert closed_since(held, DAY, PRICES) == 0


def test_a_day_begins_at_midnight_where_the_portfolio_is_at_home() -> None:
    at = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert day_begin(books(), at) == datetime(2026, 7, 1, tzinfo=UTC)
