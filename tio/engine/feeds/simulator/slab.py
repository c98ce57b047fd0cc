"""Two hours of minutes of every instrument side by side, and each day's figures before them."""

from collections.abc import Sequence
from time import sleep
from typing import NamedTuple

import numpy as np

from tio.engine.feeds.simulator.history import DAYS_KEPT, History
from tio.engine.feeds.simulator.path import Corner
from tio.engine.feeds.simulator.process import Floats, Ints
from tio.engine.feeds.simulator.sessions import MINUTES
from tio.engine.feeds.simulator.universe import Listing

SLAB = 120


class Slab(NamedTuple):
    """Minutes [120, instruments]; `before` is the day's bar up to them, volume 0 when none."""

    first: int
    """Minutes since 1970."""
    minutes: Corner
    before: Corner
    previous_close: Ints
    half_spread: Floats
    """Usual half spread in price steps: it widens with the day's volatility."""

    def day(self, minute: int) -> Corner:
        """The day's bar of every instrument up to (without) this minute."""
        done = minute - self.first
        if not done:
            return self.before
        part = Corner(*(column[:done] for column in self.minutes))
        return Corner(
            self.before.open,
            np.maximum(self.before.high, part.high.max(axis=0)),
            np.minimum(self.before.low, part.low.min(axis=0)),
            part.close[-1],
            self.before.volume + part.volume.sum(axis=0),
        )

    def at(self, minute: int) -> Corner:
        return Corner(*(column[minute - self.first] for column in self.minutes))


def slab_of(history: History, listings: Sequence[Listing], minute: int, rest: float = 0.0) -> Slab:
    """The slab that holds this minute (about 3 ms an instrument, so in a thread).

    `rest` seconds of sleep after each instrument leave the interpreter to the event loop.
    """
    first = minute - minute % SLAB
    day, offset = divmod(first, MINUTES)
    count = len(listings)
    minutes = Corner(*(np.empty((SLAB, count), np.int64) for _ in range(5)))
    before = Corner(*(np.zeros(count, np.int64) for _ in range(5)))
    previous = np.empty(count, np.int64)
    spread = np.empty(count)
    for index, listing in enumerate(listings):
        whole = history.make_minutes(listing, day)
        part = whole.part(offset, offset + SLAB)
        minutes.open[:, index], minutes.high[:, index] = part.open, part.high
        minutes.low[:, index], minutes.close[:, index] = part.low, part.close
        minutes.volume[:, index] = part.volume
        done = whole.part(0, offset)
        opened = int(whole.open[0])
        before.open[index] = opened
        before.high[index] = max(int(done.high.max(initial=0)), opened)
        before.low[index] = min(int(done.low.min(initial=opened)), opened)
        before.close[index] = int(done.close[-1]) if offset else opened
        before.volume[index] = int(done.volume.sum())
        previous[index] = history.previous_close(listing, day)
        spread[index] = _half_spread(history, listing, day)
        if rest:
            sleep(rest)
    if count > DAYS_KEPT:
        history.forget_days()  # the last few of many are no likelier to be asked for
    return Slab(first, minutes, before, previous, spread)


def _half_spread(history: History, listing: Listing, day: int) -> float:
    days, at = history.day(listing, day)
    active = 390 if listing.session == "stock" else MINUTES
    a_minute = float(days.sigma[at]) * float(days.start[at]) / active**0.5
    return float(max(0.03 * a_minute, 0.5))
