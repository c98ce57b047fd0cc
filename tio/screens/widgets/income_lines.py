"""Income as lines: months received and to come as bars, who paid, what is expected and why."""

from collections.abc import Sequence
from decimal import Decimal

from tio.api.income import ExpectedIncome, Income, IncomeOf
from tio.draw.allocation import bar
from tio.draw.amounts import money, quantity
from tio.screens.widgets.columned import Cell, Column, columned
from tio.screens.widgets.lines import Line
from tio.screens.widgets.position_lines import HIDDEN, tone
from tio.screens.widgets.table_lines import Row

MONTHS = 12
_LEAST = 8
"""Cells a bar has at least, else there is none."""
_WIDEST = 48
_SYMBOLS = (
    Column("SYMBOL", right=False),
    Column("GROSS"),
    Column("TAXES", 3),
    Column("FEES", 4),
    Column("NET", 1),
    Column("12 MONTHS", 2),
    Column("ON COST", 2),
    Column("ON VALUE", 2),
)
_EXPECTED = (
    Column("DAY", right=False),
    Column("SYMBOL", right=False),
    Column("QTY", 2),
    Column("A SHARE", 3),
    Column("AMOUNT"),
    Column("WHY", 1, right=False, gives=True),
)


def income_rows(told: Income, width: int, hidden: bool) -> list[Row]:
    """Everything there is to tell, from above; one stands on none of it."""
    lines: list[Line] = [_sums(told, hidden), *month_bars(told, width, hidden)]
    for title, table in (
        columned(_SYMBOLS, [_symbol(each, told.currency, hidden) for each in told.symbols], width),
        columned(
            _EXPECTED, [_expected(each, told.currency, hidden) for each in told.expected], width
        ),
    ):
        if table:
            lines += [[], title, *table]
    if not told.months and not told.expected:
        lines.append([("No dividend, coupon or interest is in the ledger yet.", "muted")])
    lines += [[(f"not known: {lack}", "muted")] for lack in told.lacks]
    return [(line, None) for line in lines]


def month_bars(told: Income, width: int, hidden: bool) -> list[Line]:
    """The last months that paid and those that may: a bar each, to one scale."""
    code = told.currency
    rows: list[tuple[str, Decimal, str, str]] = [
        (f"{each.month:%Y-%m}", each.received.gross, "rise", "") for each in told.months[-MONTHS:]
    ]
    for each in told.ahead:
        if each.announced:
            rows.append((f"{each.month:%Y-%m}", each.announced, "accent", "announced"))
        if each.estimated:
            rows.append((f"{each.month:%Y-%m}", each.estimated, "muted", "~ estimated"))
    if not rows:
        return []
    amounts = [HIDDEN if hidden else money(amount, code) for _, amount, _, _ in rows]
    room = width - 8 - max(map(len, amounts)) - 1 - max(len(why) + 1 for *_, why in rows)
    room = min(room, _WIDEST)
    most = max(abs(amount) for _, amount, _, _ in rows)
    lines: list[Line] = [[]]
    for (month, amount, ink, why), text in zip(rows, amounts, strict=True):
        drawn = bar(amount, most, room) if room >= _LEAST else ""
        ink = "fall" if amount < 0 else ink
        parts = [(f"{month} ", "muted"), (f"{drawn:<{max(room, 0)}} ", ink)]
        parts += [(f"{text:>{max(map(len, amounts))}} ", "text"), (why, "muted")]
        lines.append(parts)
    return lines


def table_of(told: Income) -> list[Sequence[object]]:
    """Each month received, under a header."""
    names = told.received.__struct_fields__
    rows: list[Sequence[object]] = [("month", *names)]
    rows += [
        (f"{each.month:%Y-%m}", *(getattr(each.received, name) for name in names))
        for each in told.months
    ]
    return rows


def _sums(told: Income, hidden: bool) -> Line:
    code = told.currency

    def said(amount: Decimal) -> str:
        return money(amount, code, hidden=hidden)

    announced = sum((each.announced for each in told.ahead), Decimal(0))
    estimated = sum((each.estimated for each in told.ahead), Decimal(0))
    return [
        ("12 months gross ", "muted"),
        (said(told.trailing.gross), "text"),
        (" net ", "muted"),
        (said(told.trailing.net), tone(told.trailing.net)),
        ("   to come announced ", "muted"),
        (said(announced), "text"),
        (" estimated ", "muted"),
        (f"~{said(estimated)}", "text"),
    ]


def _symbol(each: IncomeOf, code: str, hidden: bool) -> list[Cell]:
    received = each.received

    def said(amount: Decimal) -> str:
        return money(amount, code, hidden=hidden)

    return [
        (each.symbol or "cash", "text"),
        (said(received.gross), "text"),
        (said(received.taxes) if received.taxes else "", "text"),
        (said(received.fees) if received.fees else "", "text"),
        (said(received.net), tone(received.net)),
        (said(each.trailing), "text"),
        (_share(each.yield_on_cost), "text"),
        (_share(each.yield_on_value), "text"),
    ]


def _expected(each: ExpectedIncome, code: str, hidden: bool) -> list[Cell]:
    mark, ink = ("~", "muted") if each.estimated else ("", "text")
    amount = money(each.amount, code, hidden=hidden)
    return [
        (str(each.day), ink),
        (each.symbol, ink),
        (quantity(each.quantity, hidden=hidden), ink),
        (f"{quantity(each.per_share)} {each.currency}", ink),
        (mark + amount, ink),
        (each.why, "muted"),
    ]


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.2%}"
