"""The engine inside this process, with the lock it holds and the socket it serves."""

import asyncio
import importlib
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Self

from tio.api.access import OWNER, Access, Principal
from tio.api.contract import Engine
from tio.config import Config
from tio.lock import Lock
from tio.paths import WorkspacePaths

if TYPE_CHECKING:
    from tio.wire.server import Server
    from tio.wire.socket_door import Door

log = logging.getLogger(__name__)

WINDOW = 0.05
"""Seconds between two items of a topic to one client of a terminal's engine."""
PULSE = 0.02
"""How often an engine that serves a crowd tells what changed, in seconds.

Each client then waits for its own window, so a thousand are not all served in one burst.
"""

FIRST_PRICES = 0.6
"""Seconds a terminal's engine has for its own first prices before the server is imported."""


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
        principal: Principal = OWNER,
        on_shutdown: Callable[[bool], None] = lambda hand_over: None,
    ) -> Self:
        """Start the engine of `place` under `lock` and, with `serve`, open its socket.

        A `crowd` of clients is served evenly over the configured window. `engine` is as the
        `principal` may use it; who comes by the socket is the owner. `on_shutdown(hand_over)`
        is called when someone asks the engine to leave. On an error everything is closed again,
        the lock given up.
        """
        async with AsyncExitStack() as starting:
            starting.callback(lock.release)
            # The import takes a second; the terminal that waits for it goes on painting.
            local = await asyncio.to_thread(importlib.import_module, "tio.engine.local")
            engine = local.LocalEngine(place, config, pulse=PULSE if crowd else None)
            await engine.start()
            starting.push_async_callback(engine.close)
            service = None
            if serve:
                window = config.engine.conflation_ms / 1_000 if crowd else WINDOW
                wait = 0.0 if crowd else FIRST_PRICES
                service = _Service(engine, _door(place, door), window, wait)
                starting.push_async_callback(service.close)
                if crowd:
                    await service.ready()
            engine.attend(census=lambda: service.clients if service else 0, on_shutdown=on_shutdown)
            return cls(engine.session(principal), starting.pop_all())

    async def close(self) -> None:
        await self._stack.aclose()


class _Service:
    """Serves through an open door as soon as the server is imported.

    Until then whoever connects waits in the door's backlog, and the terminal has its prices.
    """

    def __init__(self, access: Access, door: "Door", window: float, within: float) -> None:
        self._door, self._within = door, within
        self._server: Server | None = None
        self._starting = asyncio.create_task(self._start(access, window), name="open the socket")
        self._starting.add_done_callback(_told)

    @property
    def clients(self) -> int:
        return self._server.clients if self._server else 0

    async def ready(self) -> None:
        await self._starting

    async def close(self) -> None:
        self._starting.cancel()
        await asyncio.gather(self._starting, return_exceptions=True)
        if self._server is None:
            self._door.close()
        else:
            await self._server.close()

    async def _start(self, access: Access, window: float) -> None:
        await asyncio.sleep(self._within)
        wire = await asyncio.to_thread(importlib.import_module, "tio.wire.server")
        server: Server = wire.Server(access, self._door, window=window)
        await server.start()
        self._server = server


def _told(starting: "asyncio.Task[None]") -> None:
    if not starting.cancelled() and (error := starting.exception()):
        log.error("the socket is not served, other terminals cannot attach: %s", error)


def _door(place: WorkspacePaths, inherited: "Door | None") -> "Door":
    from tio.wire.socket_door import Door

    return inherited or Door.open(place.socket)
