"""One connection from opening to its end: what it hears, says, and what ends it."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Sequence
from enum import Enum, auto
from typing import Any

import msgspec

from tio.engine.feeds.socket.holding import Frame
from tio.engine.feeds.socket.shapes import Manners
from tio.engine.feeds.socket.subscription import Wants, next_chunk
from tio.engine.feeds.socket.wire import Kind, Socket
from tio.plugin import Clock

Messages = Callable[[Sequence[str]], Sequence[str]]
"""What to send so that the venue begins, or ends, to tell of these symbols."""


class Why(Enum):
    """Whether an end was a failure or planned."""

    lost = auto()
    planned = auto()


class End(msgspec.Struct, frozen=True):
    """Why a connection ended, or should be replaced."""

    why: Why
    words: str


class Talk(msgspec.Struct, frozen=True):
    """A venue's language, as far as a connection speaks it."""

    subscribe: Messages
    unsubscribe: Messages
    hello: Callable[[], Sequence[str]]
    ends: Callable[[Frame], bool]
    """Whether a frame announces that the venue will close the connection."""


class Connection:
    """Keeps one socket alive and subscribed to what is wanted; `run` says what ended it.

    A planned end is told through `due` while it goes on, so that another can take over.
    """

    def __init__(
        self,
        socket: Socket,
        clock: Clock,
        manners: Manners,
        talk: Talk,
        wants: Wants,
        lasts: float,
        heard: Callable[[Frame], None],
    ) -> None:
        self.began = clock.monotonic()
        self.last_frame = self.began
        self.ping: float | None = None
        self.oversize = 0
        self.due: asyncio.Future[End] = asyncio.get_running_loop().create_future()
        self.speaks = asyncio.Event()
        """Set at its first frame after it was subscribed to all that is wanted."""
        self._subscribed = False
        self._socket, self._clock, self._manners = socket, clock, manners
        self._talk, self._wants, self._lasts, self._heard = talk, wants, lasts, heard
        self._pinged: float | None = None
        self._saying = asyncio.Lock()

    async def run(self) -> End:
        """Until it is lost; cancelled, it closes."""
        parts: list[Coroutine[Any, Any, End]] = [
            self._listen(), self._watch(), self._keep_subscribed(), self._plan(),
        ]  # fmt: skip
        if self._manners.ping_text:
            parts.append(self._ping_in_words())
        if self._manners.heartbeat:
            parts.append(self._ping())
        tasks = [asyncio.create_task(part) for part in parts]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return next(iter(done)).result()
        except OSError:
            return End(Why.lost, "the connection was lost")
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.due.cancel()
            with contextlib.suppress(OSError):
                await self._socket.close()

    async def _listen(self) -> End:
        while True:
            heard = await self._socket.receive()
            match heard.kind:
                case Kind.frame:
                    self.last_frame = self._clock.monotonic()
                    if self._talk.ends(heard.said):
                        self._is_due("the venue announced that it will close")
                    self._heard(heard.said)
                    if self._subscribed:
                        self.speaks.set()
                case Kind.ping:
                    said = heard.said
                    await self._socket.pong(said.encode() if isinstance(said, str) else said)
                case Kind.pong:
                    if self._pinged is not None:
                        self.ping = self._clock.monotonic() - self._pinged
                        self._pinged = None
                case Kind.oversize:
                    self.oversize += 1
                    return End(Why.lost, f"a frame of more than {self._manners.max_size:,} bytes")
                case Kind.closed:
                    return End(Why.lost, str(heard.said) or "the connection was closed")

    async def _watch(self) -> End:
        """A half-open connection says nothing, for ever."""
        quiet = self._manners.quiet
        while True:
            left = self.last_frame + quiet - self._clock.monotonic()
            if left <= 0:
                return End(Why.lost, f"no message for {quiet:g} s")
            await self._clock.sleep(left)

    async def _keep_subscribed(self) -> End:
        for message in self._talk.hello():
            await self._say(message)
        said: frozenset[str] = frozenset()
        changed = self._wants.event()
        try:
            while True:
                changed.clear()
                gone, new = next_chunk(said, self._wants.symbols, self._manners.chunk)
                if gone:
                    said -= set(gone)
                    messages = self._talk.unsubscribe(gone)
                else:
                    said |= set(new)
                    messages = self._talk.subscribe(new) if new else ()
                for message in messages:
                    await self._say(message)
                if not gone and not new:
                    self._subscribed = True
                    await changed.wait()
        finally:
            self._wants.forget(changed)

    async def _plan(self) -> End:
        await self._clock.sleep(self._lasts)
        self._is_due("replaced before the venue closes it")
        return await asyncio.Future()

    async def _ping_in_words(self) -> End:
        while True:
            await self._clock.sleep(self._manners.ping_every)
            await self._say(self._manners.ping_text)

    async def _ping(self) -> End:
        every, answers = self._manners.heartbeat, self._manners.answers
        while True:
            await self._clock.sleep(every)
            self._pinged = began = self._clock.monotonic()
            await self._socket.ping()
            await self._clock.sleep(answers)
            if self._pinged == began and self.last_frame < began:
                return End(Why.lost, f"no answer to a ping for {answers:g} s")

    async def _say(self, message: str) -> None:
        """Send, and leave the venue's pause before the next."""
        async with self._saying:
            await self._socket.send(message)
            await self._clock.sleep(self._manners.pause)

    def _is_due(self, words: str) -> None:
        if not self.due.done():
            self.due.set_result(End(Why.planned, words))
