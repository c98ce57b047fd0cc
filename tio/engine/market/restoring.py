"""What a line missed before it began: bars of its day so far, from the store or its source.

Merging is commutative, so what is restored may come after the first live ticks.
"""

from collections.abc import Mapping
from weakref import WeakKeyDictionary

from tio.api.errors import TioError
from tio.api.market import Timeframe
from tio.api.series import moment
from tio.engine.market.answers import columns_of
from tio.engine.market.bars import InstrumentBars
from tio.engine.market.ladder import Partial
from tio.engine.market.line import Line
from tio.engine.store.bars import BarStore
from tio.engine.store.columns import Columns
from tio.plugin import Source

_MINUTE = 60_000_000
_MOST = 1_500
"""More bars than a day has minutes."""
_Spans = list[tuple[Timeframe, int, int]]


class Restorer:
    """Completes the bars a line was in the middle of when it began."""

    def __init__(self, store: BarStore | None, sources: Mapping[str, Source]) -> None:
        self._store = store
        self._sources = sources
        self._begun: WeakKeyDictionary[InstrumentBars, bool] = WeakKeyDictionary()

    async def from_store(self, line: Line) -> bool:
        """Merge what the store has of the line's month, day and minute; whether there was any."""
        if self._store is None or line.bars in self._begun:
            return False
        into = line.bars
        self._begun[into] = found = False
        for timeframe, start, end in _missing(line):
            bars = await self._store.read(
                line.symbol, timeframe, moment(start), moment(end - 1), _MOST, line.origin.name
            )
            if line.bars is not into:
                break  # another source took the line over meanwhile
            found = _merge(line, timeframe, bars) or found
        self._begun[into] = found
        return found

    async def from_source(self, line: Line) -> None:
        """Merge what the source remembers, unless the store knew already; once a line."""
        source = self._sources.get(line.origin.name)
        if source is None or line.bars.began is None or self._begun.get(line.bars):
            return
        into = line.bars
        self._begun[into] = True
        for timeframe, start, end in _missing(line):
            try:
                bars = await source.history(
                    line.symbol, timeframe, moment(start), moment(end), _MOST
                )
            except (TioError, OSError):
                return  # without the past, the bars hold what was seen
            if bars is not None and line.bars is into:
                told = columns_of(bars)
                kept = (told.time >= start) & (told.time < end)
                _merge(line, timeframe, Columns(told.block[:, kept]))

    def forget(self) -> None:
        self._begun.clear()


def _missing(line: Line) -> _Spans:
    """Days of the month, minutes of the day and seconds of the minute before the line began."""
    first = line.bars.began
    if first is None:
        return []
    day = line.bars.rules.day(first)
    minute = first - first % _MINUTE
    spans = [
        (Timeframe.d1, min(day.month, day.week), day.date),
        (Timeframe.m1, day.start, minute),
        (Timeframe.s1, minute, first - first % 1_000_000),
    ]
    return [span for span in spans if span[1] < span[2]]


def _merge(line: Line, timeframe: Timeframe, bars: Columns) -> bool:
    step = timeframe.step
    for time, o, high, low, c, volume in bars.rows():
        part = Partial(time, time, o, 0.0, -1)
        part.high, part.low, part.close, part.volume = high, low, c, volume
        part.close_at = time + step - 1_000_000
        line.bars.restore(timeframe, part)
    return len(bars) > 0
