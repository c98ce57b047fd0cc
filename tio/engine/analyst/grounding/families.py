"""A number of a sentence to a reckoning over rows: sums, means, the largest, how many there are."""

import re
from collections.abc import Iterator
from decimal import Decimal

from tio.engine.analyst.grounding.context import Context
from tio.engine.analyst.grounding.evidence import shown
from tio.engine.analyst.grounding.facts import Fact
from tio.engine.analyst.grounding.fields import Kind
from tio.engine.analyst.grounding.figures import Figure, Form
from tio.engine.analyst.grounding.matching import unit_suits
from tio.engine.analyst.grounding.series import Reckoned
from tio.engine.analyst.grounding.verdicts import Match
from tio.engine.analyst.grounding.words import MEAN, TOTAL

_RANKED = re.compile(r"\b(?:largest|top|biggest|highest|heaviest|first|main|smallest|lowest)\b")
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_TOP = re.compile(
    rf"\b(?:top|largest|biggest|heaviest)[\s-](?P<a>\d+|{'|'.join(_NUMBERS)})\b"
    rf"|\b(?P<b>\d+|{'|'.join(_NUMBERS)})\s(?:largest|biggest|top|heaviest)\b"
)
_WORD = re.compile(r"[a-z]+|[.,;:()]")
_POSITIONS = re.compile(r"\b(?:positions|holdings)\b")
_UNITS = frozenset("share unit coin contract point time day week month year percent".split())
_TITLE = re.compile(r"(\w+)\W*:\W*$")
_WINNING = re.compile(
    r"\b(?:up|gain\w*|winn\w*|positive|profit\w*|ris(?:en?|es|ing)|rose|advanc\w*|higher|above|green)\b"
)
_LOSING = re.compile(
    r"\b(?:down|los\w*|negative|declin\w*|fall\w*|fell|lower|below|red|under water)\b"
)


def families(context: Context, figure: Figure) -> Iterator[list[Fact]]:
    """The facts of one field over all rows of one answer, for the fields the sentence names."""
    groups = context.groups(figure)
    named = set().union(*(names for names, _ in groups[:2]))
    if _POSITIONS.search(context.lower) and figure.form is not Form.percent:
        named = named | {"value"}
    whom = context.symbols(figure)
    one = len(whom) == 1 and context.sentence.says(whom)
    if one and not TOTAL.search(context.lower):
        return
    found: dict[str, list[Fact]] = {}
    for fact in context.evidence.facts:
        if fact.field in named and usable(fact) and "[" in fact.path:
            found.setdefault(f"{fact.call}:{fact.family}", []).append(fact)
    yield from (rows for rows in found.values() if len(rows) > 1)


def over_family(words: str, rows: list[Fact], figure: Figure) -> Iterator[tuple[Reckoned, bool]]:
    percent = figure.form is Form.percent
    if percent != (rows[0].kind is Kind.percent):
        return
    if figure.form is Form.money and not all(unit_suits(figure, row.unit) for row in rows):
        return
    values = [shown(row, percent) for row in rows]
    path, some = rows[0].family, tuple(rows[:20])
    if TOTAL.search(words):
        yield Reckoned(sum(values), f"sum of {path}", some), False
    if MEAN.search(words):
        mean = sum(values) / len(values)
        yield Reckoned(mean, f"mean of {path}", some), False
        middle = sorted(values)[len(values) // 2]
        yield Reckoned(middle, f"median of {path}", some), False
    if _RANKED.search(words):
        order = sorted(range(len(rows)), key=lambda i: values[i], reverse=True)
        for found in _TOP.finditer(words):
            text = found["a"] or found["b"]
            many = int(text) if text.isdigit() else _NUMBERS.index(text) + 1
            top = order[:many]
            total = sum(values[i] for i in top)
            made = Reckoned(
                total, f"sum of the {many} largest of {path}", tuple(rows[i] for i in top)
            )
            yield made, False
        for i in (order[0], order[-1]):
            yield Reckoned(values[i], f"extreme of {path}", (rows[i],)), False


def usable(fact: Fact) -> bool:
    return isinstance(fact.value, Decimal) and not fact.text


def counted(context: Context, figure: Figure) -> Match | None:
    """A count of rows: all of them, or those above or below zero."""
    if figure.form is not Form.plain or figure.quantum != 1 or figure.sign:
        return None
    before = _TITLE.search(context.sentence.text[: figure.start])
    noun = (before[1].lower() if before else figure.noun).rstrip("s")
    if not figure.value or not noun:
        return None
    rows_told = noun not in _UNITS
    after = _WORD.findall(context.lower[figure.end : figure.end + 40])[:2]
    nouns = {noun, *(word.rstrip("s") for word in after)}
    families: dict[str, list[Fact]] = {}
    for fact in context.evidence.facts:
        if fact.field.endswith("_count") or fact.field == "rows":
            if fact.number == figure.value and any(_of_noun(fact, one) for one in nouns):
                return Match((fact,), "", fact.number)
        elif rows_told and fact.signed and "[" in fact.path:
            families.setdefault(f"{fact.call}:{fact.family}", []).append(fact)
    for rows in families.values():
        for name, words, some in (
            ("above", _WINNING, [row for row in rows if row.number > 0]),
            ("below", _LOSING, [row for row in rows if row.number < 0]),
        ):
            if len(some) == figure.value and words.search(context.lower):
                operation = f"count of {rows[0].family} {name} zero"
                return Match(tuple(some[:20]), operation, Decimal(len(some)))
    return None


def _of_noun(fact: Fact, noun: str) -> bool:
    """Whether the rows counted are what the word after the figure calls them."""
    if fact.field == "rows":
        return noun in ("bar", "row", "day", "session", "close", "value", "observation", "candle")
    rows = fact.path.rstrip("#").rpartition(".")[2].split("[")[0].rstrip("s")
    return noun == rows or (not rows and noun in ("quote", "symbol", "name", "stock", "instrument"))
