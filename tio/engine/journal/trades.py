"""A round of the ledger as the trade it is told as: averages, plan, risk and R."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext

from tio.api.journal import Annotation, PlanSource, Trade, TradeStep
from tio.api.market import Side
from tio.api.orders import Order
from tio.engine.journal.plans import Plan, is_marked, order_ids, planned, setup_tag
from tio.engine.journal.rounds import Round, entries_of
from tio.engine.orders.entering import PAPER_TAG
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.lots import OpenLot
from tio.engine.portfolio.money import EXACT, ONE, ZERO, ratio, rounded

_NOTHING = Annotation()


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of trades beside the ledger: notes by entry, orders and exits by order."""

    notes: Mapping[str, Annotation] = field(default_factory=dict)
    orders: Mapping[str, Order] = field(default_factory=dict)
    exits: Mapping[str, tuple[Order, ...]] = field(default_factory=dict)


def trade_of(round: Round, books: Books, beside: Beside) -> Trade:
    """The trade without its excursion."""
    entries, closing = entries_of(round, books)
    ids = order_ids(entries)
    note = noted(round, beside.notes)
    # What was added later was planned for itself: the order that opened it plans a trade.
    order = next((beside.orders.get(id) for id in order_ids(entries[:1])), None)
    plan, source = _plan(planned(order, beside.exits), note)
    entry, exit, currency = averages(round, books.portfolio.currency)
    risk = _risk(round, entry, plan.stop, currency == books.portfolio.currency)
    gain = round.gain
    closed = round.closed_at
    return Trade(
        id=round.id,
        portfolio=books.portfolio.name,
        symbol=round.symbol,
        account=round.account,
        side=Side.buy if round.long else Side.sell,
        quantity=round.quantity,
        left=round.left,
        currency=currency,
        entry=entry,
        exit=exit,
        opened_at=round.opened_at,
        closed_at=closed,
        base=books.portfolio.currency,
        gain=gain,
        orders=ids,
        setup=note.setup or (order.setup if order else "") or setup_tag(entries),
        idea=order.idea if order else "",
        stop=plan.stop,
        target=plan.target,
        plan=source,
        risk=risk,
        r=float(gain / risk) if risk and closed is not None else None,
        notes=note.notes,
        tags=note.tags,
        rating=note.rating,
        paper=any(PAPER_TAG in each.tags for each in (*entries, *closing)),
        marked=is_marked((*entries, *closing)),
    )


def noted(round: Round, notes: Mapping[str, Annotation]) -> Annotation:
    """What was written of it: by the entry that opens it, or that did until an earlier came."""
    ids = (round.id, *sorted({part.id for part in round.parts}))
    return next((notes[id] for id in ids if id in notes), _NOTHING)


def averages(round: Round, base: str) -> tuple[Decimal, Decimal | None, str]:
    """Average entry and exit a unit with fees, and their currency: `base` where it is not one."""
    closed = round.closings
    with localcontext(EXACT):
        opened = sum((part.quantity for part in round.parts), ZERO)
        sold = sum((each.part.quantity for each in closed), ZERO)
        if len(round.currencies) == 1:
            currency = next(iter(round.currencies))
            cost = sum((part.cost for part in round.parts), ZERO)
            brought = sum((each.proceeds for each in closed), ZERO)
        else:
            currency = base
            cost = sum((part.base_cost for part in round.parts), ZERO)
            brought = sum((each.proceeds * each.rate for each in closed), ZERO)
    entry = rounded(ratio(cost, opened) or ZERO)
    return entry, rounded(ratio(brought, sold) or ZERO) if sold else None, currency


def steps_of(round: Round, books: Books) -> tuple[TradeStep, ...]:
    """Every opening and closing in the order of time; a lot's parts stand as one opening."""
    long = round.long
    steps = []
    with localcontext(EXACT):
        lots: dict[str, list[Decimal]] = {}
        for part in round.parts:
            sums = lots.setdefault(part.id, [ZERO, ZERO])
            sums[0] += part.quantity
            sums[1] += part.cost
        at = {part.id: part.opened_at for part in round.parts}
        for id, (quantity, cost) in lots.items():
            price = rounded(ratio(cost, quantity) or ZERO)
            side = Side.buy if long else Side.sell
            steps.append(
                TradeStep(at=at[id], entry=id, side=side, quantity=abs(quantity), price=price)
            )
        for each in round.closings:
            price = rounded(ratio(each.proceeds, each.part.quantity) or ZERO)
            steps.append(
                TradeStep(
                    at=each.closed_at,
                    entry=each.closed_by,
                    side=Side.sell if long else Side.buy,
                    quantity=abs(each.part.quantity),
                    price=price,
                    gain=each.gain,
                )
            )
    return tuple(sorted(steps, key=lambda step: (step.at, step.gain is not None)))


def _plan(ordered: Plan, note: Annotation) -> tuple[Plan, PlanSource]:
    """What is written goes before what was ordered."""
    plan = Plan(note.stop or ordered.stop, note.target or ordered.target)
    written = Plan(note.stop, note.target)
    if plan == Plan():
        return plan, PlanSource.none
    if written == Plan():
        return plan, PlanSource.order
    return plan, PlanSource.written if plan == written else PlanSource.both


def _risk(round: Round, entry: Decimal, stop: Decimal | None, in_base: bool) -> Decimal | None:
    """What the stop would have lost in the portfolio's currency, at the rates of opening.

    None without a stop, or with one that lies where the trade gains.
    """
    if stop is None:
        return None
    away = entry - stop if round.long else stop - entry
    if away <= 0:
        return None
    return rounded(away * round.quantity * (ONE if in_base else _rate(round.parts)))


def _rate(lots: Iterable[OpenLot]) -> Decimal:
    """Of the portfolio's currency for one of theirs, when they were opened."""
    lots = tuple(lots)
    with localcontext(EXACT):
        cost = sum((lot.cost for lot in lots), ZERO)
        base = sum((lot.base_cost for lot in lots), ZERO)
    return ratio(base, cost) or ONE
