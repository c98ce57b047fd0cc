"""A local server of real HTTP and WebSockets that fails as told, for the tests of sources.

    async with faulty_server() as server:
        server.answer("/ticker", json={"last": 1})          # from now on
        server.then("/ticker", status(429, retry_after=2))  # once, before that
        server.then("/ticker", slow_loris(), cut(b'{"last": '), page(), drop(), silence())
        host = Web(clock).host("venue", server.url, Budget(rate=10))
        ...
        assert server.count("/ticker") == 2 and server.asked[0].query == {}

`server.asked` holds every request (method, path, query, headers, body, at by `clock`). A handler is
an answer, or a function of the request that gives one. `server.most_in(seconds)` is the server's
own count: the most requests it saw in any span of that length by the clock it was given.

WebSockets are at `server.ws_url`: `server.on_message = lambda text: ["answer", …]` gives what is
said to each message, `server.sockets` are the open ones: `await server.say(text)` to all,
`await server.close_sockets()`, `server.deaf = True` for half-open ones (nothing is answered, no
ping either), `server.refuse_sockets = 503`. `server.connected` counts openings, `server.heard` is
what came. `doubled_and_skipped(frames)` spoils a sequence; `no_such_name` is a lookup that fails.
`ScriptedWire` answers like the server without a network, for hours of a fake clock.
"""

import asyncio
import contextlib
import json as json_of
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import Any

from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer

from tio.engine.feeds.http import Web
from tio.engine.feeds.http.transport import Raw, Unreachable
from tio.plugin import Clock


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it; `at` in seconds of its clock."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    at: float = 0.0


@dataclass(frozen=True)
class Says:
    """An answer, and how it is spoilt: `cut` closes before the end, `trickle` never ends."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    trickle: bool = False
    silent: bool = False
    dropped: bool = False


Handler = Says | Callable[[Asked], Says]


def status(code: int, *, retry_after: object = None, body: bytes = b"") -> Says:
    """A bare status, with a Retry-After (seconds or a date) if given."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return Says(code, body, headers)


def page() -> Says:
    """A captcha with status 200."""
    return Says(200, b"<!DOCTYPE html><html>Are you a robot?</html>", {"Content-Type": "text/html"})


def cut(body: bytes) -> Says:
    """The connection closes after these bytes of a longer answer."""
    return Says(200, body, cut=True)


def slow_loris() -> Says:
    """Headers, a byte, and no end."""
    return Says(200, b"{", trickle=True)


def silence() -> Says:
    """The request is taken and never answered."""
    return Says(silent=True)


def drop() -> Says:
    """The connection is closed without a word."""
    return Says(dropped=True)


def doubled_and_skipped(frames: Iterable[str], double: int = 3, skip: int = 5) -> list[str]:
    """Every `double`th frame twice, every `skip`th not at all."""
    spoilt: list[str] = []
    for number, frame in enumerate(frames, 1):
        if number % skip:
            spoilt += [frame] * (2 if number % double == 0 else 1)
    return spoilt


async def no_such_name(host: str, port: int) -> Sequence[str]:
    """A lookup that finds nothing, for `Web(lookup=…)`."""
    raise OSError("no such name")


async def delivered() -> None:
    """Let what is on its way over the loopback arrive before a test moves its clock on.

    Turns of the loop, not a span of time: on a busy machine a span may hold hardly any.
    """
    for _ in range(4):
        for _ in range(10):
            await asyncio.sleep(0)
        await asyncio.sleep(0.001)


class Script:
    """What is answered to which path, and what was asked."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.asked: list[Asked] = []
        self._clock = clock
        self._usual: dict[str, Handler] = {}
        self._next: dict[str, deque[Handler]] = defaultdict(deque)

    def answer(self, path: str, handler: Handler | None = None, *, json: Any = None) -> None:
        """From now on this is answered there."""
        self._usual[path] = handler or Says(
            200, json_of.dumps(json).encode(), {"Content-Type": "application/json"}
        )

    def usual(self, path: str) -> Handler:
        """What is answered there from now on."""
        return self._usual[path]

    def then(self, path: str, *handlers: Handler) -> None:
        """These come first, one a request."""
        self._next[path] += handlers

    def count(self, path: str | None = None) -> int:
        """Requests for that path, or all."""
        return sum(path in (None, asked.path) for asked in self.asked)

    def most_in(self, seconds: float) -> int:
        """The most requests in any half-open span of that length, by the server's clock."""
        times = [asked.at for asked in self.asked]
        most, first = 0, 0
        for last, at in enumerate(times):
            while times[first] <= at - seconds + 1e-6:
                first += 1
            most = max(most, last - first + 1)
        return most

    def respond(self, asked: Asked) -> Says:
        """Note a request and find what is said to it; nothing known is a 404."""
        self.asked.append(asked)
        waiting = self._next[asked.path]
        handler = waiting.popleft() if waiting else self._usual.get(asked.path, Says(404))
        said = handler if isinstance(handler, Says) else handler(asked)
        if self._clock is None:
            return said
        # The server's clock is the test's, so that its Date is.
        headers = {"Date": format_datetime(self._clock.now(), usegmt=True), **said.headers}
        return Says(
            said.status, said.body, headers, said.cut, said.trickle, said.silent, said.dropped
        )

    def now(self) -> float:
        return self._clock.monotonic() if self._clock else asyncio.get_running_loop().time()


