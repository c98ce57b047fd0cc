"""A card made into orders: its bracket, sized as a ticket is."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tio.api.access import Principal
from tio.api.contract import Request
from tio.api.errors import Conflict
from tio.api.ideas import Idea
from tio.api.market import Side
from tio.api.orders import BracketLegs, Order, OrderState, OrderType, TimeInForce
from tio.api.trading import (
    GetTicket,
    ListedOrder,
    ListOrders,
    OrderPreview,
    OrderTicket,
    PlaceOrder,
    PreviewOrder,
)
from tio.engine.ideas.plans import entry_type
from tio.engine.service import Answer, write_key

USUAL = Decimal(1)
"""Percent of equity a card risks that tells no size."""


class Taking:
    """Previews and places the bracket of a card by the words of trading."""

    def __init__(self, trading: Mapping[type[Request[Any]], Answer]) -> None:
        self._trading = trading

    async def preview(self, idea: Idea, price: Decimal | None, by: Principal) -> OrderPreview:
        """What placing would make, or why it would be refused."""
        fields = await self._fields(idea, price, by)
        seen: OrderPreview = await self._trading[PreviewOrder](PreviewOrder(**fields), by)
        return seen

    async def place(self, idea: Idea, price: Decimal | None, by: Principal) -> tuple[Order, ...]:
        """The orders of a card; those of an earlier try where that placed them."""
        there = await self._placed(idea, by)
        if there:
            return there
        fields = await self._fields(idea, price, by)
        token = write_key.set(f"idea {idea.id}")
        try:
            made: tuple[Order, ...] = await self._trading[PlaceOrder](PlaceOrder(**fields), by)
        finally:
            write_key.reset(token)
        return made

    async def _placed(self, idea: Idea, by: Principal) -> tuple[Order, ...]:
        """The card's orders that were not refused, the oldest first."""
        asked = ListOrders(idea.portfolio, idea.symbol, limit=10_000)
        found: tuple[ListedOrder, ...] = await self._trading[ListOrders](asked, by)
        mine = (each.order for each in reversed(found) if each.order.idea == idea.id)
        return tuple(order for order in mine if order.state is not OrderState.refused)

    async def _fields(self, idea: Idea, price: Decimal | None, by: Principal) -> dict[str, Any]:
        plan = idea.plan
        kind = entry_type(plan.side, plan.entry, price)
        if kind is None:
            raise Conflict(f"no price of {idea.symbol} is known", "wait for a quote")
        quantity = plan.quantity or await self._quantity(idea, by)
        stop = kind is OrderType.stop
        return {
            "portfolio": idea.portfolio,
            "symbol": idea.symbol,
            "side": plan.side,
            "quantity": quantity,
            "type": kind,
            "limit": None if stop else plan.entry,
            "stop": plan.entry if stop else None,
            "time_in_force": TimeInForce.gtc,
            "short": plan.side is Side.sell,
            "bracket": BracketLegs(target=plan.target, stop=plan.stop),
            "setup": plan.setup,
            "idea": idea.id,
        }

    async def _quantity(self, idea: Idea, by: Principal) -> Decimal:
        plan = idea.plan
        percent = None if plan.risk is not None else plan.risk_percent or USUAL
        asked = GetTicket(
            idea.portfolio,
            idea.symbol,
            plan.side,
            entry=plan.entry,
            stop=plan.stop,
            risk=plan.risk,
            risk_percent=percent,
            targets=(),
        )
        sized: OrderTicket = await self._trading[GetTicket](asked, by)
        size = sized.ticket.size
        if size.quantity <= 0:
            why = f": {size.notes[0]}" if size.notes else ""
            raise Conflict(
                f"not one lot of {idea.symbol} fits the risk of {idea.id}{why}",
                "risk more, or write a nearer stop",
            )
        return size.quantity
