"""One cheap question to each source: does it answer, how fast, how fresh."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from tio.api.errors import TioError
from tio.api.market import AssetClass, Timeframe
from tio.api.series import moment
from tio.api.sources import Probe
from tio.api.ticks import Tick
from tio.engine.feeds.live.shelf import LiveShelf
from tio.plugin import Clock, Lists, Polls, Searches, Source, Spells

PATIENCE = 20.0
CANARIES = {
    AssetClass.equity: "AAPL",
    AssetClass.crypto: "BTC-USD",
    AssetClass.fx: "EURUSD",
    AssetClass.rate: "FRED:DGS10",
}
"""What every source of a class can be expected to serve."""


async def probe(shelf: LiveShelf, names: Sequence[str], clock: Clock) -> tuple[Probe, ...]:
    """All at once; each answers within its own limits, or its reason is told."""
    return tuple(await asyncio.gather(*(_probe(shelf, name, clock) for name in names)))


async def _probe(shelf: LiveShelf, name: str, clock: Clock) -> Probe:
    why = shelf.unusable(name)
    source = None if why else shelf.source(name)
    if source is None:
        return Probe(source=name, well=False, said=why or shelf.unusable(name))
    begun = clock.monotonic()
    try:
        async with asyncio.timeout(PATIENCE):
            said, as_of = await _asked(source, shelf.catalogue[name].assets, clock)
    except TimeoutError:
        return Probe(source=name, well=False, said=f"no answer within {PATIENCE:.0f} s")
    except (TioError, OSError) as error:
        return Probe(source=name, well=False, said=str(error))
    took = (clock.monotonic() - begun) * 1_000
    return Probe(source=name, well=True, said=said, latency_ms=round(took, 1), as_of=as_of)


async def _asked(
    source: Source, assets: frozenset[AssetClass], clock: Clock
) -> tuple[str, datetime | None]:
    told = ""
    if isinstance(source, Lists):
        listed = await source.listing()
        source.learn(listed)
        told = f"lists {len(listed)} instruments"
    symbol = next(
        (s for kind, s in CANARIES.items() if kind in assets and _serves(source, s)), None
    )
    if symbol is None:
        return told or "serves nothing that could be asked for", None
    if isinstance(source, Polls):
        ticks = await source.quotes([symbol])
        return _joined(told, f"{symbol}: {len(ticks)} figures"), _newest(ticks)
    now = clock.now()
    bars = await source.history(symbol, Timeframe.d1, now - timedelta(days=14), now, 5)
    if bars is not None:
        newest = bars.time[-1] if len(bars) else None
        as_of = None if newest is None else moment(newest)
        return _joined(told, f"{symbol}: {len(bars)} bars"), as_of
    if isinstance(source, Searches):
        found = await source.search(symbol, 5)
        return _joined(told, f"{len(found)} found by {symbol}"), None
    return told or "can only be listened to", None


def _serves(source: Source, symbol: str) -> bool:
    return not isinstance(source, Spells) or source.spelled(symbol) is not None


def _newest(ticks: Sequence[Tick]) -> datetime | None:
    moments = [tick.at for tick in ticks if tick.at is not None]
    return moment(max(moments)) if moments else None


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
