"""The order book of one instrument, kept from a snapshot and the changes after it."""

from collections import deque
from heapq import heapify, heappop, heappush, nlargest, nsmallest

from tio.api.market import Level
from tio.api.ticks import BookChange, BookSnapshot, TopOfBook

SUBSCRIBED_DEPTHS = frozenset((10, 25, 100, 500, 1_000))
"""The depths Kraken sells: it sends no deletion for a level that falls out of them."""
MOST_LEVELS = 20_000
"""A side; the worst are forgotten beyond."""
_HELD = 1_000


class OrderBook:
    """Bids and asks by price; nothing is said of them before a snapshot came, nor after a gap.

    Where the venue numbers its updates, those of before the snapshot are held until it comes, older
    ones are dropped, and a missing one makes the book incomplete until the next snapshot.
    `truncated`: levels beyond the subscribed depth, the least that holds the snapshot, are let go
    as the venue lets them go.
    """

    def __init__(self, symbol: str, truncated: bool = False) -> None:
        self.symbol = symbol
        self.complete = False
        self.gaps = 0
        self.dropped = 0
        """Changes that came without a book to change, or were older than it."""
        self._truncated = truncated
        self._bids = _Side(-1)
        self._asks = _Side(1)
        self._at: int | None = None
        self._sequence: int | None = None
        self._held: deque[BookChange] = deque(maxlen=_HELD)

    def apply(self, tick: BookSnapshot | BookChange) -> None:
        """Take a whole book, or a change if there is a book it continues."""
        if isinstance(tick, BookSnapshot):
            self._begin(tick)
        elif not self.complete:
            self._hold(tick)
        else:
            self._change(tick)

    def best(self) -> TopOfBook | None:
        """Best bid and ask with their sizes; None without a complete book."""
        if not self.complete:
            return None
        bid, bid_size = self._bids.best()
        ask, ask_size = self._asks.best()
        return TopOfBook(self.symbol, bid, ask, bid_size, ask_size, self._at)

    def depth(self, levels: int) -> tuple[tuple[Level, ...], tuple[Level, ...]]:
        """The best `levels` bids and asks, best first; empty without a complete book."""
        if not self.complete:
            return (), ()
        return self._bids.first(levels), self._asks.first(levels)

    def __len__(self) -> int:
        return len(self._bids.sizes) + len(self._asks.sizes)

    def _begin(self, book: BookSnapshot) -> None:
        deepest = max(len(book.bids), len(book.asks))
        limit = MOST_LEVELS
        if self._truncated:
            limit = min((depth for depth in SUBSCRIBED_DEPTHS if depth >= deepest), default=deepest)
        self._bids.begin(book.bids, limit)
        self._asks.begin(book.asks, limit)
        self._at, self._sequence = book.at, book.sequence
        self.complete = True
        held = list(self._held)
        self._held.clear()
        if book.sequence is not None:
            for change in held:
                if self.complete:
                    self._change(change)
                else:
                    self._hold(change)

    def _change(self, change: BookChange) -> None:
        last, number = self._sequence, change.sequence
        if last is not None and number is not None:
            if number <= last:
                self.dropped += 1
                return
            first = number if change.first is None else change.first
            if first > last + 1:
                self.gaps += 1
                self.complete = False
                self._hold(change)
                return
            self._sequence = number
        self._bids.change(change.bids)
        self._asks.change(change.asks)
        if change.at is not None:
            self._at = change.at

    def _hold(self, change: BookChange) -> None:
        if change.sequence is None or len(self._held) == _HELD:
            self.dropped += 1
        if change.sequence is not None:
            self._held.append(change)


class _Side:
    """Sizes by price, and a heap of prices, best first, whose removed ones are left to lie."""

    __slots__ = ("_heap", "_limit", "_sign", "sizes")

    def __init__(self, sign: int) -> None:
        self._sign = sign
        self._limit = MOST_LEVELS
        self.sizes: dict[float, float] = {}
        self._heap: list[float] = []

    def begin(self, levels: tuple[tuple[float, float], ...], limit: int) -> None:
        self._limit = limit
        if len(levels) > limit:
            # Venues send them sorted, which makes this quick.
            levels = tuple(sorted(levels, reverse=self._sign < 0)[:limit])
        self.sizes = {price: size for price, size in levels if size > 0}
        self._rebuild()

    def change(self, levels: tuple[tuple[float, float], ...]) -> None:
        sizes = self.sizes
        for price, size in levels:
            if not size > 0:
                sizes.pop(price, None)
            else:
                if price not in sizes:
                    heappush(self._heap, self._sign * price)
                sizes[price] = size
        if len(sizes) > self._limit:
            self._trim()
        if len(self._heap) > 2 * len(sizes) + 64:
            self._rebuild()

    def best(self) -> tuple[float | None, float | None]:
        heap, sizes, sign = self._heap, self.sizes, self._sign
        while heap:
            price = sign * heap[0]
            size = sizes.get(price)
            if size is not None:
                return price, size
            heappop(heap)
        return None, None

    def first(self, count: int) -> tuple[Level, ...]:
        pick = nsmallest if self._sign > 0 else nlargest
        return tuple(Level(price, self.sizes[price]) for price in pick(count, self.sizes))

    def _trim(self) -> None:
        worst = max if self._sign > 0 else min
        excess = len(self.sizes) - self._limit
        if excess == 1:
            del self.sizes[worst(self.sizes)]
        elif excess > 1:
            pick = nlargest if self._sign > 0 else nsmallest
            for price in pick(excess, self.sizes):
                del self.sizes[price]

    def _rebuild(self) -> None:
        self._heap = [self._sign * price for price in self.sizes]
        heapify(self._heap)
