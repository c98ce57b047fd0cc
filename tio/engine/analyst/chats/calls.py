"""Tool calls as a chat shows them, keeps them and grounds figures on them."""

from datetime import datetime
from typing import Any

import msgspec

from tio.api.chats import ToolProposal, ToolUse
from tio.api.clean import clean
from tio.api.codec import decode, encode
from tio.api.contract import WORDS, Request
from tio.engine.analyst.conversation.events import CallBegun, CallEnded
from tio.engine.analyst.grounding.facts import ToolResult
from tio.engine.analyst.tools import columns
from tio.engine.analyst.tools.desk import Called
from tio.engine.store.chats import KeptResult

_SHORT = 60
_LONGEST = 120


def begun(event: CallBegun) -> ToolUse:
    """A call that is going on."""
    return ToolUse(id=event.id, word=event.name, asked=clean(event.arguments, limit=_LONGEST))


def ended(event: CallEnded) -> ToolUse:
    """A call that is over."""
    called = event.called
    asked = called.request or called.proposed
    return ToolUse(
        id=event.id,
        word=event.name,
        asked=in_short(asked) if asked else clean(called.call.arguments, limit=_LONGEST),
        told=_told(called),
        ok=called.ok,
        milliseconds=round(event.milliseconds, 1),
        result=called.id,
    )


def in_short(request: Request[Any]) -> str:
    """What a word asks for in a few words: its fields that are not as they would be anyway."""
    parts = []
    for field in msgspec.structs.fields(type(request)):
        value = getattr(request, field.name)
        if value == field.default or value in (None, ""):
            continue
        parts.append(_short(value))
    return clean(" ".join(filter(None, parts)), limit=_LONGEST)


def result_of(called: Called) -> ToolResult | None:
    """What a figure may stand on; None where the call told nothing new."""
    if not called.ok or called.request is None or called.answer is None:
        return None
    return ToolResult(called.id, called.request, called.answer)


def kept(called: Called, at: datetime) -> KeptResult | None:
    """The same to be stored."""
    if not called.ok or called.request is None or called.repeated:
        return None
    return KeptResult(
        int(called.id[1:]),
        at,
        type(called.request).__name__,
        encode(called.request),
        encode(called.answer),
    )


def recalled(result: KeptResult) -> ToolResult:
    """A stored result again; as plain JSON where this tio knows its word no more."""
    word = WORDS.get(result.word)
    try:
        if word is not None:
            return ToolResult(
                f"r{result.number}", decode(result.asked, word), decode(result.answer, word.answer)
            )
    except msgspec.MsgspecError:
        pass  # Its word has changed since: what it told is still told, as JSON.
    asked, answer = (msgspec.json.decode(each) for each in (result.asked, result.answer))
    return ToolResult(f"r{result.number}", asked, answer)


def proposal_of(called: Called) -> ToolProposal | None:
    """What a call proposes, to be shown to the person."""
    if called.proposed is None:
        return None
    return ToolProposal(
        id=called.call.id,
        word=type(called.proposed).__name__,
        fields=encode(called.proposed).decode(),
    )


def _told(called: Called) -> str:
    if called.proposed is not None:
        return "waits for you"
    if not called.ok:
        return clean(called.text, limit=200)
    answer = called.answer
    if isinstance(headline := getattr(answer, "headline", None), str):
        return clean(headline, limit=_LONGEST)
    if isinstance(answer, msgspec.Struct) and (table := columns.columns(answer)):
        return _counted(len(table[0]), "row")
    if isinstance(answer, list | tuple):
        return _counted(len(answer), "item")
    return "read on" if called.request is None else ""


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _short(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%MZ}"
    if isinstance(value, list | tuple):
        more = f" and {len(value) - 4} more" if len(value) > 4 else ""
        return ",".join(_short(each) for each in value[:4]) + more
    if isinstance(value, msgspec.Struct):
        inner = (getattr(value, name) for name in value.__struct_fields__)
        return " ".join(_short(each) for each in inner if each not in (None, "", (), {}))[:_SHORT]
    return str(value)[:_SHORT]
