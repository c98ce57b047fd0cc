"""What keeps a well-formed order from being taken: market, session, holdings, money, limits."""

from collections.abc import Callable
from decimal import Decimal

from tio.api.market import AssetClass, Session
from tio.api.orders import BracketLegs, Order, OrderType, Side
from tio.engine.orders.money import beyond_means
from tio.engine.orders.pricing import admits
from tio.engine.orders.shape import Refusal, plain
from tio.engine.orders.situation import Situation, committed, told_price

_NOT_TRADED = {
    AssetClass.equity_index: ("an index", "take a fund or a future on it"),
    AssetClass.rate: ("a rate", "take a future or a bond fund"),
}
_ZERO = Decimal(0)


def refusal(order: Order, at: Situation) -> Refusal | None:
    """The first reason not to take an order, None when there is none.

    A bracket's child is judged by its entry (`wrong_legs`), for it reduces what that fills.
    """
    if order.parent:
        return None
    return next((found for check in _CHECKS if (found := check(order, at)) is not None), None)


def wrong_legs(entry: Order, legs: BracketLegs, at: Situation) -> Refusal | None:
    """A target or stop on the wrong side of where the entry fills."""
    price = told_price(entry) or at.price(entry.side)
    if price is None:
        return None
    for name, leg, sign in (("target", legs.target, 1), ("stop", legs.stop, -1)):
        if leg is not None and (leg - price) * entry.sign * sign <= 0:
            where = "above" if entry.sign * sign > 0 else "below"
            return Refusal(
                f"the {name} of a {entry.side.value} lies {where} its entry at {plain(price)},"
                f" was {plain(leg)}",
                f"set the {name} {where} {plain(price)}",
            )
    return None


def _tradable(order: Order, at: Situation) -> Refusal | None:
    kind, instead = _NOT_TRADED.get(at.terms.asset_class, ("", ""))
    if kind:
        return Refusal(f"{order.symbol} is {kind}, which nobody trades", instead)
    if at.terms.multiplier is None:
        return Refusal(
            f"what a point of {order.symbol} is worth is not known here",
            "take a future whose contract is known, such as ES=F or CL=F",
        )
    return None


def _session(order: Order, at: Situation) -> Refusal | None:
    if order.type is not OrderType.market or admits(at.session, order):
        return None
    opens = "" if at.opens is None else f" until {at.opens:%Y-%m-%d %H:%M}Z"
    if at.session is Session.closed:
        return Refusal(
            f"{order.symbol} is closed{opens}, and a market order takes what comes",
            "place a limit order, which waits for the open at its price",
        )
    return Refusal(
        f"{order.symbol} is outside regular hours{opens}",
        "place it with extended hours, or as a limit order",
    )


def _wrong_side(order: Order, at: Situation) -> Refusal | None:
    if not order.type.triggers or order.stop is None or order.triggered_at is not None:
        return None
    price = at.price(order.side)
    if price is None or (order.stop - price) * order.sign > 0:
        return None
    side, where = order.side.value, "above" if order.sign > 0 else "below"
    found = "at or below" if order.sign > 0 else "at or above"
    return Refusal(
        f"a {side} stop at {plain(order.stop)} is {found} the market at {plain(price)}:"
        " it would trigger at once",
        f"set the stop {where} {plain(price)}, or {side} at the market",
    )


def _holding(order: Order, at: Situation) -> Refusal | None:
    if order.reduce_only and order.sign * at.held >= 0:
        return Refusal(
            f"there is nothing of {order.symbol} this {order.side.value} could reduce",
            "place it without reduce-only, or leave it",
        )
    if order.side is Side.buy or order.short or order.reduce_only:
        return None
    beside = (each for each in at.working if not order.oco or each.oco != order.oco)
    promised = committed(beside, Side.sell)
    free = max(_ZERO, at.held - promised)
    if order.rest <= free:
        return None
    elsewhere = f", {plain(promised)} of it promised to other orders" if promised else ""
    less = f"sell {plain(free)}, or " if free else ""
    return Refusal(
        f"{plain(order.rest)} {order.symbol} cannot be sold:"
        f" {plain(max(at.held, _ZERO))} held{elsewhere}",
        f"{less}say that you mean to go short",
    )


_CHECKS: tuple[Callable[[Order, Situation], Refusal | None], ...] = (
    _tradable,
    _session,
    _wrong_side,
    _holding,
    beyond_means,
)
