"""Sources at work: each a task of its own, begun again when it fails, watched for silence."""

import asyncio
import logging
import random
from collections.abc import Callable, Iterable, Sequence

from tio.api.errors import NotFound
from tio.api.market import Instrument
from tio.api.sources import SourceReport, SourceState
from tio.api.ticks import Tick
from tio.engine.bus import Bus, LatestChannel
from tio.engine.market.demand import Demand
from tio.engine.market.feed import Feed, Following, pause
from tio.engine.market.market import Market
from tio.plugin import Clock, Source

__all__ = ["Feed", "Feeds", "pause"]

log = logging.getLogger(__name__)

PERIOD = 1.0

Tap = Callable[[str, str, str, int], None]
"""Gets source, url, text and the instant of each raw frame: a recorder."""
TickTap = Callable[[str, Sequence[Tick], int], None]
"""Gets source, ticks and instant of what came from a source that has no raw frames."""


class Feeds:
    """Every source of this workspace that is at work, its state and its task.

    Those given at the beginning follow everything that is watched; those added later follow what
    is routed to them.
    """

    def __init__(
        self,
        clock: Clock,
        bus: Bus,
        market: Market,
        demand: Demand,
        sources: Sequence[Source] = (),
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.states: LatestChannel[str, SourceReport] = bus.latest(self.report)
        self.tap: Tap | None = None
        self.tick_tap: TickTap | None = None
        self.on_look: Callable[[], None] | None = None
        """Called once a second, after every source was looked at."""
        self.on_refused: Callable[[str, str, str], None] | None = None
        """Gets source, symbol and reason."""
        self.on_introduced: Callable[[Sequence[Instrument]], None] = market.introduce
        self.resting: Callable[[], Iterable[SourceReport]] = tuple
        """Sources that are known and not at work."""
        self.describe: Callable[[SourceReport], SourceReport] = lambda report: report
        """Adds to a report what only the source's adapter and its web know."""
        self._clock = clock
        self._market = market
        self._jitter = jitter
        self._feeds: dict[str, Feed] = {}
        self._looking: asyncio.Task[None] | None = None
        self._fixed = frozenset(source.traits.name for source in sources)
        for source in sources:
            feed = Feed(clock, market, source, demand, self, jitter)
            self._feeds[feed.name] = feed
            market.introduce(source.instruments())

    def __contains__(self, name: str) -> bool:
        return name in self._feeds

    def get(self, name: str) -> Feed | None:
        """The source of that name, when it is at work here."""
        return self._feeds.get(name)

    def add(self, source: Source, following: Following) -> Feed:
        """A source that is begun when something is routed to it."""
        feed = Feed(self._clock, self._market, source, following, self, self._jitter, patient=True)
        self._feeds[feed.name] = feed
        if self._looking is not None:
            feed.start()
        self.changed(feed.name)
        return feed

    def reports(self) -> tuple[SourceReport, ...]:
        at_work = (self.describe(feed.report()) for feed in self._feeds.values())
        return (*at_work, *self.resting())

    def report(self, name: str) -> SourceReport | None:
        """How one source does; None when there is none of that name."""
        feed = self._feeds.get(name)
        if feed is not None:
            return self.describe(feed.report())
        return next((report for report in self.resting() if report.name == name), None)

    def states_now(self) -> tuple[SourceState, ...]:
        """The state of every source, in the order they came."""
        return tuple(feed.state for feed in self._feeds.values())

    async def remove(self, name: str) -> None:
        """End a source and forget it, as when it was switched off or has another key."""
        feed = self._feeds.pop(name, None)
        if feed is not None:
            await feed.stop()
        self.changed(name)

    def needed(self, name: str) -> Feed:
        """The source of that name; NotFound."""
        if name not in self._feeds:
            raise NotFound(f"no source {name} is at work here", "`tio sources` lists them")
        return self._feeds[name]

    def is_fixed(self, name: str) -> bool:
        """Whether a source was here from the beginning and follows everything that is watched."""
        return name in self._fixed

    def beginning(self, name: str) -> bool:
        """Whether a source of that name is on its way to say its first words."""
        feed = self._feeds.get(name)
        return feed is not None and feed.beginning

    async def start(self) -> None:
        for feed in self._feeds.values():
            feed.start()
        self._looking = asyncio.create_task(self._look(), name="source states")

    async def close(self) -> None:
        looking, self._looking = self._looking, None
        if looking is not None:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
        await asyncio.gather(*(feed.stop() for feed in self._feeds.values()))

    def changed(self, source: str) -> None:
        """A source's state is another."""
        self.states.touch(source)

    def refused(self, source: str, symbol: str, reason: str) -> None:
        """A source will not serve a symbol."""
        log.info("%s does not serve %s: %s", source, symbol, reason)
        if self.on_refused is not None:
            self.on_refused(source, symbol, reason)

    def introduced(self, instruments: Sequence[Instrument]) -> None:
        """A source learned what it can serve."""
        self.on_introduced(instruments)

    def raw(self, source: str, url: str, text: str, at: int) -> None:
        """A frame as it came, for the recorder."""
        if self.tap is not None:
            self.tap(source, url, text, at)

    def told(self, source: str, ticks: Sequence[Tick], at: int) -> None:
        """Ticks of a source without frames, for the recorder."""
        if self.tick_tap is not None:
            self.tick_tap(source, ticks, at)

    async def _look(self) -> None:
        """Notice silence, of sources and of instruments, and measure rates."""
        while True:
            await self._clock.sleep(PERIOD)
            try:
                self._look_once()
            except Exception:
                log.exception("a look at the sources failed; the next is in a second")

    def _look_once(self) -> None:
        self._market.look()
        for name, feed in self._feeds.items():
            if feed.look():
                self.states.touch(name)
        if self.on_look is not None:
            self.on_look()
