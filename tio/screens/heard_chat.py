"""A chat as its events tell it: the messages as they stand now."""

from collections.abc import Iterable

from msgspec.structs import replace

from tio.api.chat_events import (
    Answers,
    ChatEnded,
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
from tio.api.chats import AnswerState, ChatMessage
from tio.api.grounding import Grounded


class HeardChat:
    """Messages by their id, oldest first; `ended` once the chat was deleted."""

    def __init__(self) -> None:
        self.messages: dict[str, ChatMessage] = {}
        self.ended = False

    @property
    def writing(self) -> ChatMessage | None:
        """The answer being written."""
        last = next(reversed(self.messages.values()), None)
        return last if last is not None and last.state is AnswerState.writing else None

    def take(self, events: Iterable[ChatEvent], snapshot: bool) -> None:
        """Take in what happened; a snapshot is all there is."""
        if snapshot:
            self.messages.clear()
        for event in events:
            self._take(event)

    def _take(self, event: ChatEvent) -> None:
        match event:
            case MessageWritten(message=message):
                self.messages[message.id] = message
                return
            case ChatEnded():
                self.ended = True
                return
        was = self.messages.get(event.message)
        if was is not None:
            self.messages[event.message] = _after(was, event)


def _after(was: ChatMessage, event: ChatEvent) -> ChatMessage:
    """The message once that happened."""
    match event:
        case Answers(made_by=who, why=why):
            notes = (*was.notes, f"{who} answers: {why}") if why else was.notes
            return replace(was, made_by=who, notes=notes)
        case Meanwhile(said=said):
            return replace(was, meanwhile=said)
        case TextAdded(text=text):
            return replace(was, text=was.text + text)
        case ThinkingAdded(text=text):
            return replace(was, thinking=was.thinking + text)
        case TextCut(kept=kept):
            return replace(was, text=was.text[:kept], grounded=_cut(was.grounded, kept))
        case FiguresJudged():
            return replace(was, grounded=_judged(was, event))
        case ToolUsed(call=call):
            there = any(each.id == call.id for each in was.calls)
            calls = tuple(call if each.id == call.id else each for each in was.calls)
            return replace(was, calls=calls if there else (*calls, call))
        case WriteProposed(proposal=one):
            there = any(each.id == one.id for each in was.proposals)
            made = tuple(one if each.id == one.id else each for each in was.proposals)
            return replace(was, proposals=made if there else (*made, one))
        case Reported(report=report):
            return replace(was, report=report)
        case Noted(text=text):
            return replace(was, notes=(*was.notes, text))
    return was


def _judged(was: ChatMessage, event: FiguresJudged) -> Grounded:
    before = was.grounded or Grounded(text="", judged=0)
    return Grounded(
        text=was.text,
        judged=event.judged,
        citations=before.citations + event.citations,
        unverified=before.unverified + event.unverified,
        alone=before.alone,
    )


def _cut(grounded: Grounded | None, kept: int) -> Grounded | None:
    """What was judged of the text that stays; the rest is judged again as it comes."""
    return None if grounded is None else Grounded(text=grounded.text[:kept], judged=0)
