"""What a replay has fed so far, told at most ten times a second."""

from collections.abc import Callable
from pathlib import Path

from tio.api.files import ReplayReport
from tio.api.series import moment
from tio.plugin import Clock

Told = Callable[[ReplayReport], None]

MOST_FAULTS = 20
_PAUSE = 0.1


class Tally:
    """Counts of one replay; `told` gets a report as they grow."""

    def __init__(self, path: Path, source: str, speed: float, real: Clock, told: Told) -> None:
        self.frames = 0
        self.ticks = 0
        self.ignored = 0
        self.garbage = 0
        self.first: int | None = None
        self.at: int | None = None
        self.done = False
        self._faults: list[str] = []
        self._path = path
        self._source = source
        self._speed = speed
        self._real = real
        self._told = told
        self._next = real.monotonic()

    def fault(self, sentence: str) -> None:
        """One more piece of garbage; the first few sentences are kept."""
        self.garbage += 1
        if len(self._faults) < MOST_FAULTS:
            self._faults.append(sentence)

    def fed(self, at: int, ticks: int) -> None:
        """A frame of this instant gave so many ticks; none means it was ignored."""
        self.frames += 1
        self.ticks += ticks
        self.ignored += not ticks
        self.at = at
        if self.first is None:
            self.first = at

    def tell(self) -> None:
        """Report, if the last report is a tenth of a second old."""
        now = self._real.monotonic()
        if now >= self._next:
            self._next = now + _PAUSE
            self._told(self.report())

    def finish(self, done: bool) -> None:
        """Report the end, whether or not the last report is fresh."""
        self.done = done
        self._told(self.report())

    def report(self) -> ReplayReport:
        return ReplayReport(
            path=str(self._path),
            source=self._source,
            frames=self.frames,
            ticks=self.ticks,
            ignored=self.ignored,
            garbage=self.garbage,
            first=None if self.first is None else moment(self.first),
            at=None if self.at is None else moment(self.at),
            speed=self._speed,
            done=self.done,
            faults=tuple(self._faults),
        )


def untold(report: ReplayReport) -> None:
    """For a replay nobody follows."""
