"""What is held of one symbol in one account: lots, and the rule by which a sale takes them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from tio.api.errors import Invalid
from tio.api.portfolio import LotRule
from tio.engine.portfolio.money import ONE, ZERO, rescaled, share, shares


class OpenLot(msgspec.Struct, frozen=True, gc=False):
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
        cost, base_cost = shares(quantity, self.quantity, self.cost, self.base_cost)
        return OpenLot(self.id, self.opened_at, quantity, cost, self.currency, base_cost)

    def without(self, part: "OpenLot") -> "OpenLot":
        """What a part leaves."""
        return OpenLot(
            self.id,
            self.opened_at,
            self.quantity - part.quantity,
            self.cost - part.cost,
            self.currency,
            self.base_cost - part.base_cost,
        )

    def spun_off(self, by: str, ratio: Decimal, cost_share: Decimal) -> "OpenLot":
        """What comes of it: so many new for one, with that share of its cost and its date."""
        return replace(
            self,
            id=f"{by}/{self.id}",
            quantity=rescaled(self.quantity, ratio),
            cost=share(self.cost, cost_share, ONE),
            base_cost=share(self.base_cost, cost_share, ONE),
        )


class Inventory:
    """The lots of one symbol in one account, oldest first; all long, or all short."""

    def __init__(self) -> None:
        self._lots: list[OpenLot] = []
        self.quantity = ZERO
        self._pool: tuple[Decimal, Decimal] | None = None
        """Cost and base cost of all lots, where each has yet to be given an even share of them."""

    def __iter__(self) -> Iterator[OpenLot]:
        self._spread()
        return iter(self._lots)

    def put(self, lot: OpenLot) -> None:
        """Add one; lots stay in the order of their opening.

        Raises Invalid where the others stand the other way: what closes them is a trade.
        """
        if self.quantity * lot.quantity < 0:
            held = "are held" if self.quantity > 0 else "are sold short"
            raise Invalid(
                f"{abs(self.quantity)} {held}, and {abs(lot.quantity)} would stand against them",
                "close them first, with a buy or a sell",
            )
        if self._pool is not None and self._lots and self._lots[0].currency == lot.currency:
            self._pool = self._pool[0] + lot.cost, self._pool[1] + lot.base_cost
        else:
            self._spread()
        at = len(self._lots)
        while at and self._lots[at - 1].opened_at > lot.opened_at:
            at -= 1
        self._lots.insert(at, lot)
        self.quantity += lot.quantity

    def take(self, quantity: Decimal, rule: LotRule, lot: str = "") -> list[OpenLot]:
        """Parts that make up the quantity (signed as the lots), by the rule; they are gone then.

        `lot` names the one to take from, whatever the rule; by the average it still costs what
        all do. Raises Invalid where there is not so much, or where the rule wants a lot named.
        """
        if self.quantity * quantity < 0 or abs(self.quantity) < abs(quantity):
            held = self.quantity if quantity > 0 else -self.quantity
            raise Invalid(f"there are {held}, not {abs(quantity)}")
        if rule is LotRule.average and not lot:
            return self._take_alike(quantity)
        if rule is LotRule.average:
            self.level()
        self._spread()
        if lot:
            return self._take_from(self._named(lot, quantity), quantity)
        if rule is LotRule.specific and len(self._lots) > 1 and quantity != self.quantity:
            raise Invalid(
                f"which of the {len(self._lots)} lots is meant is not said",
                f"name one with lot: {', '.join(each.id for each in self._lots[:5])}",
            )
        return self._take_from(self._ordered(rule), quantity)

    def level(self) -> None:
        """Give each lot an even share of what all cost; Invalid where currencies differ."""
        self._pool = self._pool or self._pooled()
        self._spread()

    def rescale(self, factor: Decimal) -> None:
        """A split: so many new for one old."""
        self._spread()
        self.replaced([replace(e, quantity=rescaled(e.quantity, factor)) for e in self._lots])

    def replaced(self, lots: Sequence[OpenLot]) -> None:
        """Other lots in place of these."""
        self._lots = list(lots)
        self.quantity = sum((lot.quantity for lot in lots), ZERO)

    def _named(self, lot: str, quantity: Decimal) -> list[OpenLot]:
        found = [each for each in self._lots if each.id == lot]
        held = sum((each.quantity for each in found), ZERO)
        if not found:
            raise Invalid(f"there is no open lot {lot!r}", "`tio portfolio lots` lists them")
        if abs(held) < abs(quantity):
            raise Invalid(f"lot {lot} holds {abs(held)}, not {abs(quantity)}")
        return found

    def _ordered(self, rule: LotRule) -> list[OpenLot]:
        lots = self._lots
        if rule is LotRule.lifo:
            return lots[::-1]
        if rule is LotRule.hifo:
            # The dearest unit first, the older of two alike; of shorts, the one that brought least.
            units = [_unit_cost(lot) for lot in lots]
            return [lots[i] for i in sorted(range(len(lots)), key=lambda i: (-units[i], i))]
        return lots[:]

    def _take_from(self, lots: Sequence[OpenLot], quantity: Decimal) -> list[OpenLot]:
        taken: list[OpenLot] = []
        self.quantity -= quantity
        for lot in lots:
            if not quantity:
                break
            at = self._place(lot)
            if abs(lot.quantity) <= abs(quantity):
                part = self._lots.pop(at)
            else:
                part = lot.part(quantity)
                self._lots[at] = lot.without(part)
            quantity -= part.quantity
            taken.append(part)
        return taken

    def _place(self, lot: OpenLot) -> int:
        if self._lots[0] is lot:
            return 0
        return next(index for index, each in enumerate(self._lots) if each is lot)

    def _take_alike(self, quantity: Decimal) -> list[OpenLot]:
        """By the oldest dates, at the cost of an average unit."""
        whole, pool = self.quantity, self._pool or self._pooled()
        paid = OpenLot(
            "",
            self._lots[0].opened_at,
            quantity,
            share(pool[0], quantity, whole),
            "",
            share(pool[1], quantity, whole),
        )
        self._pool = pool[0] - paid.cost, pool[1] - paid.base_cost
        taken = []
        for part in self._take_from(self._lots[:], quantity):
            own = paid.part(part.quantity)
            paid = paid.without(own)
            taken.append(replace(part, cost=own.cost, base_cost=own.base_cost))
        return taken

    def _pooled(self) -> tuple[Decimal, Decimal]:
        if len({lot.currency for lot in self._lots}) > 1:
            raise Invalid("lots paid in different currencies have no average cost")
        cost = sum((lot.cost for lot in self._lots), ZERO)
        return cost, sum((lot.base_cost for lot in self._lots), ZERO)

    def _spread(self) -> None:
        """Give each lot its share of what all of them cost."""
        if self._pool is None:
            return
        (cost, base_cost), left = self._pool, self.quantity
        for at, lot in enumerate(self._lots):
            own = share(cost, lot.quantity, left), share(base_cost, lot.quantity, left)
            self._lots[at] = replace(lot, cost=own[0], base_cost=own[1])
            left, cost, base_cost = left - lot.quantity, cost - own[0], base_cost - own[1]
        self._pool = None


def _unit_cost(lot: OpenLot) -> Decimal:
    """Infinite for what a split left nothing of but its cost, which goes with the next sale."""
    return share(lot.base_cost, ONE, abs(lot.quantity)) if lot.quantity else Decimal("inf")
