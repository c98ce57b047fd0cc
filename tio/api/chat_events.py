"""What happens in a chat, as it happens."""

from datetime import datetime

import msgspec

from tio.api.analyst import Report
from tio.api.chats import ChatId, ChatMessage, MessageId, ToolProposal, ToolUse
from tio.api.contract import Delivery, Topic, word
from tio.api.grounding import Citation, Grounded, Unverified


class MessageWritten(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A message as it stands: a new one, one that is over, or all of it to begin with."""

    message: ChatMessage


class Answers(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """This model, or `rules`, answers from here on; `why` where another did before."""

    message: MessageId
    made_by: str
    why: str = ""


class Meanwhile(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What the rules say while the model has not begun."""

    message: MessageId
    said: Grounded


class TextAdded(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """More of the answer."""

    message: MessageId
    text: str


class ThinkingAdded(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """More of what the model thinks by itself; no part of the answer."""

    message: MessageId
    text: str


class TextCut(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """All after the first `kept` characters of the answer is void, what was judged of it too."""

    message: MessageId
    kept: int
    why: str


class FiguresJudged(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The answer is judged up to `judged` characters; these are its new findings."""

    message: MessageId
    judged: int
    citations: tuple[Citation, ...] = ()
    unverified: tuple[Unverified, ...] = ()


class ToolUsed(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A tool call began, or is over: the same `call.id` both times."""

    message: MessageId
    call: ToolUse


class WriteProposed(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A write waits for the person, or was decided on."""

    message: MessageId
    proposal: ToolProposal


class Reported(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A workflow's report by rules stands; what a model reads out of it comes as text."""

    message: MessageId
    report: Report


class Noted(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Something to know of how the answer came about."""

    message: MessageId
    text: str


class ChatEnded(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The chat was deleted."""

    at: datetime


ChatEvent = (
    MessageWritten
    | Answers
    | Meanwhile
    | TextAdded
    | ThinkingAdded
    | TextCut
    | FiguresJudged
    | ToolUsed
    | WriteProposed
    | Reported
    | Noted
    | ChatEnded
)


@word(delivery=Delivery.ordered)
class ChatEvents(Topic[tuple[ChatEvent, ...]], frozen=True):
    """A chat: first its messages as they stand, then each event in order, none left out.

    An answer ends with its whole MessageWritten, whose state is no longer `writing`.
    """

    chat: ChatId
