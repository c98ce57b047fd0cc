"""An engine behind a real Unix socket, for every test of the wire."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tio.api.access import OWNER, Principal
from tio.api.contract import Engine
from tio.wire.client import RemoteEngine
from tio.wire.server import Server
from tio.wire.socket_door import Door

from fakes import FakeEngine

WINDOW = 0.01


class OpenAccess:
    """Gives everyone the same engine and remembers who came."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.principals: list[Principal] = []

    def session(self, principal: Principal, /) -> Engine:
        self.principals.append(principal)
        return self.engine


Serve = Callable[..., Awaitable[Server]]


@pytest.fixture
def socket_path(home: Path) -> Path:
    folder = home / "run"
    folder.mkdir(mode=0o700)
    return folder / "main.sock"


@pytest.fixture
async def serve(socket_path: Path) -> AsyncIterator[Serve]:
    """Start a server of an engine at the test's socket; all are closed after the test."""
    running: list[Server] = []

    async def start(engine: Any, window: float = WINDOW) -> Server:
        access = OpenAccess(engine)
        server = Server(access, Door.open(socket_path), window=window)
        await server.start()
        running.append(server)
        assert access.principals == [OWNER]
        return server

    yield start
    for server in running:
        await server.close()


@pytest.fixture
async def remote(socket_path: Path) -> AsyncIterator[Callable[..., Awaitable[RemoteEngine]]]:
    """Open clients of the test's socket; all are closed after the test, before the servers."""
    opened: list[RemoteEngine] = []

    async def connect(**options: Any) -> RemoteEngine:
        engine = await RemoteEngine.open(options.pop("path", socket_path), **options)
        opened.append(engine)
        return engine

    yield connect
    for engine in opened:
        await engine.close()


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()
