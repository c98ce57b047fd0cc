from decimal import Decimal
from typing import Any

import pytest
from ledgers import BEGIN, KIND, entry, portfolio

from tio.api.errors import Invalid
from tio.api.portfolio import LotRule, Transaction
from tio.engine.portfolio.books import Books


def books(*entries: Transaction, lots: LotRule = LotRule.fifo) -> Books:
    return Books(portfolio(lots), entries)


def open_lots(of: Books) -> list[Any]:
    return [held.lot for held in of.held()]


def only_closing(of: Books) -> Any:
    (closing,) = of.closings()
    return closing


def tally_of(of: Books) -> Any:
    return of.tallies()["AAA"]


def bought(day: int, quantity: object, price: object, **more: object) -> Transaction:
    return entry(KIND.buy, day, symbol="AAA", quantity=quantity, price=price, **more)


def sold(day: int, quantity: object, price: object, **more: object) -> Transaction:
    return entry(KIND.sell, day, symbol="AAA", quantity=quantity, price=price, **more)


def test_a_buys_fee_is_part_of_its_cost_and_its_tax_is_not() -> None:
    of = books(bought(0, 10, 20, fee=3, tax=2))
    assert [(lot.quantity, lot.cost) for lot in open_lots(of)] == [(10, 203)]
    assert of.till().cash["", "USD"] == -205
    tally = tally_of(of)
    assert (tally.taxes, tally.fees, tally.lot_fees) == (2, 0, 3)


def test_a_sales_fee_lowers_what_it_brought() -> None:
    of = books(bought(0, 10, 20), sold(1, 4, 25, fee=1, tax=2))
    closing = only_closing(of)
    assert (closing.proceeds, closing.gain, closing.part.quantity) == (99, 19, 4)
    assert tally_of(of).realised == 19
    assert of.till().cash["", "USD"] == -200 + 97
    assert [(lot.quantity, lot.cost) for lot in open_lots(of)] == [(6, 120)]


def test_an_amount_that_is_told_wins_over_quantity_times_price() -> None:
    assert open_lots(books(bought(0, 3, "3.33", amount="10.00")))[0].cost == 10


def test_a_sale_over_several_lots_shares_its_fee_and_leaves_no_remainder() -> None:
    of = books(bought(0, 1, 10), bought(1, 1, 10), bought(2, 1, 10), sold(3, 3, 10, fee=1))
    gains = [closing.gain for closing in of.closings()]
    assert sum(gains) == -1
    assert len(gains) == 3
    assert max(gains) - min(gains) < Decimal("1e-17")


def test_what_is_not_held_is_sold_only_when_it_is_said_to_be_short() -> None:
    with pytest.raises(Invalid, match="5 sold, and 2 held"):
        books(bought(0, 2, 10), sold(1, 5, 12))
    of = books(bought(0, 2, 10), sold(1, 5, 12, short=True))
    assert [(lot.quantity, lot.cost) for lot in open_lots(of)] == [(-3, -36)]
    assert tally_of(of).realised == 4


def test_buying_a_short_back_realises_and_what_is_over_opens_a_long() -> None:
    of = books(sold(0, 10, 50, fee=5, short=True), bought(1, 15, 40, fee=3))
    closing = only_closing(of)
    assert closing.part.quantity == -10
    assert closing.gain == 495 - (400 + 2)
    assert [(lot.quantity, lot.cost) for lot in open_lots(of)] == [(5, 201)]


def test_a_gain_is_parted_into_price_and_currency() -> None:
    of = books(
        bought(0, 10, 100, currency="EUR", rate="1.1"),
        sold(1, 10, 120, currency="EUR", rate="1.2"),
    )
    closing = only_closing(of)
    assert closing.gain == Decimal(1440) - Decimal(1100)
    assert closing.currency_gain == 100
    assert closing.gain - closing.currency_gain == 240


def test_minor_units_are_booked_in_their_major_one() -> None:
    of = books(bought(0, 100, 250, currency="GBp", fee=500, rate="1.25"))
    (lot,) = open_lots(of)
    assert (lot.currency, lot.cost, lot.base_cost) == ("GBP", 255, Decimal("318.75"))
    assert of.till().cash["", "GBP"] == -255


def test_a_split_rescales_quantities_and_no_cost() -> None:
    of = books(
        bought(0, 10, 90), entry(KIND.splits, 1, symbol="AAA", quantity="0.333333333333333333")
    )
    assert [(lot.quantity, lot.cost) for lot in open_lots(of)] == [(Decimal("3.33333333"), 900)]
    of = books(
        bought(0, 300, 90), entry(KIND.splits, 1, symbol="AAA", quantity="0.333333333333333333")
    )
    assert open_lots(of)[0].quantity == 100


