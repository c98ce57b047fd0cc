"""What surrounds a figure: its sentence, what was cited before it, what was asked."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from tio.engine.analyst.grounding.evidence import Evidence
from tio.engine.analyst.grounding.facts import Column, Fact
from tio.engine.analyst.grounding.fields import Kind
from tio.engine.analyst.grounding.figures import Figure, Form
from tio.engine.analyst.grounding.subjects import Sentence, named_near, subjects


@dataclass
class Context:
    """One sentence beside the evidence. `cited`: facts matched here and in the sentence before."""

    evidence: Evidence
    sentence: Sentence
    today: date | None = None
    cited: list[Fact] = field(default_factory=list)
    _named: dict[int, tuple[list[str], bool]] = field(default_factory=dict)
    _symbols: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def symbols(self, figure: Figure) -> tuple[str, ...]:
        """Whom a figure is of; a symbol no tool told of stays, and matches nothing of its own."""
        if figure.start not in self._symbols:
            self._symbols[figure.start] = subjects(self.sentence, figure)
        return self._symbols[figure.start]

    def named(self, figure: Figure) -> tuple[list[str], bool]:
        """Fields named for a figure, the nearest first; whether the nearest is close by."""
        if figure.start not in self._named:
            names, close = named_near(self.sentence, figure)
            self._named[figure.start] = (list(dict.fromkeys(names)), close)
        return self._named[figure.start]

    def tells(self, figure: Figure, name: str) -> bool:
        """Whether the tools told that field of the figure's symbols, in a form like its own."""
        symbols = self.symbols(figure)
        percent = figure.form is Form.percent
        for fact in self.evidence.pool(symbols).facts:
            told = fact.field == name and fact.kind is not Kind.moment
            if told and percent == (fact.kind is Kind.percent):
                return True
        return any(column.field == name and not percent for column in self.evidence.series(symbols))

    def columns(self, figure: Figure) -> tuple[Column, ...]:
        """The series a figure may be out of."""
        return self.evidence.series(self.symbols(figure))

    @cached_property
    def lower(self) -> str:
        return self.sentence.text.lower()

    @cached_property
    def spans(self) -> list[tuple[date, date]]:
        """The days, months and years the sentence names."""
        year = self.today.year if self.today else 0
        if not year and self.evidence.newest:
            year = self.evidence.newest.year
        written = [one.day for one in self.sentence.figures if one.day is not None]
        return [days for one in written if (days := one.days(year))]


def number(value: float) -> Decimal:
    """A float as the decimal it prints as."""
    return Decimal(repr(float(value)))
