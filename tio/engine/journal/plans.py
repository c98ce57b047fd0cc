"""What was planned of a trade: its bracket as first placed, or what a person wrote."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tio.api.orders import Order, OrderType
from tio.api.portfolio import Transaction
from tio.engine.orders.entering import DELAYED_TAG, PAPER_TAG

SETUP_TAG = "setup:"
"""An entry of the ledger with the tag setup:breakout opens a breakout."""
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Plan:
    """Prices a unit at which a trade was to be left."""

    stop: Decimal | None = None
    target: Decimal | None = None


def order_ids(entries: Iterable[Transaction]) -> tuple[str, ...]:
    """The paper orders whose fills these entries are, in order, each once."""
    fills = [entry.reference for entry in entries if PAPER_TAG in entry.tags and entry.reference]
    return tuple(dict.fromkeys(fill.rpartition(".")[0] for fill in fills))


def is_marked(entries: Iterable[Transaction]) -> bool:
    """Whether one was filled on data that lag."""
    return any(DELAYED_TAG in entry.tags for entry in entries)


def setup_tag(entries: Iterable[Transaction]) -> str:
    """The setup the ledger's own tags tell; "" where none does."""
    tags = (tag for entry in entries for tag in entry.tags)
    return next((tag[len(SETUP_TAG) :].strip() for tag in tags if tag.startswith(SETUP_TAG)), "")


def plan_of(order: Order, exits: Iterable[Order]) -> Plan:
    """The plan of an entry by its bracket's exits as they were accepted."""
    stop = target = None
    for each in exits:
        if each.type is OrderType.limit:
            target = target or each.limit
        else:
            stop = stop or each.stop or _trailing(order, each)
    return Plan(stop, target)


def _trailing(order: Order, exit: Order) -> Decimal | None:
    """Where a trailing stop begins: its trail behind what the entry paid."""
    price, trail = order.average_price, exit.trail
    if price is None or trail is None:
        return None
    away = trail.amount if trail.percent is None else price * trail.percent / _HUNDRED
    return None if away is None else price - order.sign * away


def planned(order: Order | None, exits: Mapping[str, tuple[Order, ...]]) -> Plan:
    """The plan of an order that entered, none where nothing was ordered to leave it."""
    return Plan() if order is None else plan_of(order, exits.get(order.id, ()))
