"""Plans, cards and bars of the tests."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tio.api.ideas import Idea, IdeaPlan, IdeaScore, Outcome
from tio.api.market import Side, Timeframe
from tio.api.orders import OrderType
from tio.api.series import instant
from tio.engine.ideas.scoring import Bar

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
DUE = AT + timedelta(days=10)
D = Decimal


def plan(
    side: str = "buy", entry: str = "100", stop: str = "95", target: str = "110", **rest: Any
) -> IdeaPlan:
    """A pull-back to 100, one R of 5 below it and two above, unless told otherwise."""
    told: dict[str, Any] = {
        "at": AT,
        "side": Side(side),
        "entry": D(entry),
        "stop": D(stop),
        "targets": (D(target),) if target else (),
        "horizon": "10d",
        "due": DUE,
        "thesis": "it comes back",
        "entry_type": OrderType.limit,
    }
    if isinstance(rest.get("invalidation"), str):
        rest["invalidation"] = D(rest["invalidation"])
    return IdeaPlan(**told | rest)


def idea(id: str = "i1", **rest: Any) -> Idea:
    told = {"author": "owner", "portfolio": "main", "symbol": "ACME", "plans": (plan(),)}
    return Idea(id=id, **told | rest)


def score(r: float | None, **rest: Any) -> IdeaScore:
    """A score of so many R; None of a card that was never entered."""
    outcome = Outcome.never_entered if r is None else Outcome.horizon
    told: dict[str, Any] = {
        "outcome": outcome,
        "r": r,
        "since": AT,
        "until": DUE,
        "timeframe": Timeframe.m1,
        "bars": 100,
        "source": "test",
        "scored_at": DUE,
    }
    return IdeaScore(**told | rest)


def bars(*rows: str, begin: datetime = AT) -> list[Bar]:
    """Bars of a minute: open, high, low, close of each, as `101 102 99 100`."""
    first = instant(begin)
    return [
        Bar(first + number * 60_000_000, *map(D, row.split())) for number, row in enumerate(rows)
    ]
