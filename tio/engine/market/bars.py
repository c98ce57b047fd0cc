"""Folding: every accepted trade of one instrument into every timeframe, whatever its order.

Trades are first gathered by second, since no bar of any timeframe splits a second; a finished
second is then merged into all ladders at once. A late trade is a second of its own and lands in the
bar of its own time. Whole-day bars of stocks and indices hold regular hours only.
"""

from tio.api.market import Timeframe
from tio.engine.market.ladder import Ladder, Partial, Room, Row
from tio.engine.market.sessions import DAY, SessionRules

SECOND = 1_000_000
BASE = (Timeframe.s1, Timeframe.m1, Timeframe.d1)
"""The timeframes that are stored; every other folds from one of these."""


class InstrumentBars:
    """The bars of one instrument at every timeframe."""

    DAILY = Timeframe.d1
    __slots__ = (
        "_day",
        "_days",
        "_intraday",
        "_months",
        "_pending",
        "_weeks",
        "began",
        "ladders",
        "rules",
    )

    def __init__(self, rules: SessionRules, room: Room) -> None:
        self.rules = rules
        self.ladders = {tf: Ladder(tf, room, tf in BASE) for tf in Timeframe}
        self._intraday = [(self.ladders[tf], tf.step) for tf in Timeframe if tf.intraday]
        self._days = self.ladders[Timeframe.d1]
        self._weeks = self.ladders[Timeframe.w1]
        self._months = self.ladders[Timeframe.mo1]
        self._day = rules.day(0)
        self._pending: Partial | None = None
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
            self.flush()
        if second <= self._intraday[0][0].floor:
            return False
        if self.began is None:
            self.began = second
        self._pending = Partial(second, at, price, size, order)
        return True

    def flush(self) -> None:
        """Merge the gathered second into all ladders."""
        pending = self._pending
        if pending is not None:
            self._pending = None
            self.merge(pending)

    def merge(self, part: Partial) -> None:
        """Merge what happened in one second."""
        at = part.second
        day = self._day
        if not day.start <= at < day.end:
            day = self._day = self.rules.day(at)
        since = at - day.anchor
        for ladder, step in self._intraday:
            ladder.merge(at - since % step, part)
        if not self.rules.strict or day.in_regular(at):
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
        for ladder, step in self._intraday:
            if step >= timeframe.step:
                ladder.merge(at - (at - day.anchor) % step, part)
        if not self.rules.strict or day.in_regular(at):
            self._days.merge(day.date, part)
            self._weeks.merge(day.week, part)
            self._months.merge(day.month, part)

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
        row = self._days.newest()
        part = self._pending
        if part is None:
            return row
        day = self.rules.day(part.second)
        if self.rules.strict and not day.in_regular(part.second):
            return row
        if row is not None and row.time > day.date:
            return row
        if row is None or row.time < day.date:
            volume = part.volume + part.carry
            return Row(day.date, part.open, part.high, part.low, part.close, volume)
        earlier = part.open_at < self._days.opened_at
        return Row(
            row.time,
            part.open if earlier else row.open,
            max(row.high, part.high),
            min(row.low, part.low),
            part.close,
            row.volume + (part.volume + part.carry),
        )

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
