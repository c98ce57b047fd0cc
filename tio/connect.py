"""Local or remote, decided once: the only place that knows where the engine is."""

import asyncio
import contextlib
import importlib
import logging
import os
import random
import socket
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from tio.answering import PATIENCE, answer_once, busy
from tio.api.access import OWNER, Principal
from tio.api.contract import After, Effect, Engine, Request, Topic
from tio.api.errors import Broken, TioError
from tio.config import Config
from tio.continued import ContinuedWatch
from tio.hosted import Hosted
from tio.lock import Lock, holder
from tio.paths import WorkspacePaths
from tio.wire.gone import EngineGone

if TYPE_CHECKING:
    from tio.first_look import FirstLook
    from tio.wire.client import RemoteEngine

__all__ = ["Connection", "ConnectionState", "Place", "answer_once", "open_engine"]

R = TypeVar("R")
log = logging.getLogger(__name__)

FIRST_PICTURE = 1.5
"""Seconds an attached terminal's first prices have before the client is imported all the same."""
A_BEAT = 0.15
"""Seconds in which prices that were told are painted."""
CHANGING_HANDS = 10.0
"""Seconds an ask waits while the engine moves; also how long a terminal waits for its successor."""


class Place(StrEnum):
    """Where the engine is, seen from here."""

    attached = "attached"
    inside = "inside"
    moving = "moving"


class ConnectionState(msgspec.Struct, frozen=True):
    """Where the engine is, since when, and the process it lives in (0: nowhere just now)."""

    place: Place
    since: datetime
    pid: int = 0
    reason: str = ""


async def open_engine(
    place: WorkspacePaths,
    config: Config,
    *,
    serve: bool = True,
    look_first: bool = False,
    principal: Principal = OWNER,
) -> "Connection":
    """The workspace's engine: attached to the one that runs, else started inside this process.

    Busy when another holds the lock and does not answer within 3 s; WrongVersion when it speaks
    another protocol. With `serve` an engine started here answers at the socket too. With
    `look_first` a running engine's first figures come before the full client is imported. What the
    `principal` may not is refused, wherever the engine is.
    """
    place.make_folders()
    connection = Connection(place, config, serve=serve, look_first=look_first, principal=principal)
    try:
        await connection.find(within=PATIENCE)
    except BaseException:
        await connection.close()
        raise
    return connection


