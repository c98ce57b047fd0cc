"""How orders read: one on a line as wide as there is room, the chosen one in full."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from tio.api.orders import Fill, OrderState
from tio.api.trading import ListedOrder
from tio.draw import orders
from tio.draw.amounts import money, quantity, unit_price
from tio.draw.table import fit
from tio.screens.widgets.lines import Line

_COLUMNS = (
    ("ORDER", 9, 0, False),
    ("SYMBOL", 10, 0, False),
    ("SIDE", 4, 0, False),
    ("QTY", 8, 0, True),
    ("TERMS", 18, 0, False),
    ("AWAY", 8, 0, True),
    ("STATE", 13, 76, False),
    ("AGE", 4, 81, True),
    ("FILLED", 18, 100, False),
    ("STANDS", 6, 107, False),
)
"""Title, width, the least width of a pane it is shown in, on the right or not."""
ROOM = 8
"""Cells the terms take more where they are to spare."""


def order_lines(found: Sequence[ListedOrder], now: datetime, width: int) -> list[Line]:
    """The titles, then a line for each order."""
    shown = [each for each in _COLUMNS if width >= each[2]]
    spare = min(max(width - sum(each[1] + 1 for each in shown), 0), ROOM)
    shown = [(t, w + spare if t == "TERMS" else w, least, right) for t, w, least, right in shown]
    head: Line = [(_row([title for title, *_ in shown], shown), "muted")]
    return [head, *(_line(each, now, shown) for each in found)]


def one_order(each: ListedOrder, fills: Sequence[Fill], zone: tzinfo) -> list[Line]:
    """An order in full: why it waits, when it came and goes, what filled it."""
    order = each.order
    rows: list[tuple[str, str]] = [("order", f"PAPER {orders.said(order)}")]
    rows.append(("why" if order.state.open else "ended", each.why or orders.state(order)))
    if order.reason and order.reason != each.why:
        rows.append(("last", order.reason))
    if orders.group(order):
        rows.append(("group", orders.group(order)))
    if order.placed_at is not None:
        rows.append(("placed", f"{order.placed_at.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"))
    if order.expires_at is not None:
        rows.append(("until", f"{order.expires_at.astimezone(zone):%Y-%m-%d %H:%M %Z}"))
    if each.price is not None:
        rows.append(("market", f"{unit_price(each.price)} {orders.away(each.distance)}".strip()))
    lines: list[Line] = [[(f"{label:<10}", "muted"), (words, "text")] for label, words in rows]
    for fill in fills:
        told = f"{quantity(fill.quantity)} at {unit_price(fill.price)}"
        fee = f" fee {money(fill.fee, fill.currency)}" if fill.fee else ""
        mark = f" {fill.delay.value}" if fill.marked else ""
        when = f"{fill.at.astimezone(zone):%H:%M:%S}"
        lines.append(
            [("fill      ", "muted"), (f"{when} {told}{fee} · {fill.source}{mark}", "text")]
        )
    return lines


def _line(each: ListedOrder, now: datetime, shown: Sequence[tuple[str, int, int, bool]]) -> Line:
    order = each.order
    cells = {
        "ORDER": order.id,
        "SYMBOL": order.symbol,
        "SIDE": order.side.value,
        "QTY": quantity(order.quantity),
        "TERMS": orders.terms(order),
        "AWAY": orders.away(each.distance),
        "STATE": order.state.value.replace("_", " "),
        "AGE": orders.age(order.placed_at, now),
        "FILLED": orders.filled(order),
        "STANDS": orders.stands(order),
    }
    ink = "text" if order.state.open else "muted"
    if order.state in (OrderState.refused, OrderState.waiting):
        ink = "muted"
    return [(_row([cells[title] for title, *_ in shown], shown), ink)]


def _row(cells: Sequence[str], shown: Sequence[tuple[str, int, int, bool]]) -> str:
    parts = (
        fit(cell, width, right=right)
        for cell, (_, width, _, right) in zip(cells, shown, strict=True)
    )
    return " ".join(parts)
