"""What becomes of orders, kept before it is told: states, fills and their entries in one go."""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from decimal import Decimal
from typing import TypeVar

from msgspec.structs import replace

from tio.api.errors import NotFound, TioError
from tio.api.orders import Fill, OrderChanged, OrderEvent, OrderFilled
from tio.engine.bus import Bus
from tio.engine.ordered import OrderedChannel
from tio.engine.orders.desk import PaperDesk
from tio.engine.orders.entering import Entering
from tio.engine.portfolio.shelf import Shelf
from tio.engine.store.ledgers import LedgerKey
from tio.engine.store.orders import OrderTable
from tio.plugin import Clock

log = logging.getLogger(__name__)

T = TypeVar("T")
RateOf = Callable[[str, str], Awaitable[Decimal | None]]
RETRY = 1.0
"""Seconds until what could not be kept is tried again."""
FOLLOWED = "its stop followed the market"
"""Told as it happens and kept with the order, but not as an event of its own."""


class Journal:
    """Keeps the pending events of desks, in order, and tells them then."""

    def __init__(self, shelf: Shelf, wall: Clock, bus: Bus, rate: RateOf) -> None:
        self._shelf = shelf
        self._wall = wall
        self._bus = bus
        self._rate = rate
        self._channels: dict[LedgerKey, OrderedChannel[OrderEvent]] = {}
        self._writing = asyncio.Lock()
        self._woken = asyncio.Event()
        self._desks: dict[str, PaperDesk] = {}
        self._pump: asyncio.Task[None] | None = None

    def start(self, desks: dict[str, PaperDesk]) -> None:
        self._desks = desks
        self._pump = asyncio.create_task(self._run(), name="journal of orders")

    async def close(self) -> None:
        """Keep what is pending, then stop."""
        if self._pump is not None:
            self._pump.cancel()
            await asyncio.gather(self._pump, return_exceptions=True)
        async with self._writing:
            pass  # What was under way is on disk now, or pending once more.
        try:
            await self._keep_all()
        except TioError as error:
            log.error("paper orders were not kept: %s", error.message)

    def wake(self) -> None:
        """Something is pending."""
        self._woken.set()

    def channel(self, key: LedgerKey) -> OrderedChannel[OrderEvent]:
        """Where a portfolio's events are told."""
        if key not in self._channels:
            self._channels[key] = self._bus.ordered()
        return self._channels[key]

    async def keep(
        self, desk: PaperDesk, portfolio: str, beside: Callable[[sqlite3.Connection], T]
    ) -> T:
        """Keep what is pending of a portfolio and do `beside`, in one transaction; then tell it.

        NotFound where the portfolio is no more. It is done even if who waits is cancelled.
        """
        return await asyncio.shield(asyncio.create_task(self._kept(desk, portfolio, beside)))

    async def _kept(
        self, desk: PaperDesk, portfolio: str, beside: Callable[[sqlite3.Connection], T]
    ) -> T:
        async with self._writing:
            events = desk.taken(portfolio)
            try:
                return await self._store(desk, portfolio, events, beside)
            except NotFound:
                raise
            except BaseException:
                desk.pending[:0] = events
                raise

    async def _store(
        self,
        desk: PaperDesk,
        portfolio: str,
        events: Sequence[OrderEvent],
        beside: Callable[[sqlite3.Connection], T],
    ) -> T:
        fills = [event.fill for event in events if isinstance(event, OrderFilled)]
        rates = await self._rates(desk, portfolio, fills)
        entering = Entering(fills, rates, self._wall.now())
        newest = {event.order.id: event.order for event in events}
        lasting = [event for event in events if event.order.reason != FOLLOWED]

        def work(connection: sqlite3.Connection, key: LedgerKey) -> tuple[T, LedgerKey]:
            OrderTable.keep(connection, key, newest.values(), fills, lasting)
            return beside(connection), key

        answer, key = await self._shelf.enter(desk.owner, portfolio, entering.edit, work)
        channel = self.channel(key)
        for event in events:
            channel.publish(event)
        for fill, why in entering.refused:
            self._tell_refused(desk, fill, why)
        return answer

    async def _rates(
        self, desk: PaperDesk, portfolio: str, fills: Iterable[Fill]
    ) -> dict[str, Decimal]:
        currencies = {fill.currency for fill in fills}
        if not currencies:
            return {}
        books = (await self._shelf.ledger(desk.owner, portfolio)).books
        found = dict(desk.standings[portfolio].rates) if portfolio in desk.standings else {}
        for currency in currencies:
            rate = await self._rate(currency, books.portfolio.currency)
            if rate is not None:
                found[currency] = rate
        return found

    def _tell_refused(self, desk: PaperDesk, fill: Fill, why: str) -> None:
        """A fill the ledger cannot bear is kept all the same, and said to be missing there."""
        log.error("the fill %s is not in the ledger: %s", fill.id, why)
        shelf = desk.broker.book.shelf
        order = replace(
            shelf.get(fill.order), reason=f"its fill {fill.id} is not in the ledger: {why}"
        )
        shelf.put(order)
        desk.pending.append(OrderChanged(order, fill.at))
        self.wake()

    async def _run(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            try:
                await self._keep_all()
            except TioError as error:
                log.error("paper orders could not be kept yet: %s", error.message)
                await self._wall.sleep(RETRY)
                self._woken.set()
            except Exception:
                log.exception("paper orders could not be kept yet")
                await self._wall.sleep(RETRY)
                self._woken.set()

    async def _keep_all(self) -> None:
        for desk in tuple(self._desks.values()):
            while desk.pending:
                try:
                    await self.keep(desk, desk.pending[0].order.portfolio, _nothing)
                except NotFound as error:
                    log.info("orders of a portfolio that is no more: %s", error.message)


def _nothing(connection: sqlite3.Connection) -> None:
    """Only what is pending is kept."""
