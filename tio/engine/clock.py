"""Real time; tests and replays bring their own."""

import asyncio
import time
from datetime import UTC, datetime


class RealClock:
    """The machine's clock: `now` is aware UTC, `monotonic` seconds that never step."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
