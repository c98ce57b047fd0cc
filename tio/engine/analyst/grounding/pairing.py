"""A value and the day it is said to be of must be of one row: right apart is not enough."""

import re
from dataclasses import replace
from datetime import date

from tio.engine.analyst.grounding.context import Context
from tio.engine.analyst.grounding.facts import Fact
from tio.engine.analyst.grounding.fields import Kind
from tio.engine.analyst.grounding.figures import Figure, Form
from tio.engine.analyst.grounding.rounding import reach
from tio.engine.analyst.grounding.series import says
from tio.engine.analyst.grounding.verdicts import Verdict

_ON = re.compile(r"\s(?:on|as of|at|of)\s[$€£¥]?|[\s,(]+")


def paired(context: Context, verdicts: list[Verdict]) -> list[Verdict]:
    """The verdicts with days unverified whose value stands on another day of its series."""
    days = [one for one in verdicts if one.figure.form is Form.date and _single(one.figure)]
    if not days:
        return verdicts
    told = {fact.as_of.date() for one in verdicts for fact in _rows(one) if fact.as_of}
    verdicts = [
        one if _told(context, one.figure, told) else _of_its_record(context, one, verdicts)
        for one in verdicts
    ]
    days = [one for one in verdicts if one.figure.form is Form.date and _single(one.figure)]
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


def _of_its_record(context: Context, day: Verdict, verdicts: list[Verdict]) -> Verdict:
    """A day that only a series knows, beside a value whose own record tells other days."""
    if day not in verdicts or day.figure.form is not Form.date or not day.match:
        return day
    fact = day.match.facts[0]
    told_itself = fact.kind is Kind.moment and not fact.path.endswith("]")
    if told_itself or day.match.operation or not _single(day.figure):
        return day
    numbers = [one for one in verdicts if one.figure.form not in (Form.date, Form.time)]
    numbers.sort(key=lambda one: abs(one.figure.start - day.figure.start))
    for one in numbers[:1]:
        rows = _rows(one)
        if len(rows) != 1:
            continue
        own = _days_beside(context, rows[0])
        if rows[0].path.endswith("]") and not context.dated(day.figure, one.figure):
            continue
        first, last = sorted((day.figure, one.figure), key=lambda each: each.start)
        joint = context.sentence.text[first.end : last.start]
        if not own and rows[0].as_of and _ON.fullmatch(joint):
            own = {rows[0].as_of.date()}
        span = day.figure.day.days(0) if day.figure.day else None
        if own and span and not any(span[0] <= at <= span[1] for at in own):
            listed = ", ".join(str(at) for at in sorted(own)[:3])
            return replace(day, match=None, why=f"the tool told {listed}")
    return day


def _days_beside(context: Context, fact: Fact) -> set[date]:
    """The days told in a value's own record, or of its own row where it is an extreme."""
    if fact.path.endswith("]") and fact.as_of and fact.path.startswith(fact.family + "["):
        return {fact.as_of.date()}
    record = fact.path.rpartition(".")[0]
    return {
        other.day
        for other in context.evidence.facts
        if record
        and other.call == fact.call
        and other.kind is Kind.moment
        and other.path.rpartition(".")[0] == record
        and other.field not in ("as_of", "at")
        and other.day is not None
    }


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
    columns = context.columns(figure)
    known = {column.field for column in columns} & set(names) | {"close"}
    for column in columns:
        if column.time is None or (known and column.field not in known):
            continue
        hits = column.near(float(span.low), float(span.high))
        if len(hits):
            row = column.fact(int(hits[-1]))
            day = row.as_of.date() if row.as_of else "another day"
            return f"the tool told {says(row.number)} ({row.field}) of {day}"
    return ""
