"""Messages of a chat as rows: who said it, what was looked up, what the figures stand on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

import msgspec

from tio.api.chats import (
    AnswerState,
    ChatMessage,
    Chip,
    ChipKind,
    ProposalState,
    Speaker,
    ToolProposal,
    ToolUse,
)
from tio.api.clean import clean
from tio.api.grounding import Citation, CitedFact, Grounded, Unverified
from tio.draw import prose
from tio.draw.prose import Mark, Row, Run
from tio.draw.table import cell_width, fit
from tio.screens.widgets.model_names import short, shortened

INDENT = "  "
MOST = 100_000
"""Characters of a text that are laid out."""
CALLS = 12
"""Calls that are shown before the earlier ones are folded."""
_ENDS = {
    AnswerState.cut: "it stops here: a limit of time or length was reached",
    AnswerState.stopped: "you stopped it",
    AnswerState.interrupted: "the engine ended meanwhile",
    AnswerState.failed: "it failed",
}


FOLDS = ("thinking", "meanwhile", "calls", "model")
"""Thoughts, what the rules said meanwhile, earlier calls, the whole name of the model."""


@dataclass(frozen=True)
class Fold:
    """A part of a message that is shown or not: one of FOLDS."""

    message: str
    part: str


@dataclass(frozen=True)
class ReportFigure:
    """A figure of the report of a message."""

    fact: CitedFact
    result: str


Thing = Citation | Unverified | ToolUse | ToolProposal | Fold | ReportFigure
"""What one may stand on in a row, and open."""


@dataclass(frozen=True)
class Looks:
    """How messages are shown: the width in cells, the zone, what is unfolded, running's sign."""

    width: int
    zone: tzinfo
    unfolded: frozenset[Fold] = frozenset()
    running: str = "…"


def rows_of(message: ChatMessage, looks: Looks) -> list[Row]:
    """A message, with an empty row behind it."""
    made = _question if message.speaker is Speaker.person else _answer
    return [*made(message, looks), ()]


def _question(message: ChatMessage, looks: Looks) -> Iterator[Row]:
    yield (Run("you", "blue"), Run(f" · {_at(message.at, looks)}", "muted"))
    if message.chips:
        yield (Run(f"{INDENT}{' · '.join(map(chip_words, message.chips))}", "muted"),)
    for row in prose.laid(message.text[:MOST], looks.width - 2, ink="bold"):
        yield (Run("› ", "accent"), *row)
    yield from _unshown(message.text, looks)


def _answer(message: ChatMessage, looks: Looks) -> Iterator[Row]:
    yield _who(message, looks)
    yield from _calls(message, looks)
    if message.thinking:
        fold = Fold(message.id, "thinking")
        yield from _folded(fold, f"thought, {len(message.thinking):,} characters", looks)
        if fold in looks.unfolded:
            told = prose.laid(message.thinking[:MOST], looks.width - 4, ink="muted")
            yield from _indented(told, 4)
    yield from _meanwhile(message, looks)
    yield from _report(message, looks)
    if message.text and not (message.report and message.text == message.report.headline):
        yield from _indented(said(message.text, message.grounded, looks.width - 2), 2)
        yield from _unshown(message.text, looks)
    elif message.state is AnswerState.writing and message.meanwhile is None:
        yield (Run(f"{INDENT}{looks.running}", "muted"),)
    for proposal in message.proposals:
        yield from _proposal(proposal, looks)
    yield from _below(message, looks)


def said(text: str, grounded: Grounded | None, width: int) -> list[Row]:
    """A text with its figures marked: those verified cited, the others said to be unverified."""
    cited, lost = (grounded.citations, grounded.unverified) if grounded else ((), ())
    marks = [
        *(Mark(one.start, one.end, "text", prose.superscript(one.number), one) for one in cited),
        *(Mark(one.start, one.end, "struck", " unverified", one) for one in lost),
    ]
    rows = prose.laid(text[:MOST], width, marks)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _unshown(text: str, looks: Looks) -> Iterator[Row]:
    """Where a text is longer than what is laid out of it."""
    if len(text) > MOST:
        words = f"{len(text) - MOST:,} more characters are not shown; w writes the chat out"
        yield from _indented(prose.laid(words, looks.width - 4, ink="accent"), 2)