class Connection:
    """An engine that outlives the process it lives in: when its holder leaves, it goes on here.

    Reads, and writes with the key made for them, are asked again of the next engine; watches go
    on with a fresh snapshot.
    """

    def __init__(
        self,
        place: WorkspacePaths,
        config: Config,
        *,
        serve: bool = True,
        look_first: bool = False,
        principal: Principal = OWNER,
    ) -> None:
        self._principal = principal
        self._look_first = look_first
        self._settling: asyncio.Task[None] | None = None
        self._place = place
        self._config = config
        self._serve = serve
        self._engine: Engine | None = None
        self._hosted: Hosted | None = None
        self._remote: RemoteEngine | None = None
        self._here = asyncio.Event()
        self._failure: TioError | None = None
        self._closed = False
        self._asking = 0
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._moving: asyncio.Task[None] | None = None
        self._watches: set[ContinuedWatch[Any]] = set()
        self._listeners: list[Callable[[ConnectionState], None]] = []
        self.state = ConnectionState(Place.moving, datetime.now(UTC))

    def on_change(self, listener: Callable[[ConnectionState], None]) -> None:
        """Be told each time the engine is somewhere else."""
        self._listeners.append(listener)

    async def ask(self, request: Request[R], /, *, key: str = "") -> R:
        effect = request.meaning.effect
        if effect is not Effect.read:
            key = key or uuid.uuid4().hex
        while True:
            engine = await self.present()
            self._asking += 1
            self._quiet.clear()
            try:
                return await engine.ask(request, key=key)
            except EngineGone:
                # What is dangerous is not said to the next engine unasked.
                if self._closed or effect is Effect.danger:
                    raise
                self.missing(engine)
            finally:
                self._asking -= 1
                if not self._asking:
                    self._quiet.set()

    def watch(self, topic: Topic[R], /, *, after: After | None = None) -> ContinuedWatch[R]:
        return ContinuedWatch(self, topic, after, self._watches)

    async def close(self) -> None:
        self._closed = True
        for task in (self._moving, self._settling):
            if task is not None:
                task.cancel()
                await asyncio.wait([task])
        await self._let_go()

    async def present(self) -> Engine:
        """The engine as soon as there is one; Busy, or why there is none, after 10 s."""
        if self._engine is None:
            if self._closed:
                raise EngineGone("this connection is closed")
            try:
                async with asyncio.timeout(CHANGING_HANDS):
                    await self._here.wait()
            except TimeoutError:
                raise self._failure or busy(self._place) from None
        assert self._engine is not None
        return self._engine

    def missing(self, engine: Engine) -> None:
        """This engine does not answer: look for the next one, or become it."""
        if engine is self._engine:
            self._move(self._follow())

    async def find(self, *, within: float) -> None:
        """Attach, or take the lock and start; Busy when neither works for `within` seconds."""
        until = time.monotonic() + within
        while not await self._attach():
            if lock := Lock.take(self._place.lock, "terminal" if self._serve else "command"):
                await self._begin(lock)
                return
            if time.monotonic() > until:
                raise busy(self._place)
            await asyncio.sleep(random.uniform(0.02, 0.06))

    async def _attach(self) -> bool:
        if not _listening(self._place.socket):
            return False
        if self._look_first:
            self._look_first = False
            return await self._look()
        from tio.wire.client import RemoteEngine

        try:
            remote = await RemoteEngine.open(
                self._place.socket, on_lost=self._lost, principal=self._principal
            )
        except EngineGone:
            return False
        self._remote = remote
        held_by = holder(self._place.lock)
        self._arrive(remote, Place.attached, held_by.pid if held_by else 0)
        return True

    async def _look(self) -> bool:
        """Attach for a first picture; the full client takes over once it is imported."""
        from tio.first_look import FirstLook

        look = FirstLook(self._place.socket)
        try:
            async with asyncio.timeout(PATIENCE):
                await look.greet()
        except (EngineGone, TimeoutError):
            return False
        held_by = holder(self._place.lock)
        self._arrive(look, Place.attached, held_by.pid if held_by else 0)
        self._settling = asyncio.create_task(self._settle(look), name="import the client")
        return True

    async def _settle(self, look: "FirstLook") -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FIRST_PICTURE):
                await look.shown.wait()
                await asyncio.sleep(A_BEAT)
        wire = await asyncio.to_thread(importlib.import_module, "tio.wire.client")
        try:
            remote: RemoteEngine = await wire.RemoteEngine.open(
                self._place.socket, on_lost=self._lost, principal=self._principal
            )
        except TioError as error:
            log.warning("the engine left at once: %s", error)
            self.missing(look)
            return
        if self._engine is not look:
            await remote.close()
            return
        self._engine = self._remote = remote
        for watch in list(self._watches):
            watch.move()

    async def _begin(self, lock: Lock) -> None:
        self._hosted = await Hosted.start(
            self._place,
            self._config,
            lock,
            serve=self._serve,
            principal=self._principal,
            on_shutdown=lambda hand_over: self._move(self._hand_over(hand_over)),
        )
        self._arrive(self._hosted.engine, Place.inside, os.getpid())

    def _arrive(self, engine: Engine, place: Place, pid: int) -> None:
        self._engine, self._failure = engine, None
        self._here.set()
        self._tell(ConnectionState(place, datetime.now(UTC), pid))

    def _lost(self) -> None:
        if self._remote is not None and self._engine is self._remote:
            self._move(self._follow())

    def _move(self, moving: Any) -> None:
        """One move at a time; what comes while one is under way is part of it."""
        if self._closed or (self._moving is not None and not self._moving.done()):
            moving.close()
            return
        self._engine = None
        self._here.clear()
        self._tell(ConnectionState(Place.moving, datetime.now(UTC)))
        self._moving = asyncio.create_task(moving, name="engine moves")

    async def _follow(self) -> None:
        """The holder left: attach to its successor or become it, however long it takes."""
        await self._leave()
        while True:
            try:
                await self.find(within=PATIENCE)
            except Exception as error:
                log.exception("the next engine cannot be reached or started")
                self._failure = error if isinstance(error, TioError) else Broken(str(error))
                self._tell(
                    ConnectionState(Place.moving, datetime.now(UTC), 0, self._failure.message)
                )
                await asyncio.sleep(random.uniform(0.3, 1.0))
            else:
                return

    async def _hand_over(self, hand_over: bool) -> None:
        """Drain, release, and attach to the successor; without one, go on here."""
        until = time.monotonic() + (CHANGING_HANDS if hand_over else PATIENCE)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self._quiet.wait()
        await self._leave()
        while time.monotonic() < until:
            if await self._attach():
                return
            await asyncio.sleep(0.05)
        await self._follow()

    async def _leave(self) -> None:
        for watch in list(self._watches):
            watch.move()
        await self._let_go()

    async def _let_go(self) -> None:
        self._engine = None
        remote, self._remote = self._remote, None
        hosted, self._hosted = self._hosted, None
        if remote is not None:
            await remote.close()
        if hosted is not None:
            await hosted.close()

    def _tell(self, state: ConnectionState) -> None:
        self.state = state
        for listener in self._listeners:
            listener(state)


def _listening(path: Path) -> bool:
    """Whether someone has the socket open: one a killed engine left behind costs no client."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.setblocking(False)
        try:
            door.connect(str(path))
        except BlockingIOError:  # Its backlog is full: there is someone.
            return True
        except OSError:
            return False
    return True
