"""What the charts of many symbols ask the engine for: a grid of small ones, a heat map."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from typing import TYPE_CHECKING

from tio.api.errors import Invalid, NotFound
from tio.api.market import GetQuotes
from tio.api.watchlists import ListWatchlists
from tio.commands.asking import Answering
from tio.commands.bar_tables import decimals_of
from tio.commands.charting import Wanted, bars_request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tio.draw.columns import Columns
    from tio.draw.heat_map import Tile
    from tio.draw.multiples import Small

MOST = 200


def check(wanted: Wanted, *, grid: bool, heat: bool) -> None:
    """Invalid when the charts of many show what only one can."""
    if grid and heat:
        raise Invalid("a grid is no heat map", "leave out --grid or --heat")
    one = (wanted.indicators, wanted.compare, wanted.ratio, wanted.levels, wanted.drawings)
    if any(one):
        raise Invalid(
            f"{'a grid of small charts' if grid else 'a heat map'} shows prices alone",
            "leave out --indicators, --compare, --ratio, --levels, --drawings",
        )


async def members(engine: Answering, symbols: Sequence[str], name: str) -> tuple[str, ...]:
    """The symbols given, then those of the watchlist named, each once; Invalid without any."""
    found = list(symbols)
    if name:
        lists = {each.name: each for each in await engine.ask(ListWatchlists())}
        if name not in lists:
            has = ", ".join(lists) or "there is none"
            raise NotFound(f"there is no watchlist {name!r}", f"watchlists: {has}")
        found += lists[name].symbols
    if not found:
        raise Invalid("which symbols?", "as `tio chart --grid AAPL MSFT` or --list NAME")
    if len(found) > MOST:
        raise Invalid(f"at most {MOST} symbols are drawn at once, were {len(found)}")
    return tuple(dict.fromkeys(found))


async def grid(engine: Answering, symbols: Sequence[str], name: str, wanted: Wanted) -> list[Small]:
    """A small chart a symbol; one without bars says so. NotFound when none has any."""
    from tio.draw.columns import Columns
    from tio.draw.multiples import Small

    found: list[Small] = []
    for symbol in await members(engine, symbols, name):
        try:
            bars = await engine.ask(bars_request(replace(wanted, symbol=symbol), symbol))
        except NotFound:
            found.append(Small(symbol, _none(), empty="not known"))
        else:
            columns = Columns.of(bars)
            found.append(Small(bars.symbol, columns, decimals_of(bars)))
    if not any(len(small.bars) for small in found):
        shown = ", ".join(small.name for small in found[:5])
        raise NotFound(f"no bars of {shown} are stored, and no source told any", "`tio sources`")
    return found


async def heat(engine: Answering, symbols: Sequence[str], name: str) -> list[Tile]:
    """A tile a symbol, coloured by the change of its newest quote; NotFound when none has one."""
    from tio.draw.heat_map import Tile

    wanted = await members(engine, symbols, name)
    changes: dict[str, float | None] = {}
    try:
        changes = {each.symbol: each.change_percent for each in await engine.ask(GetQuotes(wanted))}
    except NotFound:
        # One that nobody knows fails them all.
        known = 0
        for symbol in wanted if len(wanted) > 1 else ():
            try:
                (quote,) = await engine.ask(GetQuotes((symbol,)))
            except NotFound:
                changes[symbol] = None
            else:
                changes[quote.symbol] = quote.change_percent
                known += 1
        if not known:
            raise
    return [Tile(symbol, nan if change is None else change) for symbol, change in changes.items()]


def _none() -> Columns:
    import numpy as np

    from tio.draw.columns import Columns

    empty = np.zeros(0)
    return Columns(np.zeros(0, np.int64), empty, empty, empty, empty, empty)
