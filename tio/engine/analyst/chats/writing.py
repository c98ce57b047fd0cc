"""One answer while it is written: what happens becomes its message, and is told as it comes."""

from collections.abc import AsyncIterator, Callable

from msgspec.structs import replace

from tio.api.analyst import Report
from tio.api.chat_events import (
    Answers,
    ChatEvent,
    FiguresJudged,
    Meanwhile,
    MessageWritten,
    Noted,
    Reported,
    TextAdded,
    TextCut,
    ThinkingAdded,
    ToolUsed,
    WriteProposed,
)
from tio.api.chats import AnswerState, ChatMessage, ToolProposal, ToolUse
from tio.api.clean import clean
from tio.api.grounding import Grounded
from tio.engine.analyst.chats import calls
from tio.engine.analyst.chats.mind import Mind
from tio.engine.analyst.conversation import events
from tio.engine.analyst.grounding.answer import Answer
from tio.engine.analyst.models.speech import Text, Thinking
from tio.engine.store.chats import KeptResult

RULES = "rules"
_MOST_THOUGHT = 20_000
"""Characters of what a model thinks that are kept."""
_ENDS = {
    events.End.answered: AnswerState.done,
    events.End.cut: AnswerState.cut,
    events.End.seconds: AnswerState.cut,
}


