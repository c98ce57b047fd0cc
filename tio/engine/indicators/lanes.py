"""Bars followed live: one lane a symbol and timeframe, shared by all who want indicators of it.

A lane hears of bars when the bus flushes them. It pushes a bar once the next one begins, and peeks
at the one that is forming when somebody is to be told. A bar that changes after it was pushed
makes the lane begin anew from history, and its watchers with it.
"""

import asyncio
from collections.abc import Callable, Mapping
from math import nan
from typing import NamedTuple

from tio.api.market import Hours, Timeframe
from tio.engine.bus import Bus, Flushable, LatestChannel, Listener
from tio.engine.indicators.computing import Fetched, Key
from tio.engine.indicators.followers import Follower
from tio.engine.indicators.live import Bar, Values
from tio.engine.market.ladder import Row
from tio.engine.market.sessions import DAY, SessionRules, bar_end
from tio.plugin import Clock

KEPT = 64
"""Closed bars of which the values are at hand, for watchers that were slow."""
PAUSE = 1.0
"""Seconds between two beginnings from history, however often bars are corrected."""
_NEVER = -(2**62)
_NOTHING: Values = ()


class LaneKey(NamedTuple):
    """Which bars a lane follows."""

    symbol: str
    timeframe: Timeframe
    hours: Hours


class Told(NamedTuple):
    """The values at one bar, by indicator."""

    time: int
    values: Mapping[Key, Values]


class Lane(Flushable):
    """Indicators following the bars of one symbol and timeframe."""

    def __init__(
        self,
        key: LaneKey,
        bus: Bus,
        clock: Clock,
        source: LatestChannel[int, Row],
        rules: SessionRules,
    ) -> None:
        self.key = key
        self.rules = rules
        self.channel: LatestChannel[int, Told] = bus.latest(self._render)
        self.followers: dict[Key, Follower] = {}
        self.turns = 0
        """How often a bar began, or all began anew: what was read of history before is old."""
        self.on_turn: dict[Callable[[], None], int] = {}
        """Called when a bar has closed or the lane begins anew, by those that step with it."""
        self._clock = clock
        self._source = source
        self._listener: Listener[int, Row] = Listener(bus, self)
        self._closed: dict[int, dict[Key, Values]] = {}
        self._forming: Row | None = None
        self._last = _NEVER
        self._anew_at = -PAUSE
        self._pausing: asyncio.Task[None] | None = None
        source.listen(self._listener)

    def close(self) -> None:
        """Nobody wants it any more."""
        self._source.leave(self._listener, None)
        if self._pausing is not None:
            self._pausing.cancel()

    def begin(self, bars: Fetched) -> None:
        """Stand where history stands; only while nothing is followed."""
        closed = bars.closed
        rows = [Row(*row) for row in bars.bars[max(0, closed - 1) :].rows()]
        self._forming = rows.pop() if bars.forming else None
        self._last = rows[-1].time if rows else _NEVER

    def joins(self, bars: Fetched) -> Fetched | None:
        """Those of the bars that the lane has pushed; None when they are not up to them."""
        time = bars.bars.time
        closed = int(time.searchsorted(self._last, side="right"))
        if closed and int(time[closed - 1]) != self._last:
            return None
        return bars.first(closed)

    def follow(self, key: Key, follower: Follower, newest: Values) -> None:
        """Follow with one that has seen all that the lane pushed; `newest` are its last values."""
        self.followers[key] = follower
        if self._last != _NEVER:
            self._closed.setdefault(self._last, {})[key] = newest

    def value(self, key: Key, at: int) -> Values:
        """An indicator's values at the newest bar that had closed at an instant."""
        forming, follower = self._forming, self.followers.get(key)
        if follower is None:
            return _NOTHING
        if forming is not None and bar_end(self.rules, forming.time, self.key.timeframe) <= at:
            return follower.peek(self._bar(forming))
        for time in reversed(self._closed):
            if bar_end(self.rules, time, self.key.timeframe) <= at:
                return self._closed[time].get(key, _NOTHING)
        return _NOTHING

    def flush(self) -> None:
        """Take the bars that changed."""
        if self._listener.anew:
            self._listener.forget()
            self._begin_anew()
            return
        changed, self._listener.values = self._listener.values, {}
        if not self.followers:
            return
        for opening in sorted(changed):
            if self._is_followed(opening) and not self._take(changed[opening]):
                self._begin_anew()
                return

    def step(self) -> None:
        """A longer bar has closed: what hangs on it is told again."""
        if self._forming is not None:
            self.channel.touch(self._forming.time)

    def _is_followed(self, opening: int) -> bool:
        if self.key.hours is Hours.extended or not self.key.timeframe.intraday:
            return True
        return self.rules.day(opening).in_regular(opening)

    def _take(self, row: Row) -> bool:
        """Whether the bar is the newest, or the next: any other was pushed already."""
        forming = self._forming
        if row.time <= self._last:
            return False
        if forming is not None and row.time < forming.time:
            return False
        if forming is not None and row.time > forming.time:
            self._push(forming)
        self._forming = row
        self.channel.touch(row.time)
        return True

    def _push(self, row: Row) -> None:
        bar = self._bar(row)
        self._closed[row.time] = {key: each.push(bar) for key, each in self.followers.items()}
        while len(self._closed) > KEPT:
            del self._closed[next(iter(self._closed))]
        self._last = row.time
        self.channel.touch(row.time)
        self._turn()

    def _bar(self, row: Row) -> Bar:
        return Bar(*row, self.rules.day(row.time).date // DAY)

    def _turn(self) -> None:
        self.turns += 1
        for each in tuple(self.on_turn):
            each()

    def _begin_anew(self) -> None:
        """What was told holds no more; at most once a while, since history is read each time."""
        waited = self._clock.monotonic() - self._anew_at
        if waited >= PAUSE:
            self._forget()
        elif self._pausing is None or self._pausing.done():
            self._pausing = asyncio.create_task(self._later(PAUSE - waited), name="lane anew")

    async def _later(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self._forget()

    def _forget(self) -> None:
        self._anew_at = self._clock.monotonic()
        self.followers.clear()
        self._closed.clear()
        self._forming, self._last = None, _NEVER
        self.channel.begin_anew()
        self._turn()

    def _render(self, opening: int) -> Told | None:
        forming = self._forming
        if forming is not None and opening == forming.time:
            bar = self._bar(forming)
            return Told(opening, {key: each.peek(bar) for key, each in self.followers.items()})
        known = self._closed.get(opening)
        return None if known is None else Told(opening, known)


def nothing(outputs: int) -> Values:
    """The values where there is none."""
    return (nan,) * outputs
