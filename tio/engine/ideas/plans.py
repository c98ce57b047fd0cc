"""What is written on a card as a plan, or the sentence why it cannot be one."""

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from msgspec.structs import replace

from tio.api.clean import clean
from tio.api.errors import Invalid
from tio.api.ideas import Evidence, IdeaPlan, SaveIdea
from tio.api.market import Side
from tio.api.orders import OrderType

LONGEST = timedelta(days=2 * 366)
SHORTEST = timedelta(minutes=10)
HORIZONS = "as 8h, 10d, 3w, 2mo, or a date, 2027-01-15"
_SPAN = re.compile(r"(?P<count>\d{1,4}) ?(?P<unit>min|h|d|w|mo)")
_UNITS = {
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "mo": timedelta(days=30),
}


def plan_of(asked: SaveIdea, price: Decimal | None, now: datetime) -> IdeaPlan:
    """The plan a word tells, as of now; Invalid."""
    thesis = clean(asked.thesis).strip()
    if not thesis:
        raise Invalid("an idea needs its thesis", "say in a sentence why this should happen")
    _prices(asked)
    told = (asked.quantity, asked.risk, asked.risk_percent)
    if sum(each is not None for each in told) > 1:
        raise Invalid(
            "an idea has one size: a quantity, a risk, or a percentage of equity", "give one"
        )
    if any(each is not None and not (each.is_finite() and each > 0) for each in told):
        raise Invalid("a size is above zero", "as a quantity of 10, or a risk of 500")
    return IdeaPlan(
        at=now,
        side=asked.side,
        entry=asked.entry,
        stop=asked.stop,
        targets=asked.targets,
        invalidation=asked.invalidation,
        quantity=asked.quantity,
        risk=asked.risk,
        risk_percent=asked.risk_percent,
        horizon=clean(asked.horizon).strip(),
        due=due_of(asked.horizon, now),
        thesis=thesis,
        evidence=tuple(_evidence(each) for each in asked.evidence),
        setup=clean(asked.setup).strip(),
        entry_type=entry_type(asked.side, asked.entry, price),
        price=price,
    )


def due_of(horizon: str, now: datetime) -> datetime:
    """When a horizon ends: so long from now, or at the end of a date (UTC); Invalid."""
    text = horizon.strip().lower()
    match = _SPAN.fullmatch(text)
    if match:
        due = now + int(match["count"]) * _UNITS[match["unit"]]
    else:
        try:
            due = datetime.combine(date.fromisoformat(text), time.max, UTC).replace(microsecond=0)
        except ValueError:
            raise Invalid(f"{clean(horizon)[:30]!r} is no horizon", HORIZONS) from None
    if not SHORTEST <= due - now <= LONGEST:
        raise Invalid("a horizon lies 10 minutes to two years ahead", HORIZONS)
    return due


def entry_type(side: Side, entry: Decimal, price: Decimal | None) -> OrderType | None:
    """Limit where the price is to come back to the entry, stop where it is to break out to it."""
    if price is None:
        return None
    dearer = entry > price if side is Side.buy else entry < price
    return OrderType.stop if dearer else OrderType.limit


def changed_plan(was: IdeaPlan, now: IdeaPlan) -> IdeaPlan:
    """The next version: a horizon told the same way ends when it did."""
    return replace(now, due=was.due) if now.horizon == was.horizon else now


def _prices(asked: SaveIdea) -> None:
    sign = 1 if asked.side is Side.buy else -1
    below, above = ("below", "above") if sign > 0 else ("above", "below")
    levels = [("entry", asked.entry), ("stop", asked.stop)]
    levels += [("target", price) for price in asked.targets]
    if asked.invalidation is not None:
        levels.append(("invalidation", asked.invalidation))
    for name, price in levels:
        if not (price.is_finite() and price > 0):
            raise Invalid(f"the {name} is a price above zero, was {price}")
        if name in ("stop", "invalidation") and (asked.entry - price) * sign <= 0:
            raise Invalid(
                f"the {name} of a {asked.side.value} lies {below} its entry, was {price:f}"
                f" at an entry of {asked.entry:f}",
                "change it, or the side",
            )
        if name == "target" and (price - asked.entry) * sign <= 0:
            raise Invalid(
                f"the target of a {asked.side.value} lies {above} its entry, was {price:f}"
                f" at an entry of {asked.entry:f}",
                "change it, or the side",
            )


def _evidence(told: Evidence) -> Evidence:
    if told.as_of is not None and told.as_of.tzinfo is None:
        raise Invalid(f"as_of must carry a zone, was {told.as_of.isoformat()}", "add a Z")
    return replace(
        told, text=clean(told.text), figure=clean(told.figure), source=clean(told.source)
    )
