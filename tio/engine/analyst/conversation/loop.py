"""A conversation: each question goes to models that call tools, until one has answered."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

from tio.api.clean import clean
from tio.engine.analyst.conversation.calling import call_all
from tio.engine.analyst.conversation.chain import Chain, Speaker
from tio.engine.analyst.conversation.events import (
    Anew,
    Answering,
    ChatEvent,
    End,
    Exhausted,
    Finished,
    Note,
    Offered,
)
from tio.engine.analyst.conversation.heard import Heard, Spoken, hear
from tio.engine.analyst.models.speech import Failed, Fault, Message, Part, Text, Tool, ToolCall
from tio.engine.analyst.tools.desk import Called, ToolDesk
from tio.engine.analyst.tools.results import tokens
from tio.plugin import Clock

_NO_MORE = "No more tools can be called now. Answer with what you know, and say what is missing."
_STUCK = 2
"""Rounds of nothing but calls that were answered before, until tools are taken away."""


@dataclass(frozen=True)
class Limits:
    """What one question may take: rounds, seconds, tokens read and written, tokens of a round."""

    rounds: int = 8
    seconds: float = 180.0
    tokens: int = 100_000
    most: int = 2_048


@dataclass
class _Turn:
    """One question as far as it is answered."""

    question: str
    until: float
    tools: tuple[Tool, ...]
    text: str = ""
    rounds: int = 0
    read: int = 0
    written: int = 0
    stuck: int = 0
    said: str = ""
    """What this round said so far."""
    reasons: list[str] = field(default_factory=list)


class Conversation:
    """Questions and answers with one set of tools. `results` are what its calls came to.

    One question at a time. The messages are ours, so that any model can go on with them; `chain`
    and `system` may be others for each question.
    """

    def __init__(
        self, system: str, desk: ToolDesk, chain: Chain, clock: Clock, limits: Limits | None = None
    ) -> None:
        self.messages: list[Message] = []
        self.results: list[Called] = []
        self.chain = chain
        self.system = system
        self._desk = desk
        self._clock = clock
        self._limits = limits or Limits()
        self._calls = 0

    def answered(self, text: str) -> None:
        """Somebody else answered, when no model was left; a model that comes back reads it."""
        self.messages.append(Message(part=Part.assistant, text=text))

    async def ask(self, question: str) -> AsyncGenerator[ChatEvent, None]:
        """The events of an answer; closing the iterator ends it, at the server too."""
        self.messages.append(Message(part=Part.user, text=question))
        tools, why = self._desk.offered(question)
        yield Offered(tuple(each.name for each in tools), why)
        until = self._clock.monotonic() + self._limits.seconds
        turn = _Turn(question, until, tools, reasons=list(self.chain.resting()))
        try:
            async with aclosing(self._answers(turn)) as events:
                async for event in events:
                    yield event
        finally:
            if turn.said:
                self.messages.append(Message(part=Part.assistant, text=turn.said))

    async def _answers(self, turn: _Turn) -> AsyncGenerator[ChatEvent, None]:
        why = ""
        for speaker in self.chain.ready():
            failed = await speaker.learn()
            if failed is None:
                yield Answering(speaker.name, why)
                async with aclosing(self._rounds(speaker, turn)) as events:
                    async for event in events:
                        if isinstance(event, Failed):
                            failed = event
                            continue
                        yield event
                if failed is None:
                    speaker.breaker.well()
                    return
            speaker.breaker.failed(failed)
            turn.reasons.append(failed.text)
            why = failed.text
            if turn.said:
                turn.said = ""
                yield Anew(why)
        yield Exhausted(tuple(turn.reasons))

    async def _rounds(
        self, speaker: Speaker, turn: _Turn
    ) -> AsyncGenerator[ChatEvent | Failed, None]:
        """Rounds of one model until it answers; Failed as the last event where it cannot."""
        empty = False
        while True:
            spoken, note = self._spoken(turn, empty)
            if note:
                yield Note(note)
            heard = Heard()
            hearing = hear(
                speaker, spoken, heard, self._clock, turn.until, lambda name: self._real(name)
            )
            async with aclosing(hearing) as events:
                async for event in events:
                    if isinstance(event, Text):
                        turn.said += event.text
                    elif isinstance(event, Anew):
                        turn.said = ""
                    yield event
            turn.rounds += 1
            turn.read += heard.read
            turn.written += heard.written or tokens(heard.text)
            if heard.failed is not None:
                yield heard.failed
                return
            if heard.late or not (heard.calls and spoken.tools):
                if not heard.text.strip() and not heard.late:
                    if empty:
                        yield Failed(Fault.broken, f"{speaker.name} said nothing")
                        return
                    empty = True
                    continue
                yield self._finished(speaker, turn, heard)
                return
            async for called in self._called(turn, heard):
                yield called

    def _spoken(self, turn: _Turn, empty: bool) -> tuple[Spoken, str]:
        """What a round is asked with; without tools when a limit is reached, which is told."""
        limits, note = self._limits, ""
        if turn.rounds >= limits.rounds - 1:
            note = f"{turn.rounds} rounds of tools are enough: it answers with what is there"
        elif turn.read + turn.written >= limits.tokens:
            note = f"{turn.read + turn.written} tokens are enough: it answers with what is there"
        elif turn.stuck >= _STUCK:
            note = "it asked the same again and again: it answers with what is there"
        tools = () if note or empty else turn.tools
        last = _NO_MORE if not tools and turn.tools else ""
        note = note if turn.rounds else ""
        return (
            Spoken(self.system, self.messages, turn.question, tools, limits.most, last), note
        )  # fmt: skip

    async def _called(self, turn: _Turn, heard: Heard) -> AsyncGenerator[ChatEvent, None]:
        """The calls of a round; they are of the conversation once all are answered."""
        calls = tuple(self._numbered(each) for each in heard.calls)
        made: list[Called] = []
        async with aclosing(call_all(self._desk, calls, self._clock, made)) as events:
            async for event in events:
                yield event
        self.messages.append(Message(part=Part.assistant, text=heard.text, calls=calls))
        for each in made:
            self.messages.append(
                Message(part=Part.tool, text=each.text, call=each.call.id, tool=each.call.name)
            )
        self.results += made
        turn.tools = self._more(turn.tools)
        turn.text, turn.said = turn.text + turn.said, ""
        turn.stuck = turn.stuck + 1 if all(each.repeated for each in made) else 0

    def _more(self, tools: tuple[Tool, ...]) -> tuple[Tool, ...]:
        """The tools of the turn, and those that results bring."""
        there = {each.name for each in tools}
        return tools + tuple(each for each in self._desk.brought() if each.name not in there)

    def _numbered(self, call: ToolCall) -> ToolCall:
        """With an id of ours: servers number every round anew, and some want nine letters."""
        self._calls += 1
        name = self._real(call.name) or clean(call.name, limit=60)
        arguments = clean(call.arguments, prose=True)
        return ToolCall(f"call{self._calls:05}", name, arguments)

    def _real(self, name: str) -> str:
        return self._desk.real(name)

    def _finished(self, speaker: Speaker, turn: _Turn, heard: Heard) -> Finished:
        end = End.seconds if heard.late else End.cut if heard.cut else End.answered
        return Finished(
            turn.text + turn.said, speaker.name, end, turn.rounds, turn.read, turn.written
        )
