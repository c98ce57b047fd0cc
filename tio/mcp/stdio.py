"""The door on standard input and output: one client, until it closes its end."""

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator
from typing import Any

from mcp.server.stdio import stdio_server

from tio.api.access import Principal
from tio.api.contract import Engine, Role
from tio.config import Config
from tio.connect import open_engine
from tio.mcp.door import server
from tio.mcp.reach import Reach
from tio.paths import WorkspacePaths


def serve(place: WorkspacePaths, config: Config, role: Role) -> None:
    """Be the server of the client at the other end of standard input, until it leaves."""
    with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(_serve(place, config, Principal(role=role, door="mcp")))


async def _serve(place: WorkspacePaths, config: Config, principal: Principal) -> None:
    async def opened() -> Engine:
        return await open_engine(place, config, principal=principal)

    serving = asyncio.current_task()
    assert serving is not None
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, serving.cancel)
    reach = Reach(opened)
    door = server(reach, principal.role)
    heard: Any = _Heard()
    try:
        async with stdio_server(stdin=heard) as (inward, outward):
            # The client is greeted at once; what it asks waits until the engine is there.
            reach.begin()
            await door.run(inward, outward, door.create_initialization_options())
    finally:
        # A client that does not wait for us to leave must not stop the engine from closing.
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, _already)
        await reach.close()


def _already() -> None:
    """It is leaving."""


class _Heard:
    """The lines of standard input, read by a thread that may be left behind while it waits.

    The rest of the process has an empty standard input: no child eats what a client says.
    """

    def __init__(self) -> None:
        self._lines: asyncio.Queue[bytes] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._wire = os.fdopen(os.dup(sys.stdin.fileno()), "rb", closefd=False)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, sys.stdin.fileno())
        os.close(nothing)
        threading.Thread(target=self._read, name="standard input", daemon=True).start()

    async def __aiter__(self) -> AsyncIterator[str]:
        while line := await self._lines.get():
            yield line.decode("utf-8", "replace")

    def _read(self) -> None:
        while True:
            try:
                line = self._wire.readline()
            except OSError:
                line = b""
            with contextlib.suppress(RuntimeError):  # The loop has ended.
                self._loop.call_soon_threadsafe(self._lines.put_nowait, line)
            if not line:
                return
