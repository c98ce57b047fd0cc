"""What a quote shows of a card that is live: its entry reached, its end; and how far both are."""

from datetime import datetime
from decimal import Decimal

from msgspec.structs import replace

from tio.api.ideas import Idea, IdeaPlan, ListedIdea, Outcome
from tio.api.market import Quote
from tio.api.orders import OrderType
from tio.engine.orders.tape import exact, fault_of


def price_of(quote: Quote) -> Decimal | None:
    """What it last traded at, else the middle of bid and ask."""
    last, bid, ask = exact(quote.last), exact(quote.bid), exact(quote.ask)
    if last is None and bid is not None and ask is not None:
        return (bid + ask) / 2
    return last


def marked(idea: Idea, quote: Quote, now: datetime) -> Idea:
    """The card as a sound quote from after its plan shows it; the same where it shows nothing."""
    price, plan = price_of(quote), idea.plan
    seen = quote.as_of or quote.received_at
    if price is None or seen is None or seen < plan.at or fault_of(quote) or idea.ended_by:
        return idea
    if not idea.entered:
        if _entered(plan, price):
            return replace(idea, entered_at=now)
        if plan.invalidation is not None and _past(plan, price, plan.invalidation):
            return replace(idea, ended_at=now, ended_by=Outcome.invalidated)
        return idea
    outcome = _ended(plan, price)
    return idea if outcome is None else replace(idea, ended_at=now, ended_by=outcome)


def listed(idea: Idea, quote: Quote) -> ListedIdea:
    """A card with how far the market is from it."""
    plan = idea.plan
    price = price_of(quote) if idea.open else None

    def away(level: Decimal | None) -> float | None:
        return None if not price or level is None else float((level - price) / price * 100)

    r = None
    if price is not None and idea.entered:
        r = float((price - plan.entry) * plan.sign / abs(plan.entry - plan.stop))
    return ListedIdea(
        idea=idea,
        state=idea.state,
        price=price,
        to_entry=None if idea.entered else away(plan.entry),
        to_stop=away(plan.stop),
        to_target=away(plan.target),
        r=r,
    )


def _entered(plan: IdeaPlan, price: Decimal) -> bool:
    ahead = (price - plan.entry) * plan.sign
    if plan.entry_type is None:
        return ahead == 0
    return ahead >= 0 if plan.entry_type is OrderType.stop else ahead <= 0


def _past(plan: IdeaPlan, price: Decimal, level: Decimal) -> bool:
    """Whether a price lies at a level on the losing side, or beyond."""
    return (price - level) * plan.sign <= 0


def _ended(plan: IdeaPlan, price: Decimal) -> Outcome | None:
    levels = [(plan.stop, Outcome.stopped)]
    if plan.invalidation is not None:
        levels.append((plan.invalidation, Outcome.invalidated))
    # The nearer of the two came first.
    for level, outcome in sorted(levels, key=lambda each: each[0] * -plan.sign):
        if _past(plan, price, level):
            return outcome
    target = plan.target
    return Outcome.target if target is not None and not _below(plan, price, target) else None


def _below(plan: IdeaPlan, price: Decimal, target: Decimal) -> bool:
    return (price - target) * plan.sign < 0
