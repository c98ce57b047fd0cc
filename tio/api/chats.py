"""Chats with the analyst: questions, answers with what they stand on, kept and searched.

Asking answers at once with an id; the answer's words arrive on `ChatEvents` (tio.api.chat_events).
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tio.api.analyst import Report
from tio.api.contract import Effect, Request, Role, word
from tio.api.grounding import Confidence, Grounded
from tio.api.market import Timeframe

ChatId = Annotated[str, Meta(pattern=r"^c[0-9]{1,9}$", description="a chat's id, as c12")]
MessageId = Annotated[str, Meta(pattern=r"^m[0-9]{1,9}$", description="a message's id, as m3")]
Title = Annotated[str, Meta(max_length=120)]
Question = Annotated[str, Meta(min_length=1, max_length=8_000)]


class ChipKind(StrEnum):
    """What a person was looking at when they asked."""

    symbol = "symbol"
    chart = "chart"
    watchlist = "watchlist"
    portfolio = "portfolio"
    position = "position"
    trade = "trade"
    idea = "idea"
    story = "story"
    report = "report"
    """`about` is its workflow and what it is of, as `brief AAPL`."""


class Chip(msgspec.Struct, frozen=True, kw_only=True):
    """Something that goes with a question: a symbol, the window of a chart, a position, a story.

    `about` is a symbol, a list's or portfolio's name, or an id; `portfolio` where it lies. `start`
    and `end` are a chart's window in UTC; `text` is what a story says, and is data.
    """

    kind: ChipKind
    about: Annotated[str, Meta(min_length=1, max_length=120)]
    portfolio: Annotated[str, Meta(max_length=120)] = ""
    timeframe: Timeframe | None = None
    start: datetime | None = None
    end: datetime | None = None
    text: Annotated[str, Meta(max_length=4_000)] = ""


class Speaker(StrEnum):
    """Who says a message."""

    person = "person"
    analyst = "analyst"


class AnswerState(StrEnum):
    """How far an answer is."""

    writing = "writing"
    done = "done"
    cut = "cut"
    """It stopped at a limit of time or length; what stands was said."""
    stopped = "stopped"
    """The person stopped it."""
    interrupted = "interrupted"
    """The engine ended meanwhile."""
    failed = "failed"


class ToolUse(msgspec.Struct, frozen=True, kw_only=True):
    """One call of a tool. `asked` is its word's fields in short, `told` what came of it in short.

    `result` names the kept result (`GetSource`), "" while it runs and where there is none.
    """

    id: str
    word: str
    asked: str = ""
    told: str = ""
    ok: bool | None = None
    milliseconds: float = 0.0
    result: str = ""


class ProposalState(StrEnum):
    """What became of a proposal."""

    waiting = "waiting"
    confirmed = "confirmed"
    dismissed = "dismissed"
    refused = "refused"


class ToolProposal(msgspec.Struct, frozen=True, kw_only=True):
    """A write the analyst proposes: nothing is done until the person confirms this very word.

    `fields` is the word as JSON; `outcome` says what came of it.
    """

    id: str
    word: str
    fields: str
    state: ProposalState = ProposalState.waiting
    outcome: str = ""


class ChatMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A question, or an answer with all it stands on.

    `made_by` is the model that answered, or `rules`. `meanwhile` is what the rules said until a
    model did. `notes` tell how the answer came about: a switch of models, what was left out, the
    model's cut-off. `cost` is in the currency of config.toml, None where no price is known.
    """

    id: MessageId
    speaker: Speaker
    at: datetime
    text: str = ""
    chips: tuple[Chip, ...] = ()
    state: AnswerState = AnswerState.done
    made_by: str = ""
    grounded: Grounded | None = None
    confidence: Confidence | None = None
    calls: tuple[ToolUse, ...] = ()
    proposals: tuple[ToolProposal, ...] = ()
    notes: tuple[str, ...] = ()
    thinking: str = ""
    meanwhile: Grounded | None = None
    report: Report | None = None
    seconds: float = 0.0
    read: int = 0
    written: int = 0
    cost: float | None = None


class Chat(msgspec.Struct, frozen=True, kw_only=True):
    """A chat. `as_of`: nothing later is told in it; `origin`: the chat it was branched from.

    `writing` is the message being written now, "" when none is.
    """

    id: ChatId
    title: str
    started: datetime
    changed: datetime
    messages: int = 0
    as_of: datetime | None = None
    origin: str = ""
    writing: str = ""
    read: int = 0
    written: int = 0
    cost: float | None = None


