"""A conversation over the fake servers: what was asked, what came, with a clock moved by hand."""

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fake_models import FakeModels, Round, delta, fragment, line, ollama, openai
from made_up_words import Access

from tio.api.access import Principal
from tio.api.contract import Role, Word
from tio.engine.analyst.conversation.chain import Chain
from tio.engine.analyst.conversation.events import ChatEvent, Exhausted, Finished
from tio.engine.analyst.conversation.loop import Conversation, Limits
from tio.engine.analyst.models.ollama import OllamaModel
from tio.engine.analyst.models.openai import OpenAiModel
from tio.engine.analyst.models.speech import Model, Text
from tio.engine.analyst.tools.desk import ToolDesk
from tio.plugin import Clock

from fakes import FakeClock, FakeEngine

SYSTEM = "You are an analyst."


@dataclass
class Wire:
    """How one of the two protocols says things."""

    kind: str

    def model(self, server: FakeModels, clock: Clock) -> Model:
        made = OpenAiModel if self.kind == "openai" else OllamaModel
        return made(server.settings(self.kind), clock)

    def says(self, *texts: str, usage: tuple[int, int] = (0, 0), cut: bool = False) -> Round:
        reason = "length" if cut else "stop"
        if self.kind == "openai":
            return openai(*(delta(content=each) for each in texts), finish=reason, usage=usage)
        return ollama(*(line(content=each) for each in texts), reason=reason, usage=usage)

    def calls(self, *calls: tuple[str, str], usage: tuple[int, int] = (0, 0)) -> Round:
        """Calls by name and JSON; what is no object goes over OpenAI's wire alone."""
        if self.kind == "openai":
            told = [fragment(i, f"id{i}", *each) for i, each in enumerate(calls)]
            return openai(delta(tool_calls=told), finish="tool_calls", usage=usage)
        functions = [
            {"function": {"name": name, "arguments": json.loads(told)}} for name, told in calls
        ]
        return ollama(line(tool_calls=functions), usage=usage)

    def breaks_off(self, *texts: str) -> Round:
        """The server is killed after these words, when it is released."""
        if self.kind == "openai":
            pieces = [b"data: " + json.dumps(delta(content=t)).encode() + b"\n\n" for t in texts]
        else:
            pieces = [json.dumps(line(content=each)).encode() + b"\n" for each in texts]
        return Round(pieces, cut=True, held=True)

    def hangs(self, *texts: str) -> Round:
        """The server says this and then nothing more."""
        return replace(self.breaks_off(*texts), cut=False)


WIRES = (Wire("openai"), Wire("ollama"))


@dataclass
class Scene:
    """One conversation and the engine behind it."""

    models: Sequence[Model]
    engine: FakeEngine = field(default_factory=FakeEngine)
    clock: FakeClock = field(default_factory=FakeClock)
    limits: Limits | None = None
    role: Role = Role.owner
    words: Iterable[type[Word]] | None = None

    def __post_init__(self) -> None:
        self.chain = Chain(self.models, self.clock)
        self.desk = ToolDesk(
            Access(self.engine), Principal(role=self.role), self.clock, words=self.words
        )
        self.chat = Conversation(SYSTEM, self.desk, self.chain, self.clock, self.limits)

    async def ask(
        self, question: str = "What does AAPL cost?", server: FakeModels | None = None
    ) -> list[ChatEvent]:
        """All events; a server that holds is released once a text was shown."""
        events: list[ChatEvent] = []
        async with asyncio.timeout(20):
            async for event in self.chat.ask(question):
                events.append(event)
                if isinstance(event, Text) and server is not None:
                    server.release()
        return events


def finished(events: Sequence[ChatEvent]) -> Finished:
    assert isinstance(events[-1], Finished), events[-1]
    assert not any(isinstance(each, Finished | Exhausted) for each in events[:-1])
    return events[-1]


def shown(events: Sequence[ChatEvent]) -> str:
    """All text that was told, void or not."""
    return "".join(each.text for each in events if isinstance(each, Text))


def of(kind: Any, events: Sequence[ChatEvent]) -> list[Any]:
    return [each for each in events if isinstance(each, kind)]
