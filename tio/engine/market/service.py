"""The market's words answered: quotes, bars, books, trades, quality, sources."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from tio.api.access import Principal
from tio.api.clean import clean
from tio.api.contract import After, Item, Request, Topic, Watch
from tio.api.errors import Conflict, Invalid, NotFound
from tio.api.market import (
    Bars,
    BarUpdates,
    Book,
    BookDepth,
    GetBars,
    GetBook,
    GetQuality,
    GetQuotes,
    ImportBars,
    ImportReport,
    Instrument,
    ListSources,
    Print,
    QualityReport,
    Quote,
    Quotes,
    SearchInstruments,
    SourceReport,
    SourceStates,
    Sparks,
    Timeframe,
    Trades,
)
from tio.api.series import instant
from tio.engine.bus import Bus, LatestWatch
from tio.engine.market.answers import told
from tio.engine.market.demand import Demand
from tio.engine.market.feeding import Feeds
from tio.engine.market.history import History
from tio.engine.market.keeper import BarKeeper
from tio.engine.market.ladder import Row
from tio.engine.market.market import Market
from tio.engine.market.restoring import Restorer
from tio.engine.market.sessions import bar_end, rules_of
from tio.engine.market.sparks import SparkLines
from tio.engine.market.symbols import classify, normal, resolve, search
from tio.engine.service import Answer, Stream
from tio.engine.store.bars import BarStore, Terms
from tio.engine.store.columns import Columns
from tio.engine.store.importing import import_bars
from tio.plugin import Clock, Source


class MarketService:
    """Everything live of one workspace; owns the tasks of its sources and of its bar keeper."""

    def __init__(
        self,
        clock: Clock,
        bus: Bus,
        store: BarStore | None = None,
        sources: Sequence[Source] = (),
    ) -> None:
        by_name = {source.traits.name: source for source in sources}
        self.market = Market(clock, bus)
        self.demand = Demand()
        self.feeds = Feeds(clock, bus, self.market, self.demand, sources)
        self._restorer = Restorer(store, by_name)
        self.keeper = BarKeeper(clock, self.market, store, self._restorer)
        self.history = History(clock, self.market, store, by_name, self.keeper, self._restorer)
        self._sparks = SparkLines(clock, bus, self.market, self.history)
        self._clock = clock
        self._epoch = bus.epoch
        self._store = store

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {
            SearchInstruments: self._search,
            GetQuotes: self._quotes,
            GetBars: self._bars,
            GetBook: self._book,
            GetQuality: self._quality,
            ListSources: self._sources,
            ImportBars: self._import,
        }

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {
            Quotes: self._watch_quotes,
            BarUpdates: self._watch_bars,
            Sparks: self._watch_sparks,
            Book: self._watch_book,
            Trades: self._watch_trades,
            SourceStates: self._watch_sources,
        }

    async def start(self) -> None:
        await self.learn_stored()
        await self.keeper.start()
        await self.feeds.start()
        await self._sparks.start()

    async def close(self) -> None:
        await self._sparks.close()
        await self.feeds.close()
        await self.keeper.close()

    async def learn_stored(self) -> None:
        """Make every symbol that has stored bars known."""
        if self._store is not None:
            known = self.market.instruments
            stored = await self._store.symbols()
            self.market.introduce(classify(each) for each in stored if each not in known)

    async def empty(self) -> None:
        """Forget every line and stored bar, as a replay does before it begins."""
        self.market.clear()
        self._restorer.forget()
        self._sparks.forget()
        self.keeper.forget()
        if self._store is not None:
            await self._store.empty()

    def symbol(self, text: str) -> str:
        """The known symbol a text means; NotFound with the nearest ones."""
        return resolve(text, self.market.instruments)

    async def _search(self, asked: SearchInstruments, by: Principal) -> tuple[Instrument, ...]:
        return search(asked.query, self.market.instruments.values(), asked.limit)

    async def _quotes(self, asked: GetQuotes, by: Principal) -> tuple[Quote, ...]:
        if not asked.symbols:
            return self._all_quotes()
        return tuple(self.quote(self.symbol(text)) for text in asked.symbols)

    def quote(self, symbol: str) -> Quote:
        """The quote of a symbol; one nobody has spoken of has its session and no prices."""
        quote = self.market.board.render(symbol)
        if quote is not None:
            return quote
        instrument = self.market.instruments.get(symbol) or classify(symbol)
        return Quote(
            symbol=symbol,
            name=instrument.name,
            currency=instrument.currency,
            source=instrument.source,
            session=rules_of(instrument).session(instant(self._clock.now())),
            price_decimals=instrument.price_decimals,
        )

    def _all_quotes(self) -> tuple[Quote, ...]:
        found = (self.market.board.render(symbol) for symbol in self.market.board.lines)
        return tuple(quote for quote in found if quote is not None)

    async def _bars(self, asked: GetBars, by: Principal) -> Bars:
        for name, bound in (("start", asked.start), ("end", asked.end)):
            if bound is not None and bound.tzinfo is None:
                raise Invalid(f"{name} must carry a zone, was {bound.isoformat()}", "add a Z")
        return await self.history.bars(
            self.symbol(asked.symbol),
            asked.timeframe,
            asked.start,
            asked.end,
            asked.limit,
            asked.source,
        )

    async def _book(self, asked: GetBook, by: Principal) -> BookDepth:
        return self.market.depth(self.symbol(asked.symbol), asked.depth)

    async def _quality(self, asked: GetQuality, by: Principal) -> tuple[QualityReport, ...]:
        lines = self.market.board.lines
        if asked.symbol is None:
            return tuple(line.quality.report(symbol) for symbol, line in sorted(lines.items()))
        symbol = self.symbol(asked.symbol)
        line = lines.get(symbol)
        return (QualityReport(symbol=symbol) if line is None else line.quality.report(symbol),)

    async def _import(self, asked: ImportBars, by: Principal) -> ImportReport:
        if self._store is None:
            raise Conflict("this engine keeps no bars")
        path = Path(asked.path)
        if not path.is_absolute():
            raise Invalid(f"the path must be absolute, was {clean(asked.path, limit=200)!r}")
        symbol = None if asked.symbol is None else normal(asked.symbol)
        report = await import_bars(
            self._store, path, symbol, asked.timeframe, asked.zone, dry_run=asked.dry_run
        )
        if not asked.dry_run:
            await self.learn_stored()
        return report

    async def _sources(self, asked: ListSources, by: Principal) -> tuple[SourceReport, ...]:
        return self.feeds.reports()

    def _watched(self, text: str) -> str:
        """As `symbol`; what no source serves keeps its own spelling."""
        symbol = normal(text)
        known = self.market.instruments
        return symbol if symbol in known or not known else _resolved(text, symbol, known)

    def _watch_quotes(
        self, asked: Quotes, by: Principal, after: After | None
    ) -> Watch[tuple[Quote, ...]]:
        if not asked.symbols:
            return self.market.quotes.watch(None, self._all_quotes, tuple)
        symbols = tuple(dict.fromkeys(self._watched(text) for text in asked.symbols))
        return self.market.quotes.watch(
            symbols,
            lambda: tuple(self.quote(symbol) for symbol in symbols),
            tuple,
            on_enter=lambda: self.demand.add(symbols),
            on_leave=lambda: self.demand.drop(symbols),
        )

    def _watch_bars(self, asked: BarUpdates, by: Principal, after: After | None) -> Watch[Bars]:
        symbol = self.symbol(asked.symbol)
        channel = self.market.bar_updates(symbol, asked.timeframe)

        def gather(rows: Iterable[Row]) -> Bars:
            return self._changed(symbol, asked.timeframe, rows)

        changes = channel.watch(
            None,
            lambda: gather(()),
            gather,
            on_enter=lambda: self.demand.add((symbol,)),
            on_leave=lambda: self.demand.drop((symbol,)),
        )
        return _BarWatch(
            changes,
            lambda: self.history.bars(symbol, asked.timeframe, limit=asked.limit),
            self._epoch,
        )

    def _changed(self, symbol: str, timeframe: Timeframe, rows: Iterable[Row]) -> Bars:
        bars = Columns.of_rows(sorted(rows))
        line = self.market.board.lines.get(symbol)
        if line is None or not len(bars):
            return Bars(symbol=symbol, timeframe=timeframe)
        ends = bar_end(line.bars.rules, int(bars.time[-1]), timeframe)
        return told(
            symbol,
            timeframe,
            bars,
            forming=ends > instant(self._clock.now()),
            source=line.origin.name,
            terms=Terms(line.origin.coverage, line.origin.delay),
        )

    def _watch_sparks(self, asked: Sparks, by: Principal, after: After | None) -> Watch[Any]:
        symbols = tuple(dict.fromkeys(self._watched(text) for text in asked.symbols))
        return self._sparks.watch(symbols, asked.points)

    def _watch_book(self, asked: Book, by: Principal, after: After | None) -> Watch[BookDepth]:
        symbol = self.symbol(asked.symbol)

        def depth(changes: object = None) -> BookDepth:
            return self.market.depth(symbol, asked.depth)

        return self.market.books.watch(
            (symbol,),
            depth,
            depth,
            on_enter=lambda: self.demand.add((symbol,)),
            on_leave=lambda: self.demand.drop((symbol,)),
        )

    def _watch_trades(
        self, asked: Trades, by: Principal, after: After | None
    ) -> Watch[tuple[Print, ...]]:
        symbol = self.symbol(asked.symbol)
        return self.market.prints(symbol).watch(
            tuple,
            after,
            on_enter=lambda: self.demand.add((symbol,)),
            on_leave=lambda: self.demand.drop((symbol,)),
        )

    def _watch_sources(
        self, asked: SourceStates, by: Principal, after: After | None
    ) -> Watch[tuple[SourceReport, ...]]:
        return self.feeds.states.watch(None, self.feeds.reports, tuple)


def _resolved(text: str, otherwise: str, known: Mapping[str, Instrument]) -> str:
    try:
        return resolve(text, known)
    except NotFound:
        return otherwise


class _BarWatch:
    """A watch whose snapshot is read from history; changes since its beginning are kept."""

    def __init__(
        self,
        changes: LatestWatch[int, Row, Bars],
        snapshot: Callable[[], Any],
        epoch: str,
    ) -> None:
        self._changes: AbstractAsyncContextManager[AsyncIterator[Item[Bars]]] = changes
        self._snapshot = snapshot
        self._epoch = epoch

    async def __aenter__(self) -> AsyncIterator[Item[Bars]]:
        return self._items(await self._changes.__aenter__())

    async def __aexit__(self, *exc: object) -> None:
        await self._changes.__aexit__(None, None, None)

    async def _items(self, changes: AsyncIterator[Item[Bars]]) -> AsyncIterator[Item[Bars]]:
        await anext(changes)  # from here on changes are kept while history is read
        yield Item(self._epoch, 1, True, await self._snapshot())
        async for item in changes:
            yield item
