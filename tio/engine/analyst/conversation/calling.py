"""The tool calls of a round, some at a time, each told when it begins and when it ends."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from tio.engine.analyst.conversation.events import CallBegun, CallEnded
from tio.engine.analyst.models.speech import ToolCall
from tio.engine.analyst.tools.desk import Called, ToolDesk
from tio.plugin import Clock

AT_ONCE = 4
MOST = 12
"""Calls of one round; further ones are refused."""


async def call_all(
    desk: ToolDesk, calls: Sequence[ToolCall], clock: Clock, made: list[Called]
) -> AsyncGenerator[CallBegun | CallEnded, None]:
    """Their events; the results go to `made` in the order of the calls. Closing it ends them."""
    places = asyncio.Semaphore(AT_ONCE)
    tasks = [asyncio.ensure_future(_timed(desk, each, clock, places)) for each in calls[:MOST]]
    try:
        for each in calls:
            yield CallBegun(each.id, each.name, each.arguments)
        left = set(tasks)
        while left:
            done, left = await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
            for task in sorted(done, key=tasks.index):
                called, seconds = task.result()
                yield CallEnded(called.call.id, called.call.name, seconds * 1_000, called)
        made += [task.result()[0] for task in tasks]
        for each in calls[MOST:]:
            refused = Called(each, f"Error: at most {MOST} tools are called at a time.")
            made.append(refused)
            yield CallEnded(each.id, each.name, 0.0, refused)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _timed(
    desk: ToolDesk, call: ToolCall, clock: Clock, places: asyncio.Semaphore
) -> tuple[Called, float]:
    async with places:
        begun = clock.monotonic()
        called = await desk.call(call)
        return called, clock.monotonic() - begun
