"""An entry of a ledger written as the line that would tell it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal

from tio.api.portfolio import Transaction, TransactionKind
from tio.draw.amounts import money, quantity, unit_price
from tio.screens.entry_line import DATE, FIGURES, KEYWORDS, NAMES, UNITS, number

KIND = TransactionKind


def written(entry: Transaction, zone: tzinfo) -> str:
    """An entry as the line that would tell it; dates are those of a zone."""
    parts = [entry.kind.value, *_body(entry)]
    for name, field in FIGURES.items():
        value = getattr(entry, field)
        is_placed = field == "amount" and not (entry.symbol and entry.kind in UNITS)
        if value and not is_placed and not (field == "rate" and value == 1):
            parts += [name, _plain(value)]
    for name, field in NAMES.items():
        value = getattr(entry, field)
        for each in value if isinstance(value, tuple) else (value,):
            if each:
                parts += [name, _symbol(each) if name == "into" else _quoted(each)]
    parts += ["short"] if entry.short else []
    parts.append(day_of(entry.at, zone))
    return " ".join(parts + (["note", entry.note] if entry.note else []))


def told(entry: Transaction, zone: tzinfo) -> str:
    """An entry as it is booked, to be read: `buy 10 AAPL at 187.20 USD, fee 1.00, 2026-11-02`."""
    parts = [entry.kind.value.replace("_", " ")]
    if entry.quantity is not None:
        parts.append(quantity(entry.quantity))
    parts += [entry.symbol] if entry.symbol else []
    if entry.price is not None:
        parts.append(f"at {unit_price(entry.price)} {entry.currency}")
    if entry.amount is not None:
        parts.append(f"{money(entry.amount, entry.currency)} {entry.currency}")
    if entry.to_amount is not None:
        parts.append(f"to {money(entry.to_amount, entry.to_currency)} {entry.to_currency}")
    said = " ".join(parts)
    for name in ("fee", "tax"):
        paid = getattr(entry, name)
        said += f", {name} {money(paid, entry.currency)}" if paid else ""
    return f"{said}, {entry.at.astimezone(zone):%Y-%m-%d}"


def day_of(at: datetime, zone: tzinfo) -> str:
    """A moment as a ledger's date: the date alone where it is the end of a day of the zone."""
    here = at.astimezone(zone)
    if (here + timedelta(microseconds=1)).date() != here.date():
        return here.date().isoformat()
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _body(entry: Transaction) -> Iterator[str]:
    """What follows the kind without a name of its own."""
    if entry.kind is KIND.exchange:
        yield from (_figure_or_not(entry.amount), entry.currency)
        yield from ("to", _figure_or_not(entry.to_amount), entry.to_currency)
    elif entry.symbol and entry.kind in UNITS:
        yield from (_figure_or_not(entry.quantity), _symbol(entry.symbol))
        if entry.price is not None:
            yield _plain(entry.price)
        yield entry.currency
    elif entry.kind in (KIND.splits, KIND.spin_off):
        yield from (_symbol(entry.symbol), _figure_or_not(entry.quantity))
    else:
        if entry.kind in UNITS:
            yield "cash"
        if entry.symbol:
            yield _symbol(entry.symbol)
        yield from (_figure_or_not(entry.amount), entry.currency)


def _figure_or_not(value: Decimal | None) -> str:
    return "" if value is None else _plain(value)


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def _symbol(text: str) -> str:
    """A symbol that the grammar would take for something else is marked."""
    odd = text in KEYWORDS or number(text) is not None or DATE.fullmatch(text)
    return _quoted(f"${text}" if odd or text.startswith("$") else text)


def _quoted(text: str) -> str:
    return f'"{text}"' if re.search(r"\s", text) else text
