"""Time moved on for adapters over real sockets, while the loopback delivers."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from faulty_server import FaultyServer

from fakes import FakeClock


async def pump(
    clock: FakeClock,
    server: FaultyServer,
    true: Callable[[], bool],
    *,
    beat: Callable[[], Awaitable[None]] | None = None,
    step: float = 0.3,
    most: float = 120.0,
) -> float:
    """Move the clock in steps until something is true; the seconds that took.

    `beat` is what the venue does each step, as to say its heartbeat.
    """
    began = clock.monotonic()
    while not true():
        if clock.monotonic() - began > most:
            raise AssertionError(f"not within {most:g} s")
        server.happened.clear()
        if beat is not None:
            await beat()
        await clock.advance(step)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(server.happened.wait(), 0.005)
    return clock.monotonic() - began
