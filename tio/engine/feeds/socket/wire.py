"""An open WebSocket, and how one is opened through aiohttp with its address checked."""

from collections.abc import Awaitable, Callable, Mapping
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from tio.api.errors import NotAllowed
from tio.engine.feeds.http import Web, addresses
from tio.engine.feeds.http.transport import Unreachable, Wire, forbidden, why
from tio.engine.feeds.socket.shapes import Manners

if TYPE_CHECKING:
    from aiohttp import ClientWebSocketResponse


class Kind(Enum):
    """What came over a socket."""

    frame = auto()
    ping = auto()
    pong = auto()
    oversize = auto()
    closed = auto()


class Heard(msgspec.Struct, frozen=True):
    """One thing heard; `said` is the frame, the ping's payload, or why it was closed."""

    kind: Kind
    said: str | bytes = ""


class Socket(Protocol):
    """An open connection; `receive` says `closed` once it is."""

    async def receive(self) -> Heard: ...
    async def send(self, text: str) -> None: ...
    async def ping(self) -> None: ...
    async def pong(self, payload: bytes) -> None: ...
    async def close(self) -> None: ...


Dial = Callable[[str, Mapping[str, str]], Awaitable[Socket]]
"""Opens a socket; raises Unreachable with words, or NotAllowed."""


def dialer(web: Web, url: str, manners: Manners, own: bool) -> tuple[Dial, Wire]:
    """How sockets of this address are opened, and the wire to close at the end."""
    place = addresses.place_of(url)
    places = frozenset({place}) if own or addresses.names_private(url) else frozenset()
    wire = Wire(places | addresses.proxies(web.proxy), web.proxy, web.lookup, 0, follows=False)

    async def dial(url: str, headers: Mapping[str, str]) -> Socket:
        from aiohttp import ClientError, ClientWSTimeout

        addresses.check(url, places)
        try:
            opened = await wire.session().ws_connect(
                url,
                headers=headers,
                timeout=ClientWSTimeout(ws_close=2.0),
                autoping=False,
                max_msg_size=manners.max_size,
                compress=15 if manners.compress else 0,
                proxy=web.proxy or None,
            )
        except (NotAllowed, ClientError, OSError, TimeoutError, ValueError) as bad:
            refused = forbidden(bad)
            if refused is not None:
                raise refused from None
            raise Unreachable(why(bad)) from None
        return _Open(opened)

    return dial, wire


class _Open:
    """A WebSocket of aiohttp."""

    def __init__(self, opened: "ClientWebSocketResponse[Any]") -> None:
        self._opened = opened

    async def receive(self) -> Heard:
        from aiohttp import WebSocketError, WSCloseCode, WSMsgType

        message = await self._opened.receive()
        match message.type:
            case WSMsgType.TEXT | WSMsgType.BINARY:
                return Heard(Kind.frame, message.data)
            case WSMsgType.PING:
                return Heard(Kind.ping, bytes(message.data))
            case WSMsgType.PONG:
                return Heard(Kind.pong)
            case WSMsgType.ERROR:
                bad = message.data
                big = isinstance(bad, WebSocketError) and bad.code == WSCloseCode.MESSAGE_TOO_BIG
                return Heard(Kind.oversize) if big else Heard(Kind.closed, "a broken frame came")
            case _:
                code = self._opened.close_code
                return Heard(Kind.closed, f"the venue closed the connection ({code})")

    async def send(self, text: str) -> None:
        await self._opened.send_str(text)

    async def ping(self) -> None:
        await self._opened.ping()

    async def pong(self, payload: bytes) -> None:
        await self._opened.pong(payload)

    async def close(self) -> None:
        await self._opened.close()
