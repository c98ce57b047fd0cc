"""The door on standard input and output: one client, until it closes its end."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from mcp.server.context import CallNext, HandlerResult
from mcp.server.stdio import stdio_server

from tio.api.access import Principal
from tio.api.contract import Engine, Role
from tio.as_of import AsOfEngine
from tio.config import Config
from tio.connect import open_engine
from tio.mcp.door import Context, server
from tio.mcp.reach import Reach
from tio.paths import WorkspacePaths

log = logging.getLogger(__name__)

LAST_ANSWERS = 15.0
"""Seconds that calls still have once standard input has ended."""
TURNS = 50
"""Turns of the loop in which a line that was read becomes a call."""
A_BEAT = 0.05
"""Seconds in which an answer becomes a line."""


def serve(place: WorkspacePaths, config: Config, role: Role, as_of: datetime | None = None) -> None:
    """Be the server of the client at the other end of standard input, until it leaves.

    `as_of`: tools tell of that past moment, and nothing that came later.
    """
    try:
        asyncio.run(_serve(place, config, Principal(role=role, door="mcp"), as_of))
    except* (KeyboardInterrupt, asyncio.CancelledError):
        pass  # It was told to leave.
    except* BrokenPipeError:
        log.info("the client left before it was answered")


async def _serve(
    place: WorkspacePaths, config: Config, principal: Principal, as_of: datetime | None
) -> None:
    async def opened() -> Engine:
        engine = await open_engine(place, config, principal=principal)
        return engine if as_of is None else AsOfEngine(engine, as_of, owned=True)

    serving = asyncio.current_task()
    assert serving is not None
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, serving.cancel)
    reach = Reach(opened)
    door = server(reach, principal.role)
    calls = _Calls()
    door.middleware.append(calls)
    heard: Any = _Heard(calls)
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


class _Calls:
    """What was asked and is not answered yet: the protocol drops it once the client is gone."""

    def __init__(self) -> None:
        self._open = 0
        self._none = asyncio.Event()
        self._none.set()

    async def __call__(self, ctx: Context, call_next: CallNext) -> HandlerResult:
        self._open += 1
        self._none.clear()
        try:
            return await call_next(ctx)
        finally:
            self._open -= 1
            if not self._open:
                self._none.set()

    async def answered(self) -> None:
        """Wait for the last answers of a client that wrote all it had to say and closed."""
        await _settled()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_ANSWERS):
                await self._none.wait()
        await _settled()


async def _settled() -> None:
    for _ in range(TURNS):
        await asyncio.sleep(0)
    await asyncio.sleep(A_BEAT)


class _Heard:
    """The lines of standard input, read by a thread that may be left behind while it waits.

    The rest of the process has an empty standard input: no child eats what a client says.
    """

    def __init__(self, calls: "_Calls") -> None:
        self._calls = calls
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
        await self._calls.answered()

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
