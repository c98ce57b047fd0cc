"""The routes that answer once: asks, words, version, health."""

import asyncio
import logging
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

import tio
from tio.api import codec
from tio.api.errors import Fault, NotAllowed, NotFound, TioError, TooLarge, WrongVersion
from tio.api.system import GetHealth
from tio.api.words import PROTOCOL, describe
from tio.wire import encoding
from tio.wire.narrowed import Sessions
from tio.wire.peers import is_owner

MOST_BYTES = 16 * 1024 * 1024

log = logging.getLogger(__name__)


class Asks:
    """POST /v1/ask/NAME and the pages that describe the engine."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._in_flight: set[asyncio.Future[Any]] = set()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v1/ask/{name}", self.answer),
            web.get("/v1", self.version),
            web.get("/v1/words", self.words),
            web.get("/healthz", self.alive),
            web.get("/readyz", self.ready),
        ]

    async def answer(self, call: web.Request) -> web.Response:
        request = encoding.request(call.match_info["name"], await call.read())
        key = call.headers.get("Idempotency-Key", "")
        asking = asyncio.ensure_future(self._sessions.of(call).ask(request, key=key))
        self._in_flight.add(asking)
        asking.add_done_callback(self._answered)
        # Who leaves before the answer cancels this call, not the write they asked for.
        return json(codec.encode(await asyncio.shield(asking)))

    async def finish(self, within: float) -> None:
        """Wait for what was asked by those who have left."""
        if self._in_flight:
            await asyncio.wait(self._in_flight, timeout=within)

    def _answered(self, asking: asyncio.Future[Any]) -> None:
        self._in_flight.discard(asking)
        if not asking.cancelled():
            asking.exception()  # told to the caller, if they are still there

    async def version(self, _call: web.Request) -> web.Response:
        return json(codec.encode({"version": tio.__version__, "protocol": PROTOCOL}))

    async def words(self, _call: web.Request) -> web.Response:
        return json(codec.encode(describe()))

    async def alive(self, _call: web.Request) -> web.Response:
        return json(b'{"alive":true}')

    async def ready(self, _call: web.Request) -> web.Response:
        health = await self._sessions.whole.ask(GetHealth())
        return json(codec.encode(health))


def json(body: bytes, status: int = 200) -> web.Response:
    return web.Response(body=body, status=status, content_type="application/json")


def refusal(error: TioError) -> web.Response:
    return json(encoding.error_body(error.fault), error.status)


@web.middleware
async def only_the_owner(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse and close every connection that is not the owner's; the kernel says whose it is."""
    connection: Any = request.transport and request.transport.get_extra_info("socket")
    if not is_owner(connection):
        response = refusal(NotAllowed("this engine is another user's"))
        response.force_close()
        return response
    return await handler(request)


@web.middleware
async def errors_as_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What went wrong, as `{"error": …}` with its status; checks the protocol if it is said."""
    try:
        check_protocol(request.headers.get("Tio-Protocol"))
        return await handler(request)
    except TioError as error:
        return refusal(error)
    except web.HTTPRequestEntityTooLarge:
        return refusal(TooLarge(f"an ask is at most {MOST_BYTES // 1024 // 1024} MB"))
    except web.HTTPNotFound:
        return refusal(NotFound(f"there is nothing at {request.path[:80]}", "GET /v1/words"))
    except web.HTTPMethodNotAllowed as error:
        allowed = " or ".join(sorted(error.allowed_methods))
        fault = Fault("invalid", f"{request.path[:80]} takes {allowed}, not {request.method}")
        return json(encoding.error_body(fault), 405)
    except ConnectionError:
        raise
    except web.HTTPException as error:
        return json(encoding.error_body(Fault("invalid", error.reason)), error.status)
    except Exception as error:
        log.exception("%s failed", request.path[:80])
        return refusal(encoding.fault_of(error))


def check_protocol(said: str | None) -> None:
    """WrongVersion when the client names another protocol than ours."""
    if said is not None and said != str(PROTOCOL):
        raise WrongVersion(
            f"this engine is tio {tio.__version__} and speaks protocol {PROTOCOL}, "
            f"the client speaks protocol {said[:20]}",
            "Use the same tio on both sides: restart the engine after an upgrade.",
        )
