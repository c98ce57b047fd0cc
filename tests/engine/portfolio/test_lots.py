from decimal import Decimal, localcontext
from typing import Any

import pytest
from ledgers import BEGIN, KIND, entry, portfolio

from tio.api.errors import Invalid
from tio.api.portfolio import LotRule, Transaction
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.lots import Inventory, OpenLot
from tio.engine.portfolio.money import EXACT


def lot(id: str, quantity: object, cost: object) -> OpenLot:
    paid = Decimal(str(cost))
    return OpenLot(id, BEGIN, Decimal(str(quantity)), paid, "USD", paid)


def inventory(*lots: OpenLot) -> Inventory:
    made = Inventory()
    for each in lots:
        made.put(each)
    return made


def costs(of: Inventory) -> list[Any]:
    return [each.cost for each in of]


def test_what_is_sold_short_cannot_be_moved_as_if_it_were_held() -> None:
    short = inventory(lot("a", -10, -100))
    with pytest.raises(Invalid, match="there are -10, not 5"):
        short.take(Decimal(5), LotRule.fifo)
    assert [each.quantity for each in short] == [-10]


def test_a_long_lot_never_stands_beside_a_short_one() -> None:
    with pytest.raises(Invalid, match="10 are sold short, and 5 would stand against them"):
        inventory(lot("a", -10, -100)).put(lot("b", 5, 40))
    with pytest.raises(Invalid, match="5 are held, and 10 would stand against them"):
        inventory(lot("b", 5, 40)).put(lot("a", -10, -100))


def test_shares_cannot_be_delivered_onto_a_short_position() -> None:
    short = entry(KIND.sell, 0, symbol="AAA", quantity=10, price=9, short=True)
    come = entry(KIND.transfer_in, 1, symbol="AAA", quantity=5, price=8)
    with pytest.raises(Invalid, match=r"transfer_in of AAA on 2026-01-02: 10 are sold short"):
        Books(portfolio(), [short, come])


def test_by_the_average_a_named_lot_costs_what_all_do_whatever_was_sold_before() -> None:
    for sold_before in (False, True):
        held = inventory(lot("a", 20, 200))
        if sold_before:
            held.take(Decimal(10), LotRule.average)
        else:
            held = inventory(lot("a", 10, 100))
        held.put(lot("b", 10, 300))
        (taken,) = held.take(Decimal(5), LotRule.average, "a")
        assert (taken.id, taken.cost) == ("a", Decimal(100))
        assert costs(held) == [100, 200]


def test_a_lot_a_split_left_nothing_of_goes_with_the_next_sale_by_any_rule() -> None:
    for rule in (LotRule.fifo, LotRule.lifo, LotRule.hifo, LotRule.average):
        held = inventory(lot("dust", "0.00000001", 3), lot("b", 100, 50))
        with localcontext(EXACT):
            held.rescale(Decimal("0.1"))
            taken = held.take(Decimal(10), rule)
        assert sum(each.cost for each in taken) + sum(costs(held)) == 53


def test_a_split_keeps_the_decimals_a_coin_has() -> None:
    coins = inventory(lot("a", "0.123456789012345678", 1))
    coins.rescale(Decimal(2))
    coins.rescale(Decimal("0.5"))
    assert coins.quantity == Decimal("0.123456789012345678")


def test_any_number_of_spin_offs_leaves_cost_whole() -> None:
    share = "0.123456789012345678"
    bought = entry(KIND.buy, 0, symbol="AAA", quantity="0.123456789012345678", price=share)
    offs: list[Transaction] = [
        entry(KIND.spin_off, day, symbol="AAA", into="BBB", quantity=1, cost_share=share)
        for day in range(1, 40)
    ]
    books = Books(portfolio(), [bought, *offs])
    with localcontext(EXACT):
        assert sum(held.lot.cost for held in books.held()) == Decimal(share) * Decimal(share)


def test_sales_of_one_moment_are_told_alike_however_the_books_came_about() -> None:
    bought = [entry(KIND.buy, 0, id=symbol, symbol=symbol, quantity=1, price=1) for symbol in "CAB"]
    sold = [
        entry(KIND.sell, 1, id=f"-{symbol}", symbol=symbol, quantity=1, price=2) for symbol in "BCA"
    ]
    whole = Books(portfolio(), [*bought, *sold])
    piecewise = Books(portfolio(), []).changed((), bought).changed((), sold[1:])
    piecewise = piecewise.changed((), sold[:1])
    assert [each.symbol for each in whole.closings()] == ["A", "B", "C"]
    assert whole.closings() == piecewise.closings()


def test_by_the_average_capital_returned_is_beyond_cost_only_where_it_is_beyond_that_of_all() -> (
    None
):
    cheap = entry(KIND.buy, 0, symbol="AAA", quantity=10, price=1)
    dear = entry(KIND.buy, 1, symbol="AAA", quantity=10, price=9)
    back = entry(KIND.return_of_capital, 2, symbol="AAA", amount=60)
    by_lot, alike = (
        Books(portfolio(rule), [cheap, dear, back]) for rule in (LotRule.fifo, LotRule.average)
    )
    assert by_lot.tallies()["AAA"].realised == 20
    assert alike.tallies()["AAA"].realised == 0
    assert [str(held.lot.cost.normalize()) for held in alike.held()] == ["2E+1", "2E+1"]
