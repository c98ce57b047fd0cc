"""The stage for sources with a key that stream: the same local server, sockets included."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from faulty_server import FaultyServer, faulty_server
from keyed_sources import KEY, NOW, S, Scene
from pump import pump

from tio.config import SourceSettings
from tio.engine.feeds.live.reach import Reach

from fakes import FakeClock


class StreamScene(Scene[S]):
    """The source against the server; `until` moves time on while the loopback delivers."""

    def __init__(
        self, opened: Callable[[Reach], S], server: FaultyServer, clock: FakeClock
    ) -> None:
        super().__init__(opened, server, clock)
        settings = SourceSettings(base_url=server.url, ws_url=server.ws_url)
        self.source = opened(Reach(self.web, clock, settings, lambda _: KEY, lambda: 0.5))
        self.beat: Callable[[], Awaitable[None]] | None = None
        """What the venue does again and again, as to greet."""

    async def until(self, true: Callable[[], bool], most: float = 120.0) -> float:
        return await pump(self.clock, self.server, true, beat=self.beat, most=most)

    async def ends(self, task: "asyncio.Task[None]", most: float = 120.0) -> BaseException | None:
        """What ended the source."""
        await self.until(task.done, most)
        return task.exception()


@asynccontextmanager
async def streaming(opened: Callable[[Reach], S]) -> AsyncIterator[StreamScene[S]]:
    """A scene with its server, closed at the end."""
    clock = FakeClock(NOW)
    async with faulty_server(clock) as server:
        scene = StreamScene(opened, server, clock)
        try:
            yield scene
        finally:
            await scene.web.close()
