"""The order books of a workspace: kept on the board's lines, told best levels first."""

from tio.api.market import BookDepth, Flag, Level
from tio.api.series import moment
from tio.api.ticks import BookChange, BookSnapshot
from tio.engine.bus import Bus, LatestChannel
from tio.engine.feeds.book import OrderBook
from tio.engine.market.board import QuoteBoard
from tio.engine.market.check import book_fault
from tio.engine.market.line import Line

_LAG = 5_000_000
"""µs by which a book that is told may stand behind other channels of its source."""


class Books:
    """The book of every line, from its snapshot on; without one, its best bid and ask."""

    def __init__(self, board: QuoteBoard, bus: Bus) -> None:
        self.changed: LatestChannel[str, Line] = bus.latest(board.lines.get)
        self._board = board

    def take(self, tick: BookSnapshot | BookChange, line: Line, received_at: int) -> bool:
        """A book or a change of one; its best bid and ask reach the board. False: refused."""
        fault = book_fault(tick, received_at, line.signed)
        if fault:
            line.quality.refuse(fault)
            return False
        if line.book is None:
            line.book = OrderBook(tick.symbol, line.origin.truncated_book)
        line.book_at = received_at
        was_whole = line.book.complete
        line.book.apply(tick)
        best = line.book.best()
        if best is not None and line.top(best, received_at) and line.crossed:
            line.quality.flag(Flag.crossed)
        if was_whole or best is not None:
            self.changed.touch(tick.symbol)
        return True

    def depth(self, symbol: str, levels: int) -> BookDepth:
        """The book of a symbol, best levels first; from the best bid and ask where it is all."""
        line = self._board.lines.get(symbol)
        if line is None:
            return BookDepth(symbol=symbol, complete=False)
        book = line.book
        complete = is_told(line)
        if book is not None and complete:
            bids, asks = book.depth(levels)
        else:
            bids = _level(line.bid, line.bid_size)
            asks = _level(line.ask, line.ask_size)
        return BookDepth(
            symbol=symbol,
            bids=bids,
            asks=asks,
            as_of=None if line.as_of is None else moment(line.as_of),
            source=line.origin.name,
            complete=complete,
        )

    def drop(self, source: str) -> None:
        """A connection was lost: its books are whole again only after their next snapshot."""
        for line in self._board.lines.values():
            if line.origin.name == source and line.book is not None:
                line.book = None
                self.changed.touch(line.symbol)


def is_told(line: Line) -> bool:
    """Whether the book of a line is whole, and its source has not left off telling it.

    Where other channels go on and stand at other prices, it has: nobody watched it for a while.
    """
    best = None if line.book is None else line.book.best()
    if best is None:
        return False
    alike = (best.bid, best.ask) == (line.bid, line.ask)
    return alike or line.received_at - line.book_at <= _LAG


def _level(price: float | None, size: float | None) -> tuple[Level, ...]:
    return () if price is None else (Level(price, size or 0.0),)