def test_a_split_of_one_account_leaves_the_others_alone() -> None:
    split = entry(KIND.splits, 1, symbol="AAA", quantity=2, account="one")
    of = books(bought(0, 10, 9, account="one"), bought(0, 5, 9, id="b", account="two"), split)
    assert {held.account: held.lot.quantity for held in of.held()} == {"one": 20, "two": 5}


def test_a_spin_off_takes_its_share_of_cost_and_the_date_along() -> None:
    off = entry(KIND.spin_off, 5, symbol="AAA", into="BBB", quantity="0.5", cost_share="0.2")
    of = books(
        bought(0, 10, 100),
        bought(1, 10, 200),
        off,
        entry(KIND.sell, 6, symbol="BBB", quantity=5, price=60),
    )
    held = {(h.symbol, h.lot.id): h.lot for h in of.held()}
    assert held["AAA", "buy0"].cost == 800
    assert held["BBB", "spin_off5/buy1"].cost == 400
    closing = only_closing(of)
    assert (closing.part.opened_at.day, closing.gain) == (1, 300 - 200)


def test_capital_that_is_returned_lowers_cost_and_beyond_it_is_a_gain() -> None:
    back = entry(KIND.return_of_capital, 2, symbol="AAA", amount=30)
    of = books(bought(0, 10, 2), bought(1, 5, 20), back)
    assert [lot.cost for lot in open_lots(of)] == [0, 90]
    assert tally_of(of).realised == 0
    more = entry(KIND.return_of_capital, 3, symbol="AAA", amount=30)
    assert books(bought(0, 10, 2), bought(1, 5, 20), back, more).tallies()["AAA"].realised == 20


def test_lots_that_move_between_accounts_keep_date_and_cost_and_are_no_flow() -> None:
    move = entry(KIND.transfer_out, 2, symbol="AAA", quantity=15, account="one", to_account="two")
    of = books(bought(0, 10, 1, account="one"), bought(1, 10, 2, account="one"), move)
    held: list[Any] = [(h.account, h.lot.id, h.lot.quantity, h.lot.cost) for h in of.held()]
    assert held == [
        ("one", "buy1", 5, 10),
        ("two", "buy0", 10, 10),
        ("two", "buy1", 5, 10),
    ]
    assert all(tally.flows == 0 for tally in of.tallies().values())


def test_lots_that_come_from_elsewhere_are_a_flow_of_their_worth() -> None:
    come = entry(KIND.transfer_in, 0, symbol="AAA", quantity=10, price=5, amount=80)
    go = entry(KIND.transfer_out, 1, symbol="AAA", quantity=4, amount=40)
    of = books(come, go)
    tally = tally_of(of)
    assert tally.flows == 80 - 40
    assert tally.carried == (50 - 80) + (40 - 20)
    assert tally.realised == 0


def test_an_exchange_moves_what_cash_was_booked_at() -> None:
    paid = entry(KIND.deposit, 0, amount=100)
    swap = entry(KIND.exchange, 1, amount=100, to_currency="EUR", to_amount=90, fee=1)
    till = books(paid, swap).till()
    assert dict(till.cash) == {("", "USD"): -1, ("", "EUR"): 90}
    assert dict(till.book) == {"USD": -1, "EUR": 100}


def test_average_cost_takes_the_oldest_dates_at_the_cost_of_all() -> None:
    of = books(bought(0, 10, 10), bought(1, 10, 20), sold(2, 5, 30), lots=LotRule.average)
    closing = only_closing(of)
    assert (closing.part.id, closing.part.cost, closing.gain) == ("buy0", 75, 75)
    assert [(lot.id, lot.quantity, lot.cost) for lot in open_lots(of)] == [
        ("buy0", 5, 75),
        ("buy1", 10, 150),
    ]


def test_the_lot_that_is_named_is_taken_and_without_a_name_the_rule_asks_for_one() -> None:
    held = bought(0, 10, 10), bought(1, 10, 20)
    of = books(*held, sold(2, 5, 30, lot="buy1"), lots=LotRule.specific)
    assert only_closing(of).gain == 50
    with pytest.raises(Invalid, match="which of the 2 lots is meant is not said") as refused:
        books(*held, sold(2, 5, 30), lots=LotRule.specific)
    assert "buy0, buy1" in refused.value.next
    with pytest.raises(Invalid, match="lot buy1 holds 10, not 11"):
        books(*held, sold(2, 11, 30, lot="buy1"))
    with pytest.raises(Invalid, match="no open lot 'x'"):
        books(*held, sold(2, 1, 30, lot="x"))


def test_an_entry_without_a_rate_is_refused() -> None:
    nameless = Transaction(id="x", kind=KIND.deposit, at=BEGIN, amount=Decimal(1), currency="EUR")
    with pytest.raises(Invalid, match="no rate of EUR"):
        books(nameless)
