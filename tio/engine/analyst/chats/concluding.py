"""What a model concludes of a report, in a shape that can be held against what comes."""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tio.api.analyst import Report, Workflow
from tio.api.clean import clean
from tio.engine.analyst.chats.memory import ViewMemory
from tio.engine.analyst.chats.mind import Mind
from tio.engine.analyst.chats.writing import Writing
from tio.engine.analyst.conversation.chain import Speaker
from tio.engine.analyst.conversation.structured import Verdict, structured
from tio.engine.analyst.grounding.answer import ground
from tio.engine.analyst.models.patience import Silent, within
from tio.engine.analyst.models.speech import Message, Part
from tio.engine.analyst.views.giving import Said
from tio.plugin import Clock

SECONDS = 60.0
"""How long a verdict is waited for."""
_ASKED = (
    "Now conclude for {symbol}, in JSON alone: `way`, where its price goes; `sessions`, over how "
    "many trading days from now; `confidence`, from 0 to 1, how sure you are; `reason`, one "
    "sentence. Nobody trades on it: it is kept and held against what happens."
)


class Way(StrEnum):
    """Where a price goes."""

    up = "up"
    leaning_up = "leaning up"
    neutral = "neutral"
    leaning_down = "leaning down"
    down = "down"

    @property
    def bias(self) -> int:
        """−2 to 2."""
        return 2 - list(Way).index(self)


class Conclusion(msgspec.Struct, frozen=True):
    """A model's verdict on a symbol; its confidence is its own claim."""

    way: Way
    sessions: Annotated[int, Meta(ge=1, le=60)]
    confidence: Annotated[float, Meta(ge=0, le=1)]
    reason: Annotated[str, Meta(max_length=400)] = ""


def concludes(mind: Mind, report: Report | None) -> bool:
    """Whether a verdict is asked for: of a brief that has a view, and is of now."""
    return (
        report is not None
        and report.workflow is Workflow.brief
        and report.view is not None
        and mind.desk.as_of is None
    )


class Concluding:
    """Asks for verdicts, keeps them, and says so with the answer."""

    def __init__(self, views: ViewMemory, wall: Clock) -> None:
        self._views = views
        self._wall = wall

    async def conclude(
        self, speaker: Speaker, mind: Mind, question: str, report: Report, writing: Writing
    ) -> None:
        """A verdict of who answered; without one a sentence why, and never one made up."""
        said = await self._asked(speaker, mind, report, writing.so_far().text)
        message = writing.message
        writing.change(read=message.read + said.read, written=message.written + said.written)
        told = said.value
        if told is None:
            writing.note(f"No verdict to be kept: {said.why}.")
            return
        confidence = writing.message.confidence
        view = await self._views.given(
            mind.principal.name,
            Said(
                symbol=report.symbol,
                bias=told.way.bias,
                by=speaker.name,
                days=told.sessions,
                stated=told.confidence,
                confidence=None if confidence is None else confidence.score,
                reason=_grounded(told.reason, question, mind),
                as_of=mind.moment,
            ),
            chat=mind.chat,
            message=message.id,
        )
        days = f"{told.sessions} session{'s' * (told.sessions > 1)}"
        kept = "" if view is None else f"; kept as {view.id}, due {view.due:%Y-%m-%d}"
        writing.note(
            f"Verdict: {report.symbol} {told.way} over {days}, by its own word "
            f"{told.confidence:.0%} sure{kept}."
        )

    async def _asked(
        self, speaker: Speaker, mind: Mind, report: Report, answer: str
    ) -> Verdict[Conclusion]:
        messages = (
            Message(part=Part.system, text=mind.conversation.system),
            # What it was asked, with the report; calls between are left out, as no tools go along.
            next(each for each in mind.conversation.messages[::-1] if each.part is Part.user),
            Message(part=Part.assistant, text=answer),
            Message(part=Part.user, text=_ASKED.format(symbol=report.symbol)),
        )
        try:
            work = structured(speaker, messages, Conclusion)
            return await within(self._wall, SECONDS, work)
        except Silent as silent:
            return Verdict(None, f"{speaker.name}: {silent}")


def _grounded(reason: str, question: str, mind: Mind) -> str:
    """The reason, none where a figure of it is unverified."""
    text = clean(reason, limit=400)
    found = ground(text, mind.evidence, question, mind.moment.date())
    return "" if found.unverified else text
