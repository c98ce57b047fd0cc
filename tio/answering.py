"""One answer for a command, from the engine that runs or from one started for it alone."""

import asyncio
import time
import uuid
from typing import TypeVar

import msgspec

from tio.api import codec
from tio.api.contract import Effect, Request
from tio.api.errors import Broken, Busy, Fault, TioError, revive
from tio.config import load
from tio.hosted import Hosted
from tio.lock import Lock, holder
from tio.paths import WorkspacePaths
from tio.wire.gone import EngineGone

R = TypeVar("R")

PATIENCE = 3.0
"""Seconds to wait for an engine that is just starting or leaving."""


def answer_once(request: Request[R], place: WorkspacePaths, *, key: str = "") -> R:
    """One answer for a command: from the running engine, else from one that serves nothing else."""
    effect = request.meaning.effect
    key = key or ("" if effect is Effect.read else uuid.uuid4().hex)
    until = time.monotonic() + PATIENCE
    while True:
        if (answer := _answer_over_socket(request, place, key)) is not None:
            return codec.decode(answer, request.answer)  # type: ignore[no-any-return]
        place.make_folders()
        if lock := Lock.take(place.lock, "command"):
            return asyncio.run(_answer_inside(request, place, lock, key))
        if time.monotonic() > until:
            raise busy(place)
        time.sleep(0.05)


def busy(place: WorkspacePaths) -> TioError:
    held_by = holder(place.lock)
    who = f"process {held_by.pid}" if held_by and held_by.pid else "another process"
    return Busy(
        f"{who} holds the workspace {place.name} and does not answer yet",
        "Try again in a moment.",
    )


class _Refused(msgspec.Struct):
    error: Fault


def _answer_over_socket(request: Request[R], place: WorkspacePaths, key: str) -> bytes | None:
    """The answer's JSON; None when no engine is there. Raises what the engine refuses with."""
    from http.client import HTTPException

    from tio.wire.oneshot import ask_bytes

    try:
        status, data = ask_bytes(place.socket, type(request).__name__, codec.encode(request), key)
    except (FileNotFoundError, ConnectionRefusedError):
        return None
    except (OSError, HTTPException) as error:
        if request.meaning.effect is Effect.danger:
            raise EngineGone("the engine left before it answered") from error
        return None
    if status == 200:
        return data
    try:
        raise revive(codec.decode(data, _Refused).error)
    except msgspec.MsgspecError:
        raise Broken(f"the engine answered with status {status} and no words") from None


async def _answer_inside(request: Request[R], place: WorkspacePaths, lock: Lock, key: str) -> R:
    hosted = await Hosted.start(place, load(), lock, serve=False)
    try:
        return await hosted.engine.ask(request, key=key)
    finally:
        await hosted.close()
