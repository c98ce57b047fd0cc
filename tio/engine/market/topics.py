"""The market's topics: what is watched, rendered once for all who watch it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

from msgspec.structs import replace

from tio.api.access import Principal
from tio.api.contract import After, Item, Topic, Watch
from tio.api.market import (
    Bars,
    BarUpdates,
    Book,
    BookDepth,
    Hours,
    Print,
    Quote,
    Quotes,
    Sparks,
    Timeframe,
    Trades,
)
from tio.api.series import instant
from tio.api.sources import SourceReport, SourceStates
from tio.engine.bus import LatestWatch
from tio.engine.market.answers import terms_of, told
from tio.engine.market.demand import Demand
from tio.engine.market.feeding import Feeds
from tio.engine.market.history import History
from tio.engine.market.ladder import Row
from tio.engine.market.market import Market
from tio.engine.market.naming import Naming
from tio.engine.market.regular import regular
from tio.engine.market.sessions import bar_end
from tio.engine.market.sparks import SparkLines
from tio.engine.service import Stream
from tio.engine.store.columns import Columns
from tio.plugin import Clock


class MarketTopics:
    """Streams of quotes, bars, sparklines, books, trades and source states."""

    def __init__(
        self,
        clock: Clock,
        market: Market,
        demand: Demand,
        feeds: Feeds,
        history: History,
        sparks: SparkLines,
        naming: Naming,
    ) -> None:
        self._clock = clock
        self._market = market
        self._demand = demand
        self._feeds = feeds
        self._history = history
        self._sparks = sparks
        self._naming = naming

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {
            Quotes: self._quotes,
            BarUpdates: self._bars,
            Sparks: self._sparklines,
            Book: self._book,
            Trades: self._trades,
            SourceStates: self._sources,
        }

    def _quotes(
        self, asked: Quotes, by: Principal, after: After | None
    ) -> Watch[tuple[Quote, ...]]:
        if not asked.symbols:
            return self._market.quotes.watch(None, self._market.board.all, tuple)
        symbols = tuple(dict.fromkeys(self._naming.watched(text) for text in asked.symbols))
        return self._market.quotes.watch(
            symbols,
            lambda: tuple(self._market.board.quote(symbol) for symbol in symbols),
            tuple,
            on_enter=lambda: self._demand.add(symbols),
            on_leave=lambda: self._demand.drop(symbols),
        )

    def _bars(self, asked: BarUpdates, by: Principal, after: After | None) -> Watch[Bars]:
        symbol = self._naming.symbol(asked.symbol)
        channel = self._market.bar_updates(symbol, asked.timeframe)
        rules = self._history.rules(symbol)
        narrow = asked.hours is Hours.regular and asked.timeframe.intraday

        def gather(rows: Iterable[Row]) -> Bars:
            changed = self._changed(symbol, asked.timeframe, rows)
            return regular(changed, rules) if narrow else changed

        def snapshot() -> Awaitable[Bars]:
            return self._history.newest(symbol, asked.timeframe, asked.limit, asked.hours)

        changes = channel.watch(
            None,
            lambda: gather(()),
            gather,
            on_enter=lambda: self._demand.add((symbol,)),
            on_leave=lambda: self._demand.drop((symbol,)),
        )
        return _BarWatch(
            changes,
            snapshot,
        )

    def _changed(self, symbol: str, timeframe: Timeframe, rows: Iterable[Row]) -> Bars:
        bars = Columns.of_rows(sorted(rows))
        line = self._market.board.lines.get(symbol)
        if line is None or not len(bars):
            return Bars(symbol=symbol, timeframe=timeframe)
        ends = bar_end(line.bars.rules, int(bars.time[-1]), timeframe)
        return told(
            symbol,
            timeframe,
            bars,
            forming=ends > instant(self._clock.now()),
            source=line.origin.name,
            terms=terms_of(line.origin),
        )

    def _sparklines(self, asked: Sparks, by: Principal, after: After | None) -> Watch[Any]:
        symbols = tuple(dict.fromkeys(self._naming.watched(text) for text in asked.symbols))
        return self._sparks.watch(symbols, asked.points)

    def _book(self, asked: Book, by: Principal, after: After | None) -> Watch[BookDepth]:
        symbol = self._naming.symbol(asked.symbol)

        def depth(changes: object = None) -> BookDepth:
            return self._market.books.depth(symbol, asked.depth)

        return self._market.books.changed.watch(
            (symbol,),
            depth,
            depth,
            on_enter=lambda: self._demand.look(symbol),
            on_leave=lambda: self._demand.look_away(symbol),
        )

    def _trades(
        self, asked: Trades, by: Principal, after: After | None
    ) -> Watch[tuple[Print, ...]]:
        symbol = self._naming.symbol(asked.symbol)
        return self._market.prints(symbol).watch(
            tuple,
            after,
            on_enter=lambda: self._demand.add((symbol,)),
            on_leave=lambda: self._demand.drop((symbol,)),
        )

    def _sources(
        self, asked: SourceStates, by: Principal, after: After | None
    ) -> Watch[tuple[SourceReport, ...]]:
        return self._feeds.states.watch(None, self._feeds.reports, tuple)


class _BarWatch:
    """A watch whose snapshot is read from history; changes since its beginning are kept."""

    def __init__(
        self,
        changes: LatestWatch[int, Row, Bars],
        snapshot: Callable[[], Awaitable[Bars]],
    ) -> None:
        self._changes: AbstractAsyncContextManager[AsyncIterator[Item[Bars]]] = changes
        self._snapshot = snapshot

    async def __aenter__(self) -> AsyncIterator[Item[Bars]]:
        return self._items(await self._changes.__aenter__())

    async def __aexit__(self, *exc: object) -> None:
        await self._changes.__aexit__(None, None, None)

    async def _items(self, changes: AsyncIterator[Item[Bars]]) -> AsyncIterator[Item[Bars]]:
        async for item in changes:
            # Changes are kept while history is read.
            yield item if not item.snapshot else replace(item, value=await self._snapshot())
