"""The market's words answered: quotes, bars, books, trades, quality, sources."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from tio.api.access import Principal
from tio.api.clean import clean
from tio.api.companies import CorporateEvent
from tio.api.contract import Request, Topic
from tio.api.errors import Conflict, Invalid, NotFound, SourceUnavailable, TioError
from tio.api.files import ImportBars, ImportReport
from tio.api.market import (
    Bars,
    BookDepth,
    GetBars,
    GetBook,
    GetQuotes,
    Hours,
    Instrument,
    Quote,
    SearchInstruments,
    Timeframe,
)
from tio.api.quality import GetQuality, QualityReport
from tio.api.sources import ListSources, SourceReport
from tio.engine.bus import Bus
from tio.engine.market.backfill import Backfill
from tio.engine.market.bars_then import BarsThen
from tio.engine.market.breaks import Breaks
from tio.engine.market.completing import Completer
from tio.engine.market.demand import Demand
from tio.engine.market.feeding import Feeds
from tio.engine.market.finding import Finding
from tio.engine.market.first_words import FirstWords
from tio.engine.market.history import History
from tio.engine.market.keeper import BarKeeper
from tio.engine.market.live import Known, LiveSources
from tio.engine.market.market import Market
from tio.engine.market.naming import Naming
from tio.engine.market.on_basis import OnBasis
from tio.engine.market.quotes_then import QuotesThen
from tio.engine.market.regular import newest_regular
from tio.engine.market.remembered import Remembered
from tio.engine.market.restoring import Restorer
from tio.engine.market.sparks import SparkLines
from tio.engine.market.symbols import classify, normal
from tio.engine.market.topics import MarketTopics
from tio.engine.service import Answer, Stream, asked_as_of
from tio.engine.store.bars import BarStore
from tio.engine.store.partly import PartlyHeard
from tio.plugin import Clock, Source

log = logging.getLogger(__name__)

TAIL_EVERY = 60.0
"""Seconds between two looks for newer bars of what is watched and folds from no trades."""


class MarketService:
    """Everything live of one workspace; owns the tasks of its sources and of its bar keeper."""

    def __init__(
        self,
        clock: Clock,
        bus: Bus,
        store: BarStore | None = None,
        sources: Sequence[Source] = (),
    ) -> None:
        self._clock = clock
        by_name = Known({source.traits.name: source for source in sources})
        self._by_name = by_name
        self.market = Market(clock, bus)
        self.demand = Demand()
        self.naming = Naming(self.market)
        self.finding = Finding(self.market)
        self.feeds = Feeds(clock, bus, self.market, self.demand, sources)
        self._restorer = Restorer(store, by_name)
        self.keeper = BarKeeper(clock, self.market, store, self._restorer)
        self.history = History(clock, self.market, store, by_name, self.keeper, self._restorer)
        self._on_basis = OnBasis(clock, self.history)
        self.bars_then = BarsThen(clock, self._bars_of, self.symbol, self.instrument, self._known)
        self.quotes_then = QuotesThen(self.bars_then.of, self.instrument)
        self._sparks = SparkLines(clock, bus, self.market, self.history)
        self._topics = MarketTopics(
            clock,
            self.market,
            self.demand,
            self.feeds,
            self.history,
            self._sparks,
            self.naming,
        )
        self._remembered: Remembered | None = None
        self._tails: asyncio.Task[None] | None = None
        self._first_words = FirstWords(clock, self.market, self.demand, self.feeds)
        self.store = store
        self.events: Callable[[str], Awaitable[Sequence[CorporateEvent] | None]] | None = None
        """Tells the splits and dividends by which bars are adjusted."""
        self.repaired: Callable[[Bars], Awaitable[Bars]] | None = None
        """Marks those of some bars that were repaired."""
        self.emptied: list[Callable[[], None]] = []
        """Told when every line was forgotten, as when a replay begins."""

    def instrument(self, symbol: str) -> Instrument:
        """What a symbol is: as it is known, else as it is spelled."""
        return self.market.instruments.get(symbol) or classify(symbol)

    def go_live(self, live: LiveSources) -> None:
        """Let live sources serve what nothing else does; called before `start`."""
        self._by_name.live = live
        self._first_words.live = live
        self.naming.recognise = live.recognise
        self.naming.refuse_ambiguous = self.finding.refuse_ambiguous
        self.finding.live = live

    def complete_from(self, backfill: Backfill, partly: PartlyHeard | None = None) -> None:
        """Have what the store lacks, or heard in part, filled in; called before `start`."""
        if self.store is not None:
            if partly is not None:
                breaks = Breaks(self._clock, self.store, backfill.asked, partly)
                self.keeper.breaks = self.history.breaks = breaks
            self._remembered = Remembered(
                self._clock,
                self.store,
                self.market.board,
                self.market.quotes,
                self.demand,
                self.instrument,
            )
        self.history.completer = Completer(
            self._clock, backfill, self.market.unbroken_since, self._bars_came
        )

    async def _keep_tails(self) -> None:
        """Have charts grow whose source tells no trades, and heal what was heard in part."""
        while True:
            await self._clock.sleep(TAIL_EVERY)
            for symbol, timeframe in self.market.watched_bars():
                try:
                    if self.market.unbroken_since(symbol) is None:
                        await self.history.bars(symbol, timeframe, limit=2, wait=0)
                    else:
                        await self.history.heal(symbol, timeframe)
                except TioError as error:
                    log.debug("the newest bars of %s: %s", symbol, error.message)
                except Exception:
                    log.exception("the newest bars of %s could not be looked for", symbol)

    def _bars_came(self, symbol: str, timeframe: Timeframe) -> None:
        self.market.bar_updates(symbol, timeframe).begin_anew()
        if timeframe is Timeframe.m1:
            self._sparks.again(symbol)

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
        return self._topics.streams()

    async def start(self) -> None:
        await self.learn_stored()
        await self.keeper.start()
        await self.feeds.start()
        await self._sparks.start()
        if self.history.completer is not None:
            if self._remembered is not None:
                self._remembered.start()
            self._tails = asyncio.create_task(self._keep_tails(), name="tails of bars")

    async def close(self) -> None:
        if self._remembered is not None:
            await self._remembered.close()
        if self._tails is not None:
            self._tails.cancel()
            await asyncio.gather(self._tails, return_exceptions=True)
        if self.history.completer is not None:
            await self.history.completer.close()
        await self._sparks.close()
        await self.feeds.close()
        await self.keeper.close()

    async def learn_stored(self) -> None:
        """Make every symbol that has stored bars known."""
        if self.store is not None:
            known = self.market.instruments
            stored = await self.store.symbols()
            self.market.introduce(classify(each) for each in stored if each not in known)

    async def empty(self) -> None:
        """Forget every line and stored bar, as a replay does before it begins."""
        self.market.clear()
        self._restorer.forget()
        self.keeper.forget()
        if self.store is not None:
            await self.store.empty()
        # Only now does no snapshot hold what was before.
        self.market.begin_anew()
        self._sparks.begin_anew()
        for told in self.emptied:
            told()

    def quote(self, symbol: str) -> Quote:
        """The newest quote of a symbol that is known."""
        return self.market.board.quote(symbol)

    def symbol(self, text: str) -> str:
        """The known symbol a text means; NotFound with the nearest ones."""
        return self.naming.symbol(text)

    async def _search(self, asked: SearchInstruments, by: Principal) -> tuple[Instrument, ...]:
        return await self.finding.search(asked.query, asked.limit, asked.sources)

    async def _quotes(self, asked: GetQuotes, by: Principal) -> tuple[Quote, ...]:
        as_of = asked_as_of.get()
        if as_of is not None:
            named = asked.symbols or [quote.symbol for quote in self.market.board.all()]
            return await self.quotes_then.quotes([self.symbol(text) for text in named], as_of)
        if not asked.symbols:
            return self.market.board.all()
        symbols = [self.symbol(text) for text in asked.symbols]
        await self._recall(symbols)
        unserved, troubles = await self._first_words.wait(symbols)
        for symbol, why in unserved.items():
            if self.market.board.render(symbol) is not None:
                troubles[symbol] = why  # what is stored of it is still true
                continue
            if symbol not in self.demand.symbols:
                self.market.instruments.pop(symbol, None)
            error = await self.finding.suggest(symbol)
            raise NotFound(error.message, f"{error.next} ({why})")
        quotes = [self._noted(symbol, troubles.get(symbol, "")) for symbol in symbols]
        unknown = [quote for quote in quotes if quote.last is quote.bid is None and quote.note]
        if unknown and len(unknown) == len(quotes):
            told = "; ".join(dict.fromkeys(part for q in unknown for part in q.note.split("; ")))
            raise SourceUnavailable(
                f"nobody tells {_few(symbols)} now: {told}", "see `tio sources`"
            )
        return tuple(quotes)

    async def _recall(self, symbols: Sequence[str]) -> None:
        """Put what is stored of those nobody has told of on the board."""
        if self._remembered is not None:
            for symbol in symbols:
                if symbol not in self.market.board.lines:
                    await self._remembered.recall(symbol)

    def _noted(self, symbol: str, trouble: str) -> Quote:
        quote = self.market.board.quote(symbol)
        return replace(quote, note=trouble) if trouble and not quote.note else quote

    async def _bars(self, asked: GetBars, by: Principal) -> Bars:
        as_of = asked_as_of.get()
        if as_of is None:
            return await self._bars_of(asked)
        return await self.bars_then.of(asked, as_of)

    async def _bars_of(self, asked: GetBars) -> Bars:
        for name, bound in (("start", asked.start), ("end", asked.end)):
            if bound is not None and bound.tzinfo is None:
                raise Invalid(f"{name} must carry a zone, was {bound.isoformat()}", "add a Z")
        symbol = self.symbol(asked.symbol)
        if asked.hours is Hours.regular and asked.timeframe.intraday:

            def fetch(limit: int) -> Awaitable[Bars]:
                return self._all_hours(symbol, replace(asked, limit=limit))

            return await newest_regular(fetch, asked.limit, self.history.rules(symbol))
        return await self._all_hours(symbol, asked)

    async def _known(self, symbol: str) -> Sequence[CorporateEvent]:
        """The splits and dividends that are known of a symbol."""
        return () if self.events is None else await self.events(symbol) or ()

    async def _all_hours(self, symbol: str, asked: GetBars) -> Bars:
        bars = await self.history.bars(
            symbol, asked.timeframe, asked.start, asked.end, asked.limit, asked.source
        )
        if self.repaired is not None:
            bars = await self.repaired(bars)
        if bars.adjusted is asked.adjusted or self.events is None:
            return bars
        events = await self.events(symbol)
        if events is None:
            return bars
        return await self._on_basis.of(bars, asked, events)

    async def _book(self, asked: GetBook, by: Principal) -> BookDepth:
        return self.market.books.depth(self.symbol(asked.symbol), asked.depth)

    async def _quality(self, asked: GetQuality, by: Principal) -> tuple[QualityReport, ...]:
        lines = self.market.board.lines
        if asked.symbol is None:
            return tuple(line.quality.report(symbol) for symbol, line in sorted(lines.items()))
        symbol = self.symbol(asked.symbol)
        line = lines.get(symbol)
        return (QualityReport(symbol=symbol) if line is None else line.quality.report(symbol),)

    async def _import(self, asked: ImportBars, by: Principal) -> ImportReport:
        if self.store is None:
            raise Conflict(
                "the demo keeps no bars: its past is made from its seed",
                "import into another workspace, as --workspace main",
            )
        path = Path(asked.path)
        if not path.is_absolute():
            raise Invalid(f"the path must be absolute, was {clean(asked.path, limit=200)!r}")
        from tio.engine.store.importing import import_bars

        symbol = None if asked.symbol is None else normal(asked.symbol)
        report = await import_bars(
            self.store, path, symbol, asked.timeframe, asked.zone, dry_run=asked.dry_run
        )
        if not asked.dry_run:
            await self.learn_stored()
        return report

    async def _sources(self, asked: ListSources, by: Principal) -> tuple[SourceReport, ...]:
        return self.feeds.reports()


def _few(symbols: Sequence[str]) -> str:
    more = f" and {len(symbols) - 3} more" if len(symbols) > 3 else ""
    return ", ".join(symbols[:3]) + more
