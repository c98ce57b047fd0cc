"""What the open lots of a symbol come to together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from tio.engine.portfolio.lots import OpenLot
from tio.engine.portfolio.money import ZERO


@dataclass(slots=True)
class HeldSum:
    """Sums over lots; cost and base cost by the currency they were paid in."""

    quantity: Decimal = ZERO
    base_cost: Decimal = ZERO
    lots: int = 0
    newest: datetime | None = None
    """When the newest of them was opened."""
    cost: defaultdict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    paid: defaultdict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    """Base cost by currency."""

    def add(self, lot: OpenLot) -> None:
        self.quantity += lot.quantity
        self.base_cost += lot.base_cost
        self.lots += 1
        self.newest = lot.opened_at if self.newest is None else max(self.newest, lot.opened_at)
        self.cost[lot.currency] += lot.cost
        self.paid[lot.currency] += lot.base_cost


def summed(
    inventories: Mapping[tuple[str, str], Iterable[OpenLot]],
) -> dict[str, HeldSum]:
    """The sums of every symbol that has an open lot; inventories are by symbol and account."""
    sums: dict[str, HeldSum] = {}
    for (symbol, _), lots in inventories.items():
        for lot in lots:
            if symbol not in sums:
                sums[symbol] = HeldSum()
            sums[symbol].add(lot)
    return sums
