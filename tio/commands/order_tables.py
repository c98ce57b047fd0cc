"""How paper orders, fills and tickets print."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from tio.api.orders import Fill, Order
from tio.api.trading import ListedOrder, OrderPreview, OrderTicket
from tio.commands.printing import print_csv, print_table, say
from tio.draw import orders
from tio.draw.amounts import average_price, money, percent, quantity, unit_price

_RIGHT = frozenset({"QTY", "AWAY", "AGE", "PRICE", "FEE"})
_ORDER = (
    *("id", "symbol", "side", "quantity", "type", "limit", "stop", "time_in_force", "state"),
    *("filled", "average_price", "fees", "placed_at", "expires_at", "parent", "oco", "reason"),
)
_FILL = (
    *("id", "order", "symbol", "side", "quantity", "price", "fee", "currency", "at", "as_of"),
    *("source", "delay", "marked"),
)


def print_listed(found: Sequence[ListedOrder], now: datetime, *, csv: bool) -> None:
    """Orders as they stand; how old they are is by the engine's own time."""
    if csv:
        rows = [[cell(getattr(each.order, name)) for name in _ORDER] for each in found]
        print_csv(_ORDER, rows)
        return
    if not found:
        say("no paper order; `tio orders place buy AAPL 10 --limit 187.20` places one")
        return
    header = ("ORDER", "SYMBOL", "SIDE", "QTY", "TERMS", "STANDS", "STATE", "AWAY", "AGE", "WHY")
    print("PAPER")
    print_table(header, [_row(each, now) for each in found], _RIGHT)


def print_orders(found: Sequence[Order], *, csv: bool) -> None:
    """What a word placed, changed or ended."""
    if csv:
        print_csv(_ORDER, [[cell(getattr(each, name)) for name in _ORDER] for each in found])
        return
    if not found:
        say("no order was open")
    for each in found:
        reason = f" · {each.reason}" if each.reason else ""
        beside = f" · {orders.group(each)}" if orders.group(each) else ""
        print(f"PAPER {each.id} {orders.said(each)} · {orders.state(each)}{beside}{reason}")


def print_fills(found: Sequence[Fill], *, csv: bool) -> None:
    if csv:
        print_csv(_FILL, [[cell(getattr(each, name)) for name in _FILL] for each in found])
        return
    if not found:
        say("no paper order has filled")
        return
    header = ("FILL", "AT", "SYMBOL", "SIDE", "QTY", "PRICE", "FEE", "BY")
    rows = [
        (
            each.id,
            f"{each.at:%Y-%m-%d %H:%M:%SZ}",
            each.symbol,
            each.side.value,
            quantity(each.quantity),
            unit_price(each.price),
            money(each.fee, each.currency),
            f"{each.source} {each.delay.value}" if each.marked else each.source,
        )
        for each in found
    ]
    print("PAPER")
    print_table(header, rows, _RIGHT)


def print_preview(found: OrderPreview) -> None:
    """What placing would do, or why it would be refused."""
    for each in found.orders:
        print(f"PAPER {orders.said(each)}")
    told: tuple[tuple[str, Decimal | None], ...] = (
        ("worth", found.value),
        ("fee", found.fee),
        ("lost at the stop", found.risk),
        ("equity", found.equity),
        ("buying power", found.buying_power),
    )
    for name, amount in told:
        if amount is not None:
            print(f"  {name:<20}{money(amount, found.currency):>18} {found.currency}")
    for warning in found.warnings:
        say(f"near a limit: {warning}")
    if found.refused:
        say(f"it would be refused: {found.refused}" + (f" ({found.next})" if found.next else ""))


def print_ticket(found: OrderTicket, *, csv: bool) -> None:
    """A size, what it risks and where it is left."""
    ticket, size = found.ticket, found.ticket.size
    leaving = f"{money(found.exit_fee, found.currency)} to leave"
    rows: list[tuple[str, str, str]] = [
        ("side", ticket.side.value, found.symbol),
        ("quantity", quantity(size.quantity), f"limited by {size.limited_by.replace('_', ' ')}"),
        ("entry", unit_price(ticket.entry), found.price_currency),
        ("stop", unit_price(ticket.stop), f"1 R is {unit_price(ticket.distance)} a unit"),
        (
            "worth",
            money(size.value, found.currency),
            _share(size.share),
        ),
        ("lost at the stop", money(size.risk, found.currency), _share(size.risk_share)),
        ("lost on a gap", money(size.gap_risk, found.currency), "one average true range beyond"),
        ("fee", money(found.fee, found.currency), leaving),
        ("heat before", money(found.heat.risk, found.currency), _share(found.heat.share)),
        ("heat with it", money(ticket.heat, found.currency), _share(ticket.heat_share)),
        ("buying power", money(found.buying_power, found.currency), found.currency),
        ("average range", average_price(found.atr), ""),
    ]
    rows += [
        (f"target {quantity(each.r)} R", unit_price(each.price), money(each.gain, found.currency))
        for each in ticket.targets
    ]
    if csv:
        print_csv(("figure", "value", "note"), rows)
        return
    print(f"PAPER ticket · {found.portfolio}")
    for name, value, note in rows:
        print(f"  {name:<18}{value:>16}  {note}".rstrip())
    if found.ahead is None:
        say(f"no source tells what of {found.symbol} is ahead")
    for each in found.ahead or ():
        say(f"ahead within {found.horizon} days: {orders.ahead(each)}")
    for note in size.notes:
        say(note)
    if found.heat.unguarded:
        say(f"without a stop for all they hold: {', '.join(found.heat.unguarded)}")


def _share(part: Decimal | None) -> str:
    return "" if part is None else f"{percent(part, Decimal(1), sign=False)} of equity"


def _row(each: ListedOrder, now: datetime) -> tuple[str, ...]:
    order = each.order
    why = " · ".join(filter(None, (orders.filled(order), each.why)))
    return (
        order.id,
        order.symbol,
        order.side.value,
        quantity(order.quantity),
        orders.terms(order),
        orders.stands(order),
        order.state.value.replace("_", " "),
        orders.away(each.distance),
        orders.age(order.placed_at, now),
        why,
    )


def cell(value: object) -> str:
    """A value as a program reads it."""
    match value:
        case None:
            return ""
        case Decimal():
            return f"{value:f}"
        case datetime():
            return f"{value:%Y-%m-%dT%H:%M:%S.%fZ}"
        case _:
            return str(value)
