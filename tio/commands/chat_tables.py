"""How chats, what a search finds in them, and their sources print."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from tio.api.chats import (
    Chat,
    ChatFormat,
    ChatHit,
    ChatMessage,
    GetChat,
    ProposalState,
    Source,
    Speaker,
    ToolProposal,
    WholeChat,
)
from tio.api.clean import clean
from tio.api.errors import Conflict, Invalid, NotFound
from tio.commands import asking
from tio.commands.answer_print import print_answer, print_lines, tool_line
from tio.commands.printing import print_bytes, print_csv, print_json, print_table, say
from tio.commands.report_print import write_new

_TITLE = 60


def print_chats(chats: Sequence[Chat], *, csv: bool) -> None:
    """One line a chat."""
    header = ("CHAT", "MESSAGES", "CHANGED", "AS OF", "TITLE")
    if csv:
        print_csv(
            ("chat", "messages", "changed", "as_of", "title"),
            [[c.id, c.messages, c.changed.isoformat(), _iso(c.as_of), c.title] for c in chats],
        )
        return
    rows = [
        [each.id, f"{each.messages:,}", _at(each.changed), _at(each.as_of), _titled(each)]
        for each in chats
    ]
    print_table(header, rows, right=("MESSAGES",))
    if not chats:
        say("no chat yet: tio ask 'How does AAPL stand?' begins one")


def print_chat(whole: WholeChat) -> None:
    """A chat's messages, oldest first, answers with all they stand on."""
    chat = whole.chat
    head = [f"{chat.id} · {chat.title}"]
    head += [f"as of {_at(chat.as_of)}: nothing later is told"] if chat.as_of else []
    head += [f"branched from {chat.origin}"] if chat.origin else []
    print_lines(head)
    if whole.earlier:
        say(f"{whole.earlier:,} earlier messages are left out: --last tells more")
    for message in whole.messages:
        print_lines(["", f"── {message.id} · {message.speaker} · {_at(message.at)}", ""])
        if message.speaker is Speaker.person:
            _print_question(message)
        else:
            print_lines([*map(tool_line, message.calls), *([""] if message.calls else [])])
            print_answer(message, chat.id)


def print_hits(hits: Sequence[ChatHit], *, csv: bool) -> None:
    """What a search found; «…» is around what was looked for."""
    if csv:
        print_csv(
            ("chat", "message", "speaker", "at", "title", "snippet"),
            [[h.chat, h.message, h.speaker, h.at.isoformat(), h.title, h.snippet] for h in hits],
        )
        return
    rows = [[h.chat, h.message, h.speaker.value, _at(h.at), h.snippet] for h in hits]
    print_table(("CHAT", "MESSAGE", "WHO", "AT", "FOUND"), rows)
    if not hits:
        say("no message has these words")


def print_source(source: Source) -> None:
    """The word as it was asked beside, its answer as JSON on standard output."""
    say(f"{source.result} {source.word} {source.asked} · {_at(source.at)}")
    print_bytes(msgspec.json.format(source.answer.encode(), indent=2))


def tell(value: object, said: str, *, json: bool) -> None:
    """What was done, as one JSON document or in a sentence."""
    print_json(value) if json else say(said)


def form_of(named: str, file: str) -> ChatFormat:
    """The form that is named, else as the file's name ends, else Markdown."""
    if not named:
        return ChatFormat.json if file.lower().endswith(".json") else ChatFormat.markdown
    if named not in (each.value for each in ChatFormat):
        raise Invalid(f"--as {named[:20]!r} is no form", "markdown or json")
    return ChatFormat(named)


def write_out(text: str, form: ChatFormat, file: str) -> None:
    """To a new file, or standard output."""
    if file and file != "-":
        write_new(Path(file).expanduser(), text)
    elif form is ChatFormat.json:
        print_bytes(text.encode())
    else:
        print_lines([text.removesuffix("\n")])


def waiting(chat: str, message: str, proposal: str, workspace: str) -> ToolProposal:
    """The proposal that waits there, `proposal` "" where it is the only one; NotFound, Conflict."""
    messages = asking.ask(GetChat(chat, 1_000), workspace).messages
    found = [p for each in messages if each.id == message for p in each.proposals]
    if proposal:
        found = [each for each in found if each.id == proposal]
    if not found:
        raise NotFound(
            f"{chat} {message} proposes no {proposal or 'write'}", f"`tio chats show {chat}`"
        )
    left = [each for each in found if each.state is ProposalState.waiting]
    if not left:
        raise Conflict(f"{found[0].word} was {found[0].state} before", "nothing is left to decide")
    if len(left) > 1:
        raise Invalid(
            f"{len(left)} proposals wait in {chat} {message}",
            f"name one of {', '.join(each.id for each in left)}",
        )
    return left[0]


def say_proposal(proposal: ToolProposal) -> None:
    """The very word that would be said, field by field."""
    fields = msgspec.json.decode(proposal.fields)
    say(proposal.word)
    for name, value in fields.items():
        told = msgspec.json.encode(value).decode()
        # What a terminal cannot show is escaped, not left out: this is what is agreed to.
        if clean(told, limit=len(told)) != told:
            told = told.encode("ascii", "backslashreplace").decode()
        say(f"  {name} = {told}")


def _print_question(message: ChatMessage) -> None:
    looking = ", ".join(f"{each.kind} {each.about}" for each in message.chips)
    print_lines(([f"looking at {looking}"] if looking else []) + [message.text])


def _titled(chat: Chat) -> str:
    title = chat.title if len(chat.title) <= _TITLE else chat.title[:_TITLE] + "…"
    return f"{title} (an answer is being written)" if chat.writing else title


def _at(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M}Z"


def _iso(at: datetime | None) -> str:
    return "" if at is None else at.isoformat()
