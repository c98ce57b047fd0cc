"""Answers of the analyst as an engine would tell them, event by event."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tio.api.analyst import Report, ReportLine, ReportSection, Workflow
from tio.api.chat_events import ChatEvent, ChatEvents, MessageWritten
from tio.api.chats import AnswerState, Ask, Asked, Chat, ChatMessage, Speaker, ToolUse
from tio.api.grounding import Citation, CitedFact, Confidence, Grounded, Level, Unverified

from fakes import FakeEngine

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
TEXT = "AAPL trades at 187.20. It will be 231.37."
FACT = CitedFact(call="r1", path="[AAPL].last", value="187.2", source="yahoo", as_of=AT)
CITED = Citation(number=1, start=15, end=21, text="187.20", facts=(FACT,))
LOST = Unverified(start=34, end=40, text="231.37", why="nothing told it")
GROUNDED = Grounded(text=TEXT, judged=len(TEXT), citations=(CITED,), unverified=(LOST,), share=0.5)
CALL = ToolUse(id="a", word="GetBars", asked="AAPL 1h 500", ok=True, milliseconds=12.2, result="r1")
REPORT = Report(
    workflow=Workflow.brief,
    title="Brief: AAPL",
    about="AAPL",
    as_of=AT,
    made_by="rules",
    headline="AAPL is neutral.",
    confidence=Confidence(level=Level.low, score=0.3, reason="little is known"),
    sections=(
        ReportSection(name="trend", title="Trend", lines=(ReportLine(text="1d: sideways."),)),
    ),
    advice="This is no advice.",
)


def chat(id: str = "c7", **fields: Any) -> Chat:
    """A chat of two messages."""
    told: dict[str, Any] = {
        "title": "How is AAPL?",
        "started": AT,
        "changed": AT,
        "messages": 2,
    }
    return Chat(id=id, **told | fields)


def answer(**fields: Any) -> ChatMessage:
    """A model's whole answer: one figure verified, one not."""
    told: dict[str, Any] = {
        "id": "m2",
        "speaker": Speaker.analyst,
        "at": AT,
        "text": TEXT,
        "state": AnswerState.done,
        "made_by": "ollama:qwen3",
        "grounded": GROUNDED,
        "confidence": Confidence(
            level=Level.medium, score=0.5, reason="half is unverified", notes=("It is stale.",)
        ),
        "calls": (CALL,),
        "notes": ("It knows nothing after 2024.",),
        "seconds": 3.21,
    }
    return ChatMessage(**told | fields)


def answers_with(engine: FakeEngine, *events: ChatEvent) -> Callable[[Ask], Asked]:
    """What asking does: everybody who watches the chat is told these events."""

    def asked(request: Ask) -> Asked:
        assert request.chat is not None
        assert engine.push(ChatEvents, events), "nobody watched when it was asked"
        return Asked(chat=request.chat, message="m2")

    return asked


def over(message: ChatMessage) -> MessageWritten:
    return MessageWritten(message=message)
