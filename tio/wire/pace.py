"""One clock for all watchers: each is served at most once a window, a few groups in turn."""

import asyncio
from itertools import cycle

GROUPS = 10


class Pace:
    """Splits a window (seconds) among ten groups: a thousand watchers do not wake at once."""

    def __init__(self, window: float = 0.1) -> None:
        self.window = window
        self._groups = cycle([Beat(window, n * window / GROUPS) for n in range(GROUPS)])

    def join(self) -> "Beat":
        """The beat of the next group."""
        return next(self._groups)


class Beat:
    """Strikes once a window at its own offset, and only while someone waits."""

    def __init__(self, window: float, offset: float) -> None:
        self._window = window
        self._offset = offset
        self._waiting: list[asyncio.Future[None]] = []

    async def next(self) -> None:
        loop = asyncio.get_running_loop()
        if not self._waiting:
            late = (loop.time() - self._offset) % self._window
            loop.call_later(self._window - late, self._strike)
        mine = loop.create_future()
        self._waiting.append(mine)
        await mine

    def _strike(self) -> None:
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)
