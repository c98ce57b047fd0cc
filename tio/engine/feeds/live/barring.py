"""A socket that is refused for where we are: not tried again, but told as what it is."""

import asyncio

from tio.api.errors import NotAllowed
from tio.engine.feeds.socket import Phase, StreamState

_REFUSED = ("(451)", "(403)")


class Barring:
    """Hears how a stream stands; `until_barred` ends, by NotAllowed, once its venue bars us."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._barred = asyncio.Event()

    def heard(self, state: StreamState) -> bool:
        """Whether this state is that we are barred."""
        if state.phase is Phase.waiting and state.reason.endswith(_REFUSED):
            self._barred.set()
        return self._barred.is_set()

    async def until_barred(self) -> None:
        await self._barred.wait()
        raise NotAllowed(f"{self._title} does not stream to here")
