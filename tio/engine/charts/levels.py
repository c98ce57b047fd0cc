"""The prices traders watch in a session, from its bars of one minute and the session's rules."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from tio.api.charts import SessionLevel
from tio.api.market import Timeframe
from tio.api.series import moment
from tio.engine.indicators.compute import compute
from tio.engine.indicators.declare import Spec
from tio.engine.market.sessions import DAY, Day, SessionRules
from tio.engine.store.columns import Columns

MINUTE = Timeframe.m1.step
MISSING = 8
"""A session of which the first or last bar is further in than an eighth was not heard whole."""


@dataclass(frozen=True, slots=True)
class Sessions:
    """The session a moment belongs to, the one before it, and the first of its week."""

    today: Day
    before: Day | None
    first: Day


def sessions_at(rules: SessionRules, at: int) -> Sessions | None:
    """The newest session that had begun by `at`, µs UTC, its early hours with it."""
    for day in _back(rules, rules.day(at)):
        if begins(day) <= at:
            before = next((d for d in _back(rules, rules.day(day.start - 1))), None)
            return Sessions(day, before, _first_of_week(rules, day))
    return None


def traded_before(found: Sessions, rules: SessionRules, bars: Columns) -> Sessions:
    """With the newest earlier session there are bars of, where no bar can be missing."""
    for day in _back(rules, found.before or found.today):
        if day.start < found.today.start and len(_regular(day, bars)):
            return replace(found, before=day)
    return found


def begins(day: Day) -> int:
    """When a session's trading begins, early hours included."""
    return min(day.early, day.regular[0][0])


def weekly_span(first: Day, *, whole: bool = False) -> tuple[int, int]:
    """Where the bar is looked for that opened the week."""
    opens, closes = first.regular[0][0], first.regular[-1][1]
    return opens, closes if whole else opens + (closes - opens) // MISSING


def levels_of(
    found: Sessions,
    bars: Columns,
    week: Columns,
    at: int,
    opening: int,
    *,
    whole: bool = False,
) -> tuple[SessionLevel, ...]:
    """What can be told at `at` from minute bars since the session before began.

    `week` are bars of `weekly_span`. The opening range is of the first `opening` minutes.
    `whole`: no bar can be missing, so a session that began late did so itself.
    """
    return (
        *_prior(found, bars, whole),
        *_premarket(found.today, bars, at),
        *_opening(found.today, bars, at, opening),
        *_vwap(found.today, bars, at),
        *_weekly(week, weekly_span(found.first, whole=whole)),
    )


def _back(rules: SessionRules, day: Day) -> Iterator[Day]:
    """Days on which there is trading, from one on backwards, two weeks at most."""
    for _ in range(15):
        if day.regular:
            yield day
        day = rules.day(day.start - 1)


def _first_of_week(rules: SessionRules, day: Day) -> Day:
    for since_monday in range((day.date - day.week) // DAY):
        earlier = rules.day(day.week + since_monday * DAY + DAY // 2)
        if earlier.regular:
            return earlier
    return day


def _prior(found: Sessions, bars: Columns, whole: bool) -> Iterator[SessionLevel]:
    before = found.before
    if before is None:
        return
    there = _regular(before, bars)
    opens, closes = before.regular[0][0], before.regular[-1][1]
    slack = (closes - opens) // (1 if whole else MISSING)
    if not len(there) or there.time[0] > opens + slack or there.time[-1] < closes - slack:
        return
    since = moment(begins(found.today))
    yield SessionLevel("prior_high", "PDH", float(there.high.max()), since)
    yield SessionLevel("prior_low", "PDL", float(there.low.min()), since)
    yield SessionLevel("prior_close", "PDC", float(there.close[-1]), since)


def _premarket(today: Day, bars: Columns, at: int) -> Iterator[SessionLevel]:
    opens = today.regular[0][0]
    there = _between(bars, today.early, opens)
    if len(there):
        since, forming = moment(today.early), at < opens
        yield SessionLevel("premarket_high", "PMH", float(there.high.max()), since, forming)
        yield SessionLevel("premarket_low", "PML", float(there.low.min()), since, forming)


def _opening(today: Day, bars: Columns, at: int, minutes: int) -> Iterator[SessionLevel]:
    opens = today.regular[0][0]
    ends = opens + minutes * MINUTE
    there = _between(_regular(today, bars), opens, ends)
    # Heard from its middle on, it would be another range.
    if len(there) and there.time[0] < opens + minutes * MINUTE // 2:
        since, forming = moment(opens), at < ends
        yield SessionLevel("opening_high", "ORH", float(there.high.max()), since, forming)
        yield SessionLevel("opening_low", "ORL", float(there.low.min()), since, forming)


def _vwap(today: Day, bars: Columns, at: int) -> Iterator[SessionLevel]:
    """Over all bars of the session's date, as the indicator has it."""
    there = _between(bars, today.start, today.end)
    if not len(there):
        return
    line = compute(there, Spec("vwap"), session=np.zeros(len(there), np.int64))["vwap"]
    told = line[np.isfinite(line)]
    if len(told):
        ends = max(today.late, today.regular[-1][1])
        since = moment(int(there.time[0]))
        yield SessionLevel("session_vwap", "VWAP", float(told[-1]), since, at < ends)


def _weekly(week: Columns, span: tuple[int, int]) -> Iterator[SessionLevel]:
    there = _between(week, *span)
    if len(there):
        since = moment(int(there.time[0]))
        yield SessionLevel("weekly_open", "WO", float(there.open[0]), since)


def _between(bars: Columns, start: int, end: int) -> Columns:
    begin, stop = np.searchsorted(bars.time, (start, end))
    return bars[int(begin) : int(stop)]


def _regular(day: Day, bars: Columns) -> Columns:
    """The bars within the regular hours, a midday rest left out."""
    kept = np.zeros(len(bars), np.bool_)
    for opens, closes in day.regular:
        kept |= (bars.time >= opens) & (bars.time < closes)
    return Columns(bars.block[:, kept])
