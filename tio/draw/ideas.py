"""Idea cards in a few words, as they are shown everywhere."""

from datetime import datetime

from tio.api.ideas import Idea, IdeaPlan, IdeaRecord, IdeaScore, IdeaState, ListedIdea, Outcome
from tio.api.orders import OrderType
from tio.draw.amounts import MINUS, quantity, unit_price

OUTCOMES = {
    Outcome.target: "target reached",
    Outcome.stopped: "stopped",
    Outcome.invalidated: "invalidated",
    Outcome.horizon: "open at its horizon",
    Outcome.never_entered: "never entered",
}
PLANNED = (
    *("side", "entry", "stop", "targets", "invalidation", "quantity", "risk", "risk_percent"),
    *("horizon", "setup", "thesis"),
)
"""What two versions of a plan are compared by, beside their evidence."""


def said(plan: IdeaPlan, symbol: str) -> str:
    """A plan in one line: `buy AAPL at 187.20 stop 183.00 target 195.00`."""
    targets = " ".join(f"target {unit_price(price)}" for price in plan.targets)
    away = f" unless {unit_price(plan.invalidation)}" if plan.invalidation is not None else ""
    words = f"{plan.side.value} {symbol} at {unit_price(plan.entry)} stop {unit_price(plan.stop)}"
    return f"{words} {targets}{away}".replace("  ", " ").strip()


def way(plan: IdeaPlan) -> str:
    """How the price comes to the entry."""
    if plan.entry_type is None:
        return "no price was known"
    words = "breaks out to it" if plan.entry_type is OrderType.stop else "comes back to it"
    return f"{words} from {unit_price(plan.price)}"


def size(plan: IdeaPlan, *, hidden: bool = False) -> str:
    """How much, or how much of a loss."""
    if plan.quantity is not None:
        return quantity(plan.quantity, hidden=hidden)
    if plan.risk is not None:
        return f"by a risk of {quantity(plan.risk, hidden=hidden)}"
    return f"by a risk of {quantity(plan.risk_percent)}%" if plan.risk_percent else "by 1% of risk"


def reward(plan: IdeaPlan) -> str:
    """What the nearest target is worth: `2.00 R`."""
    if plan.target is None:
        return "no target"
    return in_r(float(abs(plan.target - plan.entry) / abs(plan.entry - plan.stop)), sign=False)


def in_r(value: float | None, *, sign: bool = True) -> str:
    """`+1.50 R`; `–` of none."""
    if value is None:
        return "–"
    mark = MINUS if round(value, 2) < 0 else "+" if sign and round(value, 2) > 0 else ""
    return f"{mark}{abs(value):.2f} R"


def state(listed: ListedIdea) -> str:
    """Where a card stands, in words."""
    idea = listed.idea
    if idea.score is not None:
        return OUTCOMES[idea.score.outcome]
    if listed.state is IdeaState.ended and idea.ended_by is not None:
        return f"{OUTCOMES[idea.ended_by]}, unscored"
    return listed.state.value.replace("_", " ")


def result(listed: ListedIdea) -> str:
    """What it brought, or would bring now."""
    score = listed.idea.score
    return in_r(listed.r if score is None else score.r)


def scored(score: IdeaScore) -> str:
    """What it came to and by what."""
    sure = "" if score.r is None else f" {in_r(score.r)}"
    return f"{OUTCOMES[score.outcome]}{sure} · {score.said}"


def counted(score: IdeaScore) -> str:
    """The bars behind a score."""
    return f"{score.bars:,} bars of {score.timeframe} from {score.source or 'no source'}"


def changes(idea: Idea) -> list[tuple[datetime, str]]:
    """What each later version changed, the newest first."""
    told = []
    for was, now in zip(idea.plans, idea.plans[1:], strict=False):
        other = [
            f"{name} {_shown(was, name)} → {_shown(now, name)}"
            for name in PLANNED
            if getattr(was, name) != getattr(now, name)
        ]
        if was.evidence != now.evidence:
            other.append("evidence")
        told.append((now.at, " · ".join(other) or "nothing"))
    return told[::-1]


def interval(low: float | None, high: float | None, *, percent: bool = False) -> str:
    """`[−0.20, +0.40]`, in percent where asked; "" where it is not known."""
    if low is None or high is None:
        return ""
    if percent:
        return f"[{low:.0%}, {high:.0%}]"
    return f"[{_signed(low)}, {_signed(high)}]"


def hits(record: IdeaRecord) -> str:
    """How often it was right, with its interval."""
    if record.hit_rate is None:
        return "–"
    return f"{record.hit_rate:.0%} {interval(record.hit_low, record.hit_high, percent=True)}"


def brought(record: IdeaRecord) -> str:
    """The mean in R, with its interval."""
    return f"{in_r(record.mean_r)} {interval(record.low_r, record.high_r)}".strip()


def edge(record: IdeaRecord) -> str:
    """Whether the record proves an edge."""
    if record.edge is None:
        return record.note
    low = f"at least {in_r(record.edge.low)}" if record.edge.low > 0 else "no edge proved"
    return f"{low}, {record.edge.confidence:.0%} sure"


def _signed(value: float) -> str:
    return in_r(value).removesuffix(" R")


def _shown(plan: IdeaPlan, name: str) -> str:
    value = getattr(plan, name)
    if name in ("thesis", "setup", "horizon"):
        return repr(value[:30])
    if isinstance(value, tuple):
        return " ".join(map(unit_price, value)) or "none"
    if value is None:
        return "none"
    return str(value.value) if name == "side" else quantity(value)
