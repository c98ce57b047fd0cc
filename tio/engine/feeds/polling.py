"""Sources that only answer: asked again and again for what somebody watches."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from tio.api.errors import NotAllowed, TioError
from tio.api.sources import SourceState
from tio.api.ticks import Tick
from tio.plugin import Clock, Outlet, Wanted

FAILURES = 3
"""Rounds in which nothing came, after which the source begins anew."""


class Answering(Protocol):
    """What is polled."""

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]: ...


async def poll(
    source: Answering,
    wanted: Wanted,
    out: Outlet,
    clock: Clock,
    *,
    every: float,
    batch: int = 50,
) -> None:
    """Ask for the wanted symbols in batches, every `every` seconds and when they change.

    A batch that fails is told and the next is asked all the same; when whole rounds fail, the last
    error is raised, so that the source rests before it begins anew.
    """
    failed = 0
    while True:
        symbols = sorted(wanted.symbols)
        trouble = await _round(source, symbols, out, batch)
        if trouble is None:
            failed = 0
        else:
            failed += 1
            if failed >= FAILURES or isinstance(trouble, NotAllowed):
                raise trouble
            out.standing(SourceState.failed, _with_time(trouble.message, clock, every))
        await _until_changed(wanted, clock, every)


def _with_time(words: str, clock: Clock, seconds: float) -> str:
    """What went wrong, and when it is asked again."""
    if "next try at" in words:
        return words
    return f"{words}, next try at {clock.now() + timedelta(seconds=seconds):%H:%M:%S}"


async def _round(
    source: Answering, symbols: Sequence[str], out: Outlet, batch: int
) -> TioError | None:
    """Ask for every batch once; the error, when no batch was answered."""
    trouble: TioError | None = None
    answered = not symbols
    for begin in range(0, len(symbols), batch):
        try:
            ticks = await source.quotes(symbols[begin : begin + batch])
        except TioError as error:
            trouble = error
            continue
        answered = True
        if ticks:
            out.emit(ticks)
    return None if answered else trouble


async def _until_changed(wanted: Wanted, clock: Clock, seconds: float) -> None:
    """Until the time is up or other symbols are wanted."""
    changed = asyncio.ensure_future(wanted.changed())
    asleep = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait((changed, asleep), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (changed, asleep):
            task.cancel()
        await asyncio.gather(changed, asleep, return_exceptions=True)
