"""What cannot be is refused, what is odd is flagged and kept; nothing is repaired."""

from array import array
from collections import deque
from itertools import pairwise
from statistics import median

from tio.api.market import Flag
from tio.api.quality import QualityReport
from tio.api.ticks import BookChange, BookSnapshot, DayFigures, TopOfBook, Trade
from tio.engine.market.repeats import Repeats as Repeats

FUTURE = 2_000_000
"""How far a venue's clock may run ahead of ours, µs."""
_MOST = 1e300
_CALM = 0.005
"""Share of the price under which no move is wild, however quiet the instrument."""
_UNKNOWN = 0.05
"""The same while too few prices are known to say how quiet it is."""
_RATIOS = (2.0, 3.0, 4.0, 5.0, 7.0, 8.0, 10.0, 15.0, 20.0, 25.0, 50.0, 100.0, 1.5)
_EXACT = 0.03


class Spikes:
    """A price is a spike when it is far from the newest ones, by the instrument's own measure.

    Far from the median of the last three: over 18 times what it usually moves from one trade to the
    next (the median over 32, so that a few wild ones change nothing; 12 deviations were it normal),
    and over 0.5 %, or 5 % while fewer than sixteen prices are known.
    """

    KEPT = 32
    LEAST = 5
    __slots__ = ("_before", "_last", "_prices", "_reach", "_until")

    def __init__(self) -> None:
        self._prices: deque[float] = deque(maxlen=self.KEPT)
        self._last = self._before = 0.0
        self._reach = _MOST
        self._until = self.LEAST

    def odd(self, price: float) -> bool:
        """Judge a price by those before it, then count it among them."""
        prices = self._prices
        last, before = self._last, self._before
        spike = False
        if prices:
            # The median of three, spelled out: this is asked of every trade.
            oldest = prices[-3] if len(prices) > 2 else last
            middle = max(min(last, before), min(max(last, before), oldest))
            spike = abs(price - middle) > self._reach
        self._before, self._last = last or price, price
        prices.append(price)
        self._until -= 1
        if self._until <= 0:
            self._measure()
        return spike

    def _measure(self) -> None:
        prices = self._prices
        moves = [abs(b - a) for a, b in pairwise(prices) if a != b]
        usual = median(moves) if len(moves) >= self.LEAST else 0.0
        calm = _CALM if len(prices) > self.KEPT // 2 else _UNKNOWN
        self._reach = max(12 * 1.4826 * usual, calm * abs(median(prices)))
        self._until = max(self.LEAST, len(prices) // 2)


class Sizes:
    """A size is odd when it is over a thousand times the median and all of the recent ones."""

    KEPT = 64
    LEAST = 32
    __slots__ = ("_most", "_sizes", "_until")

    def __init__(self) -> None:
        self._sizes: array[float] = array("d")
        self._most = _MOST
        self._until = self.LEAST

    def odd(self, size: float) -> bool:
        """Judge a size by those before it, then count it among them; none known is never odd."""
        if not size > 0:
            return False
        sizes = self._sizes
        sizes.append(size)
        odd = size > self._most
        self._until -= 1
        if self._until <= 0:
            del sizes[: -self.KEPT]
            self._most = max(1_000 * median(sizes), max(sizes))
            self._until = self.LEAST
        return odd


def split_between(last: float, previous_close: float) -> float | None:
    """The split ratio that lies between two prices, within 3 %; None when none does."""
    change = previous_close / last
    if 0.7 < change < 1.4:
        return None
    for ratio in _RATIOS:
        if abs(change / ratio - 1) < _EXACT:
            return ratio
        if abs(change * ratio - 1) < _EXACT:
            return 1 / ratio
    return None


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


def trade_fault(tick: Trade, received_at: int, signed: bool = False) -> str:
    """Why a trade cannot be; empty when it can. `signed`: its price may be zero or below."""
    price, size = tick.price, tick.size
    if not 0.0 < price < _MOST and (fault := _price_fault(price, signed)):
        return fault
    # NaN is a size nobody knows: the prices of replayed bars without volume.
    if not 0.0 <= size < _MOST and size == size:
        return "negative_size" if size < 0.0 else "not_finite"
    return "future" if tick.at > received_at + FUTURE else ""


def top_fault(tick: TopOfBook, received_at: int, signed: bool = False) -> str:
    """Why a best bid and ask cannot be; empty when they can."""
    for price in (tick.bid, tick.ask):
        if price is not None and not 0.0 < price < _MOST and (fault := _price_fault(price, signed)):
            return fault
    for size in (tick.bid_size, tick.ask_size):
        if size is not None and not 0.0 <= size < _MOST:
            return "negative_size" if size < 0.0 else "not_finite"
    return "future" if tick.at is not None and tick.at > received_at + FUTURE else ""


def figures_fault(tick: DayFigures, received_at: int, signed: bool = False) -> str:
    """Why day figures cannot be; empty when they can."""
    for price in (tick.last, tick.open, tick.high, tick.low, tick.previous_close):
        if price is not None and not 0.0 < price < _MOST and (fault := _price_fault(price, signed)):
            return fault
    if tick.volume is not None and not 0.0 <= tick.volume < _MOST:
        return "negative_size" if tick.volume < 0.0 else "not_finite"
    for change in (tick.change, tick.change_percent):
        if change is not None and not -_MOST < change < _MOST:
            return "not_finite"
    return "future" if tick.at is not None and tick.at > received_at + FUTURE else ""


def book_fault(tick: BookSnapshot | BookChange, received_at: int, signed: bool = False) -> str:
    """Why a book cannot be; empty when it can."""
    for levels in (tick.bids, tick.asks):
        for price, size in levels:
            if not 0.0 < price < _MOST and (fault := _price_fault(price, signed)):
                return fault
            if not 0.0 <= size < _MOST:
                return "negative_size" if size < 0.0 else "not_finite"
    return "future" if tick.at is not None and tick.at > received_at + FUTURE else ""


def _price_fault(price: float, signed: bool) -> str:
    """Why a price that is not above zero cannot be."""
    if not -_MOST < price < _MOST:
        return "not_finite"
    return "" if signed else "non_positive_price"
