"""A server that speaks as Yahoo does, with its refusals; it counts what it is asked."""

import asyncio
import json
import struct
from base64 import b64encode
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from fakes import FakeClock

COOKIE = "d=AQABBKvcsWcCEIGLkyl67hr2&S=AQAAAtFJa"
SESSION = "3_cc-session_dcf3"
TOO_MANY = (429, "Too Many Requests\r\n")
INVALID = (
    401,
    '{"finance":{"result":null,"error":{"code":"Unauthorized","description":"Invalid Crumb"}}}',
)
PAGE = (200, "<!DOCTYPE html><html><head><title>Yahoo</title></head><body>hello</body></html>")
CONSENT_PAGE = (
    '<html><form method="post"><input type="hidden" name="csrfToken" value="GoNrer0">'
    f'<input type="hidden" name="sessionId" value="{SESSION}">'
    '<input value="https://finance.yahoo.com/?a=1&amp;b=2" name="originalDoneUrl">'
    '<input type="hidden" name="namespace" value="yahoo"></form></html>'
)
Said = tuple[int, str]


class YahooServer:
    """Quotes, charts and the rest come from tables; `refuses` by kind goes before them.

    `european`: no cookie but through the pages of consent.
    """

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.queries: list[tuple[str, dict[str, str]]] = []
        self.crumbs = ["haT3oykhHqZ"]
        self.quotes: dict[str, dict[str, Any]] = {}
        self.charts: dict[str, str] = {}
        self.summaries: dict[str, str] = {}
        self.found: list[dict[str, Any]] = []
        self.refuses: dict[str, list[Said] | Said] = {}
        self.european = False
        self.forms: list[list[tuple[str, str]]] = []
        self.url = ""
        self.said: list[dict[str, list[str]]] = []
        self._sockets: list[web.WebSocketResponse] = []
        self._heard = asyncio.Event()

    @property
    def socket_url(self) -> str:
        return self.url.replace("http", "ws", 1) + "/stream"

    @property
    def crumb(self) -> str:
        return self.crumbs[0]

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["YahooServer"]:
        app = web.Application()
        app.add_routes(
            [
                web.get("/", self._first_visit),
                web.get("/v1/test/getcrumb", self._crumb),
                web.get("/v7/finance/quote", self._quote),
                web.get("/v8/finance/chart/{symbol}", self._chart),
                web.get("/v10/finance/quoteSummary/{symbol}", self._summary),
                web.get("/v1/finance/search", self._search),
                web.get("/front", self._front),
                web.get("/consent", self._consent),
                web.get("/v2/collectConsent", self._ask_consent),
                web.post("/v2/collectConsent", self._consented),
                web.get("/copyConsent", self._copy),
                web.get("/stream", self._stream),
            ]
        )
        async with TestServer(app) as server:
            self.url = str(server.make_url("")).rstrip("/")
            yield self
            await self.hang_up()

    def _refused(self, request: web.Request, kind: str) -> web.Response | None:
        self.asked[kind] += 1
        self.queries.append((kind, dict(request.query)))
        said = self.refuses.get(kind)
        if isinstance(said, list):
            said = said.pop(0) if said else None
        if said is None:
            return None
        status, body = said
        kind_of = "application/json" if body.startswith("{") else "text/html"
        return web.Response(status=status, text=body, content_type=kind_of)

    async def _first_visit(self, request: web.Request) -> web.Response:
        refused = self._refused(request, "cookie")
        if refused is not None:
            return refused
        answer = web.Response(status=404, text="not here")
        if not self.european:
            answer.set_cookie("A3", COOKIE)
        return answer

    async def _crumb(self, request: web.Request) -> web.Response:
        refused = self._refused(request, "crumb")
        if refused is not None:
            return refused
        if request.cookies.get("A3") != COOKIE:
            return web.json_response(
                {"finance": {"error": {"code": "Unauthorized", "description": "Invalid Cookie"}}},
                status=401,
            )
        return web.Response(text=self.crumb)

    def _guarded(self, request: web.Request, kind: str) -> web.Response | None:
        refused = self._refused(request, kind)
        if refused is not None:
            return refused
        known = request.query.get("crumb") == self.crumb and request.cookies.get("A3") == COOKIE
        return None if known else web.Response(status=INVALID[0], text=INVALID[1])

    async def _quote(self, request: web.Request) -> web.Response:
        refused = self._guarded(request, "quote")
        if refused is not None:
            return refused
        names = request.query["symbols"].split(",")
        found = [self.quotes[name] for name in names if name in self.quotes]
        return web.json_response({"quoteResponse": {"result": found, "error": None}})

    async def _summary(self, request: web.Request) -> web.Response:
        refused = self._guarded(request, "summary")
        if refused is not None:
            return refused
        return self._told(self.summaries, request, "quoteSummary")

    async def _chart(self, request: web.Request) -> web.Response:
        refused = self._refused(request, "chart")
        if refused is not None:
            return refused
        return self._told(self.charts, request, "chart")

    def _told(self, table: dict[str, str], request: web.Request, kind: str) -> web.Response:
        body = table.get(request.match_info["symbol"])
        if body is None:
            error = {"code": "Not Found", "description": "No data found, symbol may be delisted"}
            return web.json_response({kind: {"result": None, "error": error}}, status=404)
        return web.Response(text=body, content_type="application/json")

    async def _search(self, request: web.Request) -> web.Response:
        refused = self._refused(request, "search")
        if refused is not None:
            return refused
        return web.json_response({"quotes": self.found, "news": []})

    async def _front(self, request: web.Request) -> web.Response:
        self.asked["front"] += 1
        if not self.european or "A3" in request.cookies:
            return web.Response(text=PAGE[1], content_type="text/html")
        answer = web.Response(status=307, headers={"Location": "/consent?gcrumb=GoNrer0"})
        answer.set_cookie("GUCS", "AR")
        return answer

    async def _consent(self, request: web.Request) -> web.Response:
        return web.Response(
            status=302, headers={"Location": f"/v2/collectConsent?sessionId={SESSION}"}
        )

    async def _ask_consent(self, request: web.Request) -> web.Response:
        self.asked["consent"] += 1
        return web.Response(text=CONSENT_PAGE, content_type="text/html")

    async def _consented(self, request: web.Request) -> web.Response:
        assert request.cookies.get("GUCS") == "AR"
        form = await request.post()
        self.forms.append([(name, str(value)) for name, value in form.items()])
        return web.Response(status=302, headers={"Location": f"/copyConsent?sessionId={SESSION}"})

    async def _copy(self, request: web.Request) -> web.Response:
        answer = web.Response(status=302, headers={"Location": "/front?guccounter=1"})
        answer.set_cookie("A3", COOKIE)
        return answer

    async def _stream(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append(socket)
        async for message in socket:
            self.said.append(json.loads(message.data))
            self._heard.set()
        self._sockets.remove(socket)
        return socket

    async def heard_more(self, than: int) -> None:
        """Wait until a client said more messages than that."""
        async with asyncio.timeout(10):
            while len(self.said) <= than:
                self._heard.clear()
                await self._heard.wait()

    async def subscribed(self, name: str, clock: FakeClock) -> None:
        """Wait until a client subscribed to this; its pauses pass meanwhile."""
        async with asyncio.timeout(10):
            while not any(name in each.get("subscribe", ()) for each in self.said):
                await clock.advance(0.05)

    async def say(self, *texts: str) -> None:
        for socket in self._sockets:
            for text in texts:
                await socket.send_str(text)

    async def push(self, *, price: str, at: int, value: float) -> None:
        """A message of the streamer: this price of this name at that instant (ms)."""
        raw = b"".join(
            (
                b"\x0a" + bytes([len(price)]) + price.encode(),
                b"\x15" + struct.pack("<f", value),
                b"\x18" + _varint(at << 1),
                b"\x30\x08\x38\x01\xd8\x01\x04",
            )
        )
        await self.say(json.dumps({"type": "pricing", "message": b64encode(raw).decode()}))

    async def hang_up(self) -> None:
        for socket in list(self._sockets):
            await socket.close()


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append((value & 0x7F) | 0x80)
        value >>= 7
    return bytes([*out, value])
