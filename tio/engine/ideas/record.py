"""What scored cards prove: how often they were right and what they brought, with its error."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import sqrt

from tio.api.errors import Invalid
from tio.api.ideas import Idea, IdeaRecord, RecordBy
from tio.api.risk import Edge
from tio.engine.risk.distributions import lowest_rate, student_quantile
from tio.engine.risk.edge import LEAST, edge_of_results

TWO_SIDED = 0.975
"""The one-sided confidence of each end of a 95 % interval."""


def records(ideas: Iterable[Idea], by: RecordBy) -> tuple[IdeaRecord, ...]:
    """A record of all scored cards, then one for each author, setup, symbol or side."""
    scored = [idea for idea in ideas if idea.score is not None]
    groups: defaultdict[str, list[Idea]] = defaultdict(list)
    for idea in scored:
        groups[_named(idea, by)].append(idea)
    return (_record("", scored), *(_record(name, groups[name]) for name in sorted(groups)))


def _named(idea: Idea, by: RecordBy) -> str:
    match by:
        case RecordBy.author:
            return idea.author
        case RecordBy.setup:
            return idea.plan.setup or "no setup"
        case RecordBy.symbol:
            return idea.symbol
        case RecordBy.side:
            return idea.plan.side.value


def _record(name: str, ideas: Sequence[Idea]) -> IdeaRecord:
    scores = [idea.score for idea in ideas if idea.score is not None]
    results = [score.r for score in scores if score.r is not None]
    n = len(results)
    if not n:
        return IdeaRecord(name=name, cards=len(ideas), n=0, note="none was entered")
    wins = sum(r > 0 for r in results)
    mean, reach = sum(results) / n, _reach(results)
    edge, note = _edge(results)
    return IdeaRecord(
        name=name,
        cards=len(ideas),
        n=n,
        hit_rate=wins / n,
        hit_low=lowest_rate(wins, n, TWO_SIDED),
        hit_high=1 - lowest_rate(n - wins, n, TWO_SIDED),
        mean_r=mean,
        low_r=None if reach is None else mean - reach,
        high_r=None if reach is None else mean + reach,
        mean_mae=_mean([score.mae for score in scores]),
        mean_mfe=_mean([score.mfe for score in scores]),
        edge=edge,
        note=note,
    )


def _reach(results: Sequence[float]) -> float | None:
    """How far the mean may be off either way, by Student's distribution; None of one result."""
    n = len(results)
    if n < 2:
        return None
    mean = sum(results) / n
    deviation = sqrt(sum((r - mean) ** 2 for r in results) / (n - 1))
    return student_quantile(TWO_SIDED, n - 1) * deviation / sqrt(n)


def _edge(results: Sequence[float]) -> tuple[Edge | None, str]:
    if len(results) < LEAST:
        return None, f"{len(results)} results prove nothing yet, {LEAST} at least"
    try:
        return edge_of_results(results), ""
    except Invalid as error:
        return None, error.message


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
