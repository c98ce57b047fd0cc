"""What is said to a model and what comes back, whichever wire carries it."""

from collections.abc import AsyncIterator, Mapping
from enum import StrEnum
from typing import Any, Protocol

import msgspec

Schema = Mapping[str, Any]
"""A JSON schema, as it goes over the wire."""


class Part(StrEnum):
    """Who says a message."""

    system = "system"
    user = "user"
    assistant = "assistant"
    tool = "tool"


class ToolCall(msgspec.Struct, frozen=True, tag=True):
    """A tool the model wants called; `arguments` is JSON as it wrote it, which may be none."""

    id: str
    name: str
    arguments: str


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One turn. `calls` are those an assistant's turn made; a tool's turn answers `call`."""

    part: Part
    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    call: str = ""
    tool: str = ""


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """Something a model may ask for: its arguments follow `schema`."""

    name: str
    description: str
    schema: Schema


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """One round asked of a model.

    `answer` is a schema the whole answer must follow; such a round has no tools, which a schema
    suppresses. `context`: tokens the model's window holds, 0 where it is the server's affair.
    """

    messages: tuple[Message, ...]
    tools: tuple[Tool, ...] = ()
    answer: Schema | None = None
    context: int = 0
    most: int = 2_048
    """Tokens the answer may have."""
    temperature: float = 0.2


class Text(msgspec.Struct, frozen=True, tag=True):
    """More of the answer."""

    text: str


class Thinking(msgspec.Struct, frozen=True, tag=True):
    """More of what the model thinks by itself; no part of the answer."""

    text: str


class Usage(msgspec.Struct, frozen=True, tag=True):
    """Tokens the server counted, of what it read and of what it wrote."""

    read: int
    written: int


class Fault(StrEnum):
    """Why a round failed, as far as it decides what to do next."""

    unreachable = "unreachable"
    refused = "refused"
    """The credential."""
    unknown_model = "unknown model"
    overflow = "overflow"
    """The window: what was said is too long."""
    busy = "busy"
    silent = "silent"
    """Nothing came for too long."""
    broken = "broken"
    """What came cannot be read, or stopped in the middle."""
    unable = "unable"
    """The model or server cannot do what was asked, tools or a schema."""
    barred = "barred"
    """It may not be asked now: offline, or what a day may cost is spent."""


class Failed(msgspec.Struct, frozen=True, tag=True):
    """The round ended without an answer; `text` says why in a sentence."""

    fault: Fault
    text: str


class Done(msgspec.Struct, frozen=True, tag=True):
    """The round is over; `cut`: the answer stopped at its most tokens."""

    cut: bool = False


Event = Text | Thinking | ToolCall | Usage | Failed | Done
"""Of a round exactly the last one is Failed or Done."""


class Ability(msgspec.Struct, frozen=True, kw_only=True):
    """What a server says its model can do; None where it does not say.

    `context` is the tokens of its window, 0 when unknown.
    """

    tools: bool | None = None
    thinks: bool | None = None
    context: int = 0
    server: str = ""


class Model(Protocol):
    """One model behind one wire."""

    name: str
    """As a person names it: `ollama:qwen3`."""
    window: int
    """Tokens a person says its window holds; 0 where the server is to say it."""

    def says(self, asking: Asking) -> AsyncIterator[Event]:
        """The events of one round. Closing the iterator ends the round at the server too."""

    async def ability(self) -> Ability | Failed:
        """Asks the server what the model can do; Failed when it cannot be had."""

    async def close(self) -> None: ...
