"""One connection of a stream for ever: opened, repaired, replaced, waited for."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tio.api.errors import TioError
from tio.api.series import instant
from tio.engine.feeds.http.transport import Unreachable
from tio.engine.feeds.socket.connection import Connection, End, Talk, Why
from tio.engine.feeds.socket.holding import Frame, Holding
from tio.engine.feeds.socket.shapes import Manners, Phase
from tio.engine.feeds.socket.subscription import Wants
from tio.engine.feeds.socket.wire import Dial
from tio.plugin import Clock

log = logging.getLogger(__name__)

OnGap = Callable[[int, Sequence[str]], Awaitable[None]]
"""Fetches what was missed since that instant (µs UTC) of these symbols, and emits it."""
BASE, CAP, GOOD = 1.0, 60.0, 60.0
REPAIR = 60.0
"""Seconds a repair may take before live frames are released without it."""
_EARLY = 0.9
"""A planned end comes at a random moment in the last tenth, so that lanes do not end together."""


class Lane:
    """Keeps one connection to the venue; backs off full jitter of 1 s doubled to 60 s."""

    def __init__(
        self,
        name: str,
        url: str,
        clock: Clock,
        jitter: Callable[[], float],
        dial: Dial,
        gate: Callable[[], Awaitable[None]],
        manners: Manners,
        talk: Talk,
        headers: Mapping[str, str],
        holding: Holding,
        on_gap: OnGap | None,
        told: Callable[[], None],
    ) -> None:
        self.wants = Wants()
        self.phase, self.reason = Phase.idle, ""
        self.until: datetime | None = None
        self.reconnects = self.frames = self.oversize = 0
        self.last_at: int | None = None
        self.connection: Connection | None = None
        self.holding = holding
        self._name, self._url, self._clock, self._jitter = name, url, clock, jitter
        self._dial, self._gate, self._manners, self._talk = dial, gate, manners, talk
        self._headers, self._on_gap, self._told = headers, on_gap, told
        self._tries = 0
        self._now = asyncio.Event()

    async def run(self) -> None:
        """Connect, again and again, until cancelled."""
        while True:
            end = await self._lived()
            self.reconnects += 1
            most = min(CAP, BASE * 2.0**self._tries)
            self._tries = min(self._tries + 1, 10)
            await self._wait(self._jitter() * most, end.words)

    def try_now(self) -> None:
        """Do not wait any longer."""
        self._now.set()

    async def _lived(self) -> End:
        """One connection and those that replaced it as planned, until one is lost."""
        self._tell(Phase.connecting, self.reason)
        opened = await self._opened()
        if isinstance(opened, End):
            return opened
        running = asyncio.create_task(opened.run(), name=f"socket of {self._name}")
        repair: asyncio.Task[None] | None = None
        try:
            self.connection = opened
            if self._on_gap is not None and self.last_at is not None:
                self.holding.hold()
                repair = asyncio.create_task(self._repair(self.last_at, opened))
            else:
                self._tell(Phase.live)
            while True:
                await asyncio.wait((running, opened.due), return_when=asyncio.FIRST_COMPLETED)
                if running.done():
                    return self._ended(opened, running.result())
                due = opened.due.result()
                replaced = await self._replaced(running, opened)
                if replaced is None:
                    return self._ended(opened, due)
                self._ended(opened, due)
                running, opened = replaced
                self.connection = opened
        finally:
            self.connection = None
            for task in (running, repair):
                if task is not None:
                    task.cancel()
                    await asyncio.gather(task, return_exceptions=True)
            self.holding.release()

    async def _opened(self) -> Connection | End:
        await self._gate()
        dialling = asyncio.ensure_future(self._dial(self._url, self._headers))
        patience = asyncio.ensure_future(self._clock.sleep(self._manners.opens))
        try:
            await asyncio.wait((dialling, patience), return_when=asyncio.FIRST_COMPLETED)
            if not dialling.done():
                return End(Why.lost, "it did not open in time")
            socket = dialling.result()
        except Unreachable as lost:
            return End(Why.lost, str(lost))
        except TioError as refused:
            return End(Why.lost, refused.message)
        finally:
            for task in (dialling, patience):
                task.cancel()
            await asyncio.gather(dialling, patience, return_exceptions=True)
        lasts = self._manners.lasts * (_EARLY + (1 - _EARLY) * self._jitter())
        return Connection(
            socket, self._clock, self._manners, self._talk, self.wants, lasts, self._heard
        )

    async def _replaced(
        self, running: "asyncio.Task[End]", old: Connection
    ) -> "tuple[asyncio.Task[End], Connection] | None":
        """Another connection in place of one that is due; the old one ends when the new speaks."""
        if not self._manners.overlap or self._clock.monotonic() - old.began < GOOD:
            return None  # one that is due at once is no better than one that is lost
        new = await self._opened()
        if isinstance(new, End):
            return None
        self.reconnects += 1
        fresh = asyncio.create_task(new.run(), name=f"socket of {self._name}")
        speaks = asyncio.create_task(new.speaks.wait())
        ending: list[asyncio.Task[Any]] = [speaks, running]
        try:
            await asyncio.wait((fresh, speaks, running), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            ending.append(fresh)
            raise
        finally:
            for task in ending:
                task.cancel()
            await asyncio.gather(*ending, return_exceptions=True)
        return fresh, new

    def _ended(self, connection: Connection, end: End) -> End:
        self.oversize += connection.oversize
        if connection.last_frame - connection.began >= GOOD:
            self._tries = 0
        return end

    async def _repair(self, since: int, connection: Connection) -> None:
        """Fetch what was missed, then let the live frames go."""
        assert self._on_gap is not None
        self._tell(Phase.repairing)
        fetching = asyncio.ensure_future(self._on_gap(since, sorted(self.wants.symbols)))
        patience = asyncio.ensure_future(self._clock.sleep(REPAIR))
        try:
            await asyncio.wait((fetching, patience), return_when=asyncio.FIRST_COMPLETED)
            if fetching.done():
                fetching.result()
        except (TioError, OSError, ValueError) as error:
            log.warning("%s: what was missed could not be had: %s", self._name, error)
        finally:
            for task in (fetching, patience):
                task.cancel()
            await asyncio.gather(fetching, patience, return_exceptions=True)
            self.holding.release()
        self._tell(Phase.live)

    def _heard(self, frame: Frame) -> None:
        self.frames += 1
        at = instant(self._clock.now())
        self.last_at = at
        self.holding.take(frame, at)

    async def _wait(self, seconds: float, words: str) -> None:
        self.until = self._clock.now() + timedelta(seconds=seconds)
        self._tell(Phase.waiting, words)
        self._now.clear()
        asleep = asyncio.ensure_future(self._clock.sleep(seconds))
        asked = asyncio.ensure_future(self._now.wait())
        try:
            await asyncio.wait((asleep, asked), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (asleep, asked):
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.gather(asleep, asked, return_exceptions=True)
        self.until = None

    def _tell(self, phase: Phase, reason: str = "") -> None:
        self.phase, self.reason = phase, reason
        self._told()
