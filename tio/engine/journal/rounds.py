"""Lots of a ledger as trades: what was held of a symbol in an account, from nothing to nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, localcontext

from tio.api.portfolio import Transaction
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.closings import Closing
from tio.engine.portfolio.lots import OpenLot
from tio.engine.portfolio.money import EXACT, ZERO

Moment = tuple[datetime, int]
"""When, and the order of entry within one time."""


@dataclass(slots=True)
class Round:
    """One trade: parts of lots that were closed, and lots that are still open.

    Lots that overlap in time belong together; where nothing was held in between, a trade ended.
    """

    symbol: str
    account: str
    begun: Moment
    closings: list[Closing] = field(default_factory=list)
    open: list[OpenLot] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The entry that opened it."""
        return min(self.parts, key=lambda part: (part.opened_at, _number(part.id), part.id)).id

    @property
    def parts(self) -> tuple[OpenLot, ...]:
        return (*(closing.part for closing in self.closings), *self.open)

    @property
    def long(self) -> bool:
        return self.parts[0].quantity > 0

    @property
    def opened_at(self) -> datetime:
        return self.begun[0]

    @property
    def closed_at(self) -> datetime | None:
        """When the last of it was closed; None while some is open."""
        return None if self.open else max(each.closed_at for each in self.closings)

    @property
    def quantity(self) -> Decimal:
        """All that was opened, above zero, in the units of today."""
        return abs(_sum(part.quantity for part in self.parts))

    @property
    def left(self) -> Decimal:
        return abs(_sum(lot.quantity for lot in self.open))

    @property
    def gain(self) -> Decimal:
        """Realised, in the portfolio's currency."""
        return _sum(closing.gain for closing in self.closings)

    @property
    def currencies(self) -> set[str]:
        return {part.currency for part in self.parts} | {each.currency for each in self.closings}


@dataclass(slots=True)
class _Piece:
    """A part of a lot for as long as it was held; `until` None while it is."""

    since: Moment
    until: Moment | None
    closing: Closing | None
    lot: OpenLot


def rounds(books: Books) -> tuple[Round, ...]:
    """The trades of a ledger, by opening. Lots that left without a sale are in none."""
    at = _moments(books)
    pieces: defaultdict[tuple[str, str, bool], list[_Piece]] = defaultdict(list)
    for closing in books.closings():
        key = closing.symbol, closing.account, closing.part.quantity > 0
        piece = _Piece(
            at(closing.part.id, closing.part.opened_at),
            at(closing.closed_by, closing.closed_at),
            closing,
            closing.part,
        )
        pieces[key].append(piece)
    for held in books.held():
        key = held.symbol, held.account, held.lot.quantity > 0
        pieces[key].append(_Piece(at(held.lot.id, held.lot.opened_at), None, None, held.lot))
    found = [
        made
        for (symbol, account, _), told in pieces.items()
        for made in _joined(symbol, account, told)
    ]
    return tuple(sorted(found, key=lambda each: (each.begun, each.symbol, each.account)))


def _joined(symbol: str, account: str, pieces: list[_Piece]) -> Iterator[Round]:
    """Pieces that overlap, together; one that begins where all before had ended begins anew."""
    pieces.sort(key=lambda piece: piece.since)
    current: Round | None = None
    until: Moment | None = None
    for piece in pieces:
        if current is None or (until is not None and piece.since >= until):
            if current is not None:
                yield current
            current, until = Round(symbol, account, piece.since), piece.until
        elif until is not None:
            until = None if piece.until is None else max(until, piece.until)
        if piece.closing is None:
            current.open.append(piece.lot)
        else:
            current.closings.append(piece.closing)
    if current is not None:
        yield current


def _moments(books: Books) -> Callable[[str, datetime], Moment]:
    """When an entry stands in the ledger; a lot that was spun off stands where its parent's did."""
    positions = {entry.id: entry.position for entry in books.entries()}

    def moment(id: str, at: datetime) -> Moment:
        return at, positions.get(id, positions.get(id.rpartition("/")[2], 0))

    return moment


def entries_of(round: Round, books: Books) -> tuple[list[Transaction], list[Transaction]]:
    """The entries that opened its lots, and those that closed them, in order."""
    opened = {part.id for part in round.parts}
    closed = {each.closed_by for each in round.closings}
    entries = books.of(round.symbol)
    return [e for e in entries if e.id in opened], [e for e in entries if e.id in closed]


def _number(id: str) -> int:
    return int(id) if id.isdecimal() else 0


def _sum(amounts: Iterator[Decimal]) -> Decimal:
    with localcontext(EXACT):
        return sum(amounts, ZERO)
