"""What a finished answer stands on, derived from its evidence and its citations."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from tio.api.grounding import CitedFact, Grounded
from tio.engine.analyst.grounding.confidence import Grounds
from tio.engine.analyst.grounding.evidence import Evidence
from tio.engine.analyst.grounding.facts import Column, Fact
from tio.engine.analyst.grounding.fields import Kind

SESSION = 86_400.0
"""How old, in seconds, what has no timeframe may be: a last price holds until the next session."""
CASES = frozenset("n trades returns independent cases samples observations".split())
"""Fields that count what the statistics beside them were made of."""
_EXACT = (Kind.price, Kind.money, Kind.moment, Kind.quantity, Kind.symbol)


def grounds_of(
    evidence: Evidence, grounded: Grounded, now: datetime, hits: int = 0, told: int = 0
) -> Grounds:
    """The grounds of an answer; `hits` of `told` earlier answers held.

    Age and span are of the newest fact cited that is not of the future. `sources` is how many told
    the figure that most told, `apart` by how much any figure's sources differ. `samples` are the
    fewest cases of any statistic cited.
    """
    cited = [fact for one in grounded.citations for fact in one.facts]
    facts = list(_found(evidence, cited))
    age, span = _age(evidence, cited, now)
    sources, apart = _sources(evidence, facts)
    return Grounds(
        coverage=grounded.share, age=age, span=span, sources=sources, apart=apart,
        samples=_samples(evidence, facts), hits=hits, told=told,
    )  # fmt: skip


def _found(evidence: Evidence, cited: Iterable[CitedFact]) -> Iterator[Fact]:
    """The facts and values of series that were cited, each once."""
    wanted = {(one.call, one.path): one for one in cited}
    for fact in evidence.facts:
        if wanted.pop((fact.call, fact.path), None):
            yield fact
    columns = {(one.call, one.path): one for one in evidence.columns}
    for call, path in wanted:
        rows, _, index = path.rpartition("[")
        column = columns.get((call, rows))
        if column is not None and index[:-1].isdigit():
            yield column.fact(int(index[:-1]))


def _age(evidence: Evidence, cited: list[CitedFact], now: datetime) -> tuple[float | None, float]:
    dated = [(one.as_of, one.call) for one in cited if one.as_of and one.as_of <= now]
    if not dated:
        return None, SESSION
    newest, call = max(dated, key=lambda pair: pair[0])
    return (now - newest).total_seconds(), evidence.spans.get(call, SESSION)


def _sources(evidence: Evidence, facts: list[Fact]) -> tuple[int, float | None]:
    most, apart = 1, None
    for fact in facts:
        if not fact.symbol or fact.kind is Kind.moment or fact.text:
            continue
        others = {fact.source: fact} | {one.source: one for one in _told_elsewhere(evidence, fact)}
        if len(others) < 2 or "" in others:
            continue
        most = max(most, len(others))
        values = [float(one.number) for one in others.values()]
        widest = max(abs(value) for value in values)
        differ = (max(values) - min(values)) / widest if widest else 0.0
        apart = max(apart or 0.0, differ)
    return most, apart


def _told_elsewhere(evidence: Evidence, fact: Fact) -> Iterator[Fact]:
    """The same field of the same symbol and moment, out of other sources."""
    near = timedelta(seconds=evidence.spans.get(fact.call, SESSION))
    for one in evidence.facts:
        same = one.field == fact.field and one.symbol == fact.symbol and one.other == fact.other
        if same and one.source not in ("", fact.source) and _together(one, fact, near):
            yield one
    for column in evidence.columns:
        same = column.field == fact.field and column.symbol == fact.symbol
        if same and column.source not in ("", fact.source):
            yield from _row_of(column, fact)


def _together(one: Fact, other: Fact, near: timedelta) -> bool:
    if one.as_of is None or other.as_of is None:
        return False
    return abs(one.as_of - other.as_of) <= near


def _row_of(column: Column, fact: Fact) -> Iterator[Fact]:
    if column.time is None or fact.as_of is None:
        return
    rows = column.between(fact.as_of.date(), fact.as_of.date())
    for index in range(rows.start, rows.stop):
        row = column.fact(index)
        if row.as_of == fact.as_of and row.value.is_finite():  # type: ignore[union-attr]
            yield row


def _samples(evidence: Evidence, facts: list[Fact]) -> int | None:
    records: dict[tuple[str, str], list[Fact]] = {}
    for one in evidence.facts:
        if one.field in CASES or one.field.startswith("with_"):
            records.setdefault((one.call, _record(one.path)), []).append(one)
    counts = [
        int(count.number)
        for fact in facts
        if fact.kind not in _EXACT
        for count in records.get((fact.call, _record(fact.path)), ())
        if _counts(count, fact)
    ]
    return min(counts, default=None)


def _record(path: str) -> str:
    return path.rpartition(".")[0]


def _counts(count: Fact, fact: Fact) -> bool:
    """Whether a count is of the cases a statistic is made of: `with_r` is of `mean_r` alone."""
    if count.field.startswith("with_"):
        return f"_{count.field.removeprefix('with_')}" in f"{fact.field}_"
    return True
