"""Entries that match what is asked for."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from tio.api.ledger import ListTransactions
from tio.api.portfolio import Transaction


def sought(
    entries: Sequence[Transaction], asked: ListTransactions, zone: ZoneInfo
) -> tuple[Transaction, ...]:
    """Of entries in their order, those that match, newest first; dates are of the zone."""
    needle = asked.text.casefold()
    found = [
        entry
        for entry in reversed(entries)
        if asked.symbol in ("", entry.symbol, entry.into)
        and (not asked.kinds or entry.kind in asked.kinds)
        and asked.account in (None, entry.account)
        and _within(entry.at.astimezone(zone).date(), asked.start, asked.end)
        and (not needle or needle in _text(entry))
    ]
    return tuple(found[asked.skip : asked.skip + asked.limit])


def _within(day: date, start: date | None, end: date | None) -> bool:
    return (start is None or day >= start) and (end is None or day <= end)


def _text(entry: Transaction) -> str:
    return "\n".join((entry.symbol, entry.note, entry.reference, *entry.tags)).casefold()
