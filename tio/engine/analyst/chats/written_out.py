"""A chat as one text, its sources with it."""

from collections.abc import Sequence

import msgspec

from tio.api.chats import ChatFormat, ChatMessage, Source, Speaker, WholeChat
from tio.api.codec import encode
from tio.api.grounding_text import markdown, numbered, share_line, source_line
from tio.engine.store.chats import KeptResult

ADVICE = "Written by the analyst from the results named; not investment advice."


class WrittenOut(msgspec.Struct, frozen=True, kw_only=True):
    """A chat with everything that belongs to it."""

    chat: WholeChat
    sources: tuple[Source, ...]
    advice: str = ADVICE


def written_out(whole: WholeChat, results: Sequence[KeptResult], form: ChatFormat) -> str:
    """Markdown for people, JSON with every result for programs."""
    if form is ChatFormat.json:
        sources = tuple(each.source for each in results)
        return encode(WrittenOut(chat=whole, sources=sources)).decode()
    lines = [f"# {whole.chat.title}", ""]
    if whole.chat.as_of is not None:
        lines += [f"As of {whole.chat.as_of:%d %b %Y %H:%M} UTC.", ""]
    for message in whole.messages:
        lines += _message(message)
    used = [f"- {each.source.result}: {each.word} {each.source.asked}" for each in results]
    lines += ["## Results", "", *used, ""] if used else []
    return "\n".join((*lines, f"*{ADVICE}*", ""))


def _message(message: ChatMessage) -> list[str]:
    at = f"{message.at:%d %b %Y %H:%M} UTC"
    if message.speaker is Speaker.person:
        looking = [f"{each.kind} {each.about}" for each in message.chips]
        about = [f"*Looking at {', '.join(looking)}.*", ""] if looking else []
        return [f"## {at}", "", *about, *(f"> {line}" for line in message.text.split("\n")), ""]
    lines = [f"*{message.made_by or 'nobody'}, {at}*", ""]
    if message.report is not None:
        lines += [message.report.headline, ""]
        for section in message.report.sections:
            lines += [f"### {section.title}", ""]
            lines += [f"- {line.text}" for line in section.lines] + [""]
    if message.grounded is not None and message.grounded.text:
        lines += [markdown(message.grounded), ""]
        lines += [f"- {source_line(each)}" for each in numbered(message.grounded.citations)]
        lines += ["", share_line(message.grounded), ""]
    lines += [f"- {each}" for each in message.notes]
    lines += [f"- {each.word} {each.fields}: {each.state}" for each in message.proposals]
    if message.confidence is not None:
        lines += ["", f"Confidence {message.confidence.level}: {message.confidence.reason}"]
    return [*lines, ""]
