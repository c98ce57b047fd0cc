"""How a ticket reads: its lines with what they come to, the size, what it risks, its preview."""

from decimal import Decimal

from tio.api.errors import Invalid
from tio.api.trading import OrderPreview, OrderTicket
from tio.draw import orders
from tio.draw.amounts import average_price, money, percent, quantity, unit_price
from tio.screens.ticket_form import BY_RISK, TicketForm, entry_of
from tio.screens.widgets.lines import Line

LABEL = 13
TOLD = 16


def form_lines(form: TicketForm, sized: OrderTicket | None) -> list[Line]:
    """One line for each thing that can be chosen, and what it comes to."""
    return [
        [
            (f"{name:<{LABEL}}", "muted"),
            (f"{getattr(form, name):<{TOLD}}", "accent"),
            (comes_to(name, form, sized), "text"),
        ]
        for name in form.lines
    ]


def size_lines(form: TicketForm, sized: OrderTicket) -> list[Line]:
    """The size and what it risks."""
    size, told = sized.ticket.size, sized.currency
    rows = [
        _row("1 R", f"{unit_price(sized.ticket.distance)} a unit", _atr(sized)),
        _row("worth", money(size.value, told), _share(size.share)),
        _row("lost at stop", money(size.risk, told), _share(size.risk_share)),
    ]
    if size.gap_risk is not None:
        rows.append(_row("lost on a gap", money(size.gap_risk, told), "one range past the stop"))
    if sized.fee or sized.exit_fee:
        fees = money(sized.fee + sized.exit_fee, told)
        rows.append(_row("fees", fees, f"{money(sized.fee, told)} of it to enter"))
    rows += [
        _row("heat", money(sized.ticket.heat, told), _share(sized.ticket.heat_share)),
        _row(
            "buying power", money(sized.buying_power, told), f"equity {money(sized.equity, told)}"
        ),
    ]
    rows.append(_ahead(sized))
    rows += [[(note, "muted")] for note in size.notes]
    if sized.heat.unguarded:
        rows.append([(f"without a stop: {', '.join(sized.heat.unguarded)}", "muted")])
    return rows


def preview_lines(seen: OrderPreview) -> list[Line]:
    """What placing would make, or why it would be refused."""
    told: list[Line] = [[("PAPER ", "accent"), (orders.said(each), "text")] for each in seen.orders]
    if seen.refused:
        return [*told, [(f"Refused: {seen.refused}.", "fall")], [(seen.next, "muted")]]
    fee = f" · fee {money(seen.fee, seen.currency)}" if seen.fee else ""
    value = money(seen.value, seen.currency)
    told += [[(f"opens {value} {seen.currency}{fee}", "muted")]]
    told += [[(f"Near a limit: {each}.", "accent")] for each in seen.warnings]
    return [*told, [SEND]]


SEND = ("enter places it · any change takes it back", "rise")


def comes_to(name: str, form: TicketForm, sized: OrderTicket | None) -> str:
    """What a line comes to at prices of now."""
    if sized is None:
        return ""
    ticket = sized.ticket
    match name:
        case "entry" if form.entry == "market":
            bid, ask = unit_price(sized.bid), unit_price(sized.ask)
            return f"{unit_price(ticket.entry)}  bid {bid} ask {ask}"
        case "stop" if form.sized:
            return f"{unit_price(ticket.stop)}  {percent(ticket.stop - ticket.entry, ticket.entry)}"
        case "target" if form.target.upper().endswith("R") and ticket.targets:
            goal = ticket.targets[0]
            gain = money(goal.gain, sized.currency, sign=True)
            return f"{unit_price(goal.price)}  {gain} {sized.currency}"
        case "risk":
            return f"{money(ticket.size.risk, sized.currency)} {sized.currency}"
        case "quantity" if form.quantity == BY_RISK:
            by = ticket.size.limited_by.replace("_", " ")
            return f"{quantity(ticket.size.quantity)}  limited by {by}"
    return ""


def at_market(form: TicketForm) -> bool:
    """Whether a form's entry follows the market, so that its figures move."""
    try:
        return entry_of(form.entry) == (None, None)
    except Invalid:
        return False


def _ahead(sized: OrderTicket) -> Line:
    """What is to come within the ticket's horizon, said where nobody tells it too."""
    within = f"within {sized.horizon} days"
    if sized.ahead is None:
        return [(f"{'ahead':<{LABEL}}", "muted"), (f"no source tells its dates {within}", "muted")]
    told = " · ".join(map(orders.ahead, sized.ahead))
    return [
        (f"{'ahead':<{LABEL}}", "muted"),
        (told or f"nothing told {within}", "accent" if told else "muted"),
    ]


def _row(label: str, value: str, note: str) -> Line:
    return [(f"{label:<{LABEL}}", "muted"), (f"{value:>{TOLD}}  ", "text"), (note, "muted")]


def _share(part: Decimal | None) -> str:
    return "" if part is None else f"{percent(part, Decimal(1), sign=False)} of equity"


def _atr(sized: OrderTicket) -> str:
    return "" if sized.atr is None else f"average range {average_price(sized.atr)}"
