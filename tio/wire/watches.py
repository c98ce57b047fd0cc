"""WebSocket /v1/watch: many topics on one connection, nothing queued on this side of the engine."""

import asyncio
import contextlib
import logging
from functools import partial
from typing import Any

import msgspec
from aiohttp import WSMsgType, web

from tio.api import codec
from tio.api.contract import After, Delivery, Engine, Topic, Watch
from tio.api.errors import Busy, Conflict, Invalid, TioError
from tio.wire import encoding
from tio.wire.flow import Flow
from tio.wire.narrowed import Sessions
from tio.wire.pace import Beat, Pace

MOST_BYTES_INWARD = 64 * 1024
MOST_WATCHES = 256
HEARTBEAT = 30.0
GOODBYE = 1.0
UNLIMITED = 2**62

log = logging.getLogger(__name__)


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One message of a client: begin a watch, or stop it."""

    id: int
    watch: str | None = None
    fields: msgspec.Raw = msgspec.field(name="with", default=msgspec.Raw(b"{}"))
    after: After | None = None
    stop: bool = False


class WatchDoor:
    """Accepts WebSockets and knows who is connected."""

    def __init__(self, sessions: Sessions, encoder: encoding.ItemEncoder, pace: Pace) -> None:
        self._sessions = sessions
        self._encoder = encoder
        self._pace = pace
        self._open: dict[web.WebSocketResponse, Flow] = {}

    @property
    def clients(self) -> int:
        return len(self._open)

    async def accept(self, call: web.Request) -> web.StreamResponse:
        if call.headers.get("Upgrade", "").lower() != "websocket":
            raise Invalid("this address is a WebSocket", "GET /v1/watch/Quotes?symbols=… for lines")
        engine = self._sessions.of(call)
        socket = web.WebSocketResponse(
            compress=False,
            heartbeat=HEARTBEAT,
            max_msg_size=MOST_BYTES_INWARD,
            timeout=GOODBYE,
            # Else aiohttp holds a long message until its client reads; `Flow` is what waits here.
            writer_limit=UNLIMITED,
        )
        await socket.prepare(call)
        self._open[socket] = flow = Flow(call)
        try:
            await Conversation(engine, self._encoder, self._pace, socket, flow).run()
        finally:
            del self._open[socket]
        return socket

    async def close(self) -> None:
        """Say goodbye to everyone; they find the next engine by themselves."""
        async with asyncio.TaskGroup() as goodbyes:
            for socket, flow in list(self._open.items()):
                goodbyes.create_task(_part(socket, flow))


async def _part(socket: web.WebSocketResponse, flow: Flow) -> None:
    """Close a connection politely; one that does not read is cut after a second."""
    with contextlib.suppress(TimeoutError, ConnectionError):
        async with asyncio.timeout(GOODBYE):
            await socket.close(code=1001, message=b"the engine leaves")
    flow.abort()


class Conversation:
    """One client: reads what it says, runs a task for each topic it watches."""

    def __init__(
        self,
        engine: Engine,
        encoder: encoding.ItemEncoder,
        pace: Pace,
        socket: web.WebSocketResponse,
        flow: Flow,
    ) -> None:
        self._engine = engine
        self._encoder = encoder
        self._beat: Beat = pace.join()
        self._socket = socket
        self._flow = flow
        self._watches: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        try:
            async for message in self._socket:
                if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                    break
                try:
                    await self._hear(message.data)
                except TioError as error:
                    await self._send(b'{"error":%b}' % codec.encode(error.fault))
                del message  # it may be the last for hours
        except ConnectionError:
            return
        finally:
            await self._end_all()

    async def _hear(self, data: str | bytes) -> None:
        try:
            said = codec.decode(data, Said)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise Invalid(f"that message cannot be read: {error}", "see docs: the wire") from error
        try:
            if said.stop:
                await self._stop(said.id)
            else:
                self._begin(said)
        except TioError as error:
            await self._fail(said.id, error)

    def _begin(self, said: Said) -> None:
        if said.watch is None:
            raise Invalid('a message says "watch" or "stop"')
        if said.id in self._watches:
            raise Conflict(f"{said.id} is being watched already", "Choose another id.")
        if len(self._watches) >= MOST_WATCHES:
            raise Busy(f"one connection watches at most {MOST_WATCHES} topics", "Stop some.")
        topic = encoding.topic(said.watch, bytes(said.fields))
        task = asyncio.create_task(self._serve(said.id, topic, said.after))
        self._watches[said.id] = task
        task.add_done_callback(partial(self._forget, said.id))

    async def _stop(self, watch: int) -> None:
        task = self._watches.get(watch)
        if task is None:
            return
        task.cancel()
        await asyncio.wait([task])
        await self._send(b'{"id":%d,"done":true}' % watch)

    async def _serve(self, watch: int, topic: Topic[Any], after: After | None) -> None:
        name, paced = type(topic).__name__, topic.meaning.delivery is Delivery.latest
        try:
            watched = self._engine.watch(topic, after=after)
            del topic  # the engine keeps what it needs of it
            await self._pour(watch, watched, paced)
            await self._send(b'{"id":%d,"done":true}' % watch)
        except TioError as error:
            await self._fail(watch, error)
        except ConnectionError:
            await self._socket.close()
        except Exception as error:
            log.exception("watching %s failed", name)
            await self._fail(watch, encoding.fault_of(error))

    async def _pour(self, watch: int, watched: Watch[Any], paced: bool) -> None:
        """Takes the next item only when the last one is on its way and its window is over:

        whatever happens meanwhile waits, conflated or bounded, in the engine's own inbox.
        """
        head = b'{"id":%d,' % watch
        async with watched as items:
            async for item in items:
                await self._send(self._encoder.line(item, head))
                del item  # a stuck client's would stay for as long as it is stuck
                if paced:
                    await self._beat.next()
                while not self._flow.drained():
                    await self._beat.next()

    async def _fail(self, watch: int, error: TioError) -> None:
        await self._send(b'{"id":%d,"error":%b}' % (watch, codec.encode(error.fault)))

    async def _send(self, message: bytes) -> None:
        if not self._socket.closed:
            await self._socket.send_frame(message, WSMsgType.TEXT)

    def _forget(self, watch: int, task: asyncio.Task[None]) -> None:
        self._watches.pop(watch, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.info("a watch ended with its connection: %s", type(error).__name__)

    async def _end_all(self) -> None:
        tasks = list(self._watches.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
