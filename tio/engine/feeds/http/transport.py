"""One request over the wire through aiohttp, which is imported when the first one is sent."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

import msgspec

from tio.api.errors import TioError, TooLarge
from tio.engine.feeds.http.addresses import Forbidden, Lookup, Place, checked_resolver, look_up

if TYPE_CHECKING:
    from aiohttp import ClientSession

_LONG_LINE = 40_960
"""Yahoo's headers are longer than the 8,190 bytes aiohttp takes unasked."""


class Raw(msgspec.Struct, frozen=True):
    """What came back, headers in lower case, as it was sent."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


class Unreachable(Exception):
    """No answer; says why, and holds no address."""


class Transport(Protocol):
    """Sends one request; no redirect is followed. Raises Unreachable, TooLarge, Forbidden."""

    async def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        timeout: float,
        at_most: int,
    ) -> Raw: ...

    async def close(self) -> None: ...


class Wire:
    """A session of aiohttp with its own cookies: TLS verified, addresses checked at connect."""

    def __init__(
        self,
        exempt: frozenset[Place],
        proxy: str = "",
        lookup: Lookup = look_up,
        at_once: int = 4,
        follows: bool = True,
    ) -> None:
        """`at_once` 0 is any number; without `follows` a redirect is refused, as for sockets."""
        self._follows = follows
        self._exempt, self._proxy, self._lookup = exempt, proxy, lookup
        self._at_once = at_once
        self._session: ClientSession | None = None

    def session(self) -> "ClientSession":
        """The session, made at first use."""
        if self._session is None:
            from aiohttp import ClientSession, CookieJar, TCPConnector, TraceConfig

            trace = TraceConfig()
            if not self._follows:
                trace.on_request_redirect.append(_refuse)
            self._session = ClientSession(
                connector=TCPConnector(
                    limit_per_host=self._at_once,
                    resolver=checked_resolver(self._exempt, self._lookup),
                ),
                cookie_jar=CookieJar(unsafe=True),
                trust_env=not self._proxy,
                trace_configs=[trace],
                max_line_size=_LONG_LINE,
                max_field_size=_LONG_LINE,
            )
        return self._session

    async def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        timeout: float,
        at_most: int,
    ) -> Raw:
        """One request and its whole answer, at most `at_most` bytes once unpacked."""
        from aiohttp import ClientError, ClientTimeout
        from yarl import URL

        patience = ClientTimeout(
            total=timeout, sock_connect=min(5.0, timeout), sock_read=min(15.0, timeout)
        )
        try:
            async with self.session().request(
                method,
                URL(url, encoded=True),
                headers=headers,
                data=body,
                timeout=patience,
                allow_redirects=False,
                proxy=self._proxy or None,
            ) as answer:
                got = bytearray()
                async for part in answer.content.iter_any():
                    got += part
                    if len(got) > at_most:
                        raise TooLarge(f"an answer of more than {at_most:,} bytes")
                told = {name.lower(): value for name, value in answer.headers.items()}
                return Raw(answer.status, told, bytes(got))
        except TioError:
            raise
        except (ClientError, OSError, TimeoutError, ValueError, asyncio.IncompleteReadError) as bad:
            refused = forbidden(bad)
            if refused is not None:
                raise refused from None
            raise Unreachable(why(bad)) from None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


async def _refuse(session: object, context: object, redirect: object) -> None:
    """aiohttp follows the redirect of a handshake unasked, to addresses nobody checked."""
    raise Forbidden("leads to another address")


def forbidden(error: BaseException | None) -> Forbidden | None:
    """The refusal of an address that an error of aiohttp came from."""
    while error is not None:
        if isinstance(error, Forbidden):
            return error
        error = error.__cause__ or error.__context__
    return None


def why(error: BaseException) -> str:
    """Why no answer came, in words without addresses."""
    import aiohttp

    match error:
        case TimeoutError():
            return "no answer in time"
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientConnectorSSLError():
            return "its certificate cannot be trusted"
        case aiohttp.ClientConnectorDNSError():
            return "its name cannot be resolved"
        case aiohttp.ClientProxyConnectionError():
            return "the proxy cannot be reached"
        case aiohttp.ClientHttpProxyError():
            return f"the proxy refuses ({error.status})"
        case aiohttp.WSServerHandshakeError():
            return f"no WebSocket there ({error.status})"
        case aiohttp.ClientConnectorError():
            return "cannot be connected to"
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError():
            return "the connection was lost"
        case aiohttp.ClientPayloadError():
            return "the answer was cut off"
        case _:
            return f"no sound answer ({type(error).__name__})"
