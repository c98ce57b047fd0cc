"""Following a topic from a pane: retried while a source is away, errors told in words."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from tio.api.clean import clean
from tio.api.contract import Engine, Topic
from tio.api.errors import Busy, Overflow, SourceUnavailable, TioError

R = TypeVar("R")
AGAIN = (Busy, Overflow, SourceUnavailable)


async def follow(
    engine: Engine,
    topic: Topic[R],
    take: Callable[[R, bool], None],
    say: Callable[[str], None],
    pause: float = 1.0,
) -> None:
    """Give `take` each value and whether it is a snapshot; `say` what went wrong."""
    while True:
        try:
            async with engine.watch(topic) as items:
                async for item in items:
                    take(item.value, item.snapshot)
            return
        except AGAIN as error:
            say(in_words(error))
        except TioError as error:
            say(in_words(error))
            return
        await asyncio.sleep(pause)


def in_words(error: TioError) -> str:
    """An error's sentence and its next step."""
    first = error.message[:1].upper() + error.message[1:]
    return clean(f"{first}. {error.next}" if error.next else first)
