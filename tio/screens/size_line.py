"""A position's size asked for in one line: `187.20 181 1%`, and told in words."""

from decimal import Decimal, InvalidOperation
from typing import Any

from tio.api.errors import Invalid
from tio.api.risk import SizedPosition, SizePosition
from tio.draw.amounts import money, quantity

EXAMPLE = "entry stop risk, as 187.20 181 1% or 187.20 181 500; then lot=0.01 rate=0.92"
_NAMED = frozenset({"lot", "rate", "multiplier", "atr"})


def size_asked(line: str, equity: Decimal) -> SizePosition:
    """The size a line asks for; a stop above the entry is a short position. Invalid."""
    placed = [word for word in line.split() if "=" not in word]
    if len(placed) != 3:
        raise Invalid(f"a size needs entry, stop and risk, were {len(placed)} words", EXAMPLE)
    named: dict[str, Any] = {}
    for word in line.split():
        name, equals, text = word.partition("=")
        if equals and name.lower() not in _NAMED:
            raise Invalid(f"{name[:20]!r} is nothing a size is asked by", EXAMPLE)
        if equals:
            named[name.lower()] = _number(text)
    entry, stop = _number(placed[0]), _number(placed[1])
    risk = _number(placed[2].removesuffix("%"))
    of_equity = placed[2].endswith("%")
    return SizePosition(
        equity=equity,
        entry=entry,
        stop=stop,
        short=stop > entry,
        risk=None if of_equity else risk,
        risk_percent=risk if of_equity else None,
        **named,
    )


def size_told(asked: SizePosition, found: SizedPosition, currency: str) -> list[tuple[str, str]]:
    """The size, what it risks, and what bound it."""
    side = "sell short" if asked.short else "buy"
    told = [
        (side, f"{quantity(found.quantity)}, limited by {found.limited_by.replace('_', ' ')}"),
        ("value", f"{money(found.value, currency)} {currency}, {found.share:.2%} of net value"),
    ]
    if found.risk is not None and found.risk_share is not None:
        amount = f"{money(found.risk, currency)} {currency}, {found.risk_share:.2%}"
        told.append(("1 R", f"{amount}: what the stop at {quantity(asked.stop)} costs"))
    if found.unit_risk is not None:
        told.append(("a unit", f"{money(found.unit_risk, currency)} {currency} at risk"))
        away = found.unit_risk / (asked.rate * asked.multiplier)
        up = asked.entry - 2 * away if asked.short else asked.entry + 2 * away
        told.append(("2 R", f"at a price of {quantity(up)}"))
    if found.gap_risk is not None:
        told.append(("a gap", f"{money(found.gap_risk, currency)}, one range beyond the stop"))
    return told + [("note", note) for note in found.notes]


def _number(text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise Invalid(f"{text[:20]!r} is no number", EXAMPLE)
    return found
