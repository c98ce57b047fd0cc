"""Rows of a source's answers made bars without holding up the loop."""

import asyncio
from functools import partial

from msgspec.structs import replace

from tio.api.market import Bars, Timeframe
from tio.engine.feeds.live.answering import reading
from tio.engine.feeds.rows import Asked
from tio.engine.feeds.session_bars import broken_off, session_bars
from tio.engine.market.symbols import classify
from tio.engine.store.columns import Row
from tio.plugin import Traits

MANY = 2_000
"""Rows whose shaping would be felt on the screen."""


async def shaped(
    venue: str,
    rows: list[Row],
    grain: Timeframe,
    asked: Asked,
    now: int,
    traits: Traits,
    whole: bool = True,
) -> Bars:
    """`session_bars` of the symbol asked for, of many rows in a thread; SourceUnavailable if none.

    `now` is µs. Not `whole`: the rows break off, and their oldest bar may be but part of one.
    """
    if not whole:
        asked = broken_off(asked, rows, grain)
    shape = partial(session_bars, rows, grain, asked, classify(asked.symbol), now, traits)
    with reading(venue):
        bars = shape() if len(rows) <= MANY else await asyncio.to_thread(shape)
    return bars if whole else replace(bars, cut=True)
