"""Portfolios as prices move: one look at the board serves all who watch a portfolio."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from tio.api.access import Principal
from tio.api.contract import Item, Watch
from tio.api.errors import TioError
from tio.api.market import Quotes
from tio.api.portfolio import Holdings
from tio.engine.bus import Bus
from tio.engine.market.service import MarketService
from tio.engine.portfolio.books import Books
from tio.plugin import Clock

log = logging.getLogger(__name__)

Key = tuple[str, str]
"""Owner and name."""
BEAT = 0.5
"""Seconds between two tellings of a portfolio's worth."""
_ENGINE = Principal()


@dataclass(slots=True)
class _Watched:
    """A portfolio somebody watches."""

    books: Books
    watchers: int = 0
    told: Holdings | None = None
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when its ledger changed: other symbols may have to be followed."""
    following: asyncio.Task[None] | None = None


class LivePositions:
    """Tells the worth of watched portfolios again when a quote of theirs or a ledger changes.

    `symbols` names what must be followed to value books.
    """

    def __init__(
        self,
        clock: Clock,
        bus: Bus,
        market: MarketService,
        books: Callable[[str, str], Awaitable[Books]],
        valued: Callable[[Books], Holdings],
        symbols: Callable[[Books], tuple[str, ...]],
    ) -> None:
        self._clock = clock
        self._market = market
        self._books = books
        self._valued = valued
        self._symbols = symbols
        self._watched: dict[Key, _Watched] = {}
        self._channel = bus.latest(self._render)

    async def close(self) -> None:
        tasks = [each.following for each in self._watched.values() if each.following is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def changed(self, key: Key) -> None:
        """A ledger is not what it was."""
        watched = self._watched.get(key)
        if watched is not None:
            watched.moved.set()

    def watch(self, owner: str, name: str) -> Watch[Holdings]:
        """A portfolio's worth, then again as it changes; NotFound on entering."""
        key = owner, name

        def newest(values: Sequence[Holdings]) -> Holdings:
            return values[-1]

        def snapshot() -> Holdings:
            return self._valued(self._watched[key].books)

        return _Followed(self, key, self._channel.watch([key], snapshot, newest))

    async def begin(self, key: Key) -> None:
        """Somebody watches a portfolio."""
        books = await self._books(*key)
        watched = self._watched.setdefault(key, _Watched(books))
        watched.watchers += 1
        if watched.following is None:
            watched.following = asyncio.create_task(self._follow(key), name="live portfolio")

    def end(self, key: Key) -> None:
        """Somebody watches no more."""
        watched = self._watched[key]
        watched.watchers -= 1
        if not watched.watchers:
            del self._watched[key]
            if watched.following is not None:
                watched.following.cancel()

    def _render(self, key: Key) -> Holdings | None:
        watched = self._watched.get(key)
        return None if watched is None else self._valued(watched.books)

    async def _follow(self, key: Key) -> None:
        while True:
            watched = self._watched[key]
            watched.moved.clear()
            try:
                watched.books = await self._books(*key)
                self._channel.touch(key)
                await self._until_moved(key, watched)
            except TioError as error:
                log.warning("portfolio %s: %s", key[1], error.message)
                await watched.moved.wait()

    async def _until_moved(self, key: Key, watched: _Watched) -> None:
        """Tell the worth again as quotes change, until the ledger does."""
        symbols = self._symbols(watched.books)
        if not symbols:
            await watched.moved.wait()
            return
        async with asyncio.TaskGroup() as group:
            telling = group.create_task(self._tell_on_quotes(key, symbols))
            await watched.moved.wait()
            telling.cancel()

    async def _tell_on_quotes(self, key: Key, symbols: tuple[str, ...]) -> None:
        stream = self._market.streams()[Quotes]
        async with stream(Quotes(symbols), _ENGINE, None) as items:
            async for _ in items:
                self._channel.touch(key)
                await self._clock.sleep(BEAT)


class _Followed:
    """A watch that begins when its portfolio has been read."""

    def __init__(self, live: LivePositions, key: Key, watch: Watch[Holdings]) -> None:
        self._live, self._key, self._watch = live, key, watch

    async def __aenter__(self) -> AsyncIterator[Item[Holdings]]:
        await self._live.begin(self._key)
        try:
            return await self._watch.__aenter__()
        except BaseException:
            self._live.end(self._key)
            raise

    async def __aexit__(self, *exc: object) -> None:
        await self._watch.__aexit__(*exc)
        self._live.end(self._key)