class ScriptedWire(Script):
    """A transport without a network: `Web(clock, transport=ScriptedWire(clock))`."""

    async def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        timeout: float,
        at_most: int,
    ) -> Raw:
        """What the script says; a spoilt answer is `Unreachable` as the wire would say it."""
        path = "/" + url.split("://", 1)[1].partition("/")[2].partition("?")[0]
        said = self.respond(Asked(method, path, {}, headers, body or b"", self.now()))
        await asyncio.sleep(0)
        if said.cut or said.trickle or said.silent or said.dropped:
            raise Unreachable("no answer in time")
        return Raw(said.status, {n.lower(): v for n, v in said.headers.items()}, said.body)

    async def close(self) -> None:
        """Nothing is held."""


class FaultyServer(Script):
    """The server; made by `faulty_server()`."""

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(clock)
        self.sockets: list[web.WebSocketResponse] = []
        self.on_message: Callable[[str], Sequence[str | bytes]] = lambda _: ()
        self.heard: list[str] = []
        self.connected = 0
        self.deaf = False
        self.refuse_sockets = 0
        self.url = self.ws_url = ""
        self.happened = asyncio.Event()
        """Set at every opening, message and end of a socket; `await until(…)` uses it."""
        self._over = asyncio.Event()
        self._paths = frozenset({"/ws"})

    def sockets_at(self, *paths: str) -> None:
        """Serve WebSockets at these paths as well."""
        self._paths |= set(paths)

    async def until(self, true: Callable[[], bool], seconds: float = 5.0) -> None:
        """Wait for a condition that the sockets' happenings bring about."""
        async with asyncio.timeout(seconds):
            while not true():
                self.happened.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.happened.wait(), 0.01)

    async def say(self, *frames: str | bytes) -> None:
        """Say these to every open socket."""
        for socket in list(self.sockets):
            for frame in frames:
                await _send(socket, frame)

    async def close_sockets(self, code: int = 1001) -> None:
        """Close every open socket."""
        for socket in list(self.sockets):
            await socket.close(code=code)

    async def seen(self, asker: Web) -> None:
        """Wait until every request sent has come, so that it counts when it was sent."""
        async with asyncio.timeout(20):
            while self.count() < sum(host.calls for host in asker.states()):  # noqa: ASYNC110
                await asyncio.sleep(0.001)

    def end(self) -> None:
        """Let those go who wait for ever."""
        self._over.set()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if request.path in self._paths and "Upgrade" in request.headers:
            return await self._talk(request)
        said = self.respond(
            Asked(
                request.method,
                request.path,
                dict(request.query),
                dict(request.headers),
                await request.read(),
                self.now(),
            )
        )
        if said.silent:
            await self._over.wait()
        if (said.dropped or said.silent) and request.transport is not None:
            request.transport.close()
        if not (said.cut or said.trickle):
            return web.Response(status=said.status, body=said.body, headers=said.headers)
        longer = {**said.headers, "Content-Length": str(len(said.body) + 100)}
        response = web.StreamResponse(status=said.status, headers=longer)
        await response.prepare(request)
        await response.write(said.body)
        if said.trickle:
            await self._over.wait()
        if request.transport is not None:
            request.transport.close()
        return response

    async def _talk(self, request: web.Request) -> web.StreamResponse:
        self.connected += 1
        self.happened.set()
        if self.refuse_sockets:
            return web.Response(status=self.refuse_sockets)
        socket = web.WebSocketResponse(autoping=False, timeout=0.1)
        await socket.prepare(request)
        self.sockets.append(socket)
        try:
            async for message in socket:
                if self.deaf:
                    continue
                if message.type is WSMsgType.PING:
                    await socket.pong(message.data)
                elif message.type is WSMsgType.TEXT:
                    self.heard.append(message.data)
                    self.happened.set()
                    for frame in self.on_message(message.data):
                        await _send(socket, frame)
        finally:
            self.sockets.remove(socket)
            self.happened.set()
        return socket


async def _send(socket: web.WebSocketResponse, frame: str | bytes) -> None:
    if isinstance(frame, str):
        await socket.send_str(frame)
    else:
        await socket.send_bytes(frame)


@asynccontextmanager
async def faulty_server(clock: Clock | None = None) -> AsyncIterator[FaultyServer]:
    """A server on the loopback; with a clock its `Date` and its counts are of that clock."""
    server = FaultyServer(clock)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.serve)
    running = TestServer(app)
    await running.start_server()
    server.url = str(running.make_url("/")).rstrip("/")
    server.ws_url = server.url.replace("http", "ws", 1) + "/ws"
    try:
        yield server
    finally:
        server.end()
        await server.close_sockets()
        await running.close()
