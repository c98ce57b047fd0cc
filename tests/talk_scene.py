"""A chat with every kind of message, as an engine would tell it."""

from datetime import UTC, datetime

from tio.api.analyst import Report, ReportLine, ReportSection, Workflow
from tio.api.chats import (
    AnswerState,
    Chat,
    ChatMessage,
    Chip,
    ChipKind,
    Speaker,
    ToolProposal,
    ToolUse,
)
from tio.api.grounding import (
    Citation,
    CitedFact,
    Confidence,
    Grounded,
    Level,
    Unverified,
)
from tio.api.market import Timeframe

AT = datetime(2026, 11, 20, 14, 2, tzinfo=UTC)
FACT = CitedFact(
    call="r1", path="[AAPL].last", value="187.2", symbol="AAPL", source="cboe", as_of=AT
)
TEXT = (
    "**AAPL** trades at 187.20, *above* its average.\n"
    "\n"
    "- It may reach 231.37 soon.\n"
    "\n"
    "| symbol | last |\n"
    "|---|---|\n"
    "| AAPL | 187.20 |\n"
)
CITED = (
    Citation(number=1, start=TEXT.index("187.20"), end=TEXT.index("187.20") + 6, text="187.20",
             facts=(FACT,)),
    Citation(number=1, start=TEXT.rindex("187.20"), end=TEXT.rindex("187.20") + 6, text="187.20",
             facts=(FACT,)),
)  # fmt: skip
LOST = Unverified(
    start=TEXT.index("231.37"), end=TEXT.index("231.37") + 6, text="231.37",
    why="no result tells it", nearest=FACT,
)  # fmt: skip
GROUNDED = Grounded(text=TEXT, judged=len(TEXT), citations=CITED, unverified=(LOST,), share=2 / 3)
QUESTION = ChatMessage(
    id="m1",
    speaker=Speaker.person,
    at=AT,
    text="How does AAPL stand?",
    chips=(Chip(kind=ChipKind.chart, about="AAPL", timeframe=Timeframe.h1, start=AT, end=AT),),
)
ANSWER = ChatMessage(
    id="m2",
    speaker=Speaker.analyst,
    at=AT,
    text=TEXT,
    made_by="openai:http://127.0.0.1:8080/v1#small",
    grounded=GROUNDED,
    confidence=Confidence(
        level=Level.medium, score=0.5, reason="33% of its figures are unverified."
    ),
    calls=(
        ToolUse(id="c1", word="GetQuotes", asked="AAPL", told="1 item", ok=True, milliseconds=12.0,
                result="r1"),
        ToolUse(id="c2", word="GetBars", asked="APPL 1d", told="Error: no source knows APPL",
                ok=False, milliseconds=3.0),
    ),
    proposals=(
        ToolProposal(id="p1", word="SaveWatchlist", fields='{"name":"tech","symbols":["AAPL"]}'),
    ),
    notes=("What the model knows of its own ends on a day it does not tell.",),
    thinking="Let me look that up.",
    meanwhile=Grounded(text="AAPL is leaning bullish.", judged=24),
    seconds=2.1,
    read=1_204,
    written=88,
)  # fmt: skip
REPORT = Report(
    workflow=Workflow.brief,
    title="AAPL",
    about="AAPL",
    symbol="AAPL",
    as_of=AT,
    made_by="rules",
    headline="AAPL is leaning bullish, confidence medium.",
    confidence=Confidence(level=Level.medium, score=0.6, reason="the weakest part: few reasons"),
    sections=(
        ReportSection(
            name="levels",
            title="Levels",
            lines=(ReportLine(text="Prior day high 188.90.", figures=(
                CitedFact(call="GetBars", path="high[-1]", value="188.9", symbol="AAPL"),)),),
        ),
    ),
    advice="Written by rules from the data named; not investment advice.",
)  # fmt: skip
BRIEF = ChatMessage(
    id="m4",
    speaker=Speaker.analyst,
    at=AT,
    text=REPORT.headline,
    made_by="rules",
    report=REPORT,
    confidence=REPORT.confidence,
    calls=(
        ToolUse(id="c3", word="Brief", asked="AAPL", told="AAPL is leaning bullish", ok=True,
                milliseconds=90.0, result="r2"),
    ),
)  # fmt: skip
ASKED_BRIEF = ChatMessage(id="m3", speaker=Speaker.person, at=AT, text="/brief AAPL")
WRITING = ChatMessage(
    id="m6", speaker=Speaker.analyst, at=AT, state=AnswerState.writing, made_by="ollama:qwen3"
)
ASKED_MORE = ChatMessage(id="m5", speaker=Speaker.person, at=AT, text="And now?")
MESSAGES = (QUESTION, ANSWER, ASKED_BRIEF, BRIEF)
CHAT = Chat(id="c7", title="How does AAPL stand?", started=AT, changed=AT, messages=4)
OTHER = Chat(id="c3", title="Risk of main", started=AT, changed=AT, messages=2, origin="c2")
