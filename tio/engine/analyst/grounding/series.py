"""A number of a sentence to a value of a series: its ends, extremes, mean, a day named, a span."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from tio.engine.analyst.grounding.context import Context, number
from tio.engine.analyst.grounding.facts import Column, Fact
from tio.engine.analyst.grounding.fields import Kind
from tio.engine.analyst.grounding.figures import Figure, Form
from tio.engine.analyst.grounding.matching import COUNTED, signed_value, unit_suits
from tio.engine.analyst.grounding.rounding import reach
from tio.engine.analyst.grounding.verdicts import Match
from tio.engine.analyst.grounding.words import EXTREME, MEAN, Told

_SPAN = re.compile(
    r"\b(?:last|past|previous|trailing|latest|recent|over|in|of|within)\s(?:the\s)?(?:last\s|past\s)?"
    r"(?P<n>\d{1,4})[\s-]?(?P<unit>trading days?|sessions?|bars?|days?|weeks?|months?|years?"
    r"|candles?|hours?|minutes?)\b"
    r"|(?<![\w.,])(?P<n2>\d{1,4})-(?P<unit2>day|bar|session|week|month|year|hour|minute)s?\b"
)
_OF_PERCENT = (Kind.percent, Kind.number)
_LAST_DAY = re.compile(r"\b(?:last|latest|final|most recent) (?:trading )?(?:day|session|bar)\b")
_BARS = ("trading day", "session", "bar", "candle", "day", "hour", "minute")
_BY_NAME_ONLY = frozenset({"open", "high", "low", "volume", "flow"})
"""Columns a sentence cites only by their name: the close is what is meant where none is said."""
_NEWEST = frozenset({"last", "price", "previous_close"})
LONE = 50
"""A value of a series may be cited without its day when none other lies so many units near."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A value made of a series: what it is, of which rows."""

    value: float | Decimal
    operation: str
    facts: tuple[Fact, ...]


def from_series(context: Context, figure: Figure) -> Match | None:
    """The value of a series, or of a part of it the sentence names, that a figure repeats."""
    span = reach(figure)
    percent = figure.form is Form.percent
    named, _ = context.named(figure)
    columns = context.columns(figure)
    extreme = EXTREME.search(context.lower[max(0, figure.start - 40) : figure.start])
    strict: list[Column] = []
    for names, near in context.groups(figure):
        if near and not strict:
            wanted = names | {"close"} if names & _NEWEST else names
            if extreme and wanted & _NEWEST:
                wanted = wanted | {"high", "low"}
            strict = [column for column in columns if column.field in wanted]
    columns = tuple(strict) or columns
    if not strict and figure.digits < 2 and figure.value < 100:
        return None
    exact_day = figure.digits >= 4 and bool(context.spans(figure))
    if not strict:
        columns = tuple(c for c in columns if not outputs(c) or c.field in context.fields_named)
    if not strict and not exact_day:
        kept = context.fields_named | ({"high", "low"} if extreme else set())
        columns = tuple(c for c in columns if c.field not in _BY_NAME_ONLY or c.field in kept)
    if figure.noun in COUNTED:
        columns = tuple(c for c in columns if c.kind is not Kind.price)
    low, high = float(span.low) * (1 - 1e-12), float(span.high) * (1 + 1e-12)
    for column in sorted(columns, key=lambda one: _rank(one, named)):
        if not unit_suits(figure, column.unit) or (not percent and _beyond(context, column, low)):
            continue
        moves_only = percent and not column.fraction and column.kind not in _OF_PERCENT
        for one in _candidates(context, column, figure):
            moves = one.operation.startswith("change in %")
            if moves is not percent and (moves or moves_only):
                continue
            scale = 100 if percent and column.fraction and not moves else 1
            raw = float(one.value) * scale
            if not low <= abs(raw) <= high:
                continue
            value = number(float(one.value)) * scale
            signs = "change" in one.operation or column.signed
            claimed = signed_value(context, figure) if signs else figure.sign
            if span.holds(value) and (not claimed or not value or (value > 0) == (claimed > 0)):
                if signs and not claimed and value < 0 and percent:
                    continue
                return Match(one.facts, one.operation, value)
    return None


