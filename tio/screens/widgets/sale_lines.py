"""A sale out of lots, as lines: what it is, what it realises, the lots it could come out of."""

from datetime import tzinfo

from tio.api.sales import PreviewSale, SaleLot, SalePreview
from tio.draw.amounts import average_price, money, quantity, unit_price
from tio.screens.widgets.book_lines import Table
from tio.screens.widgets.columned import Column, columned
from tio.screens.widgets.lines import Line
from tio.screens.widgets.position_lines import HIDDEN, arrowed, tone

_LOTS = (
    Column("LOT", right=False),
    Column("OPENED", right=False),
    Column("DAYS", 5),
    Column("TERM", 1, right=False),
    Column("QTY"),
    Column("A UNIT", 6),
    Column("COST", 3),
    Column("GAIN", 2),
    Column("GAIN%", 4),
    Column("TAKE"),
    Column("REALISED", 1),
)


def sale_line(
    asked: PreviewSale, seen: SalePreview, picked: str, zone: tzinfo, hidden: bool
) -> Line:
    """What is sold, at what price, when and how its lots are picked."""
    price = f"{unit_price(seen.price)} {seen.price_currency}"
    said = f"sell {quantity(seen.quantity, hidden=hidden)} at {price}"
    for name in ("fee", "tax"):
        paid = getattr(asked, name)
        said += f", {name} {money(paid, seen.price_currency, hidden=hidden)}" if paid else ""
    where = f", {seen.account}" if seen.account else ""
    day = f"{seen.at.astimezone(zone):%Y-%m-%d}"
    return [(said, "text"), (f", {day}{where} · ", "muted"), (picked, "accent")]


def gain_lines(seen: SalePreview, width: int, hidden: bool) -> list[Line]:
    """What it realises, short and long term, on a line where there is room."""

    def amount(value: object) -> str:
        return money(value, seen.currency, sign=True, hidden=hidden)  # type: ignore[arg-type]

    whole = [("realised ", "muted"), (amount(seen.gain), tone(seen.gain))]
    whole.append((f" {seen.currency}", "muted"))
    parts = [
        ("short term ", "muted"),
        (amount(seen.short_term), tone(seen.short_term)),
        (" · long term ", "muted"),
        (amount(seen.long_term), tone(seen.long_term)),
    ]
    if seen.currency_gain:
        by_currency = amount(seen.currency_gain)
        parts += [(" · by currency ", "muted"), (by_currency, tone(seen.currency_gain))]
    one = [*whole, (" · ", "muted"), *parts]
    return [one] if sum(len(text) for text, _ in one) <= width else [whole, parts]


def left_line(seen: SalePreview, hidden: bool) -> Line:
    """What it leaves."""
    cost = money(seen.left_cost, seen.currency, hidden=hidden)
    said = f"left {quantity(seen.left, hidden=hidden)} that cost {cost} {seen.currency}"
    line: list[tuple[str, str]] = [(said, "muted")]
    if seen.lacks:
        lacks = quantity(seen.lacks, hidden=hidden)
        line.append((f" · {lacks} of what was asked comes out of no lot", "accent"))
    if seen.wash:
        line.append((" · a possible wash sale: bought within 30 days of a loss", "accent"))
    return line


def sale_table(seen: SalePreview, zone: tzinfo, width: int, hidden: bool) -> Table:
    """Open lots: what each would gain at that price, and what of it is taken."""
    return columned(_LOTS, [_lot(lot, seen, zone, hidden) for lot in seen.lots], width)


def _lot(lot: SaleLot, seen: SalePreview, zone: tzinfo, hidden: bool) -> list[tuple[str, str]]:
    unit = HIDDEN if hidden else average_price(lot.cost / lot.quantity)
    realised = money(lot.taken_gain, seen.currency, sign=True, hidden=hidden)
    return [
        (lot.id, "muted"),
        (f"{lot.opened_at.astimezone(zone):%Y-%m-%d}", "text"),
        (f"{lot.held_days:,}", "muted"),
        ("long" if lot.long_term else "short", "blue" if lot.long_term else "text"),
        (quantity(lot.quantity, hidden=hidden), "text"),
        (unit, "muted"),
        (money(lot.cost, seen.currency, hidden=hidden), "muted"),
        (money(lot.gain, seen.currency, sign=True, hidden=hidden), tone(lot.gain)),
        arrowed(lot.gain, lot.cost),
        (quantity(lot.taken, hidden=hidden) if lot.taken else "–", "accent"),
        (realised if lot.taken else "", tone(lot.taken_gain)),
    ]
