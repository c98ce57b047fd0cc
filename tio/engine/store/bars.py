"""The bar store: bars by symbol, source and timeframe, in market.db."""

from collections.abc import Callable, Sequence
from datetime import datetime

from tio.api.market import Timeframe
from tio.api.series import instant
from tio.engine.store import bar_tables, repairs
from tio.engine.store.bar_tables import Appended, SeriesKey, StoredSeries, Terms
from tio.engine.store.columns import Columns, Row
from tio.engine.store.database import Database

__all__ = ["Appended", "BarStore", "Columns", "SeriesKey", "StoredSeries", "Terms"]

PIECE = 20_000
"""Bars written in one go, so that an acknowledged write waits milliseconds for an import."""

Bars = Columns | Sequence[Row]


def _ignore(damage: str) -> None:
    """Nobody asked to hear of damaged chunks."""


class BarStore:
    """Appends and reads bars; `on_damage` hears, on the event loop, of chunks left out."""

    def __init__(self, database: Database, on_damage: Callable[[str], None] = _ignore) -> None:
        self._database = database
        self._on_damage = on_damage

    async def append(
        self,
        symbol: str,
        source: str,
        timeframe: Timeframe,
        bars: Bars,
        terms: Terms | None = None,
    ) -> Appended:
        """Merge bars in any order, the same time replaces; returns once they are committed."""
        key = SeriesKey(symbol, timeframe, source)
        columns = _columns(bars)
        added = replaced = 0
        damages: list[str] = []
        for begin in range(0, len(columns), PIECE):
            piece = columns[begin : begin + PIECE]
            done = await self._database.write(
                lambda c, piece=piece: bar_tables.append(c, key, piece, terms, damages.append),  # type: ignore[misc]
                bulk=True,
            )
            added, replaced = added + done.added, replaced + done.replaced
        self._tell(key, damages)
        return Appended(added, replaced)

    def post(
        self,
        symbol: str,
        source: str,
        timeframe: Timeframe,
        bars: Bars,
        terms: Terms | None = None,
    ) -> None:
        """Append without waiting; a loss is told to the database's `on_lost`."""
        key = SeriesKey(symbol, timeframe, source)
        columns = _columns(bars)
        self._database.post(lambda c: bar_tables.append(c, key, columns, terms, _ignore))

    async def read(
        self,
        symbol: str,
        timeframe: Timeframe,
        start: datetime | None = None,
        end: datetime | None = None,
        limit: int = 500,
        source: str | None = None,
    ) -> Columns:
        """The newest `limit` bars opening from `start` to `end` (both included), oldest first.

        Without `source`, of the source with the newest bars. Damaged chunks are told and left out.
        """
        first = bar_tables.EARLIEST if start is None else instant(start)
        last = bar_tables.LATEST if end is None else instant(end)
        if source is None:
            known = await self.sources_of(symbol, timeframe)
            if not known:
                return Columns.empty()
            source = known[0].key.source
        key = SeriesKey(symbol, timeframe, source)
        damages: list[str] = []
        bars = await self._database.read(
            lambda c: bar_tables.read(c, key, first, last, limit, damages.append)
        )
        self._tell(key, damages)
        return bars

    async def sources_of(self, symbol: str, timeframe: Timeframe) -> tuple[StoredSeries, ...]:
        """Who tells these bars and on what terms; the one with the newest bars first."""
        series = await self._database.read(lambda c: bar_tables.stored(c, symbol))
        return tuple(each for each in series if each.key.timeframe == timeframe)

    async def series(self, symbol: str | None = None) -> tuple[StoredSeries, ...]:
        """Every series that has bars, or a symbol's."""
        return await self._database.read(lambda c: bar_tables.stored(c, symbol))

    async def symbols(self) -> tuple[str, ...]:
        """The symbols that have bars, in order of the alphabet."""
        return tuple(sorted({each.key.symbol for each in await self.series()}))

    async def timeframes(self, symbol: str) -> tuple[Timeframe, ...]:
        """The timeframes a symbol has bars of, the shortest first."""
        spans = {each.key.timeframe for each in await self.series(symbol)}
        return tuple(span for span in Timeframe if span in spans)

    async def delete(
        self, symbol: str, timeframe: Timeframe | None = None, source: str | None = None
    ) -> int:
        """Forget a symbol's series, or those of one timeframe or source; how many there were."""
        return await self._database.write(
            lambda c: bar_tables.delete(c, symbol, timeframe, source), bulk=True
        )

    async def repaired(self, key: SeriesKey) -> frozenset[int]:
        """The openings (µs UTC) of bars a repair made as they are, which no source may replace."""
        return await self._database.read(lambda c: frozenset(repairs.touched(c, key)))

    async def empty(self) -> None:
        """Forget all bars and instruments; what was posted before is forgotten too."""
        await self._database.write(bar_tables.empty, bulk=True)

    def _tell(self, key: SeriesKey, damages: list[str]) -> None:
        for damage in damages:
            self._on_damage(f"{key.symbol} {key.timeframe} ({key.source}): {damage}, left out")


def _columns(bars: Bars) -> Columns:
    return bars if isinstance(bars, Columns) else Columns.of_rows(bars)
