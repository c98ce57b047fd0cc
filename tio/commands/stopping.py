"""Ctrl-C while an answer is written: it is stopped at its engine, and what was said stands."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tio.api.chats import StopAnswer
from tio.api.contract import Engine
from tio.api.errors import TioError


class Stopping:
    """Stops the answer in a chat. The second ctrl-c does not wait for that any more."""

    def __init__(self, engine: Engine, chat: str) -> None:
        self.wanted = False
        self._engine = engine
        self._chat = chat
        self._waiting = asyncio.current_task()
        self._task: asyncio.Task[None] | None = None

    async def stop(self) -> None:
        """Stop what is written now; nothing where nothing is."""
        with suppress(TioError):
            await self._engine.ask(StopAnswer(self._chat))

    def pressed(self) -> None:
        """Ctrl-C."""
        if self.wanted:
            if self._waiting is not None:
                self._waiting.cancel()
            return
        self.wanted = True
        self._task = asyncio.create_task(self.stop(), name=f"stop the answer in {self._chat}")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)


@contextmanager
def ctrl_c(stopping: Stopping) -> Iterator[None]:
    """While this lasts ctrl-c stops the answer instead of this process."""
    loop, before = asyncio.get_running_loop(), signal.getsignal(signal.SIGINT)
    loop.add_signal_handler(signal.SIGINT, stopping.pressed)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, before)
