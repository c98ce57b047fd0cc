"""Lots and gains of books, as they are told."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import localcontext
from zoneinfo import ZoneInfo

from tio.api.ledger import Gains
from tio.api.portfolio import Gain, Lot, Transaction, TransactionKind
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.closings import Closing
from tio.engine.portfolio.money import EXACT, ZERO

LONG = 365
"""Days beyond which a holding is long-term."""
_WASH = timedelta(days=30)


def lots_of(books: Books, symbol: str, account: str | None) -> tuple[Lot, ...]:
    """Open lots, by symbol and account, oldest first."""
    told = [
        Lot(
            id=held.lot.id,
            symbol=held.symbol,
            account=held.account,
            opened_at=held.lot.opened_at,
            quantity=held.lot.quantity,
            cost=held.lot.cost,
            currency=held.lot.currency,
            base_cost=held.lot.base_cost,
        )
        for held in books.held()
        if symbol in ("", held.symbol) and account in (None, held.account)
    ]
    return tuple(sorted(told, key=lambda lot: (lot.symbol, lot.account, lot.opened_at)))


def gains_of(books: Books, zone: ZoneInfo, year: int | None, symbol: str) -> Gains:
    """Closed lots of a year, by the dates of a zone, and their sums."""
    buys = _buys(books.entries())
    with localcontext(EXACT):
        told = [
            _gain(closing, zone, buys[closing.symbol])
            for closing in books.closings()
            if symbol in ("", closing.symbol)
            and year in (None, closing.closed_at.astimezone(zone).year)
        ]
        short = sum((each.gain for each in told if each.held_days <= LONG), ZERO)
        whole = sum((each.gain for each in told), ZERO)
        by_currency = sum((each.currency_gain for each in told), ZERO)
        return Gains(
            portfolio=books.portfolio.name,
            currency=books.portfolio.currency,
            gains=tuple(told),
            short_term=short,
            long_term=whole - short,
            price_gain=whole - by_currency,
            currency_gain=by_currency,
        )


def _gain(closing: Closing, zone: ZoneInfo, buys: list[datetime]) -> Gain:
    part = closing.part
    washed = closing.gain < 0 and any(
        abs(at - closing.closed_at) <= _WASH and at != part.opened_at for at in buys
    )
    return Gain(
        symbol=closing.symbol,
        account=closing.account,
        lot=part.id,
        closed_by=closing.closed_by,
        opened_at=part.opened_at,
        closed_at=closing.closed_at,
        quantity=part.quantity,
        proceeds=closing.proceeds * closing.rate,
        cost=part.base_cost,
        gain=closing.gain,
        price_gain=closing.gain - closing.currency_gain,
        currency_gain=closing.currency_gain,
        held_days=(_day(closing.closed_at, zone) - _day(part.opened_at, zone)).days,
        wash=washed,
    )


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _buys(entries: list[Transaction]) -> defaultdict[str, list[datetime]]:
    bought: defaultdict[str, list[datetime]] = defaultdict(list)
    for entry in entries:
        if entry.kind is TransactionKind.buy:
            bought[entry.symbol].append(entry.at)
    return bought
