"""What is told of a sale out of lots at the shell, and how it prints."""

from collections.abc import Sequence
from datetime import tzinfo
from decimal import Decimal, InvalidOperation

from tio.api.errors import Invalid
from tio.api.sales import LotPart, LotPick, SalePreview
from tio.commands.ledger_days import day
from tio.commands.printing import print_table, say
from tio.draw.amounts import money, quantity, unit_price


def figure(text: str, name: str) -> Decimal | None:
    """A number as told, None where none is; Invalid."""
    if not text:
        return None
    try:
        value = Decimal(text.replace(",", "").replace("−", "-"))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise Invalid(f"{name} {text[:40]!r} is no number", "as 10 or 187.20")
    return value


def parts(words: Sequence[str]) -> tuple[LotPart, ...]:
    """LOT=QUANTITY as told; Invalid."""
    told = []
    for word in words:
        lot, equals, text = word.rpartition("=")
        amount = figure(text, f"--lot {lot}=")
        if not equals or not lot or amount is None:
            raise Invalid(f"--lot {word[:60]!r} is no pair", "as --lot 12=4")
        told.append(LotPart(lot, amount))
    return tuple(told)


def pick(text: str) -> LotPick | None:
    if not text:
        return None
    try:
        return LotPick(text.lower().replace("-", "_"))
    except ValueError:
        raise Invalid(f"lots are not picked by {text[:40]!r}", f"by {', '.join(LotPick)}") from None


def refuse_trouble(seen: SalePreview) -> None:
    if seen.trouble:
        raise Invalid(seen.trouble, "--lot names other lots")


def print_sale(seen: SalePreview, zone: tzinfo) -> None:
    """Open lots with what each would gain and what is taken of it, then what that comes to."""
    header = ("LOT", "OPENED", "DAYS", "TERM", "QTY", "COST", "GAIN", "TAKEN", "REALISED")
    rows = [
        (
            lot.id,
            day(lot.opened_at, zone),
            f"{lot.held_days:,}",
            "long" if lot.long_term else "short",
            quantity(lot.quantity),
            money(lot.cost, seen.currency),
            money(lot.gain, seen.currency, sign=True),
            quantity(lot.taken) if lot.taken else "",
            money(lot.taken_gain, seen.currency, sign=True) if lot.taken else "",
        )
        for lot in seen.lots
    ]
    print_table(header, rows, {"DAYS", "QTY", "COST", "GAIN", "TAKEN", "REALISED"})
    price = f"{unit_price(seen.price)} {seen.price_currency}"
    say(f"sell {quantity(seen.quantity)} {seen.symbol} at {price}, {day(seen.at, zone)}")
    if seen.lacks:
        say(f"{quantity(seen.lacks)} of what was asked comes out of no lot")
    told = (("realised", seen.gain), ("short term", seen.short_term), ("long term", seen.long_term))
    said = ", ".join(f"{name} {money(value, seen.currency, sign=True)}" for name, value in told)
    say(f"{said} {seen.currency}; no tax report")
    if seen.wash:
        say("a possible wash sale: bought within 30 days of a loss")
    say(f"left: {quantity(seen.left)} that cost {money(seen.left_cost, seen.currency)}")
    if seen.trouble:
        say(f"the ledger cannot bear it: {seen.trouble}")
