"""What surrounds a figure: its sentence, what was cited before it, what was asked."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from tio.engine.analyst.grounding.directions import direction
from tio.engine.analyst.grounding.evidence import Evidence
from tio.engine.analyst.grounding.facts import Column, Fact
from tio.engine.analyst.grounding.fields import Kind
from tio.engine.analyst.grounding.figures import Figure, Form
from tio.engine.analyst.grounding.subjects import (
    CLAIM,
    NEAR,
    PRONOUN,
    Sentence,
    named_near,
    subjects,
)
from tio.engine.analyst.grounding.words import MOVED, Told, told

_NOW = re.compile(r"\b(?:now|currently|latest|today|still|since then|at present)\b", re.IGNORECASE)
SURE = 5
"""Digits that are met by chance by no fact of another."""
_AMOUNTS = (Kind.price, Kind.money, Kind.ratio, Kind.tally, Kind.quantity, Kind.number)
_KINDS = {
    Form.percent: (Kind.percent,),
    Form.money: (Kind.price, Kind.money, Kind.number),
    Form.multiple: (Kind.ratio, Kind.number),
}


@dataclass
class Context:
    """One sentence beside the evidence. `cited`: facts matched here and in the sentence before."""

    evidence: Evidence
    sentence: Sentence
    today: date | None = None
    cited: list[Fact] = field(default_factory=list)
    _named: dict[int, list[tuple[frozenset[str], bool]]] = field(default_factory=dict)
    _directions: dict[int, int] = field(default_factory=dict)
    _symbols: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _moved: dict[int, bool] = field(default_factory=dict)
    _spans: dict[int, list[tuple[date, date]]] = field(default_factory=dict)
    windows: dict[int, list[re.Match[str]]] = field(default_factory=dict)
    """Figure's start → the spans of time that may be meant, as found in the text."""

    def symbols(self, figure: Figure) -> tuple[str, ...]:
        """Whom a figure is of; a symbol no tool told of stays, and matches nothing of its own."""
        if figure.start not in self._symbols:
            self._symbols[figure.start] = subjects(self.sentence, figure)
        return self._symbols[figure.start]

    def groups(self, figure: Figure) -> list[tuple[frozenset[str], bool]]:
        """Fields named for a figure, those of one word together, the nearest first; if near."""
        if figure.start not in self._named:
            found: dict[float, set[str]] = {}
            for away, name in named_near(self.sentence, figure):
                found.setdefault(away, set()).add(name)
            rows = [(frozenset(names), away <= NEAR) for away, names in found.items()]
            self._named[figure.start] = rows
        return self._named[figure.start]

    def direction(self, figure: Figure) -> int:
        """1 where the words about a figure go up, −1 where they go down, 0 where neither."""
        if figure.start not in self._directions:
            self._directions[figure.start] = direction(self.sentence, figure)
        return self._directions[figure.start]

    def named(self, figure: Figure) -> tuple[list[str], bool]:
        """Fields named for a figure, the nearest first; whether the nearest is close by."""
        groups = self.groups(figure)
        names = [name for group, _ in groups for name in sorted(group)]
        return list(dict.fromkeys(names)), bool(groups) and groups[0][1]

    def tells(self, figure: Figure, name: str) -> bool:
        """Whether the tools told that field of the figure's symbols, in a form like its own."""
        symbols = self.symbols(figure)
        kinds = _KINDS.get(figure.form, _AMOUNTS)
        told: list[Fact | Column] = [*self.evidence.pool(symbols).facts]
        told += self.evidence.series(symbols)
        alone = not symbols and len(self.evidence.symbols) < 2
        return any(
            one.field == name and one.kind in kinds and (bool(one.symbol) == bool(symbols) or alone)
            for one in told
        )

    def claims(self, figure: Figure) -> frozenset[str]:
        """The fields a figure is said to be of in so many words: `a Sharpe ratio of 1.2`."""
        text = self.sentence.text
        return frozenset(
            name
            for _, end, name in self.sentence.named
            if end <= figure.start and CLAIM.fullmatch(text[end : figure.start])
        )

    def following(self, figure: Figure) -> frozenset[str]:
        """The fields named at once after a figure: `244.44 bid`."""
        text = self.sentence.text
        return frozenset(
            name
            for start, _, name in self.sentence.named
            if start >= figure.end and text[figure.end : start] in (" ", " (", "-", " is the ")
        )

    def columns(self, figure: Figure) -> tuple[Column, ...]:
        """The series a figure may be out of."""
        return tuple(
            column
            for column in self.evidence.series(self.symbols(figure))
            if self.allows(figure, column)
        )

    def allows(self, figure: Figure, fact: Fact | Column) -> bool:
        """Whether a fact of no symbol may be meant where the sentence names one: only by name."""
        if fact.field in self.fields_named:
            return True
        symbols = self.symbols(figure)
        if not symbols:
            return not fact.symbol or len(self.evidence.symbols) < 2
        meant = self.sentence.says(symbols) or PRONOUN.match(self.sentence.text) is not None
        return bool(fact.symbol) or not meant or figure.digits >= SURE

    @cached_property
    def fields_named(self) -> frozenset[str]:
        return frozenset(name for _, _, name in self.sentence.named)

    def moved(self, figure: Figure) -> bool:
        """Whether the words about a figure tell a move."""
        if figure.start not in self._moved:
            about = self.lower[max(0, figure.start - 80) : figure.end + 40]
            self._moved[figure.start] = MOVED.search(about) is not None
        return self._moved[figure.start]

    @cached_property
    def told(self) -> Told:
        """The operations the sentence has words for."""
        return told(self.lower)

    @cached_property
    def lower(self) -> str:
        return self.sentence.text.lower()

    def spans(self, figure: Figure) -> list[tuple[date, date]]:
        """The days, months and years the sentence says a figure is of."""
        if figure.start not in self._spans:
            self._spans[figure.start] = self._days_of(figure)
        return self._spans[figure.start]

    def _days_of(self, figure: Figure) -> list[tuple[date, date]]:
        year = self.today.year if self.today else 0
        if not year and self.evidence.newest:
            year = self.evidence.newest.year
        written = [one.day for one in self.sentence.figures if one.day and self.dated(one, figure)]
        return [days for one in written if (days := one.days(year))]

    def dated(self, one: Figure, figure: Figure) -> bool:
        """Whether a date is of the figure: not across a semicolon, nor what is so now."""
        if one is figure:
            return True
        first, last = sorted((one, figure), key=lambda each: each.start)
        between = self.sentence.text[first.end : last.start]
        if first is figure:
            return ";" not in between
        clause = first.end + between.rfind(";")
        others = (each for each in self.sentence.figures if each.day and each is not one)
        nearer = ";" in between and any(clause < each.start < last.start for each in others)
        return not nearer and _NOW.search(between) is None


def number(value: float) -> Decimal:
    """A float as the decimal it prints as."""
    return Decimal(repr(float(value)))
