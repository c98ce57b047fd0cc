"""Which lines of a report answer a question that is about less than the whole of it."""

import re
from collections.abc import Sequence

from tio.api.analyst import KeyLevel, Report
from tio.api.market import Timeframe
from tio.engine.analyst.rules.intents import Matter
from tio.engine.analyst.rules.scope import number, priced

_FIGURE = re.compile(r"\d[\d\u2009.,]*\d|\d")
_FRAME = re.compile(r"\d+(m|h|d|w): ")
_MOST = 5
_NEAREST = 3
_SECTIONS: tuple[tuple[Matter, str, tuple[str, ...]], ...] = (
    (Matter.volatility, "", ("volatility",)),
    (Matter.volume, "", ("volume",)),
    (Matter.events, "", ("ahead",)),
    (Matter.news, "", ("news",)),
    (Matter.why, "", ("market", "events", "earnings", "news")),
    (Matter.compare, "", ("differences",)),
    (Matter.portfolio, r"stop", ("stops",)),
    (Matter.portfolio, r"drawdown|fall|fell|down", ("worth", "performance")),
    (Matter.portfolio, r"winn|los[est]|best|worst|gain|profit|p ?[&/n] ?l|perform|return|ma[kd]",
     ("worth", "performance")),
    (Matter.portfolio, r"cash|concentrat|spread|allocation|divers|largest|biggest", ("spread",)),
    (Matter.portfolio, "", ("worth",)),
    (Matter.risk, r"stress|crash|worst case|falls?\b|drops?\b|recession", ("stress",)),
    (Matter.risk, r"limit", ("limits",)),
    (Matter.risk, r"expos|carr|concentrat|largest|most", ("carriers",)),
    (Matter.risk, r"stop|order", ("heat",)),
    (Matter.risk, "", ("tails",)),
    (Matter.journal, r"setup", ("by_setup",)),
    (Matter.journal, r"cost|mistake|wrong", ("costs", "plans")),
    (Matter.journal, r"hour|when|time", ("by_hour", "by_weekday")),
    (Matter.journal, "", ("expectancy",)),
    (Matter.morning, "", ("worth",)),
    (Matter.ideas, "", ("plan", "trend", "levels", "size")),
)  # fmt: skip
_ALONE = frozenset((Matter.volatility, Matter.volume, Matter.events, Matter.news))
"""What is answered without the report's headline, which is about something else."""


def answered(
    report: Report, matter: Matter, question: str, frames: Sequence[Timeframe]
) -> list[str]:
    """Sentences of a report, those that were asked for first."""
    about = report.symbol or report.about
    if matter is Matter.levels and report.levels:
        return levels(about, report.levels)
    if frames and matter in (Matter.trend, Matter.outlook):
        return trends(report, frames)
    names = next(
        (
            sections
            for of, words, sections in _SECTIONS
            if of is matter and re.search(words, question.lower())
        ),
        ("trend",) if matter is Matter.trend else (),
    )
    lines = [
        line.text
        for section in report.sections
        if section.name in names and not section.aligned
        for line in section.lines
        if not _stands(line.text, report.headline)
    ][:_MOST]
    if matter in _ALONE and lines:
        return [f"{about}: {_within(lines[0])}", *lines[1:]]
    if matter is Matter.trend:
        states = [each for each in lines if _FRAME.match(each)]
        told = "; ".join(each.partition(". ")[0] for each in states)
        lines = [f"{told}.", *(each for each in lines if each not in states)] if told else lines
    if matter is Matter.outlook and report.view is not None:
        lines = [*(f"It would change: {each}." for each in report.view.changes[:1]),
                 *levels(about, report.levels)]  # fmt: skip
    return [report.headline, *lines]


def levels(about: str, told: Sequence[KeyLevel]) -> list[str]:
    """The nearest levels below and above the price."""
    known = [each for each in told if each.distance is not None]
    below = sorted((each for each in known if _far(each) < 0), key=_far, reverse=True)
    above = sorted((each for each in known if _far(each) >= 0), key=_far)
    said = []
    for what, where, found in (("support", "below", below), ("resistance", "above", above)):
        if found:
            listed = "; ".join(map(_level, found[:_NEAREST]))
            said.append(f"{about}, {what} {where} the price, nearest first: {listed}.")
        else:
            said.append(f"No level that is told of lies {where} the price of {about}.")
    return said


def trends(report: Report, frames: Sequence[Timeframe]) -> list[str]:
    """The trend on the timeframes that were asked for."""
    lines = [line.text for each in report.sections if each.name == "trend" for line in each.lines]
    said = [
        f"{report.symbol} {line}"
        for frame in frames
        for line in lines
        if line.startswith(f"{frame.value}:")
    ]
    if said:
        return said
    asked = ", ".join(frame.value for frame in frames)
    return [f"A brief does not read {asked}; it does the week, day, hour and 15 minutes.",
            report.headline]  # fmt: skip


def _stands(line: str, headline: str) -> bool:
    """Whether the headline has told every figure of a line."""
    figures = set(_FIGURE.findall(line))
    return bool(figures) and figures <= set(_FIGURE.findall(headline))


def _within(line: str) -> str:
    """A sentence within another: its capital is small, where it is no abbreviation's."""
    return line if line[1:2].isupper() else f"{line[:1].lower()}{line[1:]}"


def _far(level: KeyLevel) -> float:
    return level.distance or 0.0


def _level(level: KeyLevel) -> str:
    return f"{_within(level.name)} {priced(level.price)} ({number(abs(_far(level)), 1)} ATR)"
