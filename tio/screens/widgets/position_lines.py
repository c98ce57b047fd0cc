"""A portfolio as lines: its sums, and what it holds as a table."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from tio.api.market import Quote, Session
from tio.api.portfolio import Cash, Holdings, Position
from tio.draw.amounts import average_price, money, percent, quantity, unit_price
from tio.draw.table import cell_width
from tio.screens.widgets.columned import Cell, Column, columned
from tio.screens.widgets.lines import Line, Part, laid
from tio.screens.widgets.quote_columns import mark

COLUMNS = (
    Column("SYMBOL", right=False),
    Column("", 2, right=False),
    Column("NAME", 14, right=False, gives=True),
    Column("QTY", 3),
    Column("AVG COST", 8),
    Column("LAST", 1),
    Column("CUR", 7, right=False),
    Column("VALUE"),
    Column("WEIGHT", 6),
    Column("DAY", 9),
    Column("DAY%", 5),
    Column("UNREALISED", 4),
    Column("GAIN%"),
    Column("BY PRICE", 10),
    Column("BY CURRENCY", 10),
    Column("REALISED", 12),
    Column("INCOME", 13),
    Column("SOURCE", 15, right=False),
)
_AT = {column.title: at for at, column in enumerate(COLUMNS)}
NOTHING: Cell = ("", "muted")
HIDDEN = "•••"
ORDERS = ("value", "day", "gain", "symbol")


def tone(amount: Decimal | None) -> str:
    """Rise, fall, or muted when unknown or nothing."""
    return "muted" if not amount else "rise" if amount > 0 else "fall"


def arrowed(part: Decimal | None, whole: Decimal | None) -> Cell:
    """`▲ +1.24%` of a part of a whole."""
    text = percent(part, whole)
    mark = "▲ " if text.startswith("+") else "▼ " if text.startswith("−") else ""
    return mark + text, tone(part) if mark else "muted"


def day_base(value: Decimal | None, change: Decimal | None) -> Decimal | None:
    """What a day's change is a part of: the value before it."""
    return None if value is None or change is None else value - change


def ordered(positions: Iterable[Position], order: str) -> list[Position]:
    """The dearest first, or as asked; what cannot be told comes last."""

    def rank(each: Position) -> tuple[bool, Decimal]:
        figure = {"day": each.day_change, "gain": each.unrealised}.get(order, each.value)
        size = abs(figure) if order == "value" and figure is not None else figure
        return size is None, -(size or Decimal(0))

    found = sorted(positions, key=lambda each: each.symbol)
    return found if order == "symbol" else sorted(found, key=rank)


def summary(held: Holdings, width: int, *, hidden: bool, most: int) -> list[Line]:
    """The sums of a portfolio on at most so many lines, then what is lacking, in words."""
    lines: list[list[Part]] = [[]]
    used = 0
    for piece in _sums(held, hidden):
        room = sum(cell_width(text) for text, _ in piece)
        if used and used + 3 + room > width:
            if len(lines) == most:
                break
            lines.append([])
            used = 0
        if used:
            lines[-1].append(("   ", "muted"))
            used += 3
        lines[-1] += piece
        used += room
    if held.lacks:
        lacking = f"Not known for want of a price or rate: {', '.join(held.lacks)}"
        return [*lines, *laid([(lacking, "accent")], width, 2)]
    return list(lines)


def _sums(held: Holdings, hidden: bool) -> Iterable[list[Part]]:
    about = "~" if held.stale_share else ""
    nav: list[Part] = [
        ("NAV ", "muted"),
        (f"{about}{money(held.nav, held.currency, hidden=hidden)}", "text"),
    ]
    if held.stale_share:
        nav.append((f" {held.stale_share:.0%} stale", "accent"))
    yield nav
    day = held.day_change
    percentage, ink = arrowed(day, day_base(held.nav, day))
    yield [("day ", "muted"), (f"{_signed(day, held, hidden)} {percentage}", ink)]
    cost = sum((each.base_cost for each in held.positions), Decimal(0))
    percentage, ink = arrowed(held.unrealised, cost)
    yield [
        ("unrealised ", "muted"),
        (f"{_signed(held.unrealised, held, hidden)} {percentage}", ink),
    ]
    cash = money(total_cash(held), held.currency, hidden=hidden)
    yield [("realised ", "muted"), (_signed(held.realised, held, hidden), tone(held.realised))]
    yield [("cash ", "muted"), (cash, "text")]
    for name, amount, always in (
        ("income", held.income, True),
        ("fees", -held.fees, True),
        ("taxes", -held.taxes, False),
        ("currency on cash", held.currency_result, False),
        ("carried with transfers", held.carried, False),
    ):
        if amount or always:
            yield [(f"{name} ", "muted"), (_signed(amount, held, hidden), "text")]


