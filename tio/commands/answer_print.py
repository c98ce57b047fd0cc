"""How an answer of the analyst prints: its text, what its figures stand on, how far to trust it."""

import sys
from collections.abc import Iterable
from contextlib import suppress
from shutil import get_terminal_size

from tio.api.chats import AnswerState, ChatMessage, ProposalState, ToolProposal, ToolUse
from tio.api.clean import clean
from tio.api.errors import TioError
from tio.api.grounding import Citation
from tio.api.grounding_text import numbered, share_line, source_line, with_marks
from tio.api.models import RULES
from tio.api.report_text import report_lines

ADVICE = "not investment advice"
_ENDED = {
    AnswerState.writing: "still being written",
    AnswerState.cut: "cut short at a limit",
    AnswerState.stopped: "stopped",
    AnswerState.interrupted: "interrupted: the engine ended",
    AnswerState.failed: "failed",
}


def print_lines(lines: Iterable[str]) -> None:
    """Cleaned lines on standard output, at once."""
    for line in lines:
        print(clean(line, prose=True, limit=len(line) or 1))
    sys.stdout.flush()


def width() -> int:
    """Columns a report is broken at; 0 where nobody looks."""
    return get_terminal_size().columns if sys.stdout.isatty() else 0


def print_answer(message: ChatMessage, chat: str = "") -> None:
    """A whole answer; figures are marked where they stand. `chat`: where proposals are decided."""
    lines = report_lines(message.report, width()) if message.report is not None else []
    if text := _text(message):
        lines += ["", text] if lines else [text]
    elif not lines and message.meanwhile is not None:
        lines = ["rules said meanwhile:", with_marks(message.meanwhile).rstrip()]
    if found := _cited(message):
        lines += ["", *map(_source, found)]
    print_lines([*lines, "", *_worth(message), *_proposed(message, chat), by_line(message)])


def print_rest(message: ChatMessage, chat: str) -> None:
    """What belongs to an answer whose text and report stand on the terminal already."""
    lines = [""] if _text(message) else []
    if found := _cited(message):
        lines += [*(f"{clean(each.text)} {_source(each)}" for each in found), ""]
    print_lines([*lines, *_worth(message), *_proposed(message, chat), by_line(message)])


def tool_line(call: ToolUse) -> str:
    """A call that is over, folded: `▸ GetBars BTC-USD 1h 500 · 12 ms · r3`, or why it failed."""
    parts = [f"▸ {call.word} {call.asked}".rstrip(), f"{call.milliseconds:.0f} ms"]
    told = call.result if call.ok else call.told
    return clean(" · ".join([*parts, told] if told else parts))


def author(made_by: str) -> str:
    """`AI qwen3` of `ollama:qwen3`, or `rules`."""
    if made_by in ("", RULES):
        return made_by or "nobody"
    _, mark, model = made_by.rpartition("#")
    return f"AI {model if mark else made_by.partition(':')[2] or made_by}"


def by_line(message: ChatMessage) -> str:
    """Who answered, in what time, and what it is not."""
    parts = [author(message.made_by)]
    if message.state in _ENDED:
        parts.append(_ENDED[message.state])
    if message.seconds:
        parts.append(f"{message.seconds:.1f} s")
    if message.read or message.written:
        parts.append(f"{message.read:,} tokens read, {message.written:,} written")
    if message.cost:
        parts.append(f"{message.cost:.4f} {_currency()}".rstrip())
    return clean(" · ".join([*parts, ADVICE]))


def proposal_lines(proposal: ToolProposal) -> list[str]:
    """The word as it would be said, and what became of it."""
    outcome = f": {proposal.outcome}" if proposal.outcome else ""
    return [clean(f"proposed {proposal.word} {proposal.fields} ({proposal.state}{outcome})")]


def _text(message: ChatMessage) -> str:
    """The text with its marks; none where it only repeats a report's headline."""
    if message.report is not None and message.text == message.report.headline:
        return ""
    grounded = message.grounded
    if grounded is None or grounded.text != message.text:
        return message.text.rstrip()
    return with_marks(grounded).rstrip()


def _cited(message: ChatMessage) -> list[Citation]:
    """What the text cites; a report has sources of its own."""
    judged = message.grounded if _text(message) else None
    return numbered(judged.citations) if judged is not None else []


def _currency() -> str:
    """What models' costs are in, as config.toml says."""
    from tio.config import load

    with suppress(TioError):
        return load().analyst.currency
    return ""


def _source(one: Citation) -> str:
    """Its line, and the result `tio chats source` shows whole."""
    return clean(f"{source_line(one)} · {one.facts[0].call}")


def _worth(message: ChatMessage) -> list[str]:
    """How much of it is verified, what is not and why, how sure it is, what must be known."""
    lines: list[str] = []
    if message.grounded is not None and _text(message):
        lost = message.grounded.unverified
        lines += [f"{each.text} (unverified): {each.why}" for each in lost]
        lines.append(share_line(message.grounded))
    sure, report = message.confidence, message.report
    if sure is not None and (report is None or sure != report.confidence):
        lines += [f"Confidence {sure.level} {sure.score:.2f}: {sure.reason}", *sure.notes]
    return [clean(each) for each in (*lines, *message.notes)]


def _proposed(message: ChatMessage, chat: str) -> list[str]:
    lines: list[str] = []
    for each in message.proposals:
        lines += proposal_lines(each)
        if chat and each.state is ProposalState.waiting:
            lines.append(f"  to do it: tio chats confirm {chat} {message.id} {each.id}")
    return lines
