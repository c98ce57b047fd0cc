"""The engine inside this process, with the lock it holds and the socket it serves."""

import asyncio
import importlib
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Self

import msgspec

from tio.api.access import OWNER
from tio.api.contract import Engine
from tio.config import Config
from tio.lock import Lock
from tio.paths import WorkspacePaths

if TYPE_CHECKING:
    from tio.wire.server import Server
    from tio.wire.socket_door import Door

WINDOW = 0.05
"""Seconds between two items of a topic to one client of a terminal's engine."""
PULSE_MS = 20
"""How often an engine that serves a crowd tells what changed, in milliseconds.

Each client then waits for its own window, so a thousand are not all served in one burst.
"""


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
        crowd: bool = False,
        door: "Door | None" = None,
        on_shutdown: Callable[[bool], None] = lambda hand_over: None,
    ) -> Self:
        """Start the engine of `place` under `lock` and, with `serve`, open its socket.

        A `crowd` of clients is served evenly over the configured window. `on_shutdown(hand_over)`
        is called when someone asks the engine to leave. On an error everything is closed again,
        the lock given up.
        """
        async with AsyncExitStack() as starting:
            starting.callback(lock.release)
            # The import takes a second; the terminal that waits for it goes on painting.
            local = await asyncio.to_thread(importlib.import_module, "tio.engine.local")
            window = config.engine.conflation_ms / 1_000 if crowd else WINDOW
            engine = local.LocalEngine(place, _pulsing(config) if crowd else config)
            await engine.start()
            starting.push_async_callback(engine.close)
            served: list[Server] = []
            if serve:
                served.append(await _serving(engine, place, door, window))
                starting.push_async_callback(served[0].close)
            engine.attend(
                census=lambda: sum(server.clients for server in served), on_shutdown=on_shutdown
            )
            return cls(engine.session(OWNER), starting.pop_all())

    async def close(self) -> None:
        await self._stack.aclose()


def _pulsing(config: Config) -> Config:
    engine = msgspec.structs.replace(config.engine, conflation_ms=PULSE_MS)
    return msgspec.structs.replace(config, engine=engine)


async def _serving(
    access: object, place: WorkspacePaths, door: "Door | None", window: float
) -> "Server":
    from tio.wire.server import Server
    from tio.wire.socket_door import Door

    server = Server(access, door or Door.open(place.socket), window=window)  # type: ignore[arg-type]
    await server.start()
    return server
