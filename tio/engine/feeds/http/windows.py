"""The layers of a limit: a bucket of tokens and counters of calendar windows."""

import math
from datetime import UTC, datetime

from tio.api.errors import Misconfigured
from tio.engine.feeds.http.counters import Count
from tio.engine.feeds.http.shapes import LimitLeft, Priority, Window


class Bucket:
    """Tokens that come back at `rate` a second, at most `burst`; a dear call leaves a debt."""

    def __init__(self, rate: float, burst: float, now: float) -> None:
        if rate <= 0 or burst <= 0:
            raise Misconfigured(f"a budget needs rate and burst above zero, was {rate}, {burst}")
        self._rate, self._burst = rate, burst
        self._tokens, self._at = burst, now

    def wait(self, cost: float, priority: Priority, now: float) -> float:
        """Seconds until `cost` may be taken; background leaves half the bucket to the others."""
        need = min(cost, self._burst)
        if priority is Priority.background:
            half = self._burst / 2
            need = half + min(cost, half)
        # Ten digits: the sums of small steps must not ask for a wait of 1e-17 s for ever.
        return max(0.0, round((need - self._refilled(now)) / self._rate, 10))

    def take(self, cost: float, now: float) -> None:
        self._tokens, self._at = self._refilled(now) - cost, now

    def clamp(self, left: float, now: float) -> None:
        """The server says how many are left; never more than we thought."""
        self._tokens, self._at = min(self._refilled(now), left), now

    def left(self, now: float) -> LimitLeft:
        return LimitLeft("rate", max(0.0, self._refilled(now)), self._burst)

    def _refilled(self, now: float) -> float:
        return min(self._burst, self._tokens + (now - self._at) * self._rate)


_LATE = 0.001
"""Seconds we wait beyond a turn: a float of Unix seconds is no finer than 1e-7."""
_SWAY = 60.0
"""Seconds the server's time may fall back behind a turn and come again without a second turn."""


class Counter:
    """What was used of one window; `now` is the server's time in Unix seconds."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self._offset = _offset(window.resets) if window.daily else 0.0
        self._seconds = 86_400.0 if window.daily else window.seconds
        self.began = -1
        self.used = 0.0

    def wait(self, cost: float, priority: Priority, now: float) -> float:
        """Seconds until `cost` fits; infinite when it never can."""
        limit = self.window.limit
        if cost > limit:
            return math.inf
        self._turn(now)
        if priority is Priority.background:
            limit = max(limit / 2, cost)
        return 0.0 if self.used + cost <= limit else self.resets_at - now + _LATE

    def take(self, cost: float, now: float) -> int:
        """Count it; gives the window it was counted in."""
        self._turn(now)
        self.used += cost
        return self.began

    def recount(self, cost: float, counted_in: int, now: float) -> None:
        """A call that ended in another window than it began in may count in either: in both."""
        self._turn(now)
        if self.began != counted_in:
            self.used += cost

    def at_least(self, used: float, now: float) -> None:
        """The server says what was used; never less than we counted."""
        self._turn(now)
        self.used = max(self.used, used)

    @property
    def resets_at(self) -> float:
        return self.began + self._seconds

    def restore(self, count: Count | None, now: float) -> None:
        """Add what was used before a restart, if it was in this window."""
        self._turn(now)
        if count is not None and count.began == self.began:
            self.used += count.used

    def count(self) -> Count:
        return Count(self.began, self.used)

    def left(self, now: float) -> LimitLeft:
        self._turn(now)
        left = max(0.0, self.window.limit - self.used)
        at = datetime.fromtimestamp(self.resets_at, UTC)
        return LimitLeft(self.window.name, left, self.window.limit, at)

    def _turn(self, now: float) -> None:
        began = round((now - self._offset) // self._seconds * self._seconds + self._offset)
        if began > self.began:
            self.began, self.used = began, 0.0
        elif self.began - now > min(_SWAY, self._seconds):
            self.began = began  # the clock was set back: what was used stays used


def _offset(resets: str) -> float:
    """Seconds after midnight UTC of "HH:MMZ"."""
    try:
        at = datetime.strptime(resets, "%H:%MZ").replace(tzinfo=UTC)
    except ValueError:
        raise Misconfigured(f'a window resets at "HH:MMZ", was {resets!r}') from None
    return at.hour * 3_600.0 + at.minute * 60.0
