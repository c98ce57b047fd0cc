"""Rows of a markdown table: each cell is read with the header above it and the symbol beside it."""

from dataclasses import replace

from tio.engine.analyst.grounding.evidence import Evidence
from tio.engine.analyst.grounding.figures import Figure, Form
from tio.engine.analyst.grounding.judging import Carried, Question, judge
from tio.engine.analyst.grounding.strangers import strangers
from tio.engine.analyst.grounding.subjects import mentions_of
from tio.engine.analyst.grounding.verdicts import Verdict

_NO_HEADS = frozenset("value values figure amount number data reading level".split())
"""Headers that say nothing where the label beside the cell does."""
_RULE = frozenset("|-: \t\n")


def in_table(text: str) -> bool:
    """Whether a line is a row of a table."""
    return text.lstrip().startswith("|") and text.count("|") >= 2


def table_row(
    text: str, evidence: Evidence, asked: Question, carried: Carried
) -> tuple[list[Verdict], Carried]:
    """The verdicts on one row, cell by cell; the first row after prose is the header."""
    if set(text) <= _RULE:
        return [], carried
    cells = _cells(text)
    if not carried.header:
        symbols = tuple(whom_of(cell, evidence, asked) for _, cell in cells)
        words = "\n".join(cell.strip() for _, cell in cells)
        return [], replace(carried, header=words, columns=symbols)
    names = carried.header.split("\n")
    row = whom_of(text, evidence, asked)
    told = {symbols for symbols in carried.columns if symbols}
    only = next(iter(told)) if len(told) == 1 else ()
    label = cells[0][1].strip() if cells else ""
    verdicts: list[Verdict] = []
    for number, (start, cell) in enumerate(cells):
        if number == 0 and row:
            continue
        head = names[number] if number < len(names) else ""
        above = carried.columns[number] if number < len(carried.columns) else ()
        told_of = "" if label and head.lower() in _NO_HEADS else f" {head}"
        words = f"{label}{told_of}: " if number else ""
        before = replace(carried, topic=row or above or only or carried.topic)
        sign = "%" in head and "%" not in cell
        found, _ = judge(words + cell.strip() + (" %" if sign else ""), evidence, asked, before)
        lead = len(cell) - len(cell.lstrip()) - len(words)
        verdicts += [
            _moved(one, start + lead, start, start + len(cell))
            for one in found
            if one.figure.start >= len(words) or one.figure.end > len(words)
        ]
    return verdicts, replace(carried, topic=row or carried.topic)


def asked_of(text: str, evidence: Evidence) -> tuple[str, ...]:
    """The symbols a question is about, of those the tools told of."""
    return tuple(dict.fromkeys(one.symbol for one in mentions_of(text, evidence)))


def whom_of(text: str, evidence: Evidence, asked: Question) -> tuple[str, ...]:
    """The symbols a text names, those that no tool told of too."""
    unknown = [
        (one.figure.start, one.figure.end, one.figure.text)
        for one in strangers(text, evidence, asked.text)
    ]
    return tuple(dict.fromkeys(one.symbol for one in mentions_of(text, evidence, unknown)))


def _cells(text: str) -> list[tuple[int, str]]:
    found, start = [], text.index("|") + 1
    while (end := text.find("|", start)) >= 0:
        found.append((start, text[start:end]))
        start = end + 1
    return found


def _moved(one: Verdict, by: int, low: int, high: int) -> Verdict:
    figure: Figure = one.figure
    start, end = max(figure.start + by, low), min(figure.end + by, high)
    text = figure.text if figure.form is Form.symbol else figure.text.rstrip(" %")
    return replace(one, figure=replace(figure, start=start, end=end, text=text))
