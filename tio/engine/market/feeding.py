"""Sources at work: each a task of its own, begun again when it fails, watched for silence."""

import asyncio
import logging
import random
from collections.abc import Callable, Sequence

from tio.api.clean import clean
from tio.api.errors import NotAllowed, TioError
from tio.api.market import Instrument, SourceReport, SourceState
from tio.api.series import instant, moment
from tio.api.ticks import Tick
from tio.engine.bus import Bus, LatestChannel
from tio.engine.market.demand import Demand
from tio.engine.market.market import Market
from tio.plugin import Clock, Source, Traits

log = logging.getLogger(__name__)

LONGEST_PAUSE = 60.0
PERIOD = 1.0
STEADY = 30.0
"""Seconds a source must have run for its next pause to be short again."""

Tap = Callable[[str, str, str, int], None]
"""Gets source, url, text and the instant of each raw frame: a recorder."""
TickTap = Callable[[str, Sequence[Tick], int], None]
"""Gets source, ticks and instant of what came from a source that has no raw frames."""


class Feeds:
    """Every source of this workspace, its state and its task."""

    def __init__(
        self,
        clock: Clock,
        bus: Bus,
        market: Market,
        demand: Demand,
        sources: Sequence[Source] = (),
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.states: LatestChannel[str, SourceReport] = bus.latest(self._report)
        self.tap: Tap | None = None
        self.tick_tap: TickTap | None = None
        self._clock = clock
        self._market = market
        self._feeds: dict[str, Feed] = {}
        for source in sources:
            feed = Feed(clock, market, demand, source, self, jitter)
            self._feeds[source.traits.name] = feed
            market.introduce(source.instruments())
        self._tasks: list[asyncio.Task[None]] = []

    def reports(self) -> tuple[SourceReport, ...]:
        return tuple(feed.report() for feed in self._feeds.values())

    def beginning(self, name: str) -> bool:
        """Whether a source of that name is on its way to say its first words."""
        feed = self._feeds.get(name)
        return feed is not None and feed.beginning

    async def start(self) -> None:
        for name, feed in self._feeds.items():
            self._tasks.append(asyncio.create_task(feed.run(), name=f"source {name}"))
        self._tasks.append(asyncio.create_task(self._look(), name="source states"))

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    async def _look(self) -> None:
        """Notice silence, of sources and of instruments, and measure rates."""
        while True:
            await self._clock.sleep(PERIOD)
            self._market.look()
            for name, feed in self._feeds.items():
                if feed.look():
                    self.states.touch(name)

    def _report(self, name: str) -> SourceReport | None:
        feed = self._feeds.get(name)
        return None if feed is None else feed.report()


class Feed:
    """One source: its outlet, its counts, its restarts."""

    def __init__(
        self,
        clock: Clock,
        market: Market,
        demand: Demand,
        source: Source,
        feeds: Feeds,
        jitter: Callable[[], float],
    ) -> None:
        self._clock = clock
        self._market = market
        self._demand = demand
        self._source = source
        self._feeds = feeds
        self._jitter = jitter
        self._state = SourceState.idle
        self._reason = ""
        self._ticks = self._errors = self._counted = 0
        self._rate = 0.0
        self._last: int | None = None
        self._raw = False
        self._heard = clock.monotonic()
        self._looked = clock.monotonic()

    @property
    def beginning(self) -> bool:
        return self._last is None and self._state in (SourceState.idle, SourceState.connecting)

    async def run(self) -> None:
        """Run the source for as long as it can be run."""
        failures = 0
        while True:
            began = self._clock.monotonic()
            wanted = self._demand.follow()
            self._become(SourceState.connecting)
            try:
                await self._source.run(wanted, self)
            except NotAllowed as refused:
                self._errors += 1
                self._become(SourceState.off, refused.message)
                return
            except (TioError, OSError, TimeoutError) as error:
                self._failed(str(error) or type(error).__name__)
            except Exception as error:
                log.exception("the source %s failed", self._source.traits.name)
                self._failed(f"{type(error).__name__}: {error}")
            else:
                self._become(SourceState.ended)
                return
            finally:
                self._demand.leave(wanted)
                self._market.drop_books(self._source.traits.name)
            steady = self._clock.monotonic() - began > STEADY
            failures = 1 if steady else failures + 1
            await self._clock.sleep(pause(failures, self._jitter()))

    def emit(
        self,
        ticks: Sequence[Tick],
        received_at: int | None = None,
        traits: Traits | None = None,
    ) -> None:
        """Ticks of this source, in the order they came."""
        at = instant(self._clock.now()) if received_at is None else received_at
        self._market.take(ticks, traits or self._source.traits, at)
        if self._feeds.tick_tap is not None and not self._raw:
            self._feeds.tick_tap(self._source.traits.name, ticks, at)
        self._ticks += len(ticks)
        self._last = at
        self._heard = self._clock.monotonic()
        if self._state is not SourceState.live:
            self._become(SourceState.live)

    def frame(self, url: str, text: str) -> None:
        """A raw frame of this source, for the recorder."""
        self._heard = self._clock.monotonic()
        self._raw = True
        if self._feeds.tap is not None:
            name = self._source.traits.name
            self._feeds.tap(name, url, text, instant(self._clock.now()))

    def introduce(self, instruments: Sequence[Instrument]) -> None:
        """Instruments the source learned to serve while it runs."""
        self._market.introduce(instruments)

    def refused(self, symbol: str, reason: str) -> None:
        """The source will not serve this symbol."""
        log.info("%s does not serve %s: %s", self._source.traits.name, symbol, clean(reason))

    def standing(self, state: SourceState, reason: str = "") -> None:
        """What the source says of its connection."""
        if state is SourceState.failed:
            self._failed(reason)
        elif state is not self._state or reason != self._reason:
            self._become(state, clean(reason, limit=300))

    def look(self) -> bool:
        """Once a second: measure the rate, notice silence; whether anything is new."""
        now = self._clock.monotonic()
        elapsed = now - self._looked
        rate = (self._ticks - self._counted) / elapsed if elapsed > 0 else 0.0
        news = rate != self._rate
        self._rate, self._counted, self._looked = rate, self._ticks, now
        patience = self._source.traits.stale_after
        if self._state is SourceState.live and now - self._heard > patience:
            self._become(SourceState.silent, f"nothing heard for {patience:.0f} s")
        return news

    def report(self) -> SourceReport:
        return SourceReport(
            name=self._source.traits.name,
            state=self._state,
            reason=self._reason,
            symbols=self._market.served_by(self._source.traits.name),
            ticks=self._ticks,
            errors=self._errors,
            rate=round(self._rate, 1),
            last_message_at=None if self._last is None else moment(self._last),
        )

    def _failed(self, reason: str) -> None:
        self._errors += 1
        self._become(SourceState.failed, clean(reason, limit=300))

    def _become(self, state: SourceState, reason: str = "") -> None:
        self._state, self._reason = state, reason
        self._feeds.states.touch(self._source.traits.name)


def pause(failures: int, jitter: float) -> float:
    """Seconds before the next try: 1, 2, 4 … 60, each between half and all of that."""
    longest: float = min(LONGEST_PAUSE, 2.0 ** min(failures - 1, 10))
    return max(1.0, longest * (0.5 + jitter / 2))