class WholeChat(msgspec.Struct, frozen=True, kw_only=True):
    """A chat with its messages, oldest first; `earlier` counts those left out before them."""

    chat: Chat
    messages: tuple[ChatMessage, ...]
    earlier: int = 0


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Where an answer is being written."""

    chat: ChatId
    message: MessageId


class ChatHit(msgspec.Struct, frozen=True, kw_only=True):
    """A message a search found; in `snippet` what was found stands between « and »."""

    chat: ChatId
    title: str
    message: MessageId
    speaker: Speaker
    at: datetime
    snippet: str


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """What a figure stands on: the word as it was asked and its whole answer, both as JSON."""

    result: str
    word: str
    asked: str
    answer: str
    at: datetime


class ChatFormat(StrEnum):
    """How a chat is written out."""

    markdown = "markdown"
    json = "json"


class SlashCommand(msgspec.Struct, frozen=True):
    """A question that begins with `/`: what it takes and what it does."""

    name: str
    takes: str
    help: str


SLASH = (
    SlashCommand("brief", "SYMBOL", "report on one symbol"),
    SlashCommand("compare", "SYMBOL SYMBOL …", "two to eight symbols side by side"),
    SlashCommand("why", "SYMBOL", "what moved it, as far as anything known tells"),
    SlashCommand("morning", "[LIST]", "a watchlist before the day begins"),
    SlashCommand("portfolio", "[NAME]", "review of what is held"),
    SlashCommand("risk", "[NAME]", "risk and limits of a portfolio"),
    SlashCommand("journal", "[NAME]", "review of the trades that are over"),
    SlashCommand("idea", "ID", "an idea card held against the evidence"),
)


@word(role=Role.trader, effect=Effect.write)
class StartChat(Request[Chat], frozen=True):
    """Begin a chat. `as_of`: about that past moment, nothing later is told in it."""

    title: Title = ""
    as_of: datetime | None = None


@word(role=Role.trader, effect=Effect.write)
class Ask(Request[Asked], frozen=True):
    """Ask the analyst, in a new chat when none is named; `context` goes with the question.

    Answers at once; the answer itself comes on `ChatEvents`. A question that begins with `/` starts
    a workflow. `model`: ask only this one of `ListModels`. Conflict while an answer is written.
    """

    question: Question
    chat: ChatId | None = None
    context: Annotated[tuple[Chip, ...], Meta(max_length=12)] = ()
    model: Annotated[str, Meta(max_length=200)] = ""


@word(role=Role.trader, effect=Effect.write)
class StopAnswer(Request[Chat], frozen=True):
    """Stop the answer being written, at the model's server too; what was said stands."""

    chat: ChatId


@word()
class ListChats(Request[tuple[Chat, ...]], frozen=True):
    """Your chats, the one that changed last first."""

    limit: Annotated[int, Meta(ge=1, le=1_000)] = 100


@word()
class GetChat(Request[WholeChat], frozen=True):
    """A chat's newest messages with all they stand on. NotFound."""

    id: ChatId
    last: Annotated[int, Meta(ge=1, le=1_000)] = 200


@word()
class SearchChats(Request[tuple[ChatHit, ...]], frozen=True):
    """Messages with these words, the best first; `"two words"` for a phrase, `wor*` a beginning."""

    query: Annotated[str, Meta(min_length=1, max_length=400)]
    limit: Annotated[int, Meta(ge=1, le=200)] = 40


@word(role=Role.trader, effect=Effect.write)
class RenameChat(Request[Chat], frozen=True):
    """Give a chat another title."""

    id: ChatId
    title: Annotated[str, Meta(min_length=1, max_length=120)]


@word(role=Role.trader, effect=Effect.write)
class BranchChat(Request[Chat], frozen=True):
    """A new chat that begins as this one went up to a message; the old one stays as it is."""

    id: ChatId
    message: MessageId


@word(role=Role.trader, effect=Effect.write)
class DeleteChat(Request[Chat], frozen=True):
    """Take a chat with its messages and results away for good."""

    id: ChatId


@word()
class WriteOutChat(Request[str], frozen=True):
    """A chat as one text: Markdown with its sources, or JSON with everything."""

    id: ChatId
    format: ChatFormat = ChatFormat.markdown


@word()
class GetSource(Request[Source], frozen=True):
    """The whole result a figure of a chat stands on, by its `call`. NotFound."""

    chat: ChatId
    result: Annotated[str, Meta(max_length=20)]


@word(role=Role.trader, effect=Effect.write)
class ConfirmProposal(Request[ToolProposal], frozen=True):
    """Do what the analyst proposed, as yourself: that very word, with your role. Conflict."""

    chat: ChatId
    message: MessageId
    proposal: Annotated[str, Meta(max_length=20)]


@word(role=Role.trader, effect=Effect.write)
class DismissProposal(Request[ToolProposal], frozen=True):
    """Say no to what the analyst proposed."""

    chat: ChatId
    message: MessageId
    proposal: Annotated[str, Meta(max_length=20)]
