"""How sockets that need a key are opened: not too often, logged in, and no more once it is bad."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from tio.engine.feeds.http import BadKey
from tio.engine.feeds.http.transport import Unreachable
from tio.engine.feeds.socket import Socket
from tio.engine.feeds.socket.wire import Dial
from tio.plugin import Clock


class Gate:
    """A `Dial` that leaves `apart` seconds between openings and logs in on each.

    `until_refused` ends, by BadKey, once the venue refuses the key.
    """

    def __init__(
        self,
        dial: Dial,
        clock: Clock,
        bad_key: str,
        *,
        apart: float = 1.0,
        log_in: Callable[[Socket], Awaitable[None]] | None = None,
    ) -> None:
        """`bad_key` is what is said when opening is refused for the key."""
        self._dial, self._clock, self._words = dial, clock, bad_key
        self._apart, self._log_in = apart, log_in
        self._last: float | None = None
        self._refused: asyncio.Future[BadKey] = asyncio.get_running_loop().create_future()

    async def __call__(self, url: str, headers: Mapping[str, str]) -> Socket:
        now = self._clock.monotonic()
        if self._last is not None and now - self._last < self._apart:
            await self._clock.sleep(self._last + self._apart - now)
        self._last = self._clock.monotonic()
        try:
            return await self._opened(url, headers)
        except BadKey as no:
            if not self._refused.done():
                self._refused.set_result(no)
            raise

    async def until_refused(self) -> None:
        """Waits for ever while the key is good."""
        raise await self._refused

    async def _opened(self, url: str, headers: Mapping[str, str]) -> Socket:
        try:
            socket = await self._dial(url, headers)
        except Unreachable as lost:
            if str(lost).endswith("(401)"):
                raise BadKey(self._words) from None
            raise
        if self._log_in is not None:
            try:
                await self._log_in(socket)
            except BaseException:
                await socket.close()
                raise
        return socket
