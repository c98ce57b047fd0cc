"""What a portfolio's day brought by what it closed, which no position tells any more."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from decimal import Decimal, localcontext
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from tio.api.portfolio import Holdings
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.closings import Closing
from tio.engine.portfolio.moments import zone_named
from tio.engine.portfolio.money import EXACT, ZERO
from tio.engine.portfolio.valuing import Price


def day_begin(books: Books, at: datetime) -> datetime:
    """The midnight before a moment, where the portfolio is at home."""
    zone: ZoneInfo = zone_named(books.portfolio.zone)
    return datetime.combine(at.astimezone(zone).date(), time(), zone).astimezone(UTC)


def priced(books: Books, begin: datetime) -> set[str]:
    """The symbols a day's change needs prices of: what is held, and what was closed since."""
    return {*books.sums()} | {each.symbol for each in books.closed_since(begin)}


def with_closed(
    held: Holdings, books: Books, begin: datetime, prices: Mapping[str, Price]
) -> Holdings:
    """Holdings whose day's change has in it what was closed since."""
    if held.day_change is None:
        return held
    with localcontext(EXACT):
        change = held.day_change + closed_since(books, begin, prices)
    return replace(held, day_change=change)


def closed_since(books: Books, begin: datetime, prices: Mapping[str, Price]) -> Decimal:
    """What was closed since brought: over its cost, or the previous close of what was held before.

    In the portfolio's currency, fees taken off.
    """
    with localcontext(EXACT):
        closed = books.closed_since(begin)
        return sum((_brought(each, begin, prices.get(each.symbol)) for each in closed), ZERO)


def _brought(each: Closing, begin: datetime, price: Price | None) -> Decimal:
    part, previous = each.part, None if price is None else price.previous
    known = price is not None and price.currency == each.currency
    if part.opened_at >= begin or previous is None or not known:
        return each.gain
    return (each.proceeds - part.quantity * previous) * each.rate
