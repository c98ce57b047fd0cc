"""Bars still in memory, made what they are in the store after a repair."""

from collections.abc import Iterable
from math import nan

from tio.api.market import Timeframe
from tio.engine.market.ladder import Row
from tio.engine.market.market import Market
from tio.engine.store.bar_tables import SeriesKey
from tio.engine.store.repairs import ChangedBar


def take_over(market: Market, key: SeriesKey, bars: Iterable[ChangedBar]) -> None:
    """Correct what the symbol's line holds of them, and tell whoever watches its bars anew."""
    line = market.board.lines.get(key.symbol)
    if line is not None and line.origin.name == key.source:
        ladder = line.bars.ladder(key.timeframe)
        for bar in bars:
            ladder.correct(bar.time, _row(bar))
    for timeframe in Timeframe:
        if timeframe.step >= key.timeframe.step:
            market.bar_updates(key.symbol, timeframe).begin_anew()


def _row(bar: ChangedBar) -> Row | None:
    if bar.after is None:
        return None
    return Row(bar.time, *(nan if value is None else value for value in bar.after))
