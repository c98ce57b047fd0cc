"""Folding: every accepted trade of one instrument into every timeframe, whatever its order.

Trades are first gathered by second, since no bar splits one, and finished seconds by minute, since
no bar of a minute or more splits a minute: then all those ladders are told at once. A late trade is
a second and a minute of its own and lands in the bars of its own time. Whole-day bars of stocks and
indices hold regular hours only.
"""

from tio.api.market import Timeframe
from tio.engine.market.ladder import Ladder, Partial, Room, Row
from tio.engine.market.sessions import DAY, Day, SessionRules

SECOND = 1_000_000
MINUTE = 60_000_000
BASE = (Timeframe.s1, Timeframe.m1, Timeframe.d1)
"""The timeframes that are stored; every other folds from one of these."""


class InstrumentBars:
    """The bars of one instrument at every timeframe."""

    DAILY = Timeframe.d1
    __slots__ = (
        "__weakref__",
        "_day",
        "_days",
        "_minute",
        "_minutes",
        "_months",
        "_pending",
        "_seconds",
        "_weeks",
        "began",
        "ladders",
        "rules",
    )

    def __init__(self, rules: SessionRules, room: Room) -> None:
        self.rules = rules
        self.ladders = {tf: Ladder(tf, room, tf in BASE) for tf in Timeframe}
        intraday = [(self.ladders[tf], tf.step) for tf in Timeframe if tf.intraday]
        self._seconds = [each for each in intraday if each[1] < MINUTE]
        self._minutes = [each for each in intraday if each[1] >= MINUTE]
        self._days = self.ladders[Timeframe.d1]
        self._weeks = self.ladders[Timeframe.w1]
        self._months = self.ladders[Timeframe.mo1]
        self._day = rules.day(0)
        self._pending: Partial | None = None
        self._minute: Partial | None = None
        self.began: int | None = None
        """The second of the first trade folded, µs."""

    def fold(self, at: int, price: float, size: float, order: int) -> bool:
        """Take one trade; False when its time lies before everything still kept.

        `order` breaks ties of one instant: the trade's number at its venue, else its arrival.
        """
        second = at - at % SECOND
        pending = self._pending
        if pending is not None:
            if pending.second == second:
                pending.add(at, price, size, order)
                return True
            self._finish_second(pending)
            gathered = self._minute
            if gathered is not None and not 0 <= second - gathered.second < MINUTE:
                self._finish_minute(gathered)
        if second <= self._seconds[0][0].floor:
            return False
        if self.began is None:
            self.began = second
        self._pending = Partial(second, at, price, size, order)
        return True

    @property
    def gathering(self) -> bool:
        """Whether some trades are not yet in all ladders."""
        return self._pending is not None or self._minute is not None

    def flush(self, until: int = 2**62) -> None:
        """Merge what is gathered; a minute only when it has ended by `until`."""
        if self._pending is not None:
            self._finish_second(self._pending)
        if self._minute is not None and self._minute.second + MINUTE <= until:
            self._finish_minute(self._minute)

    def _finish_second(self, part: Partial) -> None:
        self._pending = None
        at = part.second
        for ladder, step in self._seconds:
            ladder.merge(at - at % step, part)
        part.second = at - at % MINUTE
        gathered = self._minute
        if gathered is None:
            self._minute = part
        elif gathered.second == part.second:
            gathered.absorb(part)
        else:
            self._finish_minute(gathered)
            self._minute = part

    def _finish_minute(self, part: Partial) -> None:
        self._minute = None
        at = part.second
        day = self._day
        if not day.start <= at < day.end:
            day = self._day = self.rules.day(at)
        since = at - day.anchor
        for ladder, step in self._minutes:
            ladder.merge(at - since % step, part)
        self._merge_day(day, part)

    def _merge_day(self, day: Day, part: Partial) -> None:
        if not self.rules.strict or day.in_regular(part.second):
            self._days.merge(day.date, part)
            self._weeks.merge(day.week, part)
            self._months.merge(day.month, part)

    def restore(self, timeframe: Timeframe, part: Partial) -> None:
        """Merge a stored bar of `timeframe` into that ladder and all coarser ones."""
        at = part.second
        if timeframe is Timeframe.d1:
            self._restore_date(at, part)
            return
        day = self.rules.day(at)
        for ladder, step in (*self._seconds, *self._minutes):
            if step >= timeframe.step:
                ladder.merge(at - (at - day.anchor) % step, part)
        self._merge_day(day, part)

    def _restore_date(self, date: int, part: Partial) -> None:
        """A whole day; weeks and months only where all of their days are being restored."""
        now = self.rules.day(self.began if self.began is not None else date)
        day = self.rules.day(date + DAY // 2)
        self._days.merge(day.date, part)
        if day.week == now.week:
            self._weeks.merge(day.week, part)
        if day.month == now.month:
            self._months.merge(day.month, part)

    def today(self) -> Row | None:
        """The newest daily bar, with what is gathered but not yet merged; cheap to ask often."""
        row, opened_at = self._days.newest(), self._days.opened_at
        for part in (self._minute, self._pending):
            if part is None:
                continue
            day = self.rules.day(part.second)
            if self.rules.strict and not day.in_regular(part.second):
                continue
            if row is None or row.time < day.date:
                row, opened_at = _row_of(day.date, part), part.open_at
            elif row.time == day.date:
                earlier = part.open_at < opened_at
                row = Row(
                    row.time,
                    part.open if earlier else row.open,
                    max(row.high, part.high),
                    min(row.low, part.low),
                    part.close,
                    row.volume + (part.volume + part.carry),
                )
        return row

    def opening(self, at: int, timeframe: Timeframe) -> int:
        """The `time` of the bar that holds `at`."""
        day = self._day
        if not day.start <= at < day.end:
            day = self.rules.day(at)
        return day.opening(at, timeframe)

    def ladder(self, timeframe: Timeframe) -> Ladder:
        """The bars of one timeframe, up to date."""
        self.flush()
        return self.ladders[timeframe]


def _row_of(opening: int, part: Partial) -> Row:
    volume = part.volume + part.carry
    return Row(opening, part.open, part.high, part.low, part.close, volume)
