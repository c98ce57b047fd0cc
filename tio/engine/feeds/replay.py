"""A recording as a source: its frames through their own parsers, at any speed."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import islice
from math import isfinite
from pathlib import Path

from tio.api.errors import Invalid
from tio.api.files import ReplayReport
from tio.api.market import Bars, Instrument, Timeframe
from tio.engine.feeds.decimals import Precision
from tio.engine.feeds.frames import detect
from tio.engine.feeds.replay_clock import ReplayClock
from tio.engine.feeds.sources import parser_of
from tio.engine.feeds.steps import Batches, Step, read_steps
from tio.engine.feeds.tally import Tally, Told, untold
from tio.plugin import Clock, Outlet, Traits, Wanted

Lost = Callable[[str], None]

SURVEYED = 20_000
"""Frames looked at before the replay for its instruments and their decimals."""


class Replayer:
    """Plays one recording once; make it with `opened`, which looks into the file first.

    `clock` is the time of the recording; `speed` 0 is as fast as possible. All of it is played,
    whatever is wanted. `traits` are those of the source that speaks, in a recording of several;
    `lost` gets the name of a source whose connection was made again.
    """

    def __init__(
        self,
        path: Path,
        source: str,
        speed: float,
        real: Clock,
        start: int,
        told: Told = untold,
        only: bool = False,
        precision: Precision | None = None,
        lost: Lost = lambda source: None,
    ) -> None:
        self.traits: Traits = parser_of(source).TRAITS
        self.clock = ReplayClock(real, speed, start)
        self._path = path
        self._source = source
        self._only = only
        self._lost = lost
        self._precision = precision or Precision()
        self._tally = Tally(path, source, speed, real, told)

    @classmethod
    async def opened(
        cls,
        path: Path,
        source: str | None = None,
        speed: float = 1.0,
        *,
        real: Clock,
        told: Told = untold,
        lost: Lost = lambda source: None,
    ) -> "Replayer":
        """Find who sent the frames, what they are of and when they begin, off the loop.

        Raises Invalid or NotFound, in one sentence, for what cannot be played.
        """
        if not (isfinite(speed) and speed >= 0):
            raise Invalid(f"speed must be 0 (as fast as possible) or above, was {speed}")
        name = parser_of(source).NAME if source else await asyncio.to_thread(detect, path)
        only = source is not None
        start, precision = await asyncio.to_thread(_survey, path, name, only)
        return cls(path, name, speed, real, start, told, only, precision, lost)

    def instruments(self) -> Sequence[Instrument]:
        """The instruments of the first frames, with the most decimals seen."""
        return self._precision.instruments(self.traits)

    @property
    def report(self) -> ReplayReport:
        return self._tally.report()

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        batches = Batches(read_steps(self._path, self._source, self._only))
        self.clock.begin()
        done = False
        try:
            steps = await asyncio.to_thread(batches.next)
            while steps:
                ahead = asyncio.create_task(asyncio.to_thread(batches.next))
                try:
                    await self._play(steps, out)
                    steps = await ahead
                finally:
                    ahead.cancel()
            done = True
        finally:
            batches.close()
            self.clock.finish()
            self._tally.finish(done)

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        return None

    async def _play(self, steps: list[Step], out: Outlet) -> None:
        tally = self._tally
        for step in steps:
            if step.fault:
                tally.fault(step.fault)
            if step.at is not None:
                await self.clock.arrive(step.at)
                self.traits = step.traits or self.traits
                if step.reconnected:
                    self._lost(self.traits.name)
                    continue
                if not step.fault:
                    tally.fed(step.at, len(step.ticks))
                if step.ticks:
                    out.emit(step.ticks, step.at)
            tally.tell()


def _survey(path: Path, source: str, only: bool) -> tuple[int, Precision]:
    precision = Precision()
    start: int | None = None
    readable = 0
    for step in islice(read_steps(path, source, only), SURVEYED):
        if step.reconnected:
            continue
        if start is None:
            start = step.at
        readable += not step.fault
        precision.see(step.ticks)
    if start is None:
        raise Invalid(f"{path.name} holds no frame to play", "record one with: tio record FILE")
    if not readable:
        raise Invalid(
            f"none of the frames of {path.name} can be read as {source}'s",
            "name their source with --source",
        )
    return start, precision