def _beyond(context: Context, column: Column, low: float) -> bool:
    """Whether no value of a column, nor change between two, is as large as a figure."""
    if context.told.total:
        return False
    some = column.part(0, len(column.values))
    highest, lowest = float(column.values[some.high]), float(column.values[some.low])
    return some.empty or low > max(abs(highest), abs(lowest), highest - lowest)


def outputs(column: Column) -> bool:
    """Whether a column is what an indicator made."""
    return ".outputs[" in column.path


def at_days(column: Column, context: Context, figure: Figure) -> Iterator[int]:
    """The rows of the single days the sentence names; within a day of bars the first and last."""
    for first, last in context.spans(figure):
        if first == last:
            rows = column.between(first, last)
            if rows.stop - rows.start <= 0:
                continue
            yield from dict.fromkeys((rows.start, rows.stop - 1))


def _rank(column: Column, named: list[str]) -> int:
    return named.index(column.field) if column.field in named else len(named) + 1


def _candidates(context: Context, column: Column, figure: Figure) -> Iterator[Reckoned]:
    told, rows = context.told, column.values
    percent = figure.form is Form.percent and not column.fraction
    dated = list(at_days(column, context, figure)) if column.time is not None else []
    if not percent:
        for index in dated:
            yield _row(column, index)
            if told.earlier and index:
                yield _row(column, index - 1)
    parts = list(_parts(context, column, figure))
    moved = context.moved(figure)
    for part, label in parts:
        yield from _of_part(told, column, part, label, percent, moved)
    if len(dated) >= 2:
        first, last = min(dated), max(dated)
        yield from _change(column, first, last, "between the days")
    elif dated and told.moved:
        yield from _change(column, dated[0] - 1, dated[0], "on the day")
        yield from _change(column, dated[0], len(rows) - 1, "since the day")
    if dated or percent:
        return
    newest = _NEWEST & set().union(*(names for names, near in context.groups(figure)[:1] if near))
    whole = all(label == "all" for _, label in parts)
    if newest or whole or column.field in context.claims(figure) & {"close"}:
        yield _row(column, len(rows) - 1)
        if told.earlier and len(rows) > 1:
            yield _row(column, len(rows) - 2)
        about = context.lower[max(0, figure.start - 40) : figure.start]
        if column.field in context.fields_named and not MEAN.search(about):
            yield from _lone(column, figure)


def _parts(context: Context, column: Column, figure: Figure) -> Iterator[tuple[slice, str]]:
    """The spans of rows a sentence speaks of; all of them where it names none."""
    found = False
    for first, last in context.spans(figure):
        if first < last and column.time is not None:
            rows = column.between(first, last)
            if rows.stop > rows.start:
                found = True
                yield rows, f"{first} to {last}"
    days = sorted({day for span in context.spans(figure) if span[0] == span[1] for day in span})
    if len(days) >= 2 and column.time is not None:
        rows = column.between(days[0], days[-1])
        if rows.stop > rows.start:
            found = True
            yield rows, f"{days[0]} to {days[-1]}"
    elif days and column.time is not None and "since" in context.lower:
        yield slice(column.between(days[0], days[0]).start, len(column.values)), f"since {days[0]}"
    if not found and _LAST_DAY.search(context.lower) and context.moved(figure):
        found = True
        yield slice(len(column.values) - 2, len(column.values)), "last session"
    if figure.start not in context.windows:
        context.windows[figure.start] = _nearest_spans(context.lower, figure)
    for match in context.windows[figure.start]:
        if match["n2"] and outputs(column):
            continue  # the 14 days of an RSI are its parameter
        count = int(match["n"] or match["n2"])
        unit = (match["unit"] or match["unit2"]).rstrip("s")
        for rows in _newest(column, count, unit):
            found = True
            yield rows, f"last {count} {unit}s"
    if not found:
        yield slice(0, len(column.values)), "all"


