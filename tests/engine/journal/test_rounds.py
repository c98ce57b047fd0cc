"""Trades from flat to flat."""

from decimal import Decimal

from hypothesis import given
from ledgers import KIND, entry, ledgers, portfolio

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction
from tio.engine.journal.rounds import Round, rounds
from tio.engine.portfolio.books import Books


def traded(*entries: Transaction) -> tuple[Round, ...]:
    return rounds(Books(portfolio(), entries))


def numbered(*entries: Transaction) -> list[Transaction]:
    from msgspec.structs import replace

    return [replace(each, id=str(n), position=n) for n, each in enumerate(entries, 1)]


def buy(day: int, quantity: int, price: int = 10, **terms: object) -> Transaction:
    return entry(KIND.buy, day, symbol="AAA", quantity=quantity, price=price, **terms)


def sell(day: int, quantity: int, price: int = 12, **terms: object) -> Transaction:
    return entry(KIND.sell, day, symbol="AAA", quantity=quantity, price=price, **terms)


def told(*entries: Transaction) -> list[tuple[str, bool, Decimal, Decimal, Decimal]]:
    made = traded(*numbered(*entries))
    return [(each.id, each.long, each.quantity, each.left, each.gain) for each in made]


def test_what_is_added_and_taken_in_between_is_one_trade() -> None:
    assert told(buy(1, 10), buy(2, 10, 11), sell(3, 5), sell(4, 15)) == [
        ("1", True, Decimal(20), Decimal(0), Decimal(240 - 210))
    ]


def test_flat_in_between_makes_two_trades() -> None:
    assert told(buy(1, 10), sell(2, 10), buy(3, 4), sell(5, 1)) == [
        ("1", True, Decimal(10), Decimal(0), Decimal(20)),
        ("3", True, Decimal(4), Decimal(3), Decimal(2)),
    ]


def test_the_order_of_entry_decides_within_one_time() -> None:
    assert len(told(buy(1, 10), sell(2, 10), buy(2, 10), sell(3, 10))) == 2
    assert len(told(buy(1, 10), buy(2, 10), sell(2, 10), sell(3, 10))) == 1


def test_a_reversal_ends_one_trade_and_begins_the_other_way() -> None:
    assert told(buy(1, 10), sell(2, 15, short=True), buy(3, 5, 11)) == [
        ("1", True, Decimal(10), Decimal(0), Decimal(20)),
        ("2", False, Decimal(5), Decimal(0), Decimal(5)),
    ]


def test_accounts_trade_apart() -> None:
    made = told(
        buy(1, 10), buy(2, 10, account="second"), sell(3, 10), sell(4, 10, account="second")
    )
    assert [each[0] for each in made] == ["1", "2"]


def test_a_split_does_not_end_a_trade() -> None:
    split = entry(KIND.splits, 2, symbol="AAA", quantity=2)
    assert told(buy(1, 10), split, sell(3, 20, 6)) == [
        ("1", True, Decimal(20), Decimal(0), Decimal(20))
    ]


def test_what_comes_after_does_not_change_who_a_trade_is() -> None:
    first, second = told(buy(1, 10), sell(2, 10)), told(buy(1, 10), sell(2, 10), buy(9, 5))
    assert second[: len(first)] == first


@given(ledgers(40))
def test_trades_realise_what_the_ledger_does(entries: list[Transaction]) -> None:
    try:
        books = Books(portfolio(), entries)
    except Invalid:
        return
    made = rounds(books)
    assert sum((each.gain for each in made), Decimal(0)) == sum(
        (closing.gain for closing in books.closings()), Decimal(0)
    )
    assert sum(len(each.closings) for each in made) == len(books.closings())
    assert sum(len(each.open) for each in made) == len(list(books.held()))
    assert len({(each.id, each.account) for each in made}) == len(made)
