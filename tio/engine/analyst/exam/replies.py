"""One round asked of a model under examination, with its times."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field

from msgspec.structs import replace

from tio.api.clean import clean
from tio.engine.analyst.conversation.chain import Speaker
from tio.engine.analyst.models.patience import Silent, within
from tio.engine.analyst.models.speech import (
    Asking,
    Event,
    Failed,
    Fault,
    Message,
    Part,
    Text,
    Thinking,
    ToolCall,
    Usage,
)
from tio.plugin import Clock


@dataclass
class Reply:
    """What came of a round; seconds are since it was asked."""

    text: str = ""
    calls: list[ToolCall] = field(default_factory=list)
    usage: Usage | None = None
    failed: Failed | None = None
    pieces: int = 0
    thought: bool = False
    first: float | None = None
    last: float = 0.0

    @property
    def shown(self) -> str:
        """The beginning of what it said, in quotes."""
        return repr(clean(" ".join(self.text.split()), limit=80))


@dataclass
class Subject:
    """Who is examined, how long one round may take, and what was measured so far.

    `stamp` differs from one examination to the next: what a server kept of the last is of no use.
    """

    speaker: Speaker
    clock: Clock
    seconds: float
    most: int
    """Tokens of an answer; a model that thinks needs most of them for that."""
    stamp: str
    unreachable: bool = False
    read: int = 0
    written: int = 0
    first_seconds: float | None = None
    tokens_per_second: float | None = None

    @property
    def window(self) -> int:
        """Tokens of its window, as it is used."""
        return self.speaker.window

    async def reply(self, asking: Asking) -> Reply:
        """The round as a whole; its failure is in it."""
        reply, begun = Reply(), self.clock.monotonic()
        try:
            await within(self.clock, self.seconds, self._hear(asking, reply, begun))
        except Silent:
            reply.failed = Failed(Fault.silent, f"no whole answer within {self.seconds:g} s")
        if reply.usage is not None:
            self.read += reply.usage.read
            self.written += reply.usage.written
        return reply

    def _fitted(self, asking: Asking) -> Asking:
        return replace(asking, context=self.window, most=min(self.most, self.window // 4))

    async def _hear(self, asking: Asking, reply: Reply, begun: float) -> None:
        events: AsyncIterator[Event] = self.speaker.model.says(self._fitted(asking))
        async with aclosing(events) as told:  # type: ignore[type-var]
            async for event in told:
                _take(reply, event, self.clock.monotonic() - begun)


def asking(question: str, system: str = "You are a careful assistant.") -> Asking:
    """One question by itself."""
    told = (Message(part=Part.system, text=system), Message(part=Part.user, text=question))
    return Asking(messages=told)


def _take(reply: Reply, event: Event, at: float) -> None:
    match event:
        case Text(text):
            reply.text += text
            reply.pieces += 1
        case Thinking():
            reply.thought = True
            reply.pieces += 1
        case ToolCall():
            reply.calls.append(event)
        case Usage():
            reply.usage = event
        case Failed():
            reply.failed = event
    if isinstance(event, Text | Thinking | ToolCall):
        reply.first = at if reply.first is None else reply.first
        reply.last = at