def _nearest_spans(words: str, figure: Figure) -> list[re.Match[str]]:
    """The spans of time that may be meant: the last one before a figure, else those after it."""
    found = [match for match in _SPAN.finditer(words) if match.start() != figure.start]
    after = [
        one
        for one in found
        if one["n"] and 0 <= one.start() - figure.end <= 4 and words[figure.end] not in ";,."
    ]
    if after:
        return after[:1]
    before = [match for match in found if match.end() <= figure.start]
    return before[-1:] or [
        one for one in found if _soon(words[figure.end : max(figure.end, one.start())])
    ]


def _soon(between: str) -> bool:
    return len(between) <= 25 and "," not in between


def _newest(column: Column, count: int, unit: str) -> Iterator[slice]:
    size = len(column.values)
    if unit in _BARS and 0 < count <= size:
        yield slice(size - count, size)
        if count + 1 <= size:
            yield slice(size - count - 1, size)
    span = {"week": 7, "month": 30, "year": 365, "day": 1}.get(unit)
    if span and column.time is not None:
        first = int(np.searchsorted(column.days, column.days[-1] - span * count))
        if unit != "day" or first < size - 1:
            yield slice(first, size)


def _of_part(
    told: Told, column: Column, part: slice, label: str, percent: bool, moved: bool
) -> Iterator[Reckoned]:
    start, stop = part.start, part.stop
    some = column.part(start, stop)
    if some.empty:
        return
    if not percent:
        rows = column.values
        if told.extreme:
            for name, at in (("max", start + some.high), ("min", start + some.low)):
                if (column.field, name) in (("low", "max"), ("high", "min")):
                    continue
                yield Reckoned(float(rows[at]), f"{name} of {label}", (column.fact(at),))
        if told.mean:
            yield Reckoned(some.mean, f"mean of {label}", _ends(column, start, stop))
            if told.median:
                middle = float(np.nanmedian(rows[part]))
                yield Reckoned(middle, f"median of {label}", _ends(column, start, stop))
        if told.total:
            total = float(np.nansum(rows[part]))
            yield Reckoned(total, f"sum of {label}", _ends(column, start, stop))
        if told.first:
            yield _row(column, start)
        if not label.startswith(("all", "last")):
            yield _row(column, start)
            yield _row(column, stop - 1)
    if moved:
        yield from _change(column, start, stop - 1, label)
        if told.extreme:
            last = len(column.values) - 1
            for at in (some.high, some.low):
                yield from _change(column, start + at, last, "from the extreme")


def _ends(column: Column, start: int, stop: int) -> tuple[Fact, ...]:
    return column.fact(start), column.fact(stop - 1)


def _change(column: Column, first: int, last: int, label: str) -> Iterator[Reckoned]:
    if not 0 <= first < len(column.values) or first == last:
        return
    before, after = float(column.values[first]), float(column.values[last])
    facts = (column.fact(first), column.fact(last))
    yield Reckoned(after - before, f"change, {label}", facts)
    if before:
        yield Reckoned((after / before - 1) * 100, f"change in %, {label}", facts)


def _row(column: Column, index: int) -> Reckoned:
    return Reckoned(float(column.values[index]), "", (column.fact(index),))


def _lone(column: Column, figure: Figure) -> Iterator[Reckoned]:
    """A value cited without its day, where no other lies near enough to be met by chance."""
    if figure.digits < 4:
        return
    value, unit = float(figure.value), float(figure.quantum)
    near = column.near(value - LONE * unit, value + LONE * unit)
    hits = column.near(value - unit / 2, value + unit / 2)
    if len(hits) and len(near) == len(hits):
        yield _row(column, int(hits[-1]))


def says(value: Decimal) -> str:
    """A value without needless zeros."""
    return f"{value.normalize():f}"
