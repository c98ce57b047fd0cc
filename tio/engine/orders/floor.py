"""Where all paper orders of a workspace stand: desks by owner, fed by the market and by time."""

import asyncio
import contextlib
import logging
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta

from tio.api.access import Principal
from tio.api.errors import TioError
from tio.api.market import Delay, Flag, GetQuotes, Print, Quote
from tio.api.orders import Order
from tio.engine.market.service import MarketService
from tio.engine.orders.desk import PaperDesk
from tio.engine.orders.entering import held
from tio.engine.orders.fees import FeeSchedule
from tio.engine.orders.hearing import Hearing
from tio.engine.orders.hours import VenueHours
from tio.engine.orders.journal import Journal
from tio.engine.orders.terms import Terms, terms_of
from tio.engine.portfolio.shelf import Key, Shelf
from tio.engine.store.database import Database
from tio.engine.store.orders import OrderTable
from tio.plugin import Clock

log = logging.getLogger(__name__)

BEAT = 1.0
"""Seconds between two looks for orders whose day is over."""
NOTED = 30
"""Beats between two notes of how long orders were watched."""
_ENGINE = Principal()


class Floor:
    """Desks of all owners. `wall` is real time, `clock` the workspace's."""

    def __init__(
        self,
        database: Database,
        wall: Clock,
        clock: Clock,
        market: MarketService,
        shelf: Shelf,
        journal: Journal,
        fees: FeeSchedule,
    ) -> None:
        self._database = database
        self._wall = wall
        self._clock = clock
        self._market = market
        self._shelf = shelf
        self._journal = journal
        self._fees = fees
        self._hours = VenueHours(market.instrument)
        self._hearing = Hearing(market, self._quote, self._trade)
        self._attended: Counter[str] = Counter()
        """Symbols that words in hand ask about."""
        self._opening = asyncio.Lock()
        self._beats: asyncio.Task[None] | None = None
        self.desks: dict[str, PaperDesk] = {}

    async def start(self) -> None:
        """Take up the orders a former life left open."""
        kept = await self._database.read(OrderTable.open)
        until = await self._database.read(OrderTable.watched_until)
        of: defaultdict[str, list[Order]] = defaultdict(list)
        for owner, order in kept:
            of[owner].append(order)
        now = self._clock.now()
        for owner, orders in of.items():
            desk = await self._opened(owner, tuple(orders))
            for portfolio in {order.portfolio for order in orders}:
                await self.tell_held(desk, portfolio)
            desk.resume(until.get(owner, now), now)
            self._expire(desk)
        self._shelf.listeners.append(self._ledger_changed)
        self._market.emptied.append(self._emptied)
        self._journal.start(self.desks)
        self._follow()
        self._beats = asyncio.create_task(self._beat(), name="days of orders")

    async def close(self) -> None:
        if self._beats is not None:
            self._beats.cancel()
            await asyncio.gather(self._beats, return_exceptions=True)
        self._hearing.follow(())
        await self._journal.close()
        await self._note()

    async def desk(self, owner: str) -> PaperDesk:
        """An owner's desk."""
        if owner not in self.desks:
            async with self._opening:
                if owner not in self.desks:
                    await self._opened(owner, ())
        return self.desks[owner]

    async def tell_held(self, desk: PaperDesk, portfolio: str) -> None:
        """Have a desk know what a portfolio holds; NotFound."""
        if portfolio not in desk.known:
            ledger = await self._shelf.ledger(desk.owner, portfolio)
            desk.hold(portfolio, held(ledger.books))

    @contextlib.contextmanager
    def attending(self, symbol: str) -> Iterator[None]:
        """Hear of a symbol while a word about it is in hand."""
        self._attended[symbol] += 1
        self._follow()
        try:
            yield
        finally:
            self._attended[symbol] -= 1
            self._attended += Counter()
            self._follow()

    async def first_quote(self, desk: PaperDesk, symbol: str) -> None:
        """Have a desk know what the board does of a symbol, waiting a moment for the first."""
        board = self._market.market.board
        if board.render(symbol) is None:
            with contextlib.suppress(TioError):
                await self._market.answers()[GetQuotes](GetQuotes((symbol,)), _ENGINE)
        seen = desk.broker.book.market(symbol)
        if seen.quote is None:
            line = board.lines.get(symbol)
            seen.printed = line is not None and bool(line.prints)
            seen.note(board.quote(symbol))
            if seen.printed:
                seen.last = board.quote(symbol).last

    def terms(self, symbol: str) -> Terms | None:
        return terms_of(self._market.instrument(symbol))

    async def _opened(self, owner: str, orders: tuple[Order, ...]) -> PaperDesk:
        newest = await self._database.read(lambda c: OrderTable.newest_number(c, owner))
        desk = PaperDesk(
            owner,
            self._clock,
            self.terms,
            self._hours,
            orders,
            newest + 1,
            self._happened,
            self._fees,
        )
        self.desks[owner] = desk
        return desk

    def _happened(self) -> None:
        self._journal.wake()
        self._follow()

    def _follow(self) -> None:
        wanted = {symbol for desk in self.desks.values() for symbol in desk.symbols}
        self._hearing.follow(wanted | self._attended.keys())

    def _quote(self, quote: Quote) -> None:
        for desk in self.desks.values():
            desk.on_quote(quote)

    def _trade(self, trade: Print, delay: Delay, flags: tuple[Flag, ...], at: int) -> None:
        for desk in self.desks.values():
            desk.on_trade(trade, delay, flags, at)

    async def _beat(self) -> None:
        count = 0
        while True:
            await self._clock.sleep(BEAT)
            count += 1
            try:
                for desk in self.desks.values():
                    self._expire(desk)
                if count % NOTED == 0:
                    await self._note()
            except Exception:
                log.exception("the days of orders could not be looked at")

    def _expire(self, desk: PaperDesk) -> None:
        now = self._clock.now()
        for symbol in desk.symbols:
            lag = timedelta(minutes=self._hearing.lag(symbol))
            desk.broker.on_session(symbol, now - lag)

    async def _note(self) -> None:
        owners = [owner for owner, desk in self.desks.items() if desk.symbols]
        if not owners:
            return
        at = self._clock.now()

        def note(connection: sqlite3.Connection) -> None:
            OrderTable.watch_until(connection, owners, at)

        await self._database.write(note)

    def _ledger_changed(self, key: Key, now: Key | None) -> None:
        owner, portfolio = key
        desk = self.desks.get(owner)
        if desk is None:
            return
        if now is None:
            desk.end(desk.open(portfolio), "its portfolio is no more")
            desk.known.discard(portfolio)
        elif now != key:
            desk.rename(portfolio, now[1])
        elif portfolio in desk.known:
            ledger = self._shelf.at_hand(owner, portfolio)
            if ledger is not None:
                desk.hold(portfolio, held(ledger.books))

    def _emptied(self) -> None:
        for desk in self.desks.values():
            desk.end(desk.open(), "another replay began")
            desk.broker.book.forget_markets()
