"""The words of trading on paper answered: orders, fills, tickets, acts."""

import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from tio.api.access import Principal
from tio.api.contract import After, Request, Topic, Watch
from tio.api.errors import Conflict, TioError
from tio.api.orders import Fill, Order, OrderChange, OrderEvent
from tio.api.trading import (
    CancelOrder,
    CancelOrders,
    FlattenPosition,
    GetTicket,
    ListedOrder,
    ListFills,
    ListOrders,
    OrderPreview,
    Orders,
    OrderTicket,
    PlaceOrder,
    PreviewOrder,
    ReplaceOrder,
    ReversePosition,
    StopToBreakEven,
)
from tio.config import Paper
from tio.engine.bus import Bus
from tio.engine.market.service import MarketService
from tio.engine.orders import acts
from tio.engine.orders.accounts import Accounts, HoldingsOf, LimitsOf
from tio.engine.orders.ahead import Ahead, AnswerOf
from tio.engine.orders.asking import listed, order_of, other_of, previewed
from tio.engine.orders.desk import PaperDesk
from tio.engine.orders.fees import schedule_of
from tio.engine.orders.floor import Floor
from tio.engine.orders.heat import open_risks
from tio.engine.orders.journal import Journal
from tio.engine.orders.tape import exact
from tio.engine.orders.watching import OrdersWatch
from tio.engine.portfolio.service import PortfolioService
from tio.engine.portfolio.shelf import Shelf
from tio.engine.service import Answer, Stream
from tio.engine.store.database import Database
from tio.engine.store.orders import OrderTable
from tio.engine.written import keyed, written_before
from tio.plugin import Clock

if TYPE_CHECKING:
    from tio.engine.orders.ticketing import TicketDesk

T = TypeVar("T")
Placed = tuple[Order, ...]


