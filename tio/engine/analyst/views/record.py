"""What scored views prove: how often they held, beside how often saying the same always would."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from tio.api.views import GivenView, ViewBy, ViewOutcome, ViewRecord
from tio.engine.risk.distributions import lowest_rate

TWO_SIDED = 0.975
"""The one-sided confidence of each end of a 95 % interval."""
LEAST = 10
"""Views that do not overlap a record needs before it tells anything."""
_SCORED = (ViewOutcome.held, ViewOutcome.failed)


def records(views: Iterable[GivenView], by: ViewBy) -> tuple[ViewRecord, ...]:
    """A record of all views, then one for each author, symbol, bias or horizon."""
    every = list(views)
    groups: defaultdict[tuple[int, str], list[GivenView]] = defaultdict(list)
    for view in every:
        groups[_named(view, by)].append(view)
    return (_record("", every), *(_record(key[1], groups[key]) for key in sorted(groups)))


def _named(view: GivenView, by: ViewBy) -> tuple[int, str]:
    """A group's place and name."""
    match by:
        case ViewBy.author:
            return 0, view.by
        case ViewBy.symbol:
            return 0, view.symbol
        case ViewBy.bias:
            return view.bias, f"{view.bias:+d}" if view.bias else "0"
        case ViewBy.horizon:
            return view.days, f"{view.days} session{'s' * (view.days > 1)}"


def _record(name: str, views: Sequence[GivenView]) -> ViewRecord:
    told = [view for view in views if view.outcome in _SCORED]
    n = len(told)
    if not n:
        return ViewRecord(name=name, views=len(views), n=0, note="none is scored yet")
    hits = sum(view.outcome is ViewOutcome.held for view in told)
    apart, baseline = _apart(told), _mean(view.base for view in told)
    low = lowest_rate(hits, n, TWO_SIDED)
    high = 1 - lowest_rate(n - hits, n, TWO_SIDED)
    return ViewRecord(
        name=name,
        views=len(views),
        n=n,
        apart=apart,
        hits=hits,
        rate=hits / n,
        low=low,
        high=high,
        baseline=baseline,
        mean_move=_mean(_toward(view) for view in told),
        stated=_mean(view.stated for view in told),
        note=_note(n, apart, _beside(baseline, low, high)),
    )


def _beside(baseline: float | None, low: float, high: float) -> str:
    """Where the interval of a rate lies beside its base."""
    if baseline is None:
        return ""
    if low <= baseline <= high:
        return "not to be told from its base"
    return "above its base" if baseline < low else "below its base"


def _note(n: int, apart: int, beside: str) -> str:
    if n < LEAST:
        return f"n {n}: too few to tell"
    if apart < LEAST:
        return f"only {apart} of {n} do not overlap: too few to tell"
    overlap = f"{n - apart} of {n} overlap another" if apart < n else ""
    return "; ".join(filter(None, (beside, overlap)))


def _apart(views: Iterable[GivenView]) -> int:
    """The most of them of which no two of a symbol overlap: those that end first are taken."""
    free: dict[str, GivenView] = {}
    count = 0
    for view in sorted(views, key=lambda each: each.due):
        before = free.get(view.symbol)
        if before is None or before.due <= view.given:
            free[view.symbol] = view
            count += 1
    return count


def _toward(view: GivenView) -> float | None:
    """How far it went the way it said, in ATR."""
    if not view.bias or view.move_atr is None:
        return None
    return view.move_atr if view.bias > 0 else -view.move_atr


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
