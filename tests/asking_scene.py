"""A source that only answers, against a local server, with a clock moved by hand."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from faulty_server import FaultyServer, faulty_server

from tio.api.sources import SourceState
from tio.api.ticks import DayFigures
from tio.config import SourceSettings
from tio.engine.feeds.http import Web
from tio.engine.feeds.live.reach import Reach
from tio.engine.market.demand import Demand
from tio.plugin import Source

from fakes import FakeClock, FakeOutlet

T = TypeVar("T")
NOW = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)


class AskingScene:
    """The source, its server, what it put out, and who wants what."""

    def __init__(
        self,
        server: FaultyServer,
        clock: FakeClock,
        open_source: Callable[[Reach], Source],
        secrets: dict[str, str],
    ) -> None:
        self.server = server
        self.clock = clock
        self.web = Web(clock, jitter=lambda: 0.5)
        settings = SourceSettings(base_url=server.url)
        self.reach = Reach(
            self.web, clock, settings, lambda field: secrets.get(field, ""), lambda: 0.5
        )
        self.source: Any = open_source(self.reach)
        self.out = FakeOutlet()
        self.demand = Demand()

    def figures(self) -> dict[str, DayFigures]:
        """The newest figures put out, by symbol."""
        return {tick.symbol: tick for tick in self.out.ticks if isinstance(tick, DayFigures)}

    def failures(self) -> list[str]:
        """The reasons given while it failed."""
        return [why for state, why in self.out.standings if state is SourceState.failed]

    @asynccontextmanager
    async def running(self, *symbols: str) -> AsyncIterator["asyncio.Task[None]"]:
        """The source at work for whoever wants these symbols."""
        self.demand.add(list(symbols))
        task = asyncio.create_task(self.source.run(self.demand.follow(), self.out))
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def told(
        self, asked: Coroutine[Any, Any, T], step: float = 0.05, seen: bool = False
    ) -> T:
        """The answer, while time passes for limits and pauses."""
        task = asyncio.ensure_future(asked)
        await self.until(task.done, step, seen)
        return task.result()

    async def until(self, true: Callable[[], bool], step: float = 0.05, seen: bool = False) -> None:
        """Let time pass until something is so.

        With `seen` every request arrives before the next step, so that the server's clock tells
        when it was sent.
        """
        async with asyncio.timeout(20):
            while not true():
                await self.clock.advance(step)
                if seen:
                    await self.server.seen(self.web)


@asynccontextmanager
async def asking(
    open_source: Callable[[Reach], Source], now: datetime = NOW, **secrets: str
) -> AsyncIterator[AskingScene]:
    """The scene of one source; `secrets` are its credentials by field."""
    clock = FakeClock(now)
    async with faulty_server(clock) as server:
        scene = AskingScene(server, clock, open_source, secrets)
        try:
            yield scene
        finally:
            await scene.web.close()
