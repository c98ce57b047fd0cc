"""Dates and times of a sentence to those the tools told, and to the rows they date."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tio.engine.analyst.grounding.context import Context
from tio.engine.analyst.grounding.facts import Column, Fact
from tio.engine.analyst.grounding.figures import Figure, Form
from tio.engine.analyst.grounding.verdicts import Match, Verdict

_ZONES = {"ET": "America/New_York", "EST": "America/New_York", "EDT": "America/New_York",
          "CET": "Europe/Berlin", "CEST": "Europe/Berlin", "BST": "Europe/London",
          "": "UTC", "UTC": "UTC", "GMT": "UTC", "Z": "UTC"}  # fmt: skip
_NOBODYS = re.compile(r"\b(?:portfolio|book|account|nav|drawdown|holdings?|report|data|as of)\b")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def judge_date(context: Context, figure: Figure, asked: str) -> Verdict:
    """Whether any tool told of that day, month or year, for the symbol the sentence names."""
    assert figure.day is not None
    if figure.text.lower() in asked:
        return Verdict(figure, alone=True)
    span = _span(context, figure)
    if span is None:
        if figure.day.relative:
            return Verdict(figure, alone=True)
        return Verdict(figure, why="there is no such day")
    first, last = span
    if figure.day.weekday is not None and first.weekday() != figure.day.weekday:
        return Verdict(figure, why=f"{first} is a {_WEEKDAYS[first.weekday()]}")
    if figure.day.year == 0 and not figure.day.relative:
        return _any_year(context, figure, first)
    found = _within(context, figure, first, last)
    if found is None and figure.day.swapped and figure.day.day <= 12:
        other = date(first.year, first.day, first.month)
        found = _within(context, figure, other, other)
    if found is not None:
        return Verdict(figure, Match((found,), "" if first == last else "within"))
    if _spanned(context, figure, first):
        return Verdict(figure, Match(_spanned(context, figure, first), "within the series"))
    if figure.day.relative:
        return Verdict(figure, alone=True)
    near = _nearest(context, figure, first)
    why = "no tool result is of that date" + (f"; the nearest is {near.day}" if near else "")
    return Verdict(figure, why=why, nearest=near)


def judge_time(context: Context, figure: Figure) -> Verdict:
    """Whether a tool told of a moment at that time of day, in the zone written or UTC."""
    clock = figure.clock
    assert clock is not None
    zones = [_ZONES.get(clock.zone, "UTC")] if clock.zone else ["UTC", "America/New_York"]
    moments = [fact for fact in _facts(context, figure) if isinstance(fact.value, datetime)]
    stamped = [(fact, fact.value) for fact in moments] + [
        (fact, fact.as_of) for fact in _facts(context, figure) if fact.as_of is not None
    ]
    for zone in zones:
        for fact, at in stamped:
            assert isinstance(at, datetime)
            if at.tzinfo is not None and _same(at.astimezone(ZoneInfo(zone)), figure):
                return Verdict(figure, Match((fact,)))
    for column in context.columns(figure):
        for index in _rows_at(column, context, figure, zones):
            return Verdict(figure, Match((column.fact(index),)))
    return Verdict(figure, why="no tool result is of that time")


def _same(at: datetime, figure: Figure) -> bool:
    clock = figure.clock
    assert clock is not None
    exact = clock.second is None or clock.second == at.second
    return at.hour == clock.hour and at.minute == clock.minute and exact


def _rows_at(column: Column, context: Context, figure: Figure, zones: list[str]) -> list[int]:
    if column.time is None:
        return []
    spans = [span for span in context.spans(figure) if span[0] == span[1]]
    size = len(column.values)
    rows = [column.between(*span) for span in spans] or [slice(max(0, size - 500), size)]
    return [
        index
        for part in rows
        for index in range(part.start, part.stop)
        for zone in zones
        if (at := column.fact(index).as_of) and _same(at.astimezone(ZoneInfo(zone)), figure)
    ][:1]


def _span(context: Context, figure: Figure) -> tuple[date, date] | None:
    written = figure.day
    assert written is not None
    if written.relative:
        if context.today is None:
            return None
        day = context.today - timedelta(days=1 if written.relative == "yesterday" else 0)
        return day, day
    newest = context.evidence.newest
    year = context.today.year if context.today else (newest.year if newest else 2000)
    return written.days(year)


def _any_year(context: Context, figure: Figure, first: date) -> Verdict:
    """A day without a year: that of a fact in any of the years told of."""
    assert figure.day is not None
    for fact in _facts(context, figure):
        day = fact.day or (fact.as_of.date() if fact.as_of else None)
        if day and day.month == first.month and (day.day == first.day or not figure.day.day):
            return Verdict(figure, Match((fact,)))
    for column in context.columns(figure):
        if column.time is None:
            continue
        for year in {first.year, first.year - 1, column.when(-1).year}:  # type: ignore[union-attr]
            span = figure.day.days(year)
            if span and (rows := column.between(*span)).stop > rows.start:
                return Verdict(figure, Match((column.fact(rows.start),)))
    return Verdict(figure, why="no tool result is of that date")


def _facts(context: Context, figure: Figure) -> tuple[Fact, ...]:
    symbols = context.symbols(figure)
    facts = context.evidence.pool(symbols).facts
    if not context.sentence.says(symbols) or _NOBODYS.search(context.lower):
        return facts
    return tuple(fact for fact in facts if fact.symbol)


def _within(context: Context, figure: Figure, first: date, last: date) -> Fact | None:
    for fact in _facts(context, figure):
        if fact.day is not None and first <= fact.day <= last:
            return fact
    for column in context.columns(figure):
        if column.time is not None:
            rows = column.between(first, last)
            if rows.stop > rows.start:
                return column.fact(rows.start)
    for fact in _facts(context, figure):
        if fact.as_of is not None and first <= fact.as_of.date() <= last:
            return fact
    year = Decimal(first.year)
    if figure.form is Form.date and (first.month, last.month) == (1, 12):
        return next((f for f in _facts(context, figure) if f.text and f.value == year), None)
    return None


def _spanned(context: Context, figure: Figure, day: date) -> tuple[Fact, ...]:
    """A year or month that no row falls into although the series spans it."""
    assert figure.day is not None
    if figure.day.day:
        return ()
    for column in context.columns(figure):
        first, last = (column.when(0), column.when(-1)) if len(column.values) else (None, None)
        if first and last and first <= day <= last:
            return (column.fact(0), column.fact(-1))
    return ()


def _nearest(context: Context, figure: Figure, day: date) -> Fact | None:
    dated = [fact for fact in _facts(context, figure) if fact.day is not None]
    return min(dated, key=lambda fact: abs((fact.day or day) - day), default=None)
