"""What the words of `tio portfolio add` mean."""

import re
import shlex
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from tio.api.errors import Invalid
from tio.api.portfolio import TransactionKind
from tio.commands.ledger import KINDS

_UNITS = {"buy", "sell", "transfer_in", "transfer_out"}
_RATIOS = {"split", "spin_off"}
_MONEY = {"deposit", "withdrawal", "interest", "fee", "tax", "exchange"}
Placed = tuple[str, Decimal | None, Decimal | None, Decimal | None]


def undoing(portfolio: str, workspace: str, number: int = 0) -> str:
    """The command that takes a change back, of the portfolio and workspace the options named."""
    told = ["tio portfolio undo", str(number or "")]
    told += [f"-p {shlex.quote(portfolio)}" if portfolio else ""]
    told += [f"-w {shlex.quote(workspace)}" if workspace else ""]
    return f"`{' '.join(filter(None, told))}`"


def kind_named(name: str) -> TransactionKind:
    """The kind of an entry; Invalid."""
    try:
        return TransactionKind(name.lower())
    except ValueError:
        raise Invalid(
            f"there is no kind of entry {name[:30]!r}", f"one of {' '.join(KINDS)}"
        ) from None


def placed(kind: str, words: Sequence[str]) -> Placed:
    """Symbol, quantity, price and amount of what follows the kind; Invalid.

    Money alone is an amount; of units the first number is the quantity, the second the price; a
    dividend's or fee's number after a symbol is its amount, a split's the new for one old.
    """
    kind = kind_named(kind).value
    if len(words) == 1 and words[0][:1].isdigit():
        decimal(kind, words[0])  # 1,5 is a number gone wrong, and no symbol.
    symbol = "" if _number(words[0]) is not None else words[0]
    rest = words[1:] if symbol else words
    numbers = [decimal(f"{kind} {word}", word) for word in rest]
    most = 2 if kind in _UNITS and symbol else 1
    if len(numbers) > most:
        raise Invalid(
            f"{' '.join(rest)[:60]!r} has {len(numbers)} numbers where a {kind} has {most}",
            "give fee, tax and amount as options",
        )
    first = numbers[0] if numbers else None
    if kind in _UNITS and symbol:
        return symbol, first, numbers[1] if len(numbers) > 1 else None, None
    if kind in _RATIOS:
        return symbol, first, None, None
    return symbol, None, None, first


def exchanged(text: str) -> tuple[Decimal | None, str]:
    """An amount with its currency, as `920.15EUR`; Invalid."""
    if not text:
        return None, ""
    match = re.fullmatch(r"([0-9.,]+) ?([A-Za-z]{3,5})", text)
    if match is None:
        raise Invalid(f"--to {text[:30]!r} is no amount with its currency", "as --to 920.15EUR")
    return decimal("--to", match[1]), match[2]


def decimal(name: str, text: str) -> Decimal | None:
    """The number a text is, None of an empty one; Invalid."""
    if not text:
        return None
    number = _number(text)
    if number is None:
        raise Invalid(f"{name}: {text[:40]!r} is no number", "write it as 1234.56")
    return number


def day(name: str, text: str) -> date | None:
    """The date a text is, None of an empty one; Invalid."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"{name}: {text[:40]!r} is no date", "write it as 2026-01-31") from None


def _number(text: str) -> Decimal | None:
    # A comma may group thousands: 1,234.56; what could be a decimal comma is refused.
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
