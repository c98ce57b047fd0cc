"""The clock of a replay: the recorder's time × speed, left as it was when the recording ends."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from time import perf_counter

from tio.api.series import moment
from tio.plugin import Clock

_LEAST_SLEEP = 0.005
_SOON = 0.001
_WORK = 0.004


class ReplayClock:
    """Time as the recorder knew it, driven by a real clock; `speed` 0 is as fast as possible.

    At a finite speed it runs from `begin`; at full speed it is the time of the newest frame. It
    never steps back, and `monotonic` is the same time in seconds. `stopwatch` tells the seconds
    of work after which the loop has its turn.
    """

    def __init__(
        self,
        real: Clock,
        speed: float,
        start: int,
        stopwatch: Callable[[], float] = perf_counter,
    ) -> None:
        self.speed = speed
        self._real = real
        self._start = start
        self._newest = start
        self._since: float | None = None
        """The real clock's reading at `begin`; None before it and after `finish`."""
        self._stopwatch = stopwatch
        self._turn = stopwatch()

    def begin(self) -> None:
        """The recording starts to play now."""
        self._since = self._real.monotonic()

    def reach(self, at: int) -> None:
        """A frame of this instant (µs) was fed; one older than the newest moves nothing."""
        self._newest = max(self._newest, at)

    def finish(self) -> None:
        """The recording ended: time stands still from here."""
        self._newest = self.instant()
        self._since = None

    def instant(self) -> int:
        """`now` in µs since 1970 UTC."""
        if self._since is None or not self.speed:
            return self._newest
        elapsed = self._real.monotonic() - self._since
        self._newest = max(self._newest, self._start + int(elapsed * self.speed * 1_000_000))
        return self._newest

    def now(self) -> datetime:
        return moment(self.instant())

    def monotonic(self) -> float:
        return (self.instant() - self._start) / 1_000_000

    async def sleep(self, seconds: float) -> None:
        """Wait `seconds` of the recorder's time; where that is not defined, of real time."""
        if seconds > 0 and self.speed and self._since is not None:
            # Whoever wakes each second of a replay at ×100,000 must not starve it.
            seconds = max(seconds / self.speed, _LEAST_SLEEP)
        await self._real.sleep(seconds)

    async def arrive(self, at: int) -> None:
        """Wait until a frame of this instant is due; the loop gets its turn every 4 ms of work."""
        wait = self._until(at)
        if wait > _SOON:
            await self._real.sleep(wait)
            self._turn = self._stopwatch()
        elif self._stopwatch() - self._turn > _WORK:
            await asyncio.sleep(0)
            self._turn = self._stopwatch()
        self.reach(at)

    def _until(self, at: int) -> float:
        """Real seconds until the recorder's time is `at`; 0 at full speed."""
        if not self.speed or self._since is None:
            return 0.0
        due = self._since + (at - self._start) / 1_000_000 / self.speed
        return due - self._real.monotonic()
