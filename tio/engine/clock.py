"""Real time, and the time of a workspace, which a replay replaces by the recorder's."""

import asyncio
import time
from datetime import UTC, datetime

from tio.plugin import Clock


class RealClock:
    """The machine's clock: `now` is aware UTC, `monotonic` seconds that never step."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class WorkspaceClock:
    """The wall clock, until a replay brings its own; only `now` ever differs."""

    def __init__(self, wall: Clock) -> None:
        self._wall = wall
        self.played: Clock | None = None

    def now(self) -> datetime:
        return (self.played or self._wall).now()

    def monotonic(self) -> float:
        return self._wall.monotonic()

    async def sleep(self, seconds: float) -> None:
        await self._wall.sleep(seconds)