def chip_words(chip: Chip) -> str:
    """A chip in a few words, as `SIM:ACME 1h chart 3 Mar–5 Mar`."""
    match chip.kind:
        case ChipKind.symbol:
            return chip.about
        case ChipKind.chart:
            window = [f"{each:%-d %b %H:%M}" for each in (chip.start, chip.end) if each]
            return " ".join(
                filter(None, (chip.about, chip.timeframe or "", "chart", "–".join(window)))
            )
        case ChipKind.story:
            return f"story {chip.about[:40]}"
        case ChipKind.report:
            return f"report {chip.about}"
        case _:
            return f"{chip.kind} {chip.portfolio + '/' if chip.portfolio else ''}{chip.about}"


def proposal_words(proposal: ToolProposal) -> str:
    """What would be done: the word, and each field as it is."""
    try:
        fields: dict[str, Any] = msgspec.json.decode(proposal.fields, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeEncodeError):
        return clean(f"{proposal.word}: {proposal.fields}", limit=8_000)
    told = [f"{name} {_value(value)}" for name, value in fields.items() if value not in ("", [])]
    return clean(f"{proposal.word}: {', '.join(told)}", limit=8_000)


def _value(value: object) -> str:
    if isinstance(value, list):
        return " ".join(map(_value, value))
    if isinstance(value, dict):
        return " ".join(f"{name} {_value(inner)}" for name, inner in value.items())
    return "none" if value is None else str(value)


def _who(message: ChatMessage, looks: Looks) -> Row:
    at = Run(f" · {_at(message.at, looks)}", "muted")
    if message.made_by == "rules":
        return (Run("rules", "accent"), at)
    if not message.made_by:
        waits = message.state is AnswerState.writing
        return (Run("analyst", "violet"), at, Run(" · asking …" if waits else "", "muted"))
    fold, name = Fold(message.id, "model"), short(message.made_by)
    if fold in looks.unfolded:
        name = message.made_by
    return (Run("AI", "violet"), Run(" "), Run(name, "text", fold), at)


def _calls(message: ChatMessage, looks: Looks) -> Iterator[Row]:
    """The calls of an answer; of many the earlier ones are folded."""
    fold, calls = Fold(message.id, "calls"), message.calls
    if len(calls) > CALLS:
        earlier = len(calls) - CALLS // 2
        yield from _folded(fold, f"{earlier:,} calls before", looks)
        calls = calls if fold in looks.unfolded else calls[earlier:]
    for call in calls:
        yield _call(call, looks)


