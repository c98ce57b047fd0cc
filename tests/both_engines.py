"""The demo's engine on a Friday afternoon, in this process and across the socket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from tio.api.access import OWNER, Principal
from tio.api.contract import Engine
from tio.config import Config, Demo
from tio.engine.clock import RealClock
from tio.engine.local import LocalEngine
from tio.paths import Paths
from tio.wire.client import RemoteEngine
from tio.wire.server import Server
from tio.wire.socket_door import Door

DOORS = ("local", "remote")


class Afternoon(RealClock):
    """Real time, begun at three on a Friday: the demo's shares rest at night, and then never."""

    def __init__(self) -> None:
        self._off = datetime(2026, 11, 20, 15, 0, tzinfo=UTC) - super().now()

    def now(self) -> datetime:
        return super().now() + self._off


def demo_engine(**demo: Any) -> LocalEngine:
    """An engine of the demo's workspace, not yet started; without a sample unless asked for."""
    load = Demo(**({"symbols": 3, "rate": 50.0, "portfolio": False} | demo))
    return LocalEngine(Paths.find().workspace("demo"), Config(demo=load), wall=Afternoon())


@asynccontextmanager
async def running(**demo: Any) -> AsyncIterator[LocalEngine]:
    """The same, for as long as it is needed."""
    made = demo_engine(**demo)
    await made.start()
    try:
        yield made
    finally:
        await made.close()


@asynccontextmanager
async def through(
    local: LocalEngine, door: str, principal: Principal = OWNER
) -> AsyncIterator[Engine]:
    """An engine as somebody in its process, or at its socket, has it."""
    if door == "local":
        yield local.session(principal)
        return
    server = Server(local, Door.open(local.place.socket))
    await server.start()
    remote = await RemoteEngine.open(local.place.socket, principal=principal)
    try:
        yield remote
    finally:
        await remote.close()
        await server.close()
