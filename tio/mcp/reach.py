"""The engine as this door has it: opened in the background, again when it could not be."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

from tio.api.contract import Effect, Engine, Request
from tio.api.errors import Busy

R = TypeVar("R")
log = logging.getLogger(__name__)

STARTING = 20.0
"""Seconds a call waits for an engine that is starting."""
LAST_WRITES = 5.0


class Asked(Protocol):
    """What answers requests."""

    async def ask(self, request: Request[R], /, *, key: str = "") -> R: ...


class Reach:
    """Asks the engine that `opened` gives; a write once begun is finished though the caller left.

    What could not be opened is told, and tried again at the next ask.
    """

    def __init__(
        self, opened: Callable[[], Awaitable[Engine]], *, patience: float = STARTING
    ) -> None:
        self._opened = opened
        self._patience = patience
        self._opening: asyncio.Task[Engine] | None = None
        self._writing: set[asyncio.Task[Any]] = set()

    def begin(self) -> None:
        """Start to open, without waiting."""
        if self._opening is None or (self._opening.done() and _failed(self._opening)):
            self._opening = asyncio.create_task(self._open(), name="open the engine")

    async def ask(self, request: Request[R], /, *, key: str = "") -> R:
        engine = await self._engine()
        asking = asyncio.ensure_future(engine.ask(request, key=key))
        if request.meaning.effect is Effect.read:
            return await asking
        self._writing.add(asking)
        asking.add_done_callback(self._writing.discard)
        return await asyncio.shield(asking)

    async def close(self) -> None:
        if self._writing:
            await asyncio.wait(self._writing, timeout=LAST_WRITES)
        if self._opening is None:
            return
        self._opening.cancel()
        (engine,) = await asyncio.gather(self._opening, return_exceptions=True)
        if not isinstance(engine, BaseException):
            await engine.close()

    async def _engine(self) -> Engine:
        self.begin()
        assert self._opening is not None
        try:
            return await asyncio.wait_for(asyncio.shield(self._opening), self._patience)
        except TimeoutError:
            raise Busy("tio's engine is still starting", "Ask again in a moment.") from None

    async def _open(self) -> Engine:
        return await self._opened()


def _failed(task: "asyncio.Task[Engine]") -> bool:
    return task.cancelled() or task.exception() is not None
