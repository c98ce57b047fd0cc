"""What of a portfolio is copied or written to a file."""

from collections.abc import Iterable, Sequence
from typing import Any

from tio.api.portfolio import Holdings, Position
from tio.screens.widgets.book_lines import discreet

FIELDS = (
    *("symbol", "name", "quantity", "currency", "average_cost", "cost", "base_cost", "price"),
    *("rate", "value", "weight", "day_change", "unrealised", "price_gain", "currency_gain"),
    *("realised", "income", "fees", "taxes", "stale", "as_of", "source"),
)


def receipt_of(here: Position, base: str, *, hidden: bool) -> str:
    """A position's worth with how it came about, its source and its time."""
    said = f"{here.symbol} {here.quantity} at {here.price} {here.currency}"
    if here.rate is not None and here.currency != base:
        said += f" × {here.rate}"
    said += f" = {here.value} {base}, unrealised {here.unrealised}"
    when = here.as_of.isoformat() if here.as_of else "time unknown"
    stale = " · stale" if here.stale else ""
    return f"{discreet(said, hidden)} · {here.source} · as of {when}{stale}"


def rows_of(held: Holdings, positions: Iterable[Position]) -> list[Sequence[object]]:
    """Positions and cash under a header, every figure whole."""
    rows: list[Sequence[object]] = [FIELDS]
    rows += [[plain(getattr(each, name)) for name in FIELDS] for each in positions]
    for each in held.cash:
        cash = {"symbol": f"cash {each.currency}", "quantity": each.amount}
        cash |= {"currency": each.currency, "rate": each.rate, "value": each.value}
        rows.append([plain(cash.get(name)) for name in FIELDS])
    return rows


def plain(value: Any) -> object:
    """A value as a file has it."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return value.isoformat() if hasattr(value, "isoformat") else value
