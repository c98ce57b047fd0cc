"""The brief: one symbol judged by all its sections together."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tio.api.analyst import Brief, Depth, KeyLevel, Report, Workflow
from tio.api.errors import NotFound
from tio.api.market import Timeframe
from tio.api.series import moment
from tio.engine.analyst.rules import judging
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.asked import scopes_of
from tio.engine.analyst.rules.scope import Scope, Section
from tio.engine.analyst.rules.sections import FULL_ONLY
from tio.engine.analyst.rules.writing import ADVICE, Asking, Written, past_moment, write_up


async def brief(request: Brief, asking: Asking, sections: Sequence[Section[Scope]]) -> Report:
    """The report; NotFound for a symbol nobody knows, Invalid for a moment to come."""
    asking = replace(asking, now=past_moment(request.at, asking.now))
    at = asking.now if request.at is not None else None
    (scope,) = await scopes_of((request.symbol,), asking, at)
    wanted = [
        each for each in sections if request.depth is Depth.full or each.name not in FULL_ONLY
    ]
    days = scope.bars(Timeframe.d1)
    written = await write_up(asking, wanted, scope, past=request.at is not None, also=(days,))
    if not written.sections and isinstance(refused := written.answers.refused(days), NotFound):
        raise refused
    return _report(request, scope, written)


def _report(request: Brief, scope: Scope, written: Written) -> Report:
    view = judging.view_of(written.parts)
    age = judging.age_in_hours(scope.now, _ended(scope, written))
    samples = [count for part in written.parts for count in part.samples]
    ranges = judging.sampled(min(samples, default=0), th.YEAR // 4, "days of ranges are known")
    confidence = judging.confidence_of(
        written.parts,
        view,
        age,
        len(written.unwritten),
        *((ranges,) if samples else ()),
        judging.heard((scope,)),
    )
    levels = sorted((each for part in written.parts for each in part.levels), key=_highest)
    return Report(
        workflow=Workflow.brief,
        title=f"Brief on {scope.symbol}",
        about=scope.symbol,
        symbol=scope.symbol,
        depth=request.depth,
        as_of=scope.now,
        made_by="rules",
        headline=judging.headline_of(scope.symbol, view, confidence),
        view=view,
        confidence=confidence,
        sections=written.sections,
        levels=tuple(levels),
        unwritten=written.unwritten,
        marks=judging.marks_of(scope, written.answers),
        advice=ADVICE,
    )


def _ended(scope: Scope, written: Written) -> datetime | None:
    """When the newest closed day was over; None without one."""
    request = scope.bars(Timeframe.d1)
    if written.answers.refused(request) is not None:
        return None
    days = written.answers.of(request)
    count = scope.closed(days)
    return moment(days.time[count - 1]) + timedelta(days=1) if count else None


def _highest(level: KeyLevel) -> float:
    return -level.price