class OrderService:
    """Answers for paper orders. `wall` is real time, `clock` the workspace's.

    `answer_of` gives who answers a word of another service, where anybody does.
    """

    def __init__(
        self,
        database: Database,
        wall: Clock,
        clock: Clock,
        bus: Bus,
        market: MarketService,
        portfolios: PortfolioService,
        holdings: HoldingsOf,
        limits: LimitsOf,
        paper: Paper,
        answer_of: AnswerOf = lambda kind: None,
    ) -> None:
        self._database = database
        self._wall = wall
        self._market = market
        self._shelf: Shelf = portfolios.shelf
        margin = Decimal(repr(paper.margin))
        self._accounts = Accounts(holdings, limits, portfolios.pricer, portfolios.shelf, margin)
        self._journal = Journal(portfolios.shelf, wall, bus, self._accounts.rate)
        self._floor = Floor(
            database, wall, clock, market, portfolios.shelf, self._journal, schedule_of(paper)
        )
        self._ahead = Ahead(answer_of, clock)
        self._tickets: TicketDesk | None = None

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {
            PreviewOrder: self._preview,
            PlaceOrder: self._place,
            CancelOrder: self._cancel,
            ReplaceOrder: self._replace,
            CancelOrders: self._cancel_all,
            FlattenPosition: self._flatten,
            ReversePosition: self._reverse,
            StopToBreakEven: self._break_even,
            ListOrders: self._list,
            ListFills: self._fills,
            GetTicket: self._ticket,
        }

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {Orders: self._watch}

    async def start(self) -> None:
        await self._floor.start()

    async def close(self) -> None:
        await self._ahead.close()
        await self._floor.close()

    async def _place(self, asked: PlaceOrder, by: Principal) -> Placed:
        order = order_of(asked, self._market.symbol(asked.symbol))
        other = other_of(asked, order)

        async def place(desk: PaperDesk) -> Placed:
            await self._ready(desk, by, order)
            if other is not None:
                return await desk.broker.place_group((order, other))
            return await desk.broker.place(order, asked.bracket)

        return await self._act(asked, by, asked.portfolio, place, tuple[Order, ...])

    async def _preview(self, asked: PreviewOrder, by: Principal) -> OrderPreview:
        order = order_of(asked, self._market.symbol(asked.symbol))
        other_of(asked, order)
        desk = await self._floor.desk(by.name)
        async with desk.lock:
            with self._floor.attending(order.symbol):
                await self._ready(desk, by, order)
                return previewed(desk.broker, order, asked.bracket, self._floor.terms(order.symbol))

    async def _cancel(self, asked: CancelOrder, by: Principal) -> Order:
        async def cancel(desk: PaperDesk) -> Order:
            return await desk.broker.cancel(asked.id)

        return await self._act(asked, by, await self._whose(by, asked.id), cancel, Order)

    async def _replace(self, asked: ReplaceOrder, by: Principal) -> Order:
        change = OrderChange(
            quantity=asked.quantity,
            limit=asked.limit,
            stop=asked.stop,
            trail=asked.trail,
            time_in_force=asked.time_in_force,
        )

        async def replace(desk: PaperDesk) -> Order:
            await self._ready(desk, by, desk.broker.book.shelf.get(asked.id))
            return await desk.broker.replace(asked.id, change)

        return await self._act(asked, by, await self._whose(by, asked.id), replace, Order)

    async def _cancel_all(self, asked: CancelOrders, by: Principal) -> Placed:
        symbol = self._named(asked.symbol)

        async def cancel(desk: PaperDesk) -> Placed:
            found = desk.open(asked.portfolio)
            return await desk.broker.do(acts.cancel_all(found, symbol, asked.side))

        return await self._act(asked, by, asked.portfolio, cancel, tuple[Order, ...])

    async def _flatten(self, asked: FlattenPosition, by: Principal) -> Placed:
        symbol = self._named(asked.symbol)

        async def flatten(desk: PaperDesk) -> Placed:
            await self._floor.tell_held(desk, asked.portfolio)
            held = desk.held(asked.portfolio)
            act = acts.flatten(asked.portfolio, held, desk.open(asked.portfolio), symbol)
            if not act.place and not act.cancel:
                raise Conflict(
                    f"nothing of {symbol or asked.portfolio} is held", "open a position first"
                )
            for order in act.place:
                await self._ready(desk, by, order)
            return await desk.broker.do(act)

        return await self._act(asked, by, asked.portfolio, flatten, tuple[Order, ...])

    async def _reverse(self, asked: ReversePosition, by: Principal) -> Placed:
        symbol = self._market.symbol(asked.symbol)

        async def reverse(desk: PaperDesk) -> Placed:
            await self._floor.tell_held(desk, asked.portfolio)
            held = desk.broker.book.shelf.held(asked.portfolio, symbol)
            act = acts.reverse(asked.portfolio, symbol, held, desk.open(asked.portfolio))
            for order in act.place:
                await self._ready(desk, by, order)
            return await desk.broker.do(act)

        return await self._act(asked, by, asked.portfolio, reverse, tuple[Order, ...])

    async def _break_even(self, asked: StopToBreakEven, by: Principal) -> Placed:
        symbol = self._market.symbol(asked.symbol)

        async def move(desk: PaperDesk) -> Placed:
            await self._floor.tell_held(desk, asked.portfolio)
            held = desk.broker.book.shelf.held(asked.portfolio, symbol)
            holdings = await self._accounts.holdings(by, asked.portfolio)
            cost = next(
                (abs(each.average_cost) for each in holdings.positions if each.symbol == symbol),
                None,
            )
            await self._floor.first_quote(desk, symbol)
            seen, terms = desk.broker.book.market(symbol), self._floor.terms(symbol)
            price = exact(seen.last)
            if seen.two_sided is not None:
                price = exact(seen.two_sided.bid if held > 0 else seen.two_sided.ask)
            if not held or cost is None:
                raise Conflict(f"nothing of {symbol} is held", "open a position first")
            if price is None or terms is None:
                raise Conflict(f"no price of {symbol} is known", "wait for a quote")
            orders = desk.open(asked.portfolio)
            act = acts.break_even(asked.portfolio, held, cost, price, orders, terms)
            for order in act.place:
                await self._ready(desk, by, order)
            for id, _ in act.change:
                await self._ready(desk, by, desk.broker.book.shelf.get(id))
            return await desk.broker.do(act)

        return await self._act(asked, by, asked.portfolio, move, tuple[Order, ...])

    async def _act(
        self,
        asked: Request[T],
        by: Principal,
        portfolio: str,
        do: Callable[[PaperDesk], Awaitable[T]],
        kind: type[T],
    ) -> T:
        """Do it once for its write key, and keep what came of it together with the key."""
        await self._shelf.ledger(by.name, portfolio)
        desk = await self._floor.desk(by.name)
        async with desk.lock:
            first = await written_before(self._database, asked, by, kind)
            if first is not None:
                return first
            before = {order.id for order in desk.open(portfolio)}
            done = await do(desk)
            try:
                work = keyed(self._wall, asked, by, lambda _: done, kind)
                return await self._journal.keep(desk, portfolio, work)
            except TioError:
                new = [order for order in desk.open(portfolio) if order.id not in before]
                desk.end(new, "it could not be kept")
                raise

    async def _ready(self, desk: PaperDesk, by: Principal, order: Order) -> None:
        """Have the desk know what the order is judged by."""
        with self._floor.attending(order.symbol):
            await self._floor.tell_held(desk, order.portfolio)
            await self._floor.first_quote(desk, order.symbol)
            holdings = await self._accounts.holdings(by, order.portfolio)
            terms = self._floor.terms(order.symbol)
            currency = holdings.currency if terms is None else terms.currency
            desk.standings[order.portfolio] = await self._accounts.standing(
                by, holdings, currency, open_risks(desk, holdings, self._floor.terms)
            )

    async def _list(self, asked: ListOrders, by: Principal) -> tuple[ListedOrder, ...]:
        symbol = self._named(asked.symbol)
        desk = await self._floor.desk(by.name)
        key = (await self._shelf.ledger(by.name, asked.portfolio)).key
        book = desk.broker.book

        def read(connection: sqlite3.Connection) -> Placed:
            return OrderTable.list(connection, key, symbol, asked.open, asked.limit)

        async with desk.lock:
            found = await self._journal.keep(desk, asked.portfolio, read)
        quote = self._market.market.board.quote
        return tuple(
            listed(book, order, quote(order.symbol), asked.portfolio)
            for order in (
                book.shelf.get(each.id) if each.id in book.shelf else each for each in found
            )
        )

    async def _fills(self, asked: ListFills, by: Principal) -> tuple[Fill, ...]:
        symbol = self._named(asked.symbol)
        desk = await self._floor.desk(by.name)
        key = (await self._shelf.ledger(by.name, asked.portfolio)).key

        def read(connection: sqlite3.Connection) -> tuple[Fill, ...]:
            return OrderTable.fills(connection, key, symbol, asked.limit)

        return await self._journal.keep(desk, asked.portfolio, read)

    async def _ticket(self, asked: GetTicket, by: Principal) -> OrderTicket:
        if self._tickets is None:
            from tio.engine.orders.ticketing import TicketDesk

            self._tickets = TicketDesk(self._market, self._accounts, self._floor, self._ahead)
        return await self._tickets.ticket(asked, by)

    def _named(self, text: str) -> str:
        return self._market.symbol(text) if text else ""

    async def _whose(self, by: Principal, id: str) -> str:
        """The portfolio of an order."""
        desk = await self._floor.desk(by.name)
        return desk.broker.book.shelf.get(id).portfolio

    def _watch(
        self, topic: Orders, by: Principal, after: After | None
    ) -> Watch[tuple[OrderEvent, ...]]:
        return OrdersWatch(self._shelf, self._journal, by.name, topic.portfolio, after)
