"""Fills as entries of a ledger."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from ledgers import KIND, entry, portfolio
from msgspec.structs import replace
from paper_orders import FILL

from tio.api.market import Delay, Side
from tio.api.orders import Fill
from tio.api.portfolio import Transaction
from tio.engine.orders.entering import Entering, held
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.shelf import Edit, Ledger
from tio.engine.store.ledgers import LedgerKey

D = Decimal
NOW = datetime(2026, 11, 20, 15, 1, tzinfo=UTC)
BOUGHT = replace(FILL, delay=Delay.realtime, marked=False)
SOLD = replace(BOUGHT, id="p2.1", order="p2", side=Side.sell)


def ledger(*entries: Transaction) -> Ledger:
    return Ledger(LedgerKey("owner", 1), Books(portfolio(), entries), len(entries) + 1)


def bought(quantity: int, account: str = "", day: int = 1) -> Transaction:
    return entry(
        KIND.buy,
        day,
        id=f"{account}{day}",
        symbol="AAPL",
        quantity=quantity,
        price=9,
        account=account,
    )


def edited(of: Ledger, *fills: Fill, **rates: Decimal) -> tuple[Edit, Entering]:
    entering = Entering(fills, rates, NOW)
    return entering.edit(of), entering


def told(edit: Edit) -> list[tuple[Any, ...]]:
    return [(each.kind, each.account, each.quantity, each.fee, each.short) for each in edit.come]


def test_a_purchase_enters_with_its_fee_its_mark_and_its_fills_id() -> None:
    edit, entering = edited(ledger(), BOUGHT)
    (come,) = edit.come
    assert (come.kind, come.quantity, come.price, come.fee) == (
        *(KIND.buy, BOUGHT.quantity, BOUGHT.price, BOUGHT.fee),
    )
    assert (come.reference, come.tags, come.at, come.rate) == ("p1.1", ("paper",), BOUGHT.at, D(1))
    assert edit.what.startswith("paper: ")
    assert entering.refused == []


def test_a_fill_on_lagging_data_is_tagged_so() -> None:
    edit, _ = edited(ledger(), FILL)
    assert edit.come[0].tags == ("paper", "delayed")


def test_a_sale_closes_account_by_account_the_unnamed_first_and_goes_short_with_the_rest() -> None:
    edit, _ = edited(ledger(bought(3), bought(4, "broker")), SOLD)
    assert told(edit) == [
        (KIND.sell, "", D(3), D(1), False),
        (KIND.sell, "broker", D(4), D(0), False),
        (KIND.sell, "", D(3), D(0), True),
    ]
    assert len({each.id for each in edit.come}) == 3


def test_a_fill_that_is_in_the_ledger_does_not_enter_twice() -> None:
    first, _ = edited(ledger(), BOUGHT)
    again, entering = edited(ledger(*first.come), BOUGHT)
    assert (again.come, again.what, entering.refused) == ([], "", [])


def test_a_future_enters_by_its_points_and_another_currency_at_its_rate() -> None:
    future = replace(BOUGHT, multiplier=D(50), currency="EUR")
    edit, _ = edited(ledger(), future, EUR=D("1.1"))
    (come,) = edit.come
    assert (come.quantity, come.rate, come.note) == (D(500), D("1.1"), "10 contracts of 50")


def test_an_entry_stands_after_those_of_its_day_that_it_closes() -> None:
    later = entry(KIND.buy, 400, symbol="AAPL", quantity=10, price=9)
    edit, _ = edited(ledger(later), SOLD)
    assert edit.come[0].at == later.at


def test_what_a_ledger_cannot_bear_is_told_and_the_rest_enters() -> None:
    huge = replace(BOUGHT, id="p2.1", price=D("1E+40"))
    other = replace(BOUGHT, id="p3.1", symbol="MSFT")
    edit, entering = edited(ledger(), huge, other)
    ((fill, why),) = entering.refused
    assert fill.id == "p2.1"
    assert why
    assert [each.symbol for each in edit.come] == ["MSFT"]


def test_what_is_held_is_summed_over_accounts() -> None:
    assert held(ledger(bought(3), bought(4, "broker", 2)).books) == {"AAPL": 7}
