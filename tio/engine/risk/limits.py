"""Whether a portfolio stands within the limits its owner set."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tio.api.errors import Invalid
from tio.api.limits import LimitKind, LimitLevel, LimitState, RiskLimits, SaveRiskLimits
from tio.api.orders import Order
from tio.api.portfolio import Holdings, Position

ZERO, HUNDRED = Decimal(0), Decimal(100)
NEAR = Decimal("0.8")
"""The part of a limit from which on it is near."""
MOST = Decimal(100_000)
SHOWN = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class _Figure:
    value: Decimal | None
    note: str = ""


def changes(asked: SaveRiskLimits) -> dict[str, Decimal | None]:
    """What is to be set (None: taken away), by kind; Invalid for what is no percentage."""
    told: dict[str, Decimal | None] = {}
    for kind in LimitKind:
        value = getattr(asked, kind)
        if value is None:
            told[kind] = None
        elif isinstance(value, Decimal):
            told[kind] = _percent(kind, value)
    return told


def states(
    limits: RiskLimits, holdings: Holdings, orders: Sequence[Order] = ()
) -> tuple[LimitState, ...]:
    """Every kind, told even where no limit is set; `orders`: those that may leave a position.

    All in percent of net value; unknown where that is not known or not above zero.
    """
    net = holdings.nav
    if net is None or net <= 0:
        lacks = ", ".join(holdings.lacks[:3])
        why = f"the net value is not known: {lacks}" if net is None else "no net value above zero"
        return tuple(_state(kind, limits, _Figure(None, why)) for kind in LimitKind)
    figures = {
        LimitKind.position: _largest(holdings, net),
        LimitKind.day_loss: _day_loss(holdings, net),
        LimitKind.gross: _Figure(_share(sum(_sizes(holdings).values(), ZERO), net)),
        LimitKind.heat: _heat(holdings, net, orders),
    }
    return tuple(_state(kind, limits, figures[kind]) for kind in LimitKind)


def heat(position: Position, orders: Sequence[Order] = ()) -> tuple[Decimal, bool]:
    """What a position loses at its stops, in its portfolio's money, and whether all has one.

    The nearest stops count first; what none of them covers may be lost whole. A stop beyond the
    price of now keeps a gain and costs nothing.
    """
    value, price = abs(position.value or ZERO), position.price
    if not value or not price:
        return value, False
    long = position.quantity > 0
    left, lost = abs(position.quantity), ZERO
    a_unit = value / left
    for away, order in sorted(
        ((_away(order, price, long=long), order) for order in orders if _leaves(order, position)),
        key=lambda each: each[0],
    ):
        covered = min(left, order.rest)
        lost += covered * max(away, ZERO) / price * a_unit
        left -= covered
    return lost + left * a_unit, not left


def _leaves(order: Order, position: Position) -> bool:
    """Whether an order is a stop of a position."""
    return (
        order.symbol == position.symbol
        and order.state.live
        and order.type.triggers
        and order.stop is not None
        and order.sign * position.quantity < 0
    )


def _away(order: Order, price: Decimal, *, long: bool) -> Decimal:
    """How far the price has to go against the position until a stop."""
    stop = price if order.stop is None else order.stop
    return price - stop if long else stop - price


def _sizes(holdings: Holdings) -> dict[str, Decimal]:
    return {p.symbol: abs(p.value) for p in holdings.positions if p.value}


def _largest(holdings: Holdings, net: Decimal) -> _Figure:
    sizes = _sizes(holdings)
    if not sizes:
        return _Figure(ZERO, "nothing is held")
    symbol = max(sizes, key=lambda each: sizes[each])
    return _Figure(_share(sizes[symbol], net), symbol)


def _day_loss(holdings: Holdings, net: Decimal) -> _Figure:
    change = holdings.day_change
    if change is None:
        return _Figure(None, "the day's change is not known")
    before = net - change
    if before <= 0:
        return _Figure(None, "the day began without a net value")
    return _Figure(_share(max(-change, ZERO), before))


def _heat(holdings: Holdings, net: Decimal, orders: Sequence[Order]) -> _Figure:
    held = [heat(each, orders) for each in holdings.positions if each.value]
    bare = sum(not guarded for _, guarded in held)
    note = f"{bare} of {len(held)} without a stop, counted whole" if bare else ""
    return _Figure(_share(sum((lost for lost, _ in held), ZERO), net), note)


def _state(kind: LimitKind, limits: RiskLimits, figure: _Figure) -> LimitState:
    limit: Decimal | None = getattr(limits, kind)
    level = LimitLevel.within
    if figure.value is None:
        level = LimitLevel.unknown
    elif limit is not None and figure.value > limit:
        level = LimitLevel.over
    elif limit is not None and figure.value >= NEAR * limit:
        level = LimitLevel.near
    return LimitState(kind=kind, limit=limit, value=figure.value, level=level, note=figure.note)


def _share(part: Decimal, of: Decimal) -> Decimal:
    return (part / of * HUNDRED).quantize(SHOWN)


def _percent(kind: LimitKind, value: Decimal) -> Decimal:
    if not value.is_finite() or not 0 < value <= MOST:
        raise Invalid(
            f"a limit of {kind.replace('_', ' ')} is a percentage above zero, was {value}",
            "as 25; null takes it away",
        )
    return value
