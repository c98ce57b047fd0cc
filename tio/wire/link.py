"""One WebSocket for all the watches of a client; mends itself and loses nothing by it."""

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

import msgspec
from aiohttp import ClientError, ClientWebSocketResponse, WSMsgType, WSServerHandshakeError

from tio.api import codec
from tio.api.contract import After, Item
from tio.api.errors import Broken, Fault, TioError, revive
from tio.wire.gone import EngineGone
from tio.wire.inbox import Inbox

log = logging.getLogger(__name__)

FIRST_WAIT = 0.03
LONGEST_WAIT = 1.0
FIRST_ITEM_WITHIN = 2.0


class Heard(msgspec.Struct, frozen=True):
    """One message of the engine."""

    id: int | None = None
    epoch: str = ""
    seq: int = 0
    snapshot: bool = False
    value: msgspec.Raw = msgspec.Raw(b"null")
    error: Fault | None = None
    done: bool = False


class Link:
    """Watches many topics over one connection, and again over the next when it breaks.

    `lost` is called when the connection broke and could not be made again at once; after
    `patience` seconds all watches end with EngineGone. `why` tells why a handshake was refused.
    """

    def __init__(
        self,
        connect: Callable[[], Awaitable[ClientWebSocketResponse]],
        why: Callable[[], Awaitable[TioError]],
        lost: Callable[[], None],
        patience: float,
    ) -> None:
        self._connect = connect
        self._why = why
        self._lost = lost
        self._patience = patience
        self._ids = count(1)
        self._inboxes: dict[int, Inbox] = {}
        self._socket: ClientWebSocketResponse | None = None
        self._task: asyncio.Task[None] | None = None
        self._end: TioError | None = None
        self.gaps = 0
        self.reconnects = 0

    async def start(self) -> None:
        """Connect; raises what the first attempt raises."""
        self._socket = await self._connect()
        self._task = asyncio.create_task(self._run(self._socket), name="wire link")

    async def close(self, error: TioError) -> None:
        self._end = self._end or error
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        if self._socket is not None:
            await self._socket.close()
        self._end_all(error)

    async def begin(self, inbox: Inbox) -> int:
        """Watch from now on; raises what the engine refuses it with."""
        if self._end is not None:
            raise self._end
        watch = next(self._ids)
        self._inboxes[watch] = inbox
        await self._say_watch(watch, inbox)
        if inbox.last is None:
            # The snapshot proves that we are subscribed; a resumed watch misses nothing anyway.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FIRST_ITEM_WITHIN):
                    await inbox.arrived()
        if refusal := inbox.refusal():
            self._forget(inbox)
            raise refusal
        return watch

    async def end(self, inbox: Inbox) -> None:
        watch = self._forget(inbox)
        if watch is not None:
            await self._say({"id": watch, "stop": True})

    def _forget(self, inbox: Inbox) -> int | None:
        watch = next((key for key, kept in self._inboxes.items() if kept is inbox), None)
        if watch is not None:
            del self._inboxes[watch]
        return watch

    async def _run(self, socket: ClientWebSocketResponse) -> None:
        while True:
            await self._listen(socket)
            try:
                socket = await self._again()
            except TioError as error:
                self._end = error
                self._end_all(error)
                return
            self.reconnects += 1
            self._socket = socket
            for watch, inbox in list(self._inboxes.items()):
                await self._say_watch(watch, inbox)

    async def _again(self) -> ClientWebSocketResponse:
        """The next connection, with jittered back-off; EngineGone when patience ends."""
        self._socket = None
        wait, began, told = FIRST_WAIT, time.monotonic(), False
        while True:
            try:
                return await self._connect()
            except WSServerHandshakeError as error:
                if error.status < 500:
                    raise await self._why() from error
            except (ClientError, OSError):
                log.debug("the engine cannot be reached")
            if not told:
                told = True
                self._lost()
            if time.monotonic() - began > self._patience:
                raise EngineGone(
                    "the engine does not answer any more", "`tio daemon status` tells more"
                )
            await asyncio.sleep(wait * random.uniform(0.5, 1.0))
            wait = min(2 * wait, LONGEST_WAIT)

    async def _listen(self, socket: ClientWebSocketResponse) -> None:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            try:
                heard = codec.decode(message.data, Heard)
            except msgspec.MsgspecError:
                log.warning("the engine sent a message that cannot be read")
                continue
            await self._deliver(heard)
        await socket.close()

    async def _deliver(self, heard: Heard) -> None:
        inbox = self._inboxes.get(heard.id) if heard.id is not None else None
        if inbox is None or heard.id is None:
            if heard.error is not None:
                log.warning("the engine refused a message: %s", heard.error.message)
        elif heard.error is not None:
            inbox.end(revive(heard.error))
            del self._inboxes[heard.id]
        elif heard.done:
            inbox.end()
            del self._inboxes[heard.id]
        else:
            await self._keep(heard, heard.id, inbox)

    async def _keep(self, heard: Heard, watch: int, inbox: Inbox) -> None:
        try:
            value: Any = codec.decode(bytes(heard.value), inbox.topic.answer)
        except (msgspec.MsgspecError, ValueError) as error:
            name = type(inbox.topic).__name__
            inbox.end(Broken(f"the engine's answer to {name} cannot be read: {error}"))
            await self.end(inbox)
            return
        if inbox.receive(Item(heard.epoch, heard.seq, heard.snapshot, value)):
            return
        self.gaps += 1
        del self._inboxes[watch]
        await self._say({"id": watch, "stop": True})
        again = next(self._ids)
        self._inboxes[again] = inbox
        await self._say_watch(again, inbox)

    async def _say_watch(self, watch: int, inbox: Inbox) -> None:
        inbox.await_snapshot()
        message: dict[str, object] = {
            "id": watch,
            "watch": type(inbox.topic).__name__,
            "with": inbox.topic,
        }
        after: After | None = inbox.last if inbox.ordered else None
        if after is not None:
            message["after"] = after
        await self._say(message)

    async def _say(self, message: dict[str, object]) -> None:
        """Send if connected; when not, the next connection says all that still matters."""
        socket = self._socket
        if socket is None or socket.closed:
            return
        try:
            await socket.send_frame(codec.encode(message), WSMsgType.TEXT)
        except (ConnectionError, ClientError):
            log.debug("said into a closing connection")

    def _end_all(self, error: TioError) -> None:
        for inbox in self._inboxes.values():
            inbox.end(error)
        self._inboxes.clear()
