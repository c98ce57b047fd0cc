"""How commands reach the engine: the one that runs, else one started for the moment."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec

from tio.api.codec import decode
from tio.api.contract import Engine, Item, Request, Topic, Word
from tio.api.errors import Invalid, NotFound, SourceUnavailable, TioError
from tio.commands.workspace import AS_OF_VARIABLE
from tio.paths import Paths, WorkspacePaths

R = TypeVar("R")


def ask(request: Request[R], workspace: str) -> R:
    """The answer of the workspace's engine; without one it is started, asked and left again."""
    if looked_back() is not None:
        return ask_all(lambda engine: engine.ask(request), workspace)
    from tio.connect import answer_once

    return answer_once(request, Paths.find().workspace(workspace))


class Answering(Protocol):
    """What answers requests: an engine."""

    async def ask(self, request: Request[R], /, *, key: str = "") -> R: ...


def ask_all(work: Callable[[Answering], Awaitable[R]], workspace: str) -> R:
    """What `work` makes of several answers of the workspace's engine."""
    place = Paths.find().workspace(workspace)

    async def asked() -> R:
        if place.socket.exists():
            return await work(at_that_time(_EachOnce(place)))
        async with opened(workspace, serve=False) as engine:
            return await work(engine)

    return asyncio.run(asked())


class _EachOnce:
    """The running engine, asked over its socket without the client that watches."""

    def __init__(self, place: WorkspacePaths) -> None:
        self._place = place

    async def ask(self, request: Request[R], /, *, key: str = "") -> R:
        from tio.connect import answer_once

        return await asyncio.to_thread(answer_once, request, self._place, key=key)


@asynccontextmanager
async def opened(workspace: str, *, serve: bool = True) -> AsyncIterator[Engine]:
    """An engine for longer than one ask: attached, or inside this process while it lasts.

    One that is inside answers others at the socket too, with `serve`.
    """
    from tio.config import load
    from tio.connect import open_engine

    engine = await open_engine(Paths.find().workspace(workspace), load(), serve=serve)
    try:
        yield at_that_time(engine)
    finally:
        await engine.close()


def looked_back() -> datetime | None:
    """The past moment `--as-of` names, for every command; None for now."""
    text = os.environ.get(AS_OF_VARIABLE, "")
    if not text:
        return None
    from tio.commands.bar_tables import moment_of

    return moment_of(text, "--as-of")


def at_that_time(engine: Any) -> Any:
    """The engine at the moment looked back to."""
    at = looked_back()
    if at is None:
        return engine
    from tio.as_of import AsOfEngine

    return AsOfEngine(engine, at)


def follow(
    topic: Topic[R],
    show: Callable[[Item[R]], None],
    workspace: str,
    count: int = 0,
    seconds: float = 0.0,
) -> None:
    """Show a topic's items until `count`, `seconds` or ctrl+c."""
    if count < 0 or seconds < 0:
        raise Invalid("--count and --seconds cannot be below zero", "0 never ends")
    with suppress(KeyboardInterrupt):
        asyncio.run(_follow(topic, show, workspace, count, seconds))


async def _follow(
    topic: Topic[R],
    show: Callable[[Item[R]], None],
    workspace: str,
    count: int,
    seconds: float,
) -> None:
    async with opened(workspace) as engine:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds or None), engine.watch(topic) as items:
                shown = 0
                async for item in items:
                    show(item)
                    shown += 1
                    if count and shown >= count:
                        return


def parsed(name: str, fields: str) -> Word:
    """The word of that name with these fields: JSON, `@file`, or `-` for standard input."""
    from tio.api import words

    kind = words.find(name)
    try:
        return decode(_text(fields), kind)
    except msgspec.ValidationError as error:
        raise Invalid(f"{name}: {error}", f"`tio words {name}` shows its fields") from error
    except msgspec.DecodeError as error:
        raise Invalid(f"{name}: the fields are no JSON: {error}", "e.g. '{}'") from error


def demand_engine(workspace: str) -> None:
    """SourceUnavailable unless an engine of that workspace is running."""
    if not Paths.find().workspace(workspace).socket.exists():
        raise SourceUnavailable(
            f"no engine is running in the workspace {workspace}",
            f"`tio daemon start --workspace {workspace}` starts one, `tio` opens it here",
        )


def complete(kind: str, incomplete: str) -> list[str]:
    """What a shell may complete to, from the running engine; nothing when there is none."""
    from tio.api.chats import ListChats
    from tio.api.indicators import ListIndicators
    from tio.api.ledger import ListPortfolios
    from tio.api.market import SearchInstruments
    from tio.api.watchlists import ListWatchlists
    from tio.commands.options import chosen
    from tio.connect import answer_once

    requests: dict[str, Request[Any]] = {
        "lists": ListWatchlists(),
        "portfolios": ListPortfolios(),
        "indicators": ListIndicators(),
        "symbols": SearchInstruments(incomplete, 50),
        "chats": ListChats(),
    }
    try:
        place = Paths.find().workspace(chosen(""))
        if not place.socket.exists():
            return []
        found = answer_once(requests[kind], place)
    except TioError:
        return []
    field = {"symbols": "symbol", "chats": "id"}.get(kind, "name")
    names = [getattr(each, field) for each in found]
    return [name for name in names if name.lower().startswith(incomplete.lower())]


def _text(fields: str) -> bytes:
    if fields == "-":
        return sys.stdin.buffer.read()
    if not fields.startswith("@"):
        return fields.encode()
    try:
        return Path(fields[1:]).read_bytes()
    except OSError as error:
        raise NotFound(f"{fields[1:]} cannot be read: {error.strerror}") from error
