"""How a rate is spent: corner trades first, day figures sparingly, the rest by activity."""

import numpy as np

from tio.engine.feeds.simulator.process import Floats, Ints
from tio.engine.feeds.simulator.sessions import SECOND

LEAST_RATE, MOST_RATE = 1.0, 20_000.0


class Pace:
    """`rate` ticks a second over `count` instruments, counted exactly over any stretch of slots.

    A slot is the span generated at once. `corners` is how many of a minute's four corner trades
    each instrument gets: 4, and live ticks fold into exactly history's bars; at rates too low for
    that 1, the close; lower still, only every `turns`-th instrument trades in a minute.
    """

    def __init__(self, rate: float, count: int) -> None:
        if not LEAST_RATE <= rate <= MOST_RATE:
            raise ValueError(f"rate must be 1 to 20,000 ticks a second, was {rate:g}")
        self.rate = rate
        self.count = count
        self.slot = SECOND // 20 if rate >= 100 else SECOND // 5
        budget = 0.6 * 60 * rate
        self.corners = 4 if 4 * count <= budget else 1
        self.turns = max(int(np.ceil(count * self.corners / budget)), 1)
        self.window = int(min(max(4 * count / rate, 1.0), 15.0) * SECOND)
        corner_rate = count * self.corners / self.turns / 60
        figures = min(0.05 * rate, 0.5 * count)
        self._figures = figures * self.slot / SECOND
        self.extra = max(int(0.02 * rate * self.slot / SECOND), 1)
        """How many figures more a slot may tell because a day's high or low moved."""
        self._free = max(rate - corner_rate - figures, 0.0) * self.slot / SECOND

    def free(self, slot: int) -> int:
        """Ticks of this slot beyond corners and figures."""
        return _share(slot, self._free)

    def figures(self, slot: int) -> Ints:
        """The instruments, in turn, whose day figures this slot tells."""
        first = int(slot * self._figures)
        return np.arange(first, first + _share(slot, self._figures), dtype=np.int64) % self.count

    def weights(self) -> Floats:
        """Cumulative activity: the first instruments tick most (Zipf)."""
        activity = np.cumsum(1.0 / np.arange(1, self.count + 1) ** 0.8)
        weights: Floats = activity / activity[-1]
        return weights


def _share(slot: int, each: float) -> int:
    return int((slot + 1) * each) - int(slot * each)