def total_cash(held: Holdings) -> Decimal | None:
    """All cash in the portfolio's currency, None while a rate is missing."""
    values = [each.value for each in held.cash]
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(values) else None


def price_mark(quote: Quote) -> str:
    """How far to trust a price, and where it is not of the regular session: `D15 post`."""
    session = quote.session if quote.session in (Session.pre, Session.post) else ""
    return f"{mark(quote, None)[0]} {session}".strip()


def position_table(
    held: Holdings,
    positions: Sequence[Position],
    width: int,
    *,
    hidden: bool,
    marks: Mapping[str, str] | None = None,
) -> tuple[Line, list[Line]]:
    """A header, then a line a position, a line a currency of cash, and their total.

    `marks` tells by symbol how far to trust its price.
    """
    marks = marks or {}
    base = held.currency
    rows = [_position(each, base, hidden, marks.get(each.symbol, "")) for each in positions]
    more = [_cash(each, held, hidden) for each in held.cash]
    return columned(COLUMNS, [*rows, *more, _total(held, hidden)], width)


# Most positions are as they were a moment ago.
@lru_cache(maxsize=4096)
def _position(each: Position, currency: str, hidden: bool, marked: str) -> tuple[Cell, ...]:
    def signed(amount: Decimal | None) -> Cell:
        return money(amount, currency, sign=True, hidden=hidden), tone(amount)

    quiet, about = ("muted", "~") if each.stale else ("text", "")
    foreign = each.currency != currency
    return (
        (each.symbol, "text"),
        (marked, "accent" if "STALE" in marked or "≠" in marked else "muted"),
        (each.name, "muted"),
        (quantity(each.quantity, hidden=hidden), "text"),
        (HIDDEN if hidden else average_price(each.average_cost), "muted"),
        _about(about, unit_price(each.price), quiet),
        (each.currency if foreign else "", "muted"),
        _about(about, money(each.value, currency, hidden=hidden), quiet),
        (percent(each.weight, Decimal(1), sign=False), "muted"),
        signed(each.day_change),
        arrowed(each.day_change, day_base(each.value, each.day_change)),
        signed(each.unrealised),
        arrowed(each.unrealised, each.base_cost),
        signed(each.price_gain) if foreign else NOTHING,
        signed(each.currency_gain) if foreign else NOTHING,
        signed(each.realised) if each.realised else NOTHING,
        signed(each.income) if each.income else NOTHING,
        (each.source, "muted"),
    )


def _cash(each: Cash, held: Holdings, hidden: bool) -> list[Cell]:
    quiet, about = ("muted", "~") if each.stale else ("text", "")
    foreign = each.currency != held.currency
    cells = [NOTHING] * len(COLUMNS)
    cells[0] = f"cash {each.currency}", "blue"
    if foreign:
        cells[_AT["QTY"]] = money(each.amount, each.currency, hidden=hidden), "text"
        cells[_AT["LAST"]] = _about(about, unit_price(each.rate), quiet)
    cells[_AT["VALUE"]] = _about(about, money(each.value, held.currency, hidden=hidden), quiet)
    cells[_AT["WEIGHT"]] = percent(each.value, held.nav, sign=False), "muted"
    return cells


def _total(held: Holdings, hidden: bool) -> list[Cell]:
    cost = sum((each.base_cost for each in held.positions), Decimal(0))
    about = "~" if held.stale_share else ""
    cells = [NOTHING] * len(COLUMNS)
    cells[0] = f"total {held.currency}", "accent"
    cells[_AT["VALUE"]] = _about(about, money(held.nav, held.currency, hidden=hidden), "text")
    cells[_AT["DAY"]] = _signed(held.day_change, held, hidden), tone(held.day_change)
    cells[_AT["DAY%"]] = arrowed(held.day_change, day_base(held.nav, held.day_change))
    cells[_AT["UNREALISED"]] = _signed(held.unrealised, held, hidden), tone(held.unrealised)
    cells[_AT["GAIN%"]] = arrowed(held.unrealised, cost)
    return cells


def _about(mark: str, text: str, ink: str) -> Cell:
    """A figure that is marked where it stands on something stale."""
    return ("–", "muted") if text == "–" else (mark + text, ink)


def _signed(amount: Decimal | None, held: Holdings, hidden: bool) -> str:
    return money(amount, held.currency, sign=True, hidden=hidden)
