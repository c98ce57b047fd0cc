"""What money keeps an order from being taken: the buying power, and the limits a person set."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from tio.api.orders import Order, TradingLimits
from tio.engine.orders.shape import Refusal
from tio.engine.orders.situation import Situation, opening, told_price, unit_loss

_ZERO, _HUNDRED = Decimal(0), Decimal(100)
NEAR = Decimal("0.8")
"""The part of a limit from which on it is warned of."""
_RAISE = "or raise the limit"


@dataclass(frozen=True, slots=True)
class Bound:
    """One limit and what an order would bring it to, in the portfolio's currency."""

    name: str
    value: Decimal
    most: Decimal
    next: str

    @property
    def near(self) -> bool:
        return self.value >= NEAR * self.most


def beyond_means(order: Order, at: Situation) -> Refusal | None:
    """What the buying power or a limit refuses; what only reduces is held to neither."""
    if not opening(order, at.held):
        return None
    standing, currency = at.standing, at.standing.currency
    lost = standing.limits.loss_a_day
    if lost is not None and standing.day_result <= -lost:
        return Refusal(
            f"today has lost {amount(-standing.day_result)} {currency}, your limit is"
            f" {amount(lost)}",
            "close positions if you wish; new ones wait for tomorrow",
        )
    unit = unit_of(order, at)
    if isinstance(unit, Refusal):
        return unit
    cost, power = cost_of(order, at, unit), at.buying_power + _closed(order, at) * unit
    if cost > power:
        return Refusal(
            f"it costs {amount(cost)} {currency}, the buying power is {amount(max(power, _ZERO))}",
            "take less, or cancel orders that hold money back",
        )
    for bound in bounds(order, at, unit):
        if bound.value > bound.most:
            return Refusal(
                f"the {bound.name} {amount(bound.value)} {currency}, your limit is"
                f" {amount(bound.most)}",
                bound.next,
            )
    return None


def warnings(order: Order, at: Situation) -> tuple[str, ...]:
    """What of a person's limits an order comes near to, a sentence each."""
    unit = unit_of(order, at)
    if isinstance(unit, Refusal) or not opening(order, at.held):
        return ()
    return tuple(
        f"the {bound.name} {amount(bound.value)} {at.standing.currency},"
        f" {bound.value / bound.most * _HUNDRED:.0f} % of your limit of {amount(bound.most)}"
        for bound in bounds(order, at, unit)
        if bound.near
    )


def bounds(order: Order, at: Situation, unit: Decimal) -> Iterator[Bound]:
    """The limits set for what is held, and what this order would bring each to."""
    limits: TradingLimits = at.standing.limits
    size = opening(order, at.held)
    if limits.position is not None:
        after = abs(at.held + order.sign * order.rest) * unit
        yield Bound("position would be worth", after, limits.position, f"take less, {_RAISE}")
    if limits.exposure is not None:
        others = at.standing.exposure + at.reserved - _closed(order, at) * unit
        told = others + size * unit
        yield Bound("exposure would be", told, limits.exposure, f"take less, {_RAISE}")
    if limits.heat is not None:
        told = _heat(order, at, unit)
        bare = not any(guard.type.triggers for guard in at.guards)
        less = "place it with a stop" if bare else "take less, set a nearer stop"
        yield Bound("heat would be", told, limits.heat, f"{less}, {_RAISE}")


def cost_of(order: Order, at: Situation, unit: Decimal) -> Decimal:
    """What it takes of the buying power, its fee with it."""
    return opening(order, at.held) * unit + fee_of(order, at)


def fee_of(order: Order, at: Situation) -> Decimal:
    """What an order costs in fees, filled at its price; zero where no price or rate is known."""
    price = told_price(order) or at.price(order.side)
    rate = at.standing.rate(at.terms.currency)
    if price is None or rate is None:
        return _ZERO
    return at.fees.of(order, order.quantity, price, at.terms) * rate


def unit_of(order: Order, at: Situation) -> Decimal | Refusal:
    """What one unit costs in the portfolio's currency."""
    price = told_price(order) or at.price(order.side)
    if price is None:
        return Refusal(
            f"no price of {order.symbol} is known, so nothing tells what it costs",
            "wait for a quote, or place a limit order",
        )
    rate = at.standing.rate(at.terms.currency)
    if rate is None:
        return Refusal(
            f"no rate of {at.terms.currency} in {at.standing.currency} is known",
            f"watch the pair {at.terms.currency}{at.standing.currency}, then place it again",
        )
    return price * at.terms.worth() * rate


def _heat(order: Order, at: Situation, unit: Decimal) -> Decimal:
    """All positions and open orders at their stops, with this one."""
    price = told_price(order) or at.price(order.side) or _ZERO
    share = unit_loss(order, price, at.guards) / price if price else Decimal(1)
    turned = order.symbol if _closed(order, at) else None
    held = sum((lost for of, lost in at.standing.heats.items() if of != turned), _ZERO)
    return held + at.pending + opening(order, at.held) * unit * share


def _closed(order: Order, at: Situation) -> Decimal:
    """What an order that turns a position round closes of it."""
    return min(order.rest, max(_ZERO, -order.sign * at.held))


def amount(value: Decimal) -> str:
    return f"{value:,.2f}"
