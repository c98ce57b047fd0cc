"""How long a model may be silent before a round is given up."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import TypeVar

from tio.plugin import Clock

T = TypeVar("T")


class Silent(Exception):
    """Nothing came within the seconds allowed."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"nothing came for {seconds:g} s")
        self.seconds = seconds


async def within(clock: Clock, seconds: float, work: Awaitable[T]) -> T:
    """What the work gives; Silent, and the work cancelled, when it takes longer."""
    task = asyncio.ensure_future(work)
    limit = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait((task, limit), return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise Silent(seconds)
    finally:
        for each in (task, limit):
            each.cancel()
        await asyncio.gather(task, limit, return_exceptions=True)


async def each_within(
    clock: Clock, first: float, then: float, items: AsyncIterator[T]
) -> AsyncIterator[T]:
    """The items, the first within `first` seconds, every next one within `then`; Silent."""
    seconds = first
    while True:
        try:
            item = await within(clock, seconds, anext(items))
        except StopAsyncIteration:
            return
        yield item
        seconds = then
