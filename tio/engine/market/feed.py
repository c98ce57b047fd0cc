"""One source at work: its outlet, its counts, its rests and new beginnings."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from tio.api.clean import clean
from tio.api.errors import NotAllowed, TioError
from tio.api.market import Instrument
from tio.api.series import instant, moment
from tio.api.sources import SourceReport, SourceState
from tio.api.ticks import Tick
from tio.engine.market.market import Market
from tio.plugin import Clock, Source, Traits, Wanted

log = logging.getLogger(__name__)

LONGEST_PAUSE = 60.0
STEADY = 30.0
"""Seconds a source must have run for its next pause to be short again."""


class Following(Protocol):
    """Where a source's `Wanted` comes from: everything wanted, or what is routed to it."""

    def follow(self) -> Wanted: ...
    def leave(self, follower: Wanted) -> None: ...


class Hearing(Protocol):
    """Who hears what a source does besides its ticks."""

    def changed(self, source: str) -> None: ...
    def refused(self, source: str, symbol: str, reason: str) -> None: ...
    def introduced(self, instruments: Sequence[Instrument]) -> None: ...
    def raw(self, source: str, url: str, text: str, at: int) -> None: ...
    def told(self, source: str, ticks: Sequence[Tick], at: int) -> None: ...


class Feed:
    """Runs a source for as long as it can be run; an `Outlet`.

    A `patient` one is begun only once somebody wants something of it.
    """

    def __init__(
        self,
        clock: Clock,
        market: Market,
        source: Source,
        following: Following,
        hearing: Hearing,
        jitter: Callable[[], float],
        *,
        patient: bool = False,
    ) -> None:
        self.source = source
        self.name = source.traits.name
        self.state = SourceState.idle
        self.reason = ""
        self.ticks = 0
        self.last: int | None = None
        """The instant of its newest ticks, µs."""
        self.since = clock.monotonic()
        """When its state last changed, monotonic seconds."""
        self._clock = clock
        self._market = market
        self._following = following
        self._hearing = hearing
        self._jitter = jitter
        self._patient = patient
        self._errors = self._counted = self._reconnects = 0
        self._rate = 0.0
        self._last_error = ""
        self._last_error_at: int | None = None
        self._next_try: int | None = None
        self._raw = False
        self._heard = self._looked = clock.monotonic()
        self._hurry = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def beginning(self) -> bool:
        """Whether it is on its way to say its first words."""
        return self.last is None and self.state in (SourceState.idle, SourceState.connecting)

    def start(self) -> None:
        """Run in a task of its own; again, when it was stopped or gave up."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self.run(), name=f"source {self.name}")

    async def stop(self, reason: str = "") -> None:
        """End the task; its state is `off` when a reason says why."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if reason:
            self._become(SourceState.off, reason)

    def retry(self) -> None:
        """Begin again now, whatever it waits for."""
        self._hurry.set()
        self.start()

    async def run(self) -> None:
        """Run the source for as long as it can be run."""
        failures = 0
        while True:
            wanted = self._following.follow()
            try:
                if self._patient:
                    await self._until_wanted(wanted)
                began = self._clock.monotonic()
                self._become(SourceState.connecting)
                await self.source.run(wanted, self)
            except NotAllowed as refused:
                self._erred(refused.message)
                self._become(SourceState.off, refused.message)
                return
            except (TioError, OSError, TimeoutError) as error:
                self._failed(str(error) or type(error).__name__)
            except Exception as error:
                log.exception("the source %s failed", self.name)
                self._failed(f"{type(error).__name__}: {error}")
            else:
                self._become(SourceState.ended)
                return
            finally:
                self._following.leave(wanted)
                self._market.drop_books(self.name)
            steady = self._clock.monotonic() - began > STEADY
            failures = 1 if steady else failures + 1
            await self._rest(pause(failures, self._jitter()))
            self._reconnects += 1

    def emit(
        self,
        ticks: Sequence[Tick],
        received_at: int | None = None,
        traits: Traits | None = None,
    ) -> None:
        """Ticks of this source, in the order they came."""
        at = instant(self._clock.now()) if received_at is None else received_at
        self._market.take(ticks, traits or self.source.traits, at)
        if not self._raw:
            self._hearing.told(self.name, ticks, at)
        self.ticks += len(ticks)
        self.last = at
        self._heard = self._clock.monotonic()
        if self.state is not SourceState.live:
            self._become(SourceState.live)

    def frame(self, url: str, text: str) -> None:
        """A raw frame of this source, for the recorder."""
        self._heard = self._clock.monotonic()
        self._raw = True
        self._hearing.raw(self.name, url, text, instant(self._clock.now()))

    def introduce(self, instruments: Sequence[Instrument]) -> None:
        """Instruments the source learned to serve while it runs."""
        self._hearing.introduced(instruments)

    def refused(self, symbol: str, reason: str) -> None:
        """The source will not serve this symbol."""
        self._hearing.refused(self.name, symbol, clean(reason, limit=300))

    def standing(self, state: SourceState, reason: str = "") -> None:
        """What the source says of its connection."""
        if self.state is SourceState.live and state is not SourceState.live:
            self._market.broke(self.name)
        if state is SourceState.failed:
            self._failed(reason)
        elif state is not self.state or reason != self.reason:
            self._become(state, clean(reason, limit=300))

    def look(self) -> bool:
        """Once a second: measure the rate, notice silence; whether anything is new."""
        now = self._clock.monotonic()
        elapsed = now - self._looked
        rate = (self.ticks - self._counted) / elapsed if elapsed > 0 else 0.0
        news = rate != self._rate
        self._rate, self._counted, self._looked = rate, self.ticks, now
        patience = self.source.traits.stale_after
        if self.state is SourceState.live and now - self._heard > patience:
            self._become(SourceState.silent, f"nothing heard for {patience:.0f} s")
        return news

    def report(self) -> SourceReport:
        traits = self.source.traits
        return SourceReport(
            name=self.name,
            state=self.state,
            reason=self.reason,
            symbols=self._market.served_by(self.name),
            ticks=self.ticks,
            errors=self._errors,
            rate=round(self._rate, 1) if self.state is SourceState.live else 0.0,
            last_message_at=_moment(self.last),
            last_error=self._last_error,
            last_error_at=_moment(self._last_error_at),
            next_try_at=_moment(self._next_try),
            reconnects=self._reconnects,
            assets=(traits.asset_class,),
            delay=traits.delay,
        )

    async def _until_wanted(self, wanted: Wanted) -> None:
        if wanted.symbols:
            return
        self._become(SourceState.idle, "nobody watches what it serves")
        while not wanted.symbols:
            await wanted.changed()

    async def _rest(self, seconds: float) -> None:
        self._next_try = instant(self._clock.now()) + int(seconds * 1_000_000)
        self._hurry.clear()
        asleep = asyncio.ensure_future(self._clock.sleep(seconds))
        hurried = asyncio.ensure_future(self._hurry.wait())
        try:
            await asyncio.wait((asleep, hurried), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._next_try = None
            for task in (asleep, hurried):
                task.cancel()
            await asyncio.gather(asleep, hurried, return_exceptions=True)

    def _erred(self, reason: str) -> None:
        self._errors += 1
        self._last_error = clean(reason, limit=300)
        self._last_error_at = instant(self._clock.now())

    def _failed(self, reason: str) -> None:
        self._erred(reason)
        self._become(SourceState.failed, self._last_error)

    def _become(self, state: SourceState, reason: str = "") -> None:
        if state is not self.state:
            self.since = self._clock.monotonic()
        self.state, self.reason = state, reason
        self._hearing.changed(self.name)


def pause(failures: int, jitter: float) -> float:
    """Seconds before the next try: 1, 2, 4 … 60, each between half and all of that."""
    longest: float = min(LONGEST_PAUSE, 2.0 ** min(failures - 1, 10))
    return max(1.0, longest * (0.5 + jitter / 2))


def _moment(at: int | None) -> datetime | None:
    return None if at is None else moment(at)
