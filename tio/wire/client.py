"""An engine behind a socket: the same two verbs, as if it were here."""

import asyncio
import random
import time
import uuid
from collections.abc import AsyncIterator, Callable
from io import BytesIO
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

import msgspec
from aiohttp import (
    ClientError,
    ClientSession,
    ClientTimeout,
    ClientWebSocketResponse,
    ClientWSTimeout,
    UnixConnector,
)

from tio.api import codec
from tio.api.access import OWNER, Principal
from tio.api.contract import After, Effect, Item, Request, Topic
from tio.api.errors import Broken, Fault, TioError, TooLarge, WrongVersion, revive
from tio.api.words import PROTOCOL
from tio.wire.gone import EngineGone
from tio.wire.inbox import Ended, Inbox
from tio.wire.link import FIRST_WAIT, Link
from tio.wire.narrowed import headers as said_of

__all__ = ["EngineGone", "RemoteEngine", "RemoteWatch"]

R = TypeVar("R")

HERE = "http://tio"
PATIENCE = 3.0
CONNECT_WITHIN = 3.0
MOST_BYTES = 256 * 1024 * 1024
HEARTBEAT = 30.0


class Refused(msgspec.Struct):
    error: Fault


class Spoken(msgspec.Struct):
    version: str
    protocol: int


class RemoteEngine:
    """The engine that serves the socket at `path`.

    Writes carry a key made once, so a lost connection never doubles one; watches resume by
    themselves. `on_lost` is told when the engine cannot be reached; then `patience` seconds remain.
    A `principal` of a lesser role than the owner's is heard as that.
    """

    def __init__(
        self,
        path: Path,
        *,
        on_lost: Callable[[], None] | None = None,
        patience: float = PATIENCE,
        principal: Principal = OWNER,
    ) -> None:
        self._path = path
        self._patience = patience
        self._on_lost = on_lost or (lambda: None)
        self._closed = False
        self._http = ClientSession(
            connector=UnixConnector(str(path), limit=0),
            headers={"Tio-Protocol": str(PROTOCOL)} | said_of(principal),
            timeout=ClientTimeout(total=None, sock_connect=CONNECT_WITHIN),
        )
        self._link = Link(self._dial, self._why_refused, self._on_lost, patience)
        self.version = ""

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        on_lost: Callable[[], None] | None = None,
        patience: float = PATIENCE,
        principal: Principal = OWNER,
    ) -> Self:
        """Connected, with the versions compared; EngineGone, WrongVersion, NotAllowed."""
        engine = cls(path, on_lost=on_lost, patience=patience, principal=principal)
        try:
            async with asyncio.timeout(CONNECT_WITHIN):
                engine.version = (await engine._greet()).version
                await engine._link.start()
        except (ClientError, OSError) as error:
            await engine.close()
            raise engine._gone() from error
        except BaseException:
            await engine.close()
            raise
        return engine

    @property
    def gaps(self) -> int:
        """How often something was missing and was healed by watching again."""
        return self._link.gaps

    @property
    def reconnects(self) -> int:
        return self._link.reconnects

    async def ask(self, request: Request[R], /, *, key: str = "") -> R:
        effect = request.meaning.effect
        if effect is not Effect.read:
            key = key or uuid.uuid4().hex
        body, path = codec.encode(request), f"{HERE}/v1/ask/{type(request).__name__}"
        headers = {"Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        # What is dangerous is not said twice: it may reach the next engine after ending this one.
        patience = 0.0 if effect is Effect.danger else self._patience
        status, data = await self._persist(path, body, headers, patience)
        if status != 200:
            raise _error(status, data)
        try:
            answer: R = codec.decode(data, request.answer)
        except (msgspec.MsgspecError, ValueError) as error:
            name = type(request).__name__
            raise Broken(f"the engine's answer to {name} cannot be read: {error}") from error
        return answer

    def watch(self, topic: Topic[R], /, *, after: After | None = None) -> "RemoteWatch[R]":
        return RemoteWatch(self._link, topic, after)

    async def close(self) -> None:
        self._closed = True
        await self._link.close(self._gone())
        await self._http.close()

    async def _persist(
        self, path: str, body: bytes, headers: dict[str, str], patience: float
    ) -> tuple[int, bytes]:
        """Post, and again over a new connection while `patience` lasts."""
        began, wait = time.monotonic(), FIRST_WAIT
        while True:
            try:
                async with self._http.post(path, data=BytesIO(body), headers=headers) as reply:
                    return reply.status, await reply.read()
            except RuntimeError as error:  # aiohttp's word for a closed session
                if not self._closed:
                    raise
                raise self._gone() from error
            except (ClientError, OSError) as error:
                if self._closed or time.monotonic() - began >= patience:
                    raise self._gone() from error
                if wait > FIRST_WAIT:
                    self._on_lost()
            await asyncio.sleep(wait * random.uniform(0.5, 1.0))
            wait = min(2 * wait, 0.5)

    async def _greet(self) -> Spoken:
        async with self._http.get(f"{HERE}/v1") as reply:
            data = await reply.read()
            if reply.status != 200:
                raise _error(reply.status, data)
        spoken = codec.decode(data, Spoken)
        if spoken.protocol != PROTOCOL:
            raise WrongVersion(
                f"the engine is tio {spoken.version} and speaks protocol {spoken.protocol}, "
                f"this tio speaks protocol {PROTOCOL}",
                "Restart the engine with this tio.",
            )
        return spoken

    async def _dial(self) -> ClientWebSocketResponse:
        return await self._http.ws_connect(
            f"{HERE}/v1/watch",
            compress=0,
            max_msg_size=MOST_BYTES,
            heartbeat=HEARTBEAT,
            timeout=ClientWSTimeout(ws_close=1.0),
        )

    async def _why_refused(self) -> TioError:
        """A handshake's refusal has no words; the same address asked plainly has."""
        try:
            await self._greet()
        except TioError as error:
            return error
        except (ClientError, OSError):
            return self._gone()
        return Broken("the engine refuses to be watched")

    def _gone(self) -> EngineGone:
        return EngineGone(
            f"the engine at {self._path} does not answer", "`tio daemon status` tells more"
        )


class RemoteWatch(Generic[R]):
    """One topic over the link; iterated by one watcher."""

    def __init__(self, link: Link, topic: Topic[R], after: After | None) -> None:
        self._link = link
        self._inbox = Inbox(topic, after)

    async def __aenter__(self) -> AsyncIterator[Item[R]]:
        try:
            await self._link.begin(self._inbox)
        except BaseException:
            await self._link.end(self._inbox)
            raise
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._link.end(self._inbox)

    def __aiter__(self) -> AsyncIterator[Item[R]]:
        return self

    async def __anext__(self) -> Item[R]:
        try:
            item: Item[Any] = await self._inbox.take()
        except Ended:
            raise StopAsyncIteration from None
        return item


def _error(status: int, data: bytes) -> TioError:
    try:
        return revive(codec.decode(data, Refused).error)
    except msgspec.MsgspecError:
        if status == 413:
            return TooLarge("the ask is too large for the engine")
        return Broken(f"the engine answered with status {status} and no words")