class Writing:
    """An answer to `question`, told to `tell` as it comes. `kept` are the results not yet stored.

    Its figures are judged sentence by sentence against all that was told in the chat so far.
    """

    def __init__(
        self, message: ChatMessage, mind: Mind, question: str, tell: Callable[[ChatEvent], None]
    ) -> None:
        self.message = message
        self.kept: list[KeptResult] = []
        self._mind = mind
        self._question = question
        self._tell = tell
        self._answer = self._judge()
        self._text = ""
        self._void_from = 0
        """Where the text begins that a model may take back."""
        self._told = (0, 0)
        self._calls: dict[str, ToolUse] = {}
        self._state = AnswerState.done
        self.stands = False
        """Whether all of the answer was said and judged: what comes beside it may be missing."""

    @property
    def silent(self) -> bool:
        """Whether nothing is there yet that a person could read."""
        return not self._text and self.message.report is None

    def take(self, event: events.ChatEvent) -> None:
        """Something that happened to the answer."""
        match event:
            case Text(text=text):
                self._add(text)
            case Thinking(text=text):
                self._thought(text)
            case events.Answering(model=model, why=why):
                self.answers(model, why)
            case events.CallBegun():
                self._called(calls.begun(event))
            case events.CallEnded():
                self._ended(event)
            case events.Anew(why=why):
                self.cut(self._void_from, why)
            case events.Note(text=text):
                self.note(text)
            case events.Finished():
                self._finished(event)
            case _:
                # What tools went with the question, and tokens that Finished sums up.
                pass

    def answers(self, who: str, why: str = "") -> None:
        """From here on this model, or the rules, answer."""
        self._change(made_by=who)
        if why:
            self._change(notes=(*self.message.notes, f"{who} answers: {why}"))
        self._tell(Answers(message=self.message.id, made_by=who, why=why))

    def note(self, text: str) -> None:
        text = clean(text, limit=600)
        if text and text not in self.message.notes:
            self._change(notes=(*self.message.notes, text))
            self._tell(Noted(message=self.message.id, text=text))

    def report(self, report: Report) -> None:
        """A workflow's report by rules stands."""
        self._change(report=report)
        self._tell(Reported(message=self.message.id, report=report))

    def meanwhile(self, said: Grounded) -> None:
        """What the rules say until a model does."""
        self._change(meanwhile=said)
        self._tell(Meanwhile(message=self.message.id, said=said))

    def cut(self, kept: int, why: str) -> None:
        """Take back all after the first `kept` characters."""
        if len(self._text) <= kept:
            return
        self._text = self._text[:kept]
        self._void_from = min(self._void_from, kept)
        self._answer = self._judge()
        self._answer.feed(self._text)
        self._told = (0, 0)
        self._tell(TextCut(message=self.message.id, kept=kept, why=clean(why, limit=400)))
        self._judged()

    def so_far(self) -> ChatMessage:
        """The message as it stands now."""
        self._change(text=self._text, grounded=self._answer.so_far())
        return self.message

    @property
    def unjudged(self) -> bool:
        """Whether rules looked nothing up that could be judged."""
        message = self.message
        return message.made_by == RULES and not any(call.ok for call in message.calls)

    def _grounded(self) -> Grounded | None:
        """What its figures stand on; a report by rules cites its own where that cannot be told."""
        found = None if self.unjudged else self._answer.finish()
        own = self.message.made_by == RULES and self.message.report is not None
        return None if own and found is not None and found.unverified else found

    def judged(self) -> Grounded:
        """The whole answer with its last sentence: nothing more comes."""
        return self._answer.finish()

    def over(self, seconds: float, state: AnswerState | None = None) -> ChatMessage:
        """The message as it stays; its last sentence is judged too. `state` where it was ended."""
        self._change(
            text=self._text,
            grounded=self._grounded(),
            state=state or self._state,
            seconds=round(seconds, 2),
            calls=tuple(
                replace(each, ok=False, told="it was not waited for") if each.ok is None else each
                for each in self.message.calls
            ),
        )
        return self.message

    def change(self, **fields: object) -> None:
        """Put the rest of what is known into the message."""
        self._change(**fields)

    def tell_whole(self) -> None:
        self._tell(MessageWritten(message=self.message))

    def _judge(self) -> Answer:
        return Answer(self._mind.evidence, self._question, self._mind.moment.date())

    def _add(self, text: str) -> None:
        self._text += text
        self._tell(TextAdded(message=self.message.id, text=text))
        if self._answer.feed(text):
            self._judged()

    def _judged(self) -> None:
        """Tell what was judged since the last time."""
        found = self._answer.so_far()
        cited, lost = self._told
        self._told = (len(found.citations), len(found.unverified))
        if self._told != (cited, lost):
            self._tell(
                FiguresJudged(
                    message=self.message.id,
                    judged=found.judged,
                    citations=found.citations[cited:],
                    unverified=found.unverified[lost:],
                )
            )

    def _thought(self, text: str) -> None:
        room = _MOST_THOUGHT - len(self.message.thinking)
        if room > 0:
            text = clean(text, prose=True)[:room]
            self._change(thinking=self.message.thinking + text)
            self._tell(ThinkingAdded(message=self.message.id, text=text))

    def _called(self, use: ToolUse) -> None:
        self._calls[use.id] = use
        self._change(calls=tuple(self._calls.values()))
        self._tell(ToolUsed(message=self.message.id, call=use))

    def _ended(self, event: events.CallEnded) -> None:
        called = event.called
        result = calls.result_of(called)
        if result is not None and self._mind.new(called.id):
            self._mind.evidence.add(result)
            if (stored := calls.kept(called, self._mind.moment)) is not None:
                self.kept.append(stored)
        self._called(calls.ended(event))
        self._void_from = len(self._text)
        proposal = calls.proposal_of(called)
        if proposal is not None:
            self.propose(proposal)

    def propose(self, proposal: ToolProposal) -> None:
        """A write waits for the person."""
        self._change(proposals=(*self.message.proposals, proposal))
        self._tell(WriteProposed(message=self.message.id, proposal=proposal))

    def _finished(self, event: events.Finished) -> None:
        if not self._text:
            # Nothing of it streamed: what it is as a whole.
            self._add(event.text)
        self._state = _ENDS[event.end]
        self._change(
            read=self.message.read + event.read,
            written=self.message.written + event.written,
        )
        if event.end is events.End.cut:
            self.note("It stops at the most an answer may have.")
        elif event.end is events.End.seconds:
            self.note("It stops because the time for a question was over.")

    def _change(self, **fields: object) -> None:
        self.message = replace(self.message, **fields)


async def heard_of(
    told: AsyncIterator[events.ChatEvent], take: Callable[[events.ChatEvent], None]
) -> events.Exhausted | None:
    """Pass on what comes; Exhausted where nobody could answer."""
    async for event in told:
        if isinstance(event, events.Exhausted):
            return event
        take(event)
    return None
