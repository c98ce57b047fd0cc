"""The live sources of a workspace as one: who may be asked for what, and what they list."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from tio.api.market import AssetClass, Instrument
from tio.api.sources import SourceReport, SourceState
from tio.engine.feeds.live.catalogue import EVENTS, HISTORY, LIVE, PROFILES, SEARCH
from tio.engine.feeds.live.shelf import LiveShelf
from tio.engine.market.feeding import Feeds
from tio.engine.market.market import Market
from tio.engine.market.routing import Router
from tio.engine.market.symbols import classify
from tio.plugin import Source

Chains = Mapping[AssetClass, Sequence[str]]


class Known(Mapping[str, Source]):
    """Sources by name: those here from the beginning, then the live ones that were opened."""

    def __init__(self, fixed: Mapping[str, Source]) -> None:
        self._fixed = fixed
        self.live: LiveSources | None = None

    def __getitem__(self, name: str) -> Source:
        if name in self._fixed:
            return self._fixed[name]
        source = None if self.live is None else self.live.shelf.opened(name)
        if source is None:
            raise KeyError(name)
        return source

    def __iter__(self) -> Iterator[str]:
        return iter(self._fixed)

    def __len__(self) -> int:
        return len(self._fixed)


class LiveSources:
    """What is routed, what is listed, and the chains of those that only answer."""

    def __init__(
        self,
        shelf: LiveShelf,
        router: Router,
        feeds: Feeds,
        market: Market,
        live: Chains = LIVE,
        past: Chains = HISTORY,
    ) -> None:
        self.shelf = shelf
        self.router = router
        self.listed: dict[str, Instrument] = {}
        """Every instrument of every list that was learned, by its internal symbol."""
        self.more: Callable[[SourceReport], SourceReport] = lambda report: report
        """Adds what only the web knows: latencies, limits left, what rests."""
        self.try_now: Callable[[str], None] = _nothing
        """Has what rests of a source's web be tried with its next call."""
        self._feeds = feeds
        self._market = market
        self._live = live
        self._past = past
        shelf.on_listed = self.learn
        feeds.on_introduced = self.introduce
        feeds.describe = self._described
        feeds.resting = self._resting
        market.writer = router.writer

    def recognise(self, symbol: str) -> Instrument | None:
        """What a symbol is when some source serves it, or may once its list is here."""
        instrument = self.instrument(symbol)
        for name in self._live.get(instrument.asset_class, ()):
            if self.shelf.unusable(name):
                continue
            if self.shelf.awaits_list(name) or not self.shelf.why_not(name, symbol):
                return instrument
        return None

    def instrument(self, symbol: str) -> Instrument:
        """As it is known, else listed, else spelled."""
        known = self._market.instruments.get(symbol)
        return known or self.listed.get(symbol) or classify(symbol)

    def past(self, symbol: str) -> Iterator[tuple[str, Source]]:
        """The sources that may tell past bars of a symbol, in the order they are asked."""
        return self._able(self._past.get(self.instrument(symbol).asset_class, ()), symbol)

    def eventful(self, symbol: str) -> Iterator[tuple[str, Source]]:
        """The sources that may tell of splits and dividends."""
        return self._able(EVENTS, symbol)

    def profiling(self, symbol: str) -> Iterator[tuple[str, Source]]:
        """The sources that may tell what an instrument is."""
        return self._able(PROFILES, symbol)

    def searching(self) -> Iterator[tuple[str, Source]]:
        """The sources that can be searched."""
        for name in SEARCH:
            source = None if self.shelf.unusable(name) else self.shelf.source(name)
            if source is not None:
                yield name, source

    def learn(self, name: str, listed: Sequence[Instrument]) -> None:
        """A venue's list is here."""
        for instrument in listed:
            self.listed[instrument.symbol] = _merged(self.listed.get(instrument.symbol), instrument)
            if instrument.symbol in self._market.instruments:
                self.introduce((instrument,))
        self.router.reconsider(name)

    def remember(self, found: Iterable[Instrument]) -> None:
        """What a search found, so that who names it next is told what it is."""
        for instrument in found:
            known = self.listed.get(instrument.symbol)
            self.listed[instrument.symbol] = _merged(known, instrument)

    def introduce(self, instruments: Sequence[Instrument]) -> None:
        """What a source says of instruments, beside what others said."""
        known = self._market.instruments
        self._market.introduce(_merged(known.get(each.symbol), each) for each in instruments)

    def _able(self, names: Sequence[str], symbol: str) -> Iterator[tuple[str, Source]]:
        for name in names:
            if name in self.shelf.catalogue and not self.shelf.why_not(name, symbol):
                source = self.shelf.source(name)
                if source is not None:
                    yield name, source

    def _described(self, report: SourceReport) -> SourceReport:
        known = self.shelf.catalogue.get(report.name)
        if known is None:
            return report
        trouble, again = self.shelf.trouble(report.name)
        if trouble and report.state is SourceState.idle:
            reason = f"its list of instruments could not be had: {trouble}"
            report = replace(report, state=SourceState.failed, reason=reason, next_try_at=again)
        described = replace(
            report,
            assets=tuple(sorted(known.assets)),
            unofficial=known.unofficial,
            attribution=known.attribution,
            needs_key=known.needs_key,
            lacks_key=self.shelf.lacks(report.name),
        )
        return self.more(described)

    def _resting(self) -> Iterator[SourceReport]:
        """Those that nobody has needed yet, or that cannot be used."""
        for name in self.shelf.catalogue:
            if name in self._feeds:
                continue
            why = self.shelf.unusable(name)
            state = SourceState.off if why else SourceState.idle
            reason = why or "nobody watches what it serves"
            yield self._described(SourceReport(name=name, state=state, reason=reason))


def _merged(known: Instrument | None, told: Instrument) -> Instrument:
    """What was known, filled with what is told; every source keeps its own spelling."""
    if known is None:
        return told
    return replace(
        known,
        name=known.name or told.name,
        asset_class=told.asset_class if not known.source else known.asset_class,
        venue=known.venue or told.venue,
        mic=known.mic or told.mic,
        currency=told.currency if told.currency and not known.source else known.currency,
        quoted_in=known.quoted_in or told.quoted_in,
        price_decimals=_first(known.price_decimals, told.price_decimals),
        size_decimals=_first(known.size_decimals, told.size_decimals),
        source=known.source or told.source,
        aliases=tuple(dict.fromkeys((*known.aliases, *told.aliases))),
        spellings={**told.spellings, **known.spellings},
    )


def _nothing(source: str) -> None:
    """There is no web yet."""


def _first(one: int | None, other: int | None) -> int | None:
    return other if one is None else one
