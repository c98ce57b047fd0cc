"""Whatever is placed, told and cancelled: what must hold of every fill."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from itertools import count

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from order_scene import CLOSE, NOON, book_of

from tio.api.market import Print, Quote
from tio.api.orders import (
    BracketLegs,
    Fill,
    Order,
    OrderFilled,
    OrderState,
    OrderType,
    Side,
    TimeInForce,
    Trail,
)
from tio.engine.orders.book import Events, PaperBook
from tio.engine.orders.fees import FeeRate, FeeSchedule
from tio.engine.orders.groups import bracket, one_cancels_other

FEES = FeeSchedule(FeeRate(per_share=Decimal("0.01"), percent=Decimal("0.05"), least=Decimal(1)))
CASH = Decimal(100_000)
PRICES = st.integers(9_500, 10_500).map(lambda cents: cents / 100)
SIZES = st.none() | st.integers(0, 30).map(float)
SIDES = st.sampled_from(Side)
KINDS = st.sampled_from(OrderType)
QUANTITIES = st.integers(1, 40)
LAGS = st.sampled_from((0, 0, 0, 1, 30))

Call = Callable[[PaperBook], Events]


class PaperDay(RuleBasedStateMachine):
    """A book that is told anything; every call is kept, to be made again at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.book = book_of(FEES)
        self.calls: list[Call] = []
        self.events: list[Events] = []
        self.fills: list[Fill] = []
        self.now = NOON
        self.ids = (f"o{n}" for n in count(1))
        self.intended: dict[str, Decimal] = {}

    def call(self, made: Call) -> Events:
        self.now += timedelta(seconds=1)
        self.calls.append(made)
        events = made(self.book)
        self.events.append(events)
        self.fills += [event.fill for event in events if isinstance(event, OrderFilled)]
        return events

    def single(self, kind: OrderType, side: Side, quantity: int, price: float, day: bool) -> Order:
        told = Decimal(repr(price))
        limited = kind in (OrderType.limit, OrderType.stop_limit)
        stopped = kind in (OrderType.stop, OrderType.stop_limit)
        self.intended[id := next(self.ids)] = Decimal(quantity)
        return Order(
            id=id,
            portfolio="main",
            symbol="ACME",
            side=side,
            quantity=Decimal(quantity),
            type=kind,
            limit=told if limited else None,
            stop=told if stopped else None,
            trail=Trail(percent=Decimal(1)) if kind is OrderType.trailing else None,
            time_in_force=TimeInForce.day if day else TimeInForce.gtc,
        )

    @rule(kind=KINDS, side=SIDES, quantity=QUANTITIES, price=PRICES, day=st.booleans())
    def place(self, kind: OrderType, side: Side, quantity: int, price: float, day: bool) -> None:
        now, made = self.now, self.single(kind, side, quantity, price, day)
        self.call(lambda book: book.place(made, now))

    @rule(kind=KINDS, quantity=QUANTITIES, price=PRICES, trailing=st.booleans())
    def bracket(self, kind: OrderType, quantity: int, price: float, trailing: bool) -> None:
        entry = self.single(kind, Side.buy, quantity, price, day=True)
        legs = BracketLegs(target=Decimal(101), stop=None if trailing else Decimal(99))
        if trailing:
            legs = BracketLegs(target=Decimal(101), trail=Trail(amount=Decimal(1)))
        now, made = self.now, bracket(entry, legs)
        self.call(lambda book: book.place_group(made, now))

    @rule(first=KINDS, second=KINDS, side=SIDES, quantity=QUANTITIES, price=PRICES)
    def group(
        self, first: OrderType, second: OrderType, side: Side, quantity: int, price: float
    ) -> None:
        pair = [self.single(kind, side, quantity, price, day=False) for kind in (first, second)]
        now, made = self.now, one_cancels_other(pair, f"g{pair[0].id}")
        self.call(lambda book: book.place_group(made, now))

    @rule(bid=PRICES, spread=st.integers(-1, 20), bids=SIZES, asks=SIZES, lag=LAGS)
    def quote(
        self, bid: float, spread: int, bids: float | None, asks: float | None, lag: int
    ) -> None:
        told = Quote(
            symbol="ACME",
            bid=bid,
            ask=round(bid + spread / 100, 2),
            bid_size=bids,
            ask_size=asks,
            as_of=self.now - timedelta(seconds=lag),
            received_at=self.now,
        )
        events = self.call(lambda book: book.on_quote(told))
        for side, size in ((Side.buy, asks), (Side.sell, bids)):
            assert size is None or taken(events, side) <= size
        assert spread >= 0 or not taken(events)
        timely(events)

    @rule(price=PRICES, size=st.integers(0, 60), lag=LAGS)
    def trade(self, price: float, size: int, lag: int) -> None:
        as_of = self.now - timedelta(seconds=lag)
        told = Print(symbol="ACME", price=price, size=float(size), as_of=as_of)
        events = self.call(lambda book: book.on_trade(told))
        assert taken(events) <= size
        timely(events)

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        open_ones = [each.id for each in self.book.shelf if each.state.open]
        if open_ones:
            now, id = self.now, data.draw(st.sampled_from(open_ones))
            self.call(lambda book: book.cancel(id, now))

    @rule()
    def close(self) -> None:
        self.call(lambda book: book.on_session("ACME", CLOSE))

    @invariant()
    def no_order_fills_more_than_was_asked(self) -> None:
        for each in self.book.shelf:
            own = [fill for fill in self.fills if fill.order == each.id]
            assert sum(fill.quantity for fill in own) == each.filled
            assert each.filled <= each.quantity or each.state is OrderState.cancelled
            if not each.parent:
                assert each.filled <= self.intended[each.id]

    @invariant()
    def no_limit_fills_worse(self) -> None:
        for fill in self.fills:
            limit = self.book.shelf.get(fill.order).limit
            if limit is not None:
                assert fill.price <= limit if fill.side is Side.buy else fill.price >= limit

    @invariant()
    def a_group_fills_no_more_than_one_of_it(self) -> None:
        groups: dict[str, Decimal] = {}
        for each in self.book.shelf:
            if each.oco:
                groups[each.oco] = groups.get(each.oco, Decimal(0)) + each.filled
        for name, total in groups.items():
            if name.endswith(".exit"):
                assert total <= self.book.shelf.get(name.removesuffix(".exit")).filled
            else:
                assert total <= self.intended[name.removeprefix("g")]

    @invariant()
    def cash_and_position_follow_from_the_fills(self) -> None:
        cash, held = CASH, Decimal(0)
        for fill in self.fills:
            sign = 1 if fill.side is Side.buy else -1
            cash -= sign * fill.price * fill.quantity + fill.fee
            held += sign * fill.quantity
        assert held == self.book.shelf.held("main", "ACME")
        assert held >= 0
        spent = sum((each.sign * each.turnover + each.fees for each in self.book.shelf), Decimal(0))
        assert cash == CASH - spent

    @invariant()
    def an_order_pays_what_it_would_have_paid_at_once(self) -> None:
        for each in self.book.shelf:
            if each.fills:
                due = each.filled * Decimal("0.01") + each.turnover * Decimal("0.0005")
                assert abs(each.fees - max(due, Decimal(1))) <= Decimal("0.005")

    @invariant()
    def who_waits_has_an_entry_that_may_fill(self) -> None:
        for each in self.book.shelf:
            if each.state is OrderState.waiting:
                entry = self.book.shelf.get(each.parent)
                assert entry.state.open
                assert not entry.filled

    def teardown(self) -> None:
        again = book_of(FEES)
        assert [made(again) for made in self.calls] == self.events


def taken(events: Events, side: Side | None = None) -> Decimal:
    """What these events filled, of one side or both."""
    made = [event.fill for event in events if isinstance(event, OrderFilled)]
    return sum((f.quantity for f in made if side in (None, f.side)), Decimal(0))


def timely(events: Events) -> None:
    """No fill is of a tick from before its order, by either clock."""
    for event in events:
        if isinstance(event, OrderFilled):
            placed, as_of = event.order.placed_at, event.fill.as_of
            assert placed is not None
            assert as_of is not None
            assert placed <= as_of <= event.fill.at


TestPaperDay = PaperDay.TestCase
TestPaperDay.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, derandomize=True
)
