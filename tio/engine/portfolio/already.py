"""Which events a ledger has: by the id a confirmed entry carries, else by day and amount."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.money import ONE, ZERO

EVENT = "event:"
"""What the reference of an entry confirmed from an event begins with."""
Kind = TransactionKind
_PAID = frozenset({Kind.dividend, Kind.return_of_capital})
_EARLY, _LATE = timedelta(days=5), timedelta(days=70)
"""How long before the ex-date, and after it, a payment may be entered."""
_ABOUT = timedelta(days=10)
"""About the day a split took effect, or a payment was told for."""
_LEAST, _MOST = Decimal("0.6"), Decimal("1.1")
"""An amount so much of the one expected: withheld tax may be taken off already."""


@dataclass(frozen=True, slots=True)
class Due:
    """An entry an event asks for, in one account; `amount` None of a split."""

    id: str
    kind: TransactionKind
    symbol: str
    account: str
    ex_date: date
    day: date
    quantity: Decimal
    amount: Decimal | None
    currency: str
    told: bool
    """Whether the source told the day of payment."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """Dues the ledger has no entry of, and pairs of entries that say one event twice."""

    open: tuple[Due, ...]
    doubles: tuple[tuple[Transaction, Transaction], ...]


def sorted_out(dues: Sequence[Due], entries: Iterable[Transaction], zone: ZoneInfo) -> Sorted:
    """Each entry stands for one due at most, the nearest; a confirmed one for its own."""
    left = [e for e in entries if e.kind in _PAID or e.kind is Kind.splits]
    own = {(e.reference, e.account): e for e in left if e.reference.startswith(EVENT)}
    left = [e for e in left if not e.reference.startswith(EVENT)]
    confirmed = {due.id: own.get((EVENT + due.id, due.account)) for due in dues}
    # What is confirmed comes last, so that a broker's row goes to a due that has nothing else.
    order = sorted(dues, key=lambda due: (confirmed[due.id] is not None, due.ex_date, due.id))
    found: dict[str, Transaction] = {}
    for alike in (_same_account, _any_account):
        near = sorted(
            (
                (abs(_day(entry, zone) - due.day), at, due, entry)
                for at, due in enumerate(order)
                if due.id not in found
                for entry in left
                if alike(due, entry) and _near(due, _day(entry, zone)) and _fits(due, entry)
            ),
            key=lambda each: (confirmed[each[2].id] is not None, each[0], each[1]),
        )
        for _, _, due, entry in near:
            if due.id not in found and entry in left:
                found[due.id] = entry
                left.remove(entry)
    open_ = [due for due in dues if due.id not in found and confirmed[due.id] is None]
    open_ = _without_summed(open_, left, zone)
    doubles = [
        (mine, found[id]) for id, mine in confirmed.items() if mine is not None and id in found
    ]
    return Sorted(tuple(open_), tuple(doubles))


def repeats(confirmed: Transaction, row: Transaction) -> bool:
    """Whether a file's row says what an entry confirmed from an event says already."""
    if not confirmed.reference.startswith(EVENT) or confirmed.symbol != row.symbol:
        return False
    if row.kind is Kind.splits or confirmed.kind is Kind.splits:
        near = abs(row.at - confirmed.at) <= _ABOUT
        return near and row.kind is confirmed.kind and row.quantity == confirmed.quantity
    if row.kind not in _PAID or row.account != confirmed.account:
        return False
    near = abs(row.at - confirmed.at) <= _LATE / 2
    if row.currency != confirmed.currency:
        return near
    return near and _about(_amount(row), confirmed.amount or ZERO)


def _same_account(due: Due, entry: Transaction) -> bool:
    # A split without an account reaches them all, and so does the due of one.
    reaches = entry.kind is Kind.splits and not entry.account
    return due.symbol == entry.symbol and (reaches or due.account == entry.account)


def _any_account(due: Due, entry: Transaction) -> bool:
    return due.symbol == entry.symbol


def _near(due: Due, day: date) -> bool:
    if due.kind is Kind.splits:
        return abs(day - due.ex_date) <= _ABOUT
    if due.told:
        return due.ex_date - _EARLY <= day <= due.day + _ABOUT
    return due.ex_date - _EARLY <= day <= due.ex_date + _LATE


def _fits(due: Due, entry: Transaction) -> bool:
    if due.kind is Kind.splits:
        return entry.kind is Kind.splits
    if entry.kind not in _PAID or due.amount is None:
        return False
    return entry.currency != due.currency or _about(_amount(entry), due.amount)


def _without_summed(dues: Sequence[Due], left: list[Transaction], zone: ZoneInfo) -> list[Due]:
    """Without those that one entry tells together, whatever account it names."""
    kept = list(dues)
    for each in dues:
        these = [d for d in kept if (d.symbol, d.ex_date) == (each.symbol, each.ex_date)]
        these = [d for d in these if d.kind is each.kind]
        if len(these) < 2 or each.amount is None:
            continue
        whole = sum((d.amount or ZERO for d in these), ZERO)
        for entry in left:
            if (
                entry.symbol == each.symbol
                and entry.kind in _PAID
                and _near(each, _day(entry, zone))
                and (entry.currency != each.currency or _about(_amount(entry), whole))
            ):
                kept = [d for d in kept if d not in these]
                left.remove(entry)
                break
    return kept


def _about(amount: Decimal, expected: Decimal) -> bool:
    low, high = sorted((expected * _LEAST, expected * _MOST))
    return low <= amount <= high


def _amount(entry: Transaction) -> Decimal:
    if entry.amount is not None:
        return entry.amount
    return (entry.price or ZERO) * (ONE if entry.quantity is None else entry.quantity)


def _day(entry: Transaction, zone: ZoneInfo) -> date:
    return entry.at.astimezone(zone).date()
