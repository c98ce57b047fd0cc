"""A value and the day it is said to be of must be of one row: right apart is not enough."""

from dataclasses import replace
from datetime import date

from tio.engine.analyst.grounding.context import Context
from tio.engine.analyst.grounding.facts import Fact
from tio.engine.analyst.grounding.figures import Figure, Form
from tio.engine.analyst.grounding.rounding import reach
from tio.engine.analyst.grounding.series import says
from tio.engine.analyst.grounding.verdicts import Verdict


def paired(context: Context, verdicts: list[Verdict]) -> list[Verdict]:
    """The verdicts with days unverified whose value stands on another day of its series."""
    days = [one for one in verdicts if one.figure.form is Form.date and _single(one.figure)]
    if not days:
        return verdicts
    told = {fact.as_of.date() for one in verdicts for fact in _rows(one) if fact.as_of}
    for value in [one for one in verdicts if _plain_loss(one)]:
        open_days = [
            day
            for day in days
            if day.verified
            and not _told(context, day.figure, told)
            and context.dated(day.figure, value.figure)
        ]
        if not open_days:
            continue
        day = min(open_days, key=lambda one: abs(one.figure.start - value.figure.start))
        why = _elsewhere(context, value.figure)
        if why:
            verdicts = [
                replace(one, match=None, why=why) if one.figure is day.figure else one
                for one in verdicts
            ]
    return verdicts


def _rows(one: Verdict) -> tuple[Fact, ...]:
    number = one.figure.form not in (Form.date, Form.time)
    return one.match.facts if one.match and number else ()


def _told(context: Context, figure: Figure, told: set[date]) -> bool:
    """Whether a verified value of the sentence is of that day."""
    days = figure.day.days(0) if figure.day else None
    return days is not None and any(days[0] <= day <= days[1] for day in told)


def _single(figure: Figure) -> bool:
    return figure.day is not None and bool(figure.day.month or figure.day.quarter)


def _plain_loss(one: Verdict) -> bool:
    number = one.figure.form in (Form.plain, Form.money)
    return number and not one.verified and not one.alone and one.figure.digits >= 3


def _elsewhere(context: Context, figure: Figure) -> str:
    """Which other day of a series a value is of, as a reason; "" when of none."""
    span = reach(figure)
    names, _ = context.named(figure)
    for column in context.columns(figure):
        if column.time is None or (names and column.field not in names):
            continue
        hits = column.near(float(span.low), float(span.high))
        if len(hits):
            row = column.fact(int(hits[-1]))
            day = row.as_of.date() if row.as_of else "another day"
            return f"the tool told {says(row.number)} ({row.field}) of {day}"
    return ""
