"""What was planned of a trade."""

from decimal import Decimal
from typing import Any

import pytest
from ledgers import KIND, entry, portfolio

from tio.api.journal import Annotation, PlanSource
from tio.api.market import Side
from tio.api.orders import Order, OrderType, Trail
from tio.api.portfolio import Transaction
from tio.engine.journal.plans import Plan, is_marked, order_ids, plan_of, setup_tag
from tio.engine.journal.rounds import rounds
from tio.engine.journal.trades import Beside, trade_of
from tio.engine.portfolio.books import Books

D = Decimal


def order(id: str = "p1", **told: Any) -> Order:
    terms: dict[str, Any] = {"symbol": "AAA", "side": Side.buy, "quantity": D(10)}
    return Order(id=id, **(terms | told))


def exit_(**told: Any) -> Order:
    return order("p1.stop", side=Side.sell, parent="p1", **told)


ENTRY = order(average_price=D(100), setup="gap", idea="i1")
STOP = exit_(type=OrderType.stop, stop=D(95))
TARGET = exit_(type=OrderType.limit, limit=D(115))


def paper(kind: Any, day: int, fill: str, quantity: int, price: int) -> Transaction:
    return entry(
        kind, day, symbol="AAA", quantity=quantity, price=price, tags=("paper",), reference=fill
    )


def test_a_brackets_exits_are_the_plan() -> None:
    assert plan_of(ENTRY, (STOP, TARGET)) == Plan(D(95), D(115))


@pytest.mark.parametrize(
    ("side", "trail", "stop"),
    [
        (Side.buy, Trail(amount=D(4)), D(96)),
        (Side.sell, Trail(amount=D(4)), D(104)),
        (Side.buy, Trail(percent=D(2)), D(98)),
    ],
)
def test_a_trailing_stop_begins_behind_what_was_paid(
    side: Side, trail: Trail, stop: Decimal
) -> None:
    entered = order(average_price=D(100), side=side)
    assert plan_of(entered, (exit_(type=OrderType.trailing, trail=trail),)) == Plan(stop)
    assert plan_of(order(), (exit_(type=OrderType.trailing, trail=trail),)) == Plan()


def test_fills_name_their_orders_and_tags_the_rest() -> None:
    fills = [paper(KIND.buy, 1, "p1.1", 5, 100), paper(KIND.buy, 1, "p1.2", 5, 100)]
    assert order_ids([*fills, paper(KIND.buy, 2, "p7.1", 1, 100)]) == ("p1", "p7")
    assert order_ids([entry(KIND.buy, 1, symbol="AAA", quantity=1, price=1, reference="T.1")]) == ()
    late = entry(KIND.buy, 1, symbol="AAA", quantity=1, price=1, tags=("paper", "delayed"))
    assert is_marked([late])
    assert not is_marked(fills)
    assert setup_tag([*fills, entry(KIND.buy, 1, tags=("x", "setup: gap "))]) == "gap"


def made(*entries: Transaction, notes: dict[str, Annotation] | None = None) -> Any:
    books = Books(portfolio(), entries)
    beside = Beside(notes or {}, {"p1": ENTRY}, {"p1": (STOP, TARGET)})
    (round,) = rounds(books)
    return trade_of(round, books, beside)


def test_the_order_that_opened_a_trade_plans_it() -> None:
    told = made(paper(KIND.buy, 1, "p1.1", 10, 100), paper(KIND.sell, 3, "p1.target.1", 10, 115))
    assert (told.plan, told.stop, told.target) == (PlanSource.order, D(95), D(115))
    assert (told.risk, told.gain, told.r) == (D(50), D(150), 3.0)
    assert (told.setup, told.idea, told.orders) == ("gap", "i1", ("p1",))


def test_what_is_added_by_a_bracket_does_not_plan_what_was_there() -> None:
    told = made(
        entry(KIND.buy, 0, symbol="AAA", quantity=90, price=100),
        paper(KIND.buy, 1, "p1.1", 10, 100),
    )
    assert (told.plan, told.stop, told.risk, told.setup) == (PlanSource.none, None, None, "")
    assert told.orders == ("p1",)


def test_what_is_written_goes_before_what_was_ordered() -> None:
    bought = paper(KIND.buy, 1, "p1.1", 10, 100)
    one = made(bought, notes={bought.id: Annotation(stop=D(98))})
    assert (one.plan, one.stop, one.target) == (PlanSource.both, D(98), D(115))
    assert (one.risk, one.r) == (D(20), None)
    both = made(bought, notes={bought.id: Annotation(stop=D(98), target=D(120))})
    assert both.plan is PlanSource.written


def test_a_short_trade_risks_upward() -> None:
    sold = entry(KIND.sell, 1, symbol="AAA", quantity=10, price=100, short=True)
    bought = entry(KIND.buy, 2, symbol="AAA", quantity=10, price=90)
    told = made(sold, bought, notes={sold.id: Annotation(stop=D(104))})
    assert (told.side, told.entry, told.exit) == (Side.sell, D(100), D(90))
    assert (told.risk, told.gain, told.r) == (D(40), D(100), 2.5)


def test_risk_is_of_the_rates_of_opening() -> None:
    bought = entry(KIND.buy, 1, symbol="AAA", quantity=10, price=100, currency="EUR", rate="1.1")
    told = made(bought, notes={bought.id: Annotation(stop=D(95))})
    assert (told.currency, told.base, told.risk) == ("EUR", "USD", D(55))