def _call(call: ToolUse, looks: Looks) -> Row:
    if call.ok is None:
        head, tone, tail = f"{INDENT}{looks.running} ", "muted", ""
    else:
        head, tone = f"{INDENT}▸ ", "muted" if call.ok else "fall"
        told = f" · {call.told}" if call.told else ""
        tail = f"{told} · {call.milliseconds:,.0f} ms"
    asked = f" {call.asked}" if call.asked else ""
    word = call.word[: looks.width // 2]
    room = max(looks.width - cell_width(head) - cell_width(word), 1)
    rest = f"{asked}{tail}"[: 2 * looks.width]
    rest = rest if cell_width(rest) <= room else fit(rest, room)
    return (Run(head, "muted"), Run(word, "blue", call), Run(rest, tone, call))


def _folded(fold: Fold, words: str, looks: Looks) -> Iterator[Row]:
    sign = "▾" if fold in looks.unfolded else "▸"
    yield (Run(f"{INDENT}{sign} ", "muted"), Run(words, "muted", fold))


def _meanwhile(message: ChatMessage, looks: Looks) -> Iterator[Row]:
    """What the rules say until the model does; folded away once it has."""
    if message.meanwhile is None:
        return
    fold = Fold(message.id, "meanwhile")
    cites = message.grounded is not None and bool(message.grounded.citations)
    over = message.state is not AnswerState.writing
    if message.text and (cites or not over):
        yield from _folded(fold, "what the rules said meanwhile", looks)
    else:
        waits = "" if over else " meanwhile · the model has not answered yet"
        yield (Run(f"{INDENT}rules", "accent"), Run(waits, "muted"))
    if not message.text or (over and not cites) or fold in looks.unfolded:
        rows = said(message.meanwhile.text, message.meanwhile, looks.width - 4)
        yield from _indented(rows, 4)


def _report(message: ChatMessage, looks: Looks) -> Iterator[Row]:
    """A report by rules: its headline and its sections, each figure to be opened."""
    report = message.report
    if report is None:
        return
    result = next((each.result for each in message.calls if each.ok), "")
    yield from _indented(prose.laid(report.headline, looks.width - 2, ink="bold"), 2)
    for mark in report.marks:
        yield from _indented(prose.laid(mark, looks.width - 2, ink="accent"), 2)
    for section in report.sections:
        yield (Run(f"{INDENT}{section.title}", "accent"),)
        for line in section.lines:
            figures = _figures(line.text, line.figures, result)
            yield from _indented(prose.laid(line.text, looks.width - 4, figures), 4)
    for missing in report.unwritten:
        words = f"{missing.title} is missing: {missing.reason}"
        yield from _indented(prose.laid(words, looks.width - 2, ink="muted"), 2)
    yield from _indented(prose.laid(report.advice, looks.width - 2, ink="muted"), 2)


def _figures(text: str, facts: tuple[CitedFact, ...], result: str) -> list[Mark]:
    """Where in a line its figures stand, in their order; one that is not found has no place."""
    marks, at = list[Mark](), 0
    for fact in facts:
        start, size = _found(text, fact.value, at)
        if start >= 0:
            at = start + size
            marks.append(Mark(start, at, "figure", thing=ReportFigure(fact, result)))
    return marks


def _found(text: str, value: str, at: int) -> tuple[int, int]:
    """The first number of the text at or after `at` that is the value as far as it is told."""
    try:
        wanted = float(value)
    except ValueError:
        return text.find(value, at), len(value)
    for found in prose.numbers(text, at):
        told = found[0].replace("\u2009", "").replace(",", "").replace("\u2212", "-")
        digits = len(told.partition(".")[2])
        if any(f"{each:.{digits}f}" == told for each in (wanted, abs(wanted), 100 * wanted)):
            return found.start(), len(found[0])
    return -1, 0


def _proposal(proposal: ToolProposal, looks: Looks) -> Iterator[Row]:
    words = proposal_words(proposal)
    head, tone, tail = {
        ProposalState.waiting: ("? proposes ", "accent", " — enter: do it · x: say no"),
        ProposalState.confirmed: ("✓ done: ", "rise", ""),
        ProposalState.dismissed: ("✗ you said no: ", "muted", ""),
        ProposalState.refused: ("✗ refused: ", "fall", ""),
    }[proposal.state]
    for row in prose.laid(f"{head}{words}{tail}", looks.width - 2, ink=tone):
        yield (Run(INDENT), *(Run(run.text, run.ink, proposal) for run in row))


def _below(message: ChatMessage, looks: Looks) -> Iterator[Row]:
    """What must be known of an answer that is over."""
    words: list[tuple[str, str]] = []
    if message.state is not AnswerState.writing:
        words += _share(message.grounded)
        if message.confidence is not None:
            sure = message.confidence
            words.append((f"confidence {sure.level}: {sure.reason}", "muted"))
        if message.state in _ENDS:
            words.append((_ENDS[message.state], "fall"))
    whole = Fold(message.id, "model") in looks.unfolded
    words += [(note if whole else shortened(note), "muted") for note in message.notes]
    if message.state is not AnswerState.writing and (cost := _cost(message)):
        words.append((cost, "muted"))
    for text, ink in words:
        yield from _indented(prose.laid(text, looks.width - 4, ink=ink), 4)


def _share(grounded: Grounded | None) -> list[tuple[str, str]]:
    """How many figures are verified, with its ink; nothing where there are none."""
    if grounded is None or grounded.share is None:
        return []
    total = len(grounded.citations) + len(grounded.unverified)
    words = f"{len(grounded.citations)} of {total} figures verified"
    return [(words, "rise" if len(grounded.citations) == total else "accent")]


def _cost(message: ChatMessage) -> str:
    parts = [f"{message.seconds:.1f} s"] if message.seconds else []
    if message.read or message.written:
        parts.append(f"{message.read:,} tokens read, {message.written:,} written")
    if message.cost is not None:
        parts.append(f"cost {message.cost:.4f}")
    return " · ".join(parts)


def _at(at: datetime, looks: Looks) -> str:
    return f"{at.astimezone(looks.zone):%H:%M}"


def _indented(rows: list[Row], by: int) -> Iterator[Row]:
    for row in rows:
        yield (Run(" " * by), *row) if row else ()
