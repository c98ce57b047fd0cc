"""A report as text: sentences for a terminal, or a Markdown document."""

from collections.abc import Iterable
from textwrap import wrap

from tio.api.analyst import Report, ReportSection
from tio.api.clean import clean


def report_lines(report: Report, width: int = 0) -> list[str]:
    """The whole report, a line a sentence; what belongs to a section is set in by two blanks.

    Sentences are broken at `width` columns, 0 leaves them whole; rows of a table never are.
    """
    told = [*_broken(report.headline, width), *_broken(_marks(report), width)]
    if report.view is not None:
        told.append(_leaning(report))
    for title, lines, aligned in _sections(report):
        told += ["", title]
        for each in lines:
            told += [f"  {each}"] if aligned else _broken(each, width, "  ")
    return _clean([*told, "", *_broken(report.advice, width)])


def report_markdown(report: Report) -> str:
    """The same as a document: headings, lists, and tables as they stand."""
    told = [f"# {report.title}", "", report.headline, "", _marks(report)]
    if report.view is not None:
        told += ["", _leaning(report)]
    for title, lines, aligned in _sections(report):
        told += ["", f"## {title}", ""]
        told += ["```", *lines, "```"] if aligned else [f"- {each}" for each in lines]
    return "\n".join(_clean([*told, "", f"*{report.advice}*"])) + "\n"


def _broken(text: str, width: int, indent: str = "") -> list[str]:
    """A sentence in lines, those after the first set in by two blanks more."""
    if not width:
        return [indent + text]
    return wrap(
        clean(text, limit=len(text) or 1),
        max(width, 20),
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _marks(report: Report) -> str:
    confidence = report.confidence
    sure = f"confidence {confidence.level} {confidence.score:.2f}: {confidence.reason}"
    when = f"as of {report.as_of:%Y-%m-%d %H:%M} UTC"
    return " · ".join((report.made_by, *report.marks, when, sure))


def _leaning(report: Report) -> str:
    view = report.view
    if view is None:
        return ""
    return f"Bias {f'{view.bias:+d}' if view.bias else '0'} (score {view.score:+.2f})."


def _sections(report: Report) -> Iterable[tuple[str, list[str], bool]]:
    """Title, lines, and whether they are a table's; none is empty."""
    view = report.view
    if view is not None:
        for title, reasons in (("For", view.bull), ("Against", view.bear)):
            if reasons:
                yield title, [f"{each.text} ({each.weight:+.2f})" for each in reasons], False
        if view.changes:
            yield "What would change the view", list(view.changes), False
    for part in report.sections:
        if lines := _told(part):
            yield part.title, lines, part.aligned
    if report.unwritten:
        yield "Not written", [f"{each.title}: {each.reason}" for each in report.unwritten], False


def _told(part: ReportSection) -> list[str]:
    return [each.text for each in part.lines]


def _clean(lines: list[str]) -> list[str]:
    return [clean(each, limit=len(each) or 1) for each in lines]
