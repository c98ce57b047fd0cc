"""The engine on a socket: one aiohttp Application, for every door alike."""

import asyncio
import sys
from typing import Any

from aiohttp import web

from tio.api.access import OWNER, Access, Principal
from tio.wire.asks import MOST_BYTES, Asks, errors_as_words, only_the_owner
from tio.wire.encoding import ItemEncoder
from tio.wire.lines import LineDoor
from tio.wire.narrowed import Sessions
from tio.wire.pace import Pace
from tio.wire.socket_door import BACKLOG, Door
from tio.wire.watches import WatchDoor

IN_FLIGHT = 5.0


class Server:
    """Serves `access` through a door; `window` is how often a client gets changes, in seconds."""

    def __init__(
        self, access: Access, door: Door, *, window: float = 0.1, principal: Principal = OWNER
    ) -> None:
        self._door = door
        sessions, encoder, pace = Sessions(access, principal), ItemEncoder(), Pace(window)
        self._asks = Asks(sessions)
        self._watches = WatchDoor(sessions, encoder, pace)
        self._lines = LineDoor(sessions, encoder, pace)
        self._runner: web.AppRunner | None = None
        self._listener: asyncio.Server | None = None

    @property
    def clients(self) -> int:
        """How many connections watch something."""
        return self._watches.clients + self._lines.clients

    async def start(self) -> None:
        """Begin to accept; whoever could connect before waits in the backlog."""
        app = web.Application(
            middlewares=[only_the_owner, errors_as_words], client_max_size=MOST_BYTES
        )
        app.add_routes(self._asks.routes())
        app.router.add_get("/v1/watch", self._watches.accept)
        app.router.add_get("/v1/watch/{name}", self._lines.stream)
        app.on_shutdown.append(self._goodbye)
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=IN_FLIGHT, handler_cancellation=True
        )
        await self._runner.setup()
        assert self._runner.server is not None
        loop = asyncio.get_running_loop()
        # The door removes its own file; an inherited one must stay.
        options: dict[str, Any] = {"cleanup_socket": False} if sys.version_info >= (3, 13) else {}
        self._listener = await loop.create_unix_server(
            self._runner.server, sock=self._door.listening, backlog=BACKLOG, **options
        )

    async def close(self) -> None:
        """Accept nothing more, finish what is in flight (≤ 5 s), say goodbye, remove the door."""
        if self._listener is not None:
            self._listener.close()
        self._door.close()
        if self._runner is not None:
            await self._runner.cleanup()
        await self._asks.finish(IN_FLIGHT)

    async def _goodbye(self, _app: web.Application) -> None:
        self._lines.close()
        await self._watches.close()
