"""The shell before an engine that answers what a test gave it."""

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from tio.commands import asking
from tio.commands.running import run

from fakes import FakeEngine


class Said(NamedTuple):
    code: int
    out: str
    err: str


Tio = Callable[..., Said]


def shell(
    engine: FakeEngine, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Tio:
    """Runs command lines to their exit codes; every request reaches the engine given."""

    async def opened(*_: Any, **__: Any) -> FakeEngine:
        return engine

    def answered(request: Any, _: str) -> Any:
        return asyncio.run(engine.ask(request))

    monkeypatch.setattr("tio.connect.open_engine", opened)
    monkeypatch.setattr(asking, "ask", answered)

    def call(*words: str) -> Said:
        code = run(words)
        return Said(code, *capfd.readouterr())

    return call
