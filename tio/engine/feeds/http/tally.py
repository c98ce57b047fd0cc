"""How a host did lately: calls, errors, latencies."""

from collections import deque
from datetime import datetime


class Tally:
    """Counts calls and keeps the latencies of the last 256."""

    def __init__(self) -> None:
        self.calls = 0
        self.errors = 0
        self.last_answer_at: datetime | None = None
        self.last_error = ""
        self._latencies: deque[float] = deque(maxlen=256)

    def answered(self, seconds: float, at: datetime) -> None:
        """An answer came, whatever it said."""
        self._latencies.append(seconds)
        self.last_answer_at = at

    def erred(self, words: str) -> None:
        self.errors += 1
        self.last_error = words

    def latency(self, share: float) -> float | None:
        """The latency that `share` of the calls stayed within, in seconds."""
        if not self._latencies:
            return None
        ordered = sorted(self._latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
