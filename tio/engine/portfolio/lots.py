"""What is held of one symbol in one account: lots, and the rule by which a sale takes them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from tio.api.errors import Invalid
from tio.api.portfolio import LotRule
from tio.engine.portfolio.money import ONE, ZERO, rescaled, share


@dataclass(frozen=True, slots=True)
class OpenLot:
    """What an entry opened and nothing has closed; a short one's quantity and cost are below zero.

    cost in `currency`, base_cost in the portfolio's, at the rates of the days it was paid.
    """

    id: str
    opened_at: datetime
    quantity: Decimal
    cost: Decimal
    currency: str
    base_cost: Decimal

    def part(self, quantity: Decimal) -> "OpenLot":
        """So much of it, with its share of the cost."""
        cost = share(self.cost, quantity, self.quantity)
        base_cost = share(self.base_cost, quantity, self.quantity)
        return replace(self, quantity=quantity, cost=cost, base_cost=base_cost)

    def without(self, part: "OpenLot") -> "OpenLot":
        """What a part leaves."""
        return replace(
            self,
            quantity=self.quantity - part.quantity,
            cost=self.cost - part.cost,
            base_cost=self.base_cost - part.base_cost,
        )

    def spun_off(self, by: str, ratio: Decimal, cost_share: Decimal) -> "OpenLot":
        """What comes of it: so many new for one, with that share of its cost and its date."""
        return replace(
            self,
            id=f"{by}/{self.id}",
            quantity=rescaled(self.quantity, ratio),
            cost=self.cost * cost_share,
            base_cost=self.base_cost * cost_share,
        )


class Inventory:
    """The lots of one symbol in one account, oldest first; all long, or all short."""

    def __init__(self, lots: Sequence[OpenLot] = ()) -> None:
        self._lots = list(lots)

    def __iter__(self) -> Iterator[OpenLot]:
        return iter(self._lots)

    @property
    def quantity(self) -> Decimal:
        return sum((lot.quantity for lot in self._lots), ZERO)

    def put(self, lot: OpenLot) -> None:
        """Add one; lots stay in the order of their opening."""
        at = len(self._lots)
        while at and self._lots[at - 1].opened_at > lot.opened_at:
            at -= 1
        self._lots.insert(at, lot)

    def take(self, quantity: Decimal, rule: LotRule, lot: str = "") -> list[OpenLot]:
        """Parts that make up the quantity (signed as the lots), by the rule; they are gone then.

        `lot` names the one to take from, whatever the rule. Raises Invalid where there is not so
        much, or where the rule wants a lot named.
        """
        if abs(self.quantity) < abs(quantity):
            raise Invalid(f"there are {abs(self.quantity)}, not {abs(quantity)}")
        if lot:
            return self._take_from(self._named(lot, quantity), quantity)
        match rule:
            case LotRule.average:
                return self._take_alike(quantity)
            case LotRule.specific:
                if len(self._lots) == 1 or quantity == self.quantity:
                    return self._take_from(tuple(self._lots), quantity)
                raise Invalid(
                    f"which of the {len(self._lots)} lots is meant is not said",
                    f"name one with lot: {', '.join(each.id for each in self._lots[:5])}",
                )
        return self._take_from(self._ordered(rule), quantity)

    def rescale(self, factor: Decimal) -> None:
        """A split: so many new for one old."""
        self._lots = [replace(e, quantity=rescaled(e.quantity, factor)) for e in self._lots]

    def replaced(self, lots: Sequence[OpenLot]) -> None:
        """Other lots in place of these."""
        self._lots = list(lots)

    def _named(self, lot: str, quantity: Decimal) -> tuple[OpenLot, ...]:
        found = tuple(each for each in self._lots if each.id == lot)
        held = sum((each.quantity for each in found), ZERO)
        if not found:
            raise Invalid(f"there is no open lot {lot!r}", "`tio portfolio lots` lists them")
        if abs(held) < abs(quantity):
            raise Invalid(f"lot {lot} holds {abs(held)}, not {abs(quantity)}")
        return found

    def _ordered(self, rule: LotRule) -> tuple[OpenLot, ...]:
        lots = self._lots
        if rule is LotRule.lifo:
            return tuple(reversed(lots))
        if rule is LotRule.hifo:
            # The dearest unit first, the older of two alike; of shorts, the one that brought least.
            units = [share(lot.base_cost, ONE, abs(lot.quantity)) for lot in lots]
            order = sorted(range(len(lots)), key=lambda index: (-units[index], index))
            return tuple(lots[index] for index in order)
        return tuple(lots)

    def _take_from(self, lots: Sequence[OpenLot], quantity: Decimal) -> list[OpenLot]:
        taken = []
        for lot in lots:
            if not quantity:
                break
            part = lot if abs(lot.quantity) <= abs(quantity) else lot.part(quantity)
            at = next(index for index, each in enumerate(self._lots) if each is lot)
            if part is lot:
                del self._lots[at]
            else:
                self._lots[at] = lot.without(part)
            quantity -= part.quantity
            taken.append(part)
        return taken

    def _take_alike(self, quantity: Decimal) -> list[OpenLot]:
        """By the oldest dates, at the cost of an average unit."""
        self._lots = list(_alike(self._lots))
        taken = self._take_from(tuple(self._lots), quantity)
        self._lots = list(_alike(self._lots))
        return taken


def _alike(lots: Sequence[OpenLot]) -> Iterator[OpenLot]:
    """The same lots, the cost of all spread evenly over their quantities."""
    if len({lot.currency for lot in lots}) > 1:
        raise Invalid("lots paid in different currencies have no average cost")
    quantity = sum((lot.quantity for lot in lots), ZERO)
    cost = sum((lot.cost for lot in lots), ZERO)
    base_cost = sum((lot.base_cost for lot in lots), ZERO)
    for lot in lots:
        part = replace(
            lot,
            cost=share(cost, lot.quantity, quantity),
            base_cost=share(base_cost, lot.quantity, quantity),
        )
        yield part
        quantity, cost = quantity - part.quantity, cost - part.cost
        base_cost -= part.base_cost
