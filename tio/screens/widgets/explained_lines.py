"""A figure opened: its rule, its parts with how each was reckoned, and their sum."""

from collections.abc import Sequence
from decimal import Decimal

from tio.api.explained import Explanation
from tio.draw.amounts import money, quantity
from tio.screens.widgets.columned import Cell, Column, columned
from tio.screens.widgets.lines import Line
from tio.screens.widgets.position_lines import HIDDEN, tone
from tio.screens.widgets.table_lines import Row

_PARTS = (
    Column("PART", right=False, gives=True),
    Column("AMOUNT"),
    Column("WORKING", 1, right=False, gives=True),
    Column("ENTRY", 2),
    Column("SOURCE", 3, right=False, gives=True),
)


def explained_rows(told: Explanation, width: int, hidden: bool) -> tuple[list[Line], list[Row]]:
    """The titles, then the parts and below them what they add up to."""

    def amount(value: Decimal | None) -> str:
        if not told.currency:
            return quantity(value, hidden=hidden)
        return money(value, told.currency, sign=True, hidden=hidden)

    rows: list[Sequence[Cell]] = [
        (
            (part.label, "text"),
            (amount(part.value), tone(part.value)),
            (HIDDEN if hidden and part.working else part.working, "muted"),
            (part.entry, "text"),
            (f"{'~' if part.stale else ''}{part.source}", "muted"),
        )
        for part in told.parts
    ]
    rows.append((("sum", "accent"), (amount(told.value), "accent"), *[("", "muted")] * 3))
    head, lines = columned(_PARTS, rows, width)
    said: list[Row] = [([(f"{told.rule}.", "muted")], None)]
    said += [(line, None) for line in lines]
    if told.lacks:
        said.append(([(f"Not known for want of: {', '.join(told.lacks)}", "fall")], None))
    return [head], said
