"""Minutes heard in part, around a lost connection, a stop and a start: their source knows more."""

from tio.api.market import Timeframe
from tio.api.series import instant, moment
from tio.engine.market.gaps import Hole
from tio.engine.market.line import Line
from tio.engine.market.sessions import SessionRules, bar_end
from tio.engine.store.asked import AskedRanges, left
from tio.engine.store.bar_tables import SeriesKey
from tio.engine.store.bars import BarStore
from tio.engine.store.partly import PartlyHeard, Span
from tio.plugin import Clock

MINUTE = 60_000_000


class Breaks:
    """Notes where a line begins and breaks; tells which closed bars are to be asked for again."""

    def __init__(
        self, clock: Clock, store: BarStore, asked: AskedRanges, partly: PartlyHeard
    ) -> None:
        self._clock = clock
        self._store = store
        self._asked = asked
        self._partly = partly

    async def began(self, line: Line) -> None:
        """The minute a line begins in, and all since the newest one stored of its source."""
        if line.bars.began is None:
            return
        symbol, source = line.symbol, line.origin.name
        for span in await self._partly.of(symbol, source):
            if not await self._left(symbol, source, Timeframe.m1, span):
                await self._partly.forget(symbol, source, span)
        before = await self._store.read(
            symbol, Timeframe.m1, None, moment(line.bars.began), 1, source
        )
        first = int(before.time[-1]) if len(before) else line.bars.began
        self._partly.note(symbol, source, _minutes(first, line.bars.began))

    def mended(self, line: Line, since: int) -> None:
        """A line that was lost is told again: the minutes from `since` until now have a hole."""
        span = _minutes(since, instant(self._clock.now()))
        self._partly.note(line.symbol, line.origin.name, span)

    async def bars(
        self, symbol: str, source: str, timeframe: Timeframe, rules: SessionRules
    ) -> list[Span]:
        """Where closed bars lie that were heard in part, whether or not they were asked for."""
        if not timeframe.intraday or timeframe.step < MINUTE:
            return []
        now = instant(self._clock.now())
        found = []
        for first, last in await self._partly.of(symbol, source):
            start = rules.day(first).opening(first, timeframe)
            end = rules.day(last - 1).opening(last - 1, timeframe)
            if bar_end(rules, end, timeframe) <= now:
                end = bar_end(rules, end, timeframe)
            if start < end:
                found.append((start, end))
        return found

    async def untold(
        self, symbol: str, source: str, timeframe: Timeframe, rules: SessionRules
    ) -> list[Hole]:
        """Those of them that their source has not told since, oldest first."""
        found = []
        for span in await self.bars(symbol, source, timeframe, rules):
            found += [
                Hole(start, end, -(-(end - start) // timeframe.step))
                for start, end in await self._left(symbol, source, timeframe, span)
            ]
        return found

    async def _left(self, symbol: str, source: str, timeframe: Timeframe, span: Span) -> list[Span]:
        """What of a span the source has told neither in this timeframe nor in minutes."""
        told = await self._asked.of(SeriesKey(symbol, timeframe, source))
        rest = left(*span, told)
        if timeframe is not Timeframe.m1 and rest:
            minutes = await self._asked.of(SeriesKey(symbol, Timeframe.m1, source))
            rest = [part for each in rest for part in left(*each, minutes)]
        return rest


def _minutes(first: int, last: int) -> Span:
    """Whole minutes from the one that holds `first` to the one that holds `last`."""
    return first - first % MINUTE, last - last % MINUTE + MINUTE
