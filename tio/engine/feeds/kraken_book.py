"""Kraken's books checked: the CRC32 of the ten best levels on both sides."""

from collections.abc import Iterable
from zlib import crc32

from tio.api.ticks import BookChange, BookSnapshot
from tio.engine.feeds.decoding import Pairs

DEPTH = 10
"""What is subscribed, and what the checksum is of."""
_STEADY = 100
"""Updates a book must have stayed sound for, so that its next fault counts as the first."""
_HOPELESS = 3


def checksum(asks: Pairs, bids: Pairs, price_decimals: int, size_decimals: int) -> int:
    """Of the asks from the lowest, then the bids from the highest, written with these decimals."""
    written = (_digits(*level, price_decimals, size_decimals) for level in (*asks, *bids))
    return _summed(written)


class CheckedBook:
    """A book of one symbol that says whether it still is the venue's.

    Of a symbol whose decimals nobody told, it is believed.
    """

    def __init__(self, price_decimals: int | None, size_decimals: int | None) -> None:
        self.sound = False
        """Whether it came whole and every checksum since was right."""
        self._decimals = price_decimals or 0, size_decimals or 0
        self._checks = price_decimals is not None and size_decimals is not None
        # Price → how the level is written; a level is written once and summed many times.
        self._asks: dict[float, str] = {}
        self._bids: dict[float, str] = {}
        self._faults = self._since = 0

    def take(self, tick: BookSnapshot | BookChange, expected: int | None) -> bool:
        """Apply it; False when the book is not the venue's, until its next snapshot."""
        if isinstance(tick, BookSnapshot):
            self.sound = True
            self._asks.clear()
            self._bids.clear()
        if self.sound:
            self._apply(self._asks, tick.asks, highest=False)
            self._apply(self._bids, tick.bids, highest=True)
            self.sound = not self._checks or expected is None or self._sum() == expected
            self._count()
        return self.sound

    @property
    def hopeless(self) -> bool:
        """Whether to ask for it anew has helped too often not."""
        return self._faults >= _HOPELESS

    def _apply(self, side: dict[float, str], levels: Pairs, highest: bool) -> None:
        for price, size in levels:
            if size > 0:
                side[price] = _digits(price, size, *self._decimals)
            else:
                side.pop(price, None)
        if len(side) > DEPTH:
            for price in sorted(side, reverse=highest)[DEPTH:]:
                del side[price]

    def _sum(self) -> int:
        asks, bids = self._asks, self._bids
        lowest = [asks[price] for price in sorted(asks)]
        return _summed(lowest + [bids[price] for price in sorted(bids, reverse=True)])

    def _count(self) -> None:
        self._since = self._since + 1 if self.sound else 0
        if not self.sound:
            self._faults += 1
        elif self._since >= _STEADY:
            self._faults = 0


def _digits(price: float, size: float, price_decimals: int, size_decimals: int) -> str:
    told = f"{price:.{price_decimals}f}".replace(".", "").lstrip("0")
    return told + f"{size:.{size_decimals}f}".replace(".", "").lstrip("0")


def _summed(written: Iterable[str]) -> int:
    return crc32("".join(written).encode())
