"""A report with what is one's own hidden: amounts of money and quantities, not prices or shares."""

import re
from collections.abc import Iterable

from msgspec.structs import replace

from tio.api.analyst import Report, ReportLine, View
from tio.api.grounding import CitedFact
from tio.draw import prose
from tio.screens.report_told import OWN

HIDDEN = "•••"
_MONEY = re.compile(r"(?!ATR)[A-Z]{3}$")
_QUANTITY = "units"


def discreet(report: Report) -> Report:
    """The report as others may see it over one's shoulder."""
    lines = [told for part in report.sections for told in part.lines]
    of_own = report.workflow in OWN
    own = [value for told in lines for value in _own(told.figures)] if of_own else []
    sections = tuple(
        replace(part, lines=tuple(_line(told, aligned=part.aligned) for told in part.lines))
        for part in report.sections
    )
    return replace(
        report,
        headline=_masked(report.headline, own),
        view=None if report.view is None else _view(report.view, own),
        sections=sections,
    )


def _line(told: ReportLine, *, aligned: bool) -> ReportLine:
    own = _own(told.figures)
    kept = tuple(each for each in told.figures if not _is_own(each))
    return ReportLine(text=_masked(told.text, own, aligned=aligned), figures=kept)


def _view(view: View, own: list[float]) -> View:
    bull, bear = (
        tuple(replace(each, text=_masked(each.text, own)) for each in side)
        for side in (view.bull, view.bear)
    )
    return replace(view, bull=bull, bear=bear)


def _own(figures: Iterable[CitedFact]) -> list[float]:
    values = []
    for each in figures:
        if _is_own(each):
            try:
                values.append(abs(float(each.value)))
            except ValueError:
                continue
    return values


def _is_own(figure: CitedFact) -> bool:
    """Money of a ledger is told in its currency, a price as such; but for that of a quote."""
    price = figure.path.rpartition(".")[2] == "price"
    return figure.unit == _QUANTITY or (bool(_MONEY.match(figure.unit)) and not price)


def _masked(text: str, own: list[float], *, aligned: bool = False) -> str:
    """The text without the numbers that tell one of the values, as wide where it is a table."""
    made, at = "", 0
    for found in prose.numbers(text):
        plain = re.sub(r"[\u2009,+\u2212-]", "", found[0])
        digits = len(plain.partition(".")[2])
        # Whole amounts are told without decimals only where they have none.
        near = 0.5001 * 10.0**-digits if digits else 0.005
        name = text[found.end() : found.end() + 1].isalpha()
        if not name and any(abs(each - float(plain)) <= near for each in own):
            hidden = HIDDEN.rjust(len(found[0])) if aligned else HIDDEN
            made, at = made + text[at : found.start()] + hidden, found.end()
    return made + text[at:]
