"""The stage for tests of sources with a key: a local server, a clock moved by hand, the source."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from faulty_server import FaultyServer, faulty_server

from tio.config import SourceSettings
from tio.engine.feeds.http import MemoryCounters, Web
from tio.engine.feeds.live.reach import Reach
from tio.engine.market.demand import Demand
from tio.plugin import Source

from fakes import FakeClock, FakeOutlet

T = TypeVar("T")
S = TypeVar("S", bound=Source)
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
"""A Friday, half an hour after New York opened."""
KEY = "a-key-of-the-test"


class Scene(Generic[S]):
    """The source against the server."""

    def __init__(
        self,
        opened: Callable[[Reach], S],
        server: FaultyServer,
        clock: FakeClock,
        counters: MemoryCounters | None = None,
    ) -> None:
        self.server, self.clock = server, clock
        self.web = Web(clock, counters=counters, jitter=lambda: 0.5)
        settings = SourceSettings(base_url=server.url)
        self.source = opened(Reach(self.web, clock, settings, lambda _: KEY, lambda: 0.5))
        self.out = FakeOutlet()
        self.demand = Demand()

    async def told(
        self, asked: Coroutine[Any, Any, T], step: float = 0.05, seen: bool = False
    ) -> T:
        """The answer, while time passes for the limiter; `seen` as in `asking_scene`."""
        task = asyncio.ensure_future(asked)
        async with asyncio.timeout(20):
            while not task.done():
                await self.clock.advance(step)
                if seen:
                    await self.server.seen(self.web)
        return task.result()

    async def passes(self, seconds: float, step: float = 1.0) -> None:
        """Let time go by, and the server answer what is asked meanwhile."""
        for _ in range(round(seconds / step)):
            await self.clock.advance(step)
            while self._asking():  # noqa: ASYNC110 — the web has no event for it
                await asyncio.sleep(0.001)

    def _asking(self) -> bool:
        flying = (each for host in self.web.states() for each in host.limits)
        return any(each.left < each.limit for each in flying if each.name == "at once")

    @asynccontextmanager
    async def running(self) -> AsyncIterator["asyncio.Task[None]"]:
        """The source while it runs."""
        task = asyncio.create_task(self.source.run(self.demand.follow(), self.out))
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def staged(
    opened: Callable[[Reach], S], counters: MemoryCounters | None = None
) -> AsyncIterator[Scene[S]]:
    """A scene with its server, closed at the end."""
    clock = FakeClock(NOW)
    async with faulty_server(clock) as server:
        scene = Scene(opened, server, clock, counters)
        try:
            yield scene
        finally:
            await scene.web.close()
