"""The bars there are at an instant: past sessions, today as far as it went, recent seconds."""

from functools import lru_cache

import numpy as np

from tio.api.market import Timeframe
from tio.engine.feeds.simulator.history import Columns, History, empty, fold, joined, opening
from tio.engine.feeds.simulator.path import Corner, MinutePath, keys_of
from tio.engine.feeds.simulator.process import ORIGIN
from tio.engine.feeds.simulator.sessions import DAY, MINUTE, SECOND
from tio.engine.feeds.simulator.universe import Listing

_SECONDS_KEPT = 120 * MINUTE
_HOURS_KEPT = 4_096
"""Days of one instrument folded into hours, about 1.5 kB each."""


class Past:
    """Answers for one load: within minutes, trades come as early and late as `window` µs allows."""

    def __init__(self, history: History, seed: int, window: int) -> None:
        self._history = history
        self._seed = seed
        self._window = window
        self._kept_hours = lru_cache(maxsize=_HOURS_KEPT)(self._hours)

    def bars(
        self, listing: Listing, timeframe: Timeframe, begin: int, end: int, limit: int, now: int
    ) -> Columns:
        """The newest `limit` bars that open in [begin, end), of those there are at `now`."""
        if now < ORIGIN * DAY:
            return empty()
        if not timeframe.intraday:
            columns = self._daily(listing, timeframe, now)
        elif timeframe.step < MINUTE:
            columns = self._seconds(listing, timeframe, begin, min(end, now), now)
        else:
            columns = self._intraday(listing, timeframe, begin, min(end, now), limit, now)
        chosen = (columns.time >= begin) & (columns.time < end)
        return columns.where(chosen).where(slice(-limit, None))

    def _daily(self, listing: Listing, timeframe: Timeframe, now: int) -> Columns:
        """Sessions before today, and today as far as it went."""
        today = self._today(listing, now)
        days = joined(
            [
                self._history.daily(listing, now // DAY),
                fold(today, opening(today.time, Timeframe.d1)),
            ]
        )
        return days if timeframe is Timeframe.d1 else fold(days, opening(days.time, timeframe))

    def _intraday(
        self, listing: Listing, timeframe: Timeframe, begin: int, end: int, limit: int, now: int
    ) -> Columns:
        """Folded from minutes, whole days backwards from the end until there are enough."""
        if end <= begin:
            return empty()
        parts: list[Columns] = []
        found = 0
        day = (end - 1) // DAY
        while found < limit and (day + 1) * DAY > begin and day >= ORIGIN:
            hourly = timeframe.step >= Timeframe.h1.step and day != now // DAY
            parent = self._kept_hours(listing, day) if hourly else self._minutes(listing, day, now)
            part = fold(parent, opening(parent.time, timeframe))
            parts.append(part)
            found += int(((part.time >= begin) & (part.time < end)).sum())
            day -= 1
        return joined(parts[::-1])

    def _hours(self, listing: Listing, day: int) -> Columns:
        minutes = self._history.intraday(listing, day, None)
        return fold(minutes, opening(minutes.time, Timeframe.h1))

    def _seconds(
        self, listing: Listing, timeframe: Timeframe, begin: int, end: int, now: int
    ) -> Columns:
        """Of the last two hours, up to the newest whole second."""
        begin = max(begin, now - _SECONDS_KEPT) // MINUTE * MINUTE
        end = min(end, now // SECOND * SECOND)
        if end <= begin:
            return empty()
        days = range(begin // DAY, (end - 1) // DAY + 1)
        minutes = joined([self._minutes(listing, day, now, whole=True) for day in days])
        minutes = minutes.where((minutes.time >= begin) & (minutes.time < end))
        if not len(minutes):
            return minutes
        keys = np.repeat(keys_of(self._seed, [listing.symbol]), len(minutes))
        bars = Corner(*minutes.all()[1:])
        traded, seconds = MinutePath(keys, minutes.time // MINUTE, bars, self._window).seconds()
        time = minutes.time[:, None] + np.arange(60) * SECOND
        found = Columns(time[traded], *(column[traded] for column in seconds))
        found = found.where(found.time < end)
        return fold(found, opening(found.time, timeframe))

    def _minutes(self, listing: Listing, day: int, now: int, whole: bool = False) -> Columns:
        """A day's minutes there are; `whole`: the one that forms as it will have been."""
        if day != now // DAY:
            return self._history.intraday(listing, day, None)
        if whole:
            return self._history.intraday(listing, day, now % DAY // MINUTE + 1)
        return self._today(listing, now)

    def _today(self, listing: Listing, now: int) -> Columns:
        """All minutes of this UTC day up to now, the last one as far as it went."""
        day, within_day = divmod(now, DAY)
        minute, within = divmod(within_day, MINUTE)
        done = self._history.intraday(listing, day, minute)
        bars = Corner(*self._history.minutes(listing, day).part(minute, minute + 1))
        keys = keys_of(self._seed, [listing.symbol])
        begun, bar = MinutePath(keys, now // MINUTE, bars, self._window).so_far(within)
        if not begun[0]:
            return done
        return joined([done, Columns(np.array([now - within], np.int64), *bar)])


def ends(opened: int, timeframe: Timeframe) -> int:
    """The instant at which a bar that opened then is done."""
    if timeframe is Timeframe.mo1:
        month = np.datetime64(opened, "us").astype("datetime64[M]") + np.timedelta64(1, "M")
        return int(month.astype("datetime64[us]").astype(np.int64))
    return opened + timeframe.step
