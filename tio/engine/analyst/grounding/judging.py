"""One sentence judged: each of its figures left alone, matched or unverified."""

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from tio.engine.analyst.grounding.context import Context
from tio.engine.analyst.grounding.copied import copied
from tio.engine.analyst.grounding.deriving import derived
from tio.engine.analyst.grounding.ends import one_end
from tio.engine.analyst.grounding.evidence import Evidence, shown
from tio.engine.analyst.grounding.facts import Fact
from tio.engine.analyst.grounding.families import counted
from tio.engine.analyst.grounding.figures import Figure, Form, scan
from tio.engine.analyst.grounding.left_alone import left_alone, part_of_a_name
from tio.engine.analyst.grounding.matching import direct
from tio.engine.analyst.grounding.moments import judge_date, judge_time
from tio.engine.analyst.grounding.pairing import paired
from tio.engine.analyst.grounding.series import from_series, says
from tio.engine.analyst.grounding.strangers import strangers
from tio.engine.analyst.grounding.subjects import STRANGE, Sentence, mentions_of, named_fields
from tio.engine.analyst.grounding.verdicts import Match, Verdict


@dataclass(frozen=True)
class Question:
    """What was asked: its text, its numbers, the day it was asked on."""

    text: str = ""
    numbers: frozenset[Decimal] = frozenset()
    today: date | None = None


def question(text: str, today: date | None = None) -> Question:
    """A question with its numbers taken out; they are nobody's claims."""
    numbers = frozenset(figure.value for figure in scan(text) if figure.form is not Form.date)
    return Question(text.lower(), numbers, today)


@dataclass(frozen=True)
class Carried:
    """What one sentence hands to the next: its symbols, its cited facts, a table's header."""

    topic: tuple[str, ...] = ()
    cited: tuple[Fact, ...] = ()
    header: str = ""
    columns: tuple[tuple[str, ...], ...] = ()


def judge(
    text: str, evidence: Evidence, asked: Question, carried: Carried
) -> tuple[list[Verdict], Carried]:
    """The verdicts on one sentence, in order, and what the next one needs to know of it."""
    unknown = strangers(text, evidence, asked.text)
    sentence = _sentence(text, evidence, carried, unknown)
    context = Context(evidence, sentence, asked.today, list(carried.cited))
    verdicts: dict[int, Verdict] = {one.figure.start: one for one in unknown}
    late: list[Figure] = []
    for figure in sentence.figures:
        verdict = _first_pass(context, figure, asked)
        if verdict is None:
            late.append(figure)
            continue
        verdicts[figure.start] = verdict
        if verdict.match:
            context.cited.extend(verdict.match.facts)
    for figure in late:
        match = one_end(context, figure) or derived(context, figure) or counted(context, figure)
        verdicts[figure.start] = Verdict(figure, match) if match else _unverified(context, figure)
        if match:
            context.cited.extend(match.facts)
    judged = paired(context, [verdicts[start] for start in sorted(verdicts)])
    cited = tuple(fact for one in judged if one.match for fact in one.match.facts)[-12:]
    topic = sentence.symbols
    return judged, replace(carried, topic=topic, cited=(*carried.cited, *cited)[-12:])


def _sentence(text: str, evidence: Evidence, carried: Carried, unknown: list[Verdict]) -> Sentence:
    spans = [(one.figure.start, one.figure.end, one.figure.text) for one in unknown]
    return Sentence(
        text,
        tuple(scan(text)),
        mentions_of(text, evidence, spans),
        carried.topic,
        named_fields(text, evidence),
    )


def _first_pass(context: Context, figure: Figure, asked: Question) -> Verdict | None:
    stranger = _of_stranger(context, figure)
    if stranger and figure.form in (Form.date, Form.time):
        return Verdict(figure, why=f"no tool result is about {stranger}")
    if figure.form is Form.date:
        if part_of_a_name(context.sentence.text, figure):
            return Verdict(figure, alone=True)
        dated = _year_or_number(context, figure, judge_date(context, figure, asked.text))
        return _or_copied(context, dated)
    if figure.form is Form.time:
        return _or_copied(context, judge_time(context, figure))
    if left_alone(context.sentence.text, figure, asked.numbers, context.evidence.parameters):
        return Verdict(figure, alone=True)
    if stranger:
        return Verdict(figure, why=f"no tool result is about {stranger}")
    match = _told(context, figure) or copied(context, figure)
    return Verdict(figure, match) if match else None


def _or_copied(context: Context, verdict: Verdict) -> Verdict:
    if verdict.verified or verdict.alone:
        return verdict
    match = copied(context, verdict.figure)
    return Verdict(verdict.figure, match) if match else verdict


def _told(context: Context, figure: Figure) -> Match | None:
    """The told value a figure repeats; what a series has on the very day told comes first."""
    days = [first for first, last in context.spans(figure) if first == last]
    if not days or figure.form is Form.percent:
        return direct(context, figure) or from_series(context, figure)
    match = from_series(context, figure)
    at = match.facts[0].as_of if match and not match.operation else None
    if at is not None and at.date() in days:
        return match
    return direct(context, figure) or match


def _year_or_number(context: Context, figure: Figure, verdict: Verdict) -> Verdict:
    """What looks like a year may be a price."""
    if verdict.verified or verdict.alone or not re.fullmatch(r"\d{4}", figure.text):
        return verdict
    value = Decimal(figure.text)
    plain = replace(figure, form=Form.plain, value=value, digits=4)
    match = direct(context, plain) or from_series(context, plain)
    return Verdict(figure, match) if match else verdict


def _of_stranger(context: Context, figure: Figure) -> str:
    """The ticker no tool told of that a figure is said of, if it is."""
    symbols = context.symbols(figure)
    if symbols and all(symbol.startswith(STRANGE) for symbol in symbols):
        return symbols[0].strip(STRANGE + "$")
    return ""


def _unverified(context: Context, figure: Figure) -> Verdict:
    percent = figure.form is Form.percent
    symbols = context.symbols(figure)
    names, close = context.named(figure)
    pool = context.evidence.pool(symbols)
    nearest = None
    for name in names[:3] if close else ():
        told_so = (f for f in pool.facts if f.field == name and isinstance(f.value, Decimal))
        nearest = nearest or next(told_so, None)
    nearest = nearest or pool.nearest(float(figure.value), percent)
    if nearest is None:
        return Verdict(figure, why="no tool result tells it")
    told = shown(nearest, percent)
    near = figure.value and abs(abs(told) / figure.value - 1) < Decimal("0.15")
    if not near and not close:
        return Verdict(figure, why="no tool result tells it")
    whom = f" of {nearest.symbol}" if nearest.symbol else ""
    unit = " %" if percent else ""
    name = nearest.field.replace("_", " ")
    return Verdict(figure, why=f"the tool said {says(told)}{unit} ({name}{whom})", nearest=nearest)
