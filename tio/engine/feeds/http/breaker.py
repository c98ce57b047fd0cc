"""The circuit breaker of one capability: it rests what keeps failing, and probes it again."""

import math
from collections import deque
from collections.abc import Callable
from datetime import timedelta

from tio.api.errors import NotAllowed, SourceUnavailable
from tio.engine.feeds.http.shapes import CapabilityState, Circuit
from tio.plugin import Clock

IN_A_ROW = 5
AT_LEAST = 10
SPAN = 60.0
REST, LONGEST_REST = 30.0, 900.0
PROBE_LOST = 120.0
"""Seconds after which a probe nobody heard of again is taken for lost."""


class Breaker:
    """Open after 5 failures in a row, or when more than half of 10 or more in 60 s failed.

    It stays open a random part of 30 s, doubled each time up to 15 min; then one probe passes.
    """

    def __init__(self, capability: str, clock: Clock, jitter: Callable[[], float]) -> None:
        self.capability = capability
        self._clock, self._jitter = clock, jitter
        self._calls: deque[tuple[float, bool]] = deque(maxlen=1_000)
        self._row = 0
        self._opened = 0
        self._open_until: float | None = None
        self._probing_since: float | None = None
        self._refused = False
        self._reason = ""

    def admit(self) -> bool:
        """Let a call pass, or raise the reason and its next try; says whether it is a probe."""
        if self._open_until is None:
            return False
        now = self._clock.monotonic()
        probing = self._probing_since is not None and now - self._probing_since < PROBE_LOST
        if now < self._open_until or probing:
            kind = NotAllowed if self._refused else SourceUnavailable
            raise kind(f"{self.capability}: {self._reason}{self._when()}")
        self._probing_since = now
        return True

    def succeeded(self) -> None:
        """A call was answered."""
        self._count(True)
        self._row = 0
        if self._open_until is not None:
            self.close()

    def failed(self, reason: str) -> None:
        """A call failed: open when that is too often."""
        self._count(False)
        self._row += 1
        self._reason = reason
        if self._probing_since is not None or self._too_often():
            most = min(LONGEST_REST, REST * 2**self._opened)
            self._opened = min(self._opened + 1, 10)
            self.open(reason, max(1.0, self._jitter() * most))

    def open(self, reason: str, seconds: float = math.inf, *, refused: bool = False) -> None:
        """Open at once; for ever unless told how long. `refused`: who asks may not."""
        self._open_until = self._clock.monotonic() + seconds
        self._reason, self._refused = reason, refused
        self._probing_since = None
        self._row = 0
        self._calls.clear()

    def close(self) -> None:
        """Closed again, all forgotten."""
        self._open_until = self._probing_since = None
        self._opened = self._row = 0
        self._refused = False
        self._reason = ""
        self._calls.clear()

    def abandoned(self) -> None:
        """The probe ended before it was sent, or by its caller's will."""
        self._probing_since = None

    def try_now(self) -> None:
        """The next call is the probe."""
        if self._open_until is not None:
            self._open_until = self._clock.monotonic()
            self._probing_since = None

    def state(self) -> CapabilityState:
        """The circuit, its reason and its next probe."""
        if self._open_until is None:
            return CapabilityState(self.capability, Circuit.closed)
        left = self._open_until - self._clock.monotonic()
        if left <= 0:
            return CapabilityState(self.capability, Circuit.half_open, self._reason)
        if math.isinf(left):
            return CapabilityState(self.capability, Circuit.open, self._reason)
        at = self._clock.now() + timedelta(seconds=left)
        return CapabilityState(self.capability, Circuit.open, self._reason, at)

    def _when(self) -> str:
        at = self.state().next_probe
        if at is not None:
            return f", next try at {at:%H:%M:%S}"
        return "" if math.isinf(self._open_until or 0) else ", being tried now"

    def _count(self, well: bool) -> None:
        self._calls.append((self._clock.monotonic(), well))

    def _too_often(self) -> bool:
        if self._row >= IN_A_ROW:
            return True
        since = self._clock.monotonic() - SPAN
        recent = [well for at, well in self._calls if at > since]
        return len(recent) >= AT_LEAST and recent.count(False) > len(recent) / 2
