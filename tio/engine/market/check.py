"""What cannot be is refused, what is odd is flagged and kept; nothing is repaired.

Repeats are recognised among the newest `Repeats.KEPT`..2x`KEPT` trades of the workspace, which
bounds the memory and outlasts any shuffle a venue or a reconnect makes.
"""

from collections import deque
from statistics import median

from tio.api.market import Flag, QualityReport
from tio.api.ticks import BookChange, BookSnapshot, DayFigures, TopOfBook, Trade

FUTURE = 2_000_000
"""How far a venue's clock may run ahead of ours, µs."""
_MOST = 1e300


class Repeats:
    """Trades seen lately, as hashes in two generations."""

    KEPT = 131_072
    __slots__ = ("_before", "_now")

    def __init__(self) -> None:
        self._now: set[int] = set()
        self._before: set[int] = set()

    def seen(self, mark: int) -> bool:
        """Whether this mark was met before; it is from now on."""
        now = self._now
        if mark in now or mark in self._before:
            return True
        now.add(mark)
        if len(now) >= self.KEPT:
            self._before, self._now = now, set()
        return False


class Spikes:
    """A price is a spike when it is over 12 MAD and over 2 % away from the recent median."""

    KEPT = 32
    LEAST = 5
    __slots__ = ("_high", "_low", "_prices", "_until")

    def __init__(self) -> None:
        self._prices: deque[float] = deque(maxlen=self.KEPT)
        self._low, self._high = 0.0, _MOST
        self._until = self.LEAST

    def odd(self, price: float) -> bool:
        """Judge a price by those before it, then count it among them."""
        spike = not self._low <= price <= self._high
        self._prices.append(price)
        self._until -= 1
        if self._until <= 0:
            self._measure()
        return spike

    def _measure(self) -> None:
        middle = median(self._prices)
        spread = median([abs(price - middle) for price in self._prices])
        reach = max(12 * 1.4826 * spread, 0.02 * middle)
        self._low, self._high = middle - reach, middle + reach
        self._until = max(self.LEAST, len(self._prices) // 2)


class Quality:
    """Counts of one instrument: what was taken, refused and flagged."""

    __slots__ = ("accepted", "flagged", "refused")

    def __init__(self) -> None:
        self.accepted = 0
        self.refused: dict[str, int] = {}
        self.flagged: dict[str, int] = {}

    def refuse(self, reason: str) -> None:
        self.refused[reason] = self.refused.get(reason, 0) + 1

    def flag(self, flag: Flag) -> None:
        self.flagged[flag.value] = self.flagged.get(flag.value, 0) + 1

    def report(self, symbol: str) -> QualityReport:
        return QualityReport(
            symbol=symbol,
            accepted=self.accepted,
            refused=dict(self.refused),
            flagged=dict(self.flagged),
        )


def trade_fault(tick: Trade, received_at: int) -> str:
    """Why a trade cannot be; empty when it can."""
    price, size = tick.price, tick.size
    if not 0.0 < price < _MOST:
        return "not_finite" if price != price or price >= _MOST else "non_positive_price"
    # NaN is a size nobody knows: the prices of replayed bars without volume.
    if not 0.0 <= size < _MOST and size == size:
        return "negative_size" if size < 0.0 else "not_finite"
    return "future" if tick.at > received_at + FUTURE else ""


def trade_mark(tick: Trade) -> int:
    """What makes a repeat of a trade recognisable: its id, else all it says."""
    if tick.id is not None:
        return hash((tick.symbol, tick.id))
    return hash((tick.symbol, tick.at, tick.price, tick.size, tick.side, tick.index))


def top_fault(tick: TopOfBook, received_at: int) -> str:
    """Why a best bid and ask cannot be; empty when they can."""
    for price in (tick.bid, tick.ask):
        if price is not None and not 0.0 < price < _MOST:
            return "non_positive_price" if price <= 0.0 else "not_finite"
    for size in (tick.bid_size, tick.ask_size):
        if size is not None and not 0.0 <= size < _MOST:
            return "negative_size" if size < 0.0 else "not_finite"
    return "future" if tick.at is not None and tick.at > received_at + FUTURE else ""


def figures_fault(tick: DayFigures, received_at: int) -> str:
    """Why day figures cannot be; empty when they can."""
    for price in (tick.last, tick.open, tick.high, tick.low, tick.previous_close):
        if price is not None and not 0.0 < price < _MOST:
            return "non_positive_price" if price <= 0.0 else "not_finite"
    if tick.volume is not None and not 0.0 <= tick.volume < _MOST:
        return "negative_size" if tick.volume < 0.0 else "not_finite"
    for change in (tick.change, tick.change_percent):
        if change is not None and not -_MOST < change < _MOST:
            return "not_finite"
    return "future" if tick.at is not None and tick.at > received_at + FUTURE else ""


def book_fault(tick: BookSnapshot | BookChange, received_at: int) -> str:
    """Why a book cannot be; empty when it can."""
    for levels in (tick.bids, tick.asks):
        for price, size in levels:
            if not 0.0 < price < _MOST:
                return "non_positive_price" if price <= 0.0 else "not_finite"
            if not 0.0 <= size < _MOST:
                return "negative_size" if size < 0.0 else "not_finite"
    return "future" if tick.at is not None and tick.at > received_at + FUTURE else ""
