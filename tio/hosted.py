"""The engine inside this process, with the lock it holds and the socket it serves."""

import asyncio
import importlib
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Self

from tio.api.access import OWNER
from tio.api.contract import Engine
from tio.config import Config
from tio.lock import Lock
from tio.paths import WorkspacePaths

if TYPE_CHECKING:
    from tio.wire.server import Server
    from tio.wire.socket_door import Door

WINDOW = 0.05
"""Seconds between two items of a topic to one client; the engine's own window comes before it."""


class Hosted:
    """A started engine; `close` serves no more, finishes, saves and gives up the lock, in order."""

    def __init__(self, engine: Engine, stack: AsyncExitStack) -> None:
        self.engine = engine
        self._stack = stack

    @classmethod
    async def start(
        cls,
        place: WorkspacePaths,
        config: Config,
        lock: Lock,
        *,
        serve: bool = True,
        door: "Door | None" = None,
        on_shutdown: Callable[[bool], None] = lambda hand_over: None,
    ) -> Self:
        """Start the engine of `place` under `lock` and, with `serve`, open its socket.

        `on_shutdown(hand_over)` is called when someone asks the engine to leave. On an error
        everything is closed again, the lock given up.
        """
        async with AsyncExitStack() as starting:
            starting.callback(lock.release)
            # The import takes a second; the terminal that waits for it goes on painting.
            local = await asyncio.to_thread(importlib.import_module, "tio.engine.local")
            engine = local.LocalEngine(place, config)
            await engine.start()
            starting.push_async_callback(engine.close)
            served: list[Server] = []
            if serve:
                served.append(await _serving(engine, place, door))
                starting.push_async_callback(served[0].close)
            engine.attend(
                census=lambda: sum(server.clients for server in served), on_shutdown=on_shutdown
            )
            return cls(engine.session(OWNER), starting.pop_all())

    async def close(self) -> None:
        await self._stack.aclose()


async def _serving(access: object, place: WorkspacePaths, door: "Door | None") -> "Server":
    from tio.wire.server import Server
    from tio.wire.socket_door import Door

    server = Server(access, door or Door.open(place.socket), window=WINDOW)  # type: ignore[arg-type]
    await server.start()
    return server
