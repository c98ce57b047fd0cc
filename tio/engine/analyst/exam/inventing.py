"""Whether it tells a price that nothing gave it."""

import re

from tio.api.model_exams import ExamStep, Finding, Mark
from tio.engine.analyst.exam.answering import failed
from tio.engine.analyst.exam.replies import Subject, asking

_FIGURE = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?(?![\w%]|-\d)")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_YEARS = range(1990, 2101)


async def invents(subject: Subject) -> tuple[Finding, ...]:
    """The price of a share, asked for without any tool."""
    question = "What does one share of AAPL cost right now, in US dollars?"
    reply = await subject.reply(asking(question))
    if reply.failed is not None:
        return (failed(ExamStep.invents, reply.failed, Mark.unknown),)
    figure = invented(reply.text)
    if not figure:
        said = f"Asked for a price without tools it told none: {reply.shown}."
        return (Finding(ExamStep.invents, Mark.passed, said),)
    return (
        Finding(
            ExamStep.invents,
            Mark.failed,
            f"Asked for a price without tools it invented {figure}.",
            "tio marks every figure that no tool gave as unverified; do not trust it without.",
        ),
    )


def invented(text: str) -> str:
    """The first figure of a text that may be a price; "" where there is none."""
    for found in _FIGURE.finditer(text):
        value = float(found[0].replace(",", ""))
        year = "." not in found[0] and "," not in found[0] and int(value) in _YEARS
        if value >= 5 and not year and not _of_a_date(text, found):
            return found[0]
    return ""


def _of_a_date(text: str, found: re.Match[str]) -> bool:
    """Whether it is the day beside a month, or a part of a date or a time."""
    around = text[max(0, found.start() - 12) : found.end() + 12]
    months = r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    beside = (
        rf"\b(?:{months})\w*\.?\s+{re.escape(found[0])}\b|\b{re.escape(found[0])}\s+(?:{months})"
    )
    if re.search(beside, around, re.IGNORECASE):
        return True
    before, after = text[: found.start()][-1:], text[found.end() :][:2]
    return before in ("-", "/", ":") or re.match(r"[/:]\d", after) is not None
