"""A report as text: for a terminal, or as Markdown."""

from tio.api.analyst import Report
from tio.api.clean import clean


def print_report(report: Report, *, markdown: bool = False) -> None:
    for each in lines(report, markdown=markdown):
        print(clean(each, prose=True, limit=len(each) or 1))


def lines(report: Report, *, markdown: bool = False) -> list[str]:
    """The whole report, one line a sentence."""
    point = "- " if markdown else "  "
    view, confidence = report.view, report.confidence
    marks = " · ".join((report.made_by, *report.marks, f"as of {report.as_of:%Y-%m-%d %H:%M} UTC"))
    told = [f"# {report.headline}" if markdown else report.headline, marks]
    told.append(
        f"Bias {view.bias:+d} (score {view.score:+.2f}); confidence {confidence.level} "
        f"{confidence.score:.2f}: {confidence.reason}."
    )

    def section(title: str, texts: list[str]) -> None:
        if texts:
            told.extend(["", f"## {title}" if markdown else title])
            told.extend(
                ["", *(point + text for text in texts)]
                if markdown
                else [point + text for text in texts]
            )

    section("For a rise", [f"{each.text} ({each.weight:+.2f})" for each in view.bull])
    section("Against", [f"{each.text} ({each.weight:+.2f})" for each in view.bear])
    section("What would change the view", list(view.changes))
    for part in report.sections:
        section(part.title, [each.text for each in part.lines])
    section("Not written", [f"{each.title}: {each.reason}" for each in report.unwritten])
    told.extend(["", report.advice])
    return told
