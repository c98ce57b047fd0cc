"""What is told of a report elsewhere: its sources, its age, as a table, beside a question."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from tio.api.analyst import Report, Workflow
from tio.api.chats import Chip, ChipKind
from tio.api.clean import clean
from tio.api.codec import encode
from tio.api.grounding import CitedFact
from tio.api.report_text import report_lines, report_markdown
from tio.screens.stage import Stage
from tio.screens.told import Told

DAY = 86_400
OWN = (Workflow.portfolio, Workflow.risk, Workflow.journal)
"""Reports of what one holds; `about` is the portfolio."""


def figures_told(figures: Sequence[CitedFact], zone: tzinfo) -> Told:
    """Each figure of a line: the value as it was told, the word, where from, of when."""
    lines = []
    for each in figures:
        when = f"{each.as_of.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}" if each.as_of else ""
        path = each.path.replace("_", " ")
        told = (each.call, each.symbol, path, each.source and f"from {each.source}", when)
        value = f"{_short(each.value)} {each.unit}".strip()
        lines.append((clean(value), clean(" · ".join(filter(None, told)))))
    return Told("where it comes from", lines)


def _short(value: str) -> str:
    """A number to ten digits, which is more than anything is told with; the file has them all."""
    try:
        return f"{float(value):.10g}" if "." in value else value
    except ValueError:
        return value


def age_words(report: Report, stage: Stage) -> str:
    """How long ago a report was made, or of which past moment it is."""
    seconds = (stage.clock.now() - report.as_of).total_seconds()
    if stage.as_of is not None or seconds >= DAY:
        return f"as of {report.as_of.astimezone(stage.zone):%Y-%m-%d %H:%M}"
    if seconds < 60:
        return "now"
    told = f"{seconds // 60:.0f} min" if seconds < 3600 else f"{seconds // 3600:.0f} h"
    return f"{told} old, r asks again"


def chip_of(report: Report) -> Chip:
    """The report as what goes with a question."""
    portfolio = report.about if report.workflow in OWN else ""
    about = f"{report.workflow.value} {report.about}"[:120]
    return Chip(kind=ChipKind.report, about=about, portfolio=portfolio)


def document_of(report: Report, ending: str) -> str:
    """The report as Markdown, as one JSON document, as plain lines; "" for another ending."""
    match ending:
        case ".md":
            return report_markdown(report)
        case ".json":
            return encode(report).decode() + "\n"
        case ".txt":
            return "\n".join((report.title, "", *report_lines(report, 100))) + "\n"
    return ""


def table_of(report: Report) -> tuple[str, list[Sequence[object]]]:
    """Every figure on a line: where it stands, what it is, where it comes from."""
    head = ("section", "line", "symbol", "figure", "value", "unit", "word", "source", "as of")
    return f"{report.workflow.value}-{report.about}", [head, *_figures(report)]


def _figures(report: Report) -> Iterator[Sequence[object]]:
    for part in report.sections:
        for told in part.lines:
            for each in told.figures or (None,):
                row: Sequence[object] = (part.title, told.text, *("",) * 7)
                if each is not None:
                    when = each.as_of.isoformat() if each.as_of else ""
                    named = each.symbol or report.symbol
                    value = (named, each.path, each.value, each.unit)
                    row = (part.title, told.text, *value, each.call, each.source, when)
                yield row
