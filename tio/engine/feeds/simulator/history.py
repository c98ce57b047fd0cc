"""Bars of any day from the seed alone: daily ones from the model, the rest folded from minutes.

Where live ticks went before, the minutes of today are those the live path met, so both agree. Only
sessions are shown of past days; of today everything, since the live desk ticks around the clock.
"""

import threading
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tio.api.market import Timeframe
from tio.engine.feeds.simulator.minutes import Minutes, minutes_of
from tio.engine.feeds.simulator.process import ORIGIN, Days, Ints, Model, stream
from tio.engine.feeds.simulator.sessions import DAY, MINUTE, session_minutes, trades_on
from tio.engine.feeds.simulator.universe import Listing

DAYS_KEPT = 24
_MINUTES_KEPT = 64


class Columns:
    """Bars as arrays: opening instants in µs, prices in price steps, volume in lots."""

    __slots__ = ("close", "high", "low", "open", "time", "volume")

    def __init__(
        self, time: Ints, open: Ints, high: Ints, low: Ints, close: Ints, volume: Ints
    ) -> None:
        self.time, self.volume = time, volume
        self.open, self.high, self.low, self.close = open, high, low, close

    def __len__(self) -> int:
        return len(self.time)

    def where(self, chosen: "NDArray[np.bool_] | slice") -> "Columns":
        return Columns(*(column[chosen] for column in self.all()))

    def all(self) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints]:
        return self.time, self.open, self.high, self.low, self.close, self.volume


class History:
    """The past of every instrument of one seed; for any thread, and what it keeps is bounded."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._lock = threading.Lock()
        self._model: Model | None = None
        self._kept_days = lru_cache(maxsize=DAYS_KEPT)(self._make_days)
        self._kept_minutes = lru_cache(maxsize=_MINUTES_KEPT)(self.make_minutes)

    def days(self, listing: Listing, day: int) -> Days:
        """All days of one instrument, at least through day number `day`."""
        return self._kept_days(listing, _year(day))

    def day(self, listing: Listing, day: int) -> tuple[Days, int]:
        """The instrument's days and the index of this one. ValueError before the first day."""
        if day < ORIGIN:
            raise ValueError("the simulated market begins on 2010-01-01")
        return self.days(listing, day), day - ORIGIN

    @property
    def kept_days(self) -> int:
        """Of how many instruments whole lives are kept."""
        return self._kept_days.cache_info().currsize

    def forget_days(self) -> None:
        """Let go of what was made of whole lives (0.4 MB an instrument); it can be made again."""
        self._kept_days.cache_clear()

    def minutes(self, listing: Listing, day: int) -> Minutes:
        """All 1,440 minutes of a day (about 0.5 ms, kept)."""
        return self._kept_minutes(listing, day)

    def make_minutes(self, listing: Listing, day: int) -> Minutes:
        """The same, not kept."""
        days, at = self.day(listing, day)
        draws = stream(self._seed, crc32(listing.symbol.encode()), day)
        return minutes_of(draws, days, at, session_minutes(listing.session, day))

    def daily(self, listing: Listing, past: int) -> Columns:
        """The daily bars of all sessions before day number `past`."""
        days = self.days(listing, past)
        numbers = np.arange(max(past - ORIGIN, 0), dtype=np.int64)
        shown = numbers[trades_on(listing.session, numbers + ORIGIN)]
        time = (shown + ORIGIN) * DAY
        return Columns(
            time,
            *(
                column[shown]
                for column in (days.open, days.high, days.low, days.close, days.volume)
            ),
        )

    def previous_close(self, listing: Listing, day: int) -> int:
        """The close of the newest session before this day, in price steps."""
        days, at = self.day(listing, day)
        before = range(day - 1, day - 5, -1)
        shown = trades_on(listing.session, np.array(before))
        back = 1 + int(shown.argmax())
        return int(days.close[max(at - back, 0)])

    def intraday(self, listing: Listing, day: int, past_minute: int | None) -> Columns:
        """A day's minutes: its session, or of today all before `past_minute`."""
        first, past = session_minutes(listing.session, day)
        if past_minute is not None:
            first, past = 0, past_minute
        if first == past:
            return empty()
        part = self.minutes(listing, day).part(first, past)
        time = day * DAY + np.arange(first, past, dtype=np.int64) * MINUTE
        return Columns(time, *part)

    def _make_days(self, listing: Listing, year: int) -> Days:
        with self._lock:
            if self._model is None or self._model.through_year < year:
                self._model = Model(self._seed, year)
            model = self._model
        return model.days(listing)


def fold(bars: Columns, keys: Ints) -> Columns:
    """Bars that share a key (an opening instant, ascending) become one."""
    if not len(bars):
        return bars
    heads = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    lasts = np.concatenate((heads[1:], [len(bars)])) - 1
    return Columns(
        keys[heads],
        bars.open[heads],
        np.maximum.reduceat(bars.high, heads),
        np.minimum.reduceat(bars.low, heads),
        bars.close[lasts],
        np.add.reduceat(bars.volume, heads),
    )


def opening(time: Ints, timeframe: Timeframe) -> Ints:
    """The opening instant of each instant's bar: anchored at 00:00Z, weeks on Monday."""
    match timeframe:
        case Timeframe.mo1:
            months = time.astype("datetime64[us]").astype("datetime64[M]")
            return months.astype("datetime64[us]").astype(np.int64)
        case Timeframe.w1:
            days = time // DAY
            return (days - (days + 3) % 7) * DAY
        case _:
            return time - time % timeframe.step


def joined(parts: list[Columns]) -> Columns:
    if not parts:
        return empty()
    return Columns(
        *(np.concatenate(columns) for columns in zip(*(part.all() for part in parts), strict=True))
    )


def empty() -> Columns:
    return Columns(*(np.empty(0, np.int64) for _ in range(6)))


def _year(day: int) -> int:
    return int(np.datetime64(day, "D").astype("datetime64[Y]").astype(np.int64)) + 1970
