"""Kraken's books checked: the CRC32 of the ten best levels on both sides."""

from collections.abc import Iterable
from zlib import crc32

from tio.api.market import Level
from tio.api.ticks import BookChange, BookSnapshot
from tio.engine.feeds.book import OrderBook

DEPTH = 10
"""What is subscribed, and what the checksum is of."""
_STEADY = 100
"""Updates a book must have stayed sound for, so that its next fault counts as the first."""
_HOPELESS = 3


def checksum(
    asks: Iterable[Level], bids: Iterable[Level], price_decimals: int, size_decimals: int
) -> int:
    """Of the asks from the lowest, then the bids from the highest, written with these decimals."""
    digits = [
        f"{value:.{decimals}f}".replace(".", "").lstrip("0")
        for level in (*asks, *bids)
        for value, decimals in ((level.price, price_decimals), (level.size, size_decimals))
    ]
    return crc32("".join(digits).encode())


class CheckedBook:
    """A book of one symbol that says whether it still is the venue's."""

    def __init__(self, symbol: str, price_decimals: int | None, size_decimals: int | None) -> None:
        self.sound = False
        """Whether it came whole and every checksum since was right."""
        self._book = OrderBook(symbol, truncated=True)
        self._faults = self._since = 0
        self._decimals = price_decimals, size_decimals

    def take(self, tick: BookSnapshot | BookChange, expected: int | None) -> bool:
        """Apply it; False when the book is not the venue's, until its next snapshot."""
        if isinstance(tick, BookSnapshot):
            self.sound = True
        if self.sound:
            self._book.apply(tick)
            self.sound = self._is(expected)
            self._count()
        return self.sound

    @property
    def hopeless(self) -> bool:
        """Whether to ask for it anew has helped too often not."""
        return self._faults >= _HOPELESS

    def _count(self) -> None:
        self._since = self._since + 1 if self.sound else 0
        if not self.sound:
            self._faults += 1
        elif self._since >= _STEADY:
            self._faults = 0

    def _is(self, expected: int | None) -> bool:
        price_decimals, size_decimals = self._decimals
        if expected is None or price_decimals is None or size_decimals is None:
            return True
        bids, asks = self._book.depth(DEPTH)
        return checksum(asks, bids, price_decimals, size_decimals) == expected
