"""Two figures of a sentence that are both ends of one range: of a day, a year, a quote.

Either alone, told roughly and under no name, might be met by chance; both at once hardly.
"""

from tio.engine.analyst.grounding.context import Context
from tio.engine.analyst.grounding.facts import Fact
from tio.engine.analyst.grounding.fields import Kind
from tio.engine.analyst.grounding.figures import Figure, Form
from tio.engine.analyst.grounding.matching import unit_suits
from tio.engine.analyst.grounding.rounding import reach
from tio.engine.analyst.grounding.verdicts import Match

_ENDS = (("low", "high"), ("day_low", "day_high"), ("year_low", "year_high"), ("bid", "ask"))
_FORMS = (Form.plain, Form.money)
FEWEST = 2
"""Digits each end must bear."""


def one_end(context: Context, figure: Figure) -> Match | None:
    """The end of a range a figure tells whose other end the figure beside it tells; or None."""
    if not _may_be(figure):
        return None
    figures = [one for one in context.sentence.figures if one.form in _FORMS]
    at = figures.index(figure)
    for other in (*figures[at + 1 : at + 2], *figures[max(0, at - 1) : at]):
        if _may_be(other) and context.symbols(other) == context.symbols(figure):
            lower = figure.value < other.value
            found = _of_records(context, *((figure, other) if lower else (other, figure)))
            if found:
                return Match((found[0 if lower else 1],), exact=found[0 if lower else 1].number)
    return None


def _may_be(figure: Figure) -> bool:
    return figure.form in _FORMS and figure.digits >= FEWEST and not figure.sign


def _of_records(context: Context, low: Figure, high: Figure) -> tuple[Fact, Fact] | None:
    """The two facts of one record and symbol that two figures tell."""
    if low.digits + high.digits < 5 or low.value == high.value:
        return None
    records: dict[tuple[str, str], dict[str, Fact]] = {}
    for fact in context.evidence.pool(context.symbols(low)).facts:
        if fact.symbol and fact.kind is Kind.price:
            records.setdefault((fact.call, fact.path.rpartition(".")[0]), {})[fact.field] = fact
    for told in records.values():
        for one, other in _ENDS:
            first, last = told.get(one), told.get(other)
            if first and last and _tells(low, first) and _tells(high, last):
                return first, last
    return None


def _tells(figure: Figure, fact: Fact) -> bool:
    return unit_suits(figure, fact.unit) and reach(figure).holds(fact.number)
