"""How a question is answered: by a workflow's report, by models in their order, by the rules."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from tio.api.analyst import Report
from tio.api.chats import ChatMessage, Chip
from tio.engine.analyst.chats.concluding import Concluding, concludes
from tio.engine.analyst.chats.memory import ViewMemory
from tio.engine.analyst.chats.mind import Mind
from tio.engine.analyst.chats.minds import Minds
from tio.engine.analyst.chats.prompts import READING
from tio.engine.analyst.chats.writing import RULES, Writing, heard_of
from tio.engine.analyst.conversation.chain import Chain
from tio.engine.analyst.conversation.events import CallBegun, CallEnded, ChatEvent, Exhausted
from tio.engine.analyst.grounding.answer import ground
from tio.engine.analyst.grounding.confidence import confidence, cut_off_sentence, stale_sentence
from tio.engine.analyst.grounding.grounds import grounds_of
from tio.engine.analyst.models.speech import Message, Part, Text, ToolCall
from tio.engine.analyst.rules.answering import completed
from tio.engine.analyst.tools.desk import ToolDesk
from tio.plugin import Clock

PATIENCE = 3.0
"""Seconds a model may say nothing before the rules say what they know."""

Rules = Callable[
    [str, Sequence[Chip], ToolDesk, Clock, Sequence[ChatMessage]], AsyncGenerator[ChatEvent, None]
]
Slash = Callable[[str], tuple[str, dict[str, object]] | None]


@dataclass(frozen=True)
class Asking:
    """A question: `workflow` is the word it names and its fields, None where it is free."""

    question: str
    chips: tuple[Chip, ...]
    context: str
    workflow: tuple[str, dict[str, object]] | None = None
    model: str = ""
    earlier: tuple[ChatMessage, ...] = ()
    """What the person asked in this chat before."""


class Answering:
    """Answers questions of one engine's chats. `rules` answer where no model does."""

    def __init__(
        self, minds: Minds, wall: Clock, clock: Clock, rules: Rules, views: ViewMemory
    ) -> None:
        self._minds = minds
        self._wall = wall
        self._clock = clock
        self._rules = rules
        self._views = views
        self._concluding = Concluding(views, wall)

    async def answer(self, asking: Asking, mind: Mind, writing: Writing) -> None:
        """Write the answer; what it stands on is in `writing` when this returns."""
        chain = self._minds.chain
        if asking.model:
            chain = chain.alone(asking.model)
        mind.prepare(chain)
        question = asking.context
        if asking.workflow is not None:
            question = await self._report(asking, mind, writing)
            if not question:
                return
        helping = asyncio.create_task(self._meanwhile(asking, mind, writing))
        if not chain.speakers or asking.workflow is not None:
            helping.cancel()
        try:
            async with aclosing(mind.conversation.ask(question)) as events:
                nobody = await heard_of(events, writing.take)
        finally:
            helping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await helping
        if nobody is not None:
            await self._by_rules(asking, mind, writing, nobody)
        else:
            await self._beside(asking, mind, writing)
            self._count(writing)
        await self._judge(mind, writing)
        writing.stands = True
        if nobody is None:
            await self._conclude(asking, mind, chain, writing)

    async def _report(self, asking: Asking, mind: Mind, writing: Writing) -> str:
        """Make a workflow's report by rules; what a model is asked about it, '' without one."""
        assert asking.workflow is not None
        word, fields = asking.workflow
        fields = await completed(word, fields, asking.chips, mind.desk, self._wall)
        call = ToolCall(f"{word}-{writing.message.id}", word, json.dumps(fields, default=str))
        writing.take(CallBegun(call.id, call.name, call.arguments))
        begun = self._wall.monotonic()
        called = await mind.desk.call(call)
        writing.take(
            CallEnded(call.id, word, (self._wall.monotonic() - begun) * 1_000, called)
        )  # fmt: skip
        if not isinstance(called.answer, Report):
            writing.answers(RULES)
            writing.take(Text(called.text.removeprefix("Error: ")))
            said = (Part.user, asking.context), (Part.assistant, called.text)
            mind.conversation.messages += [Message(part=part, text=text) for part, text in said]
            return ""
        writing.report(called.answer)
        await self._views.reported(
            mind.principal.name, called.answer, RULES, chat=mind.chat, message=writing.message.id
        )
        return READING.format(asked=asking.context, report=called.text)

    async def _by_rules(
        self, asking: Asking, mind: Mind, writing: Writing, nobody: Exhausted
    ) -> None:
        """The rules answer, marked so, and why no model did."""
        writing.cut(0, "no model is left")
        writing.answers(RULES, "; ".join(nobody.reasons))
        # What they said while a model was silent they say again now, as the answer.
        writing.change(meanwhile=None)
        if writing.message.report is not None:
            text = writing.message.report.headline
            writing.take(Text(text))
        else:

            def take(event: ChatEvent) -> None:
                writing.take(event)
                if isinstance(event, CallEnded) and isinstance(event.called.answer, Report):
                    writing.report(event.called.answer)

            told = self._by_these(asking, mind)
            async with aclosing(told) as events:
                await heard_of(events, take)
            text = writing.so_far().text
        mind.conversation.answered(text)

    async def _meanwhile(self, asking: Asking, mind: Mind, writing: Writing) -> None:
        """While the model is silent for long, say what the rules know."""
        await self._wall.sleep(PATIENCE)
        if not writing.silent:
            return
        said = await self._said_by_rules(asking, mind, writing)
        if writing.silent and said:
            self._meant(said, asking, mind, writing)

    async def _beside(self, asking: Asking, mind: Mind, writing: Writing) -> None:
        """Beside an answer that looked nothing up and cites nothing: what the rules know."""
        message = writing.message
        if asking.workflow is not None or message.meanwhile is not None:
            return
        if writing.judged().citations or any(call.ok for call in message.calls):
            return
        said = await self._said_by_rules(asking, mind, writing)
        if said and any(call.ok for call in writing.message.calls):
            writing.note(f"{message.made_by} looked nothing up; the rules did.")
            self._meant(said, asking, mind, writing)

    async def _said_by_rules(self, asking: Asking, mind: Mind, writing: Writing) -> str:
        """What the rules say to a question; what they look up is part of the answer."""
        said = ""

        def take(event: ChatEvent) -> None:
            nonlocal said
            if isinstance(event, Text):
                said += event.text
            elif isinstance(event, CallBegun | CallEnded):
                writing.take(event)

        told = self._by_these(asking, mind)
        async with aclosing(told) as events:
            await heard_of(events, take)
        return said

    def _by_these(self, asking: Asking, mind: Mind) -> AsyncGenerator[ChatEvent, None]:
        return self._rules(asking.question, asking.chips, mind.desk, self._wall, asking.earlier)

    def _meant(self, said: str, asking: Asking, mind: Mind, writing: Writing) -> None:
        writing.meanwhile(ground(said, mind.evidence, asking.question, mind.moment.date()))

    def _count(self, writing: Writing) -> None:
        message = writing.message
        writing.change(cost=self._minds.cost(message.made_by, message.read, message.written))

    async def _conclude(self, asking: Asking, mind: Mind, chain: Chain, writing: Writing) -> None:
        """The verdict of the model that read a brief out, where it can say one."""
        by, report = writing.message.made_by, writing.message.report
        speaker = next((each for each in chain.speakers if each.name == by), None)
        if report is None or speaker is None or speaker.structured is False:
            return
        if concludes(mind, report):
            await self._concluding.conclude(speaker, mind, asking.question, report, writing)
            self._count(writing)

    async def _judge(self, mind: Mind, writing: Writing) -> None:
        """How far the answer may be relied on, and what must be known of its data."""
        found, report = writing.judged(), writing.message.report
        if report is not None and writing.message.made_by == RULES:
            # Its figures are its own, and so is what they are worth.
            writing.change(confidence=report.confidence)
            return
        if writing.unjudged:
            return
        hits, told = await self._views.held(mind.principal.name, writing.message.made_by)
        grounds = grounds_of(mind.evidence, found, mind.moment, hits, told)
        writing.change(confidence=confidence(grounds))
        newest = mind.evidence.newest
        if newest is not None and found.citations:
            writing.note(stale_sentence(newest, mind.moment, grounds.span))
        if writing.message.made_by != RULES:
            cut_off = self._minds.knows_until(writing.message.made_by)
            writing.note(cut_off_sentence(cut_off, mind.moment.date()))
