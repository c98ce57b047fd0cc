"""Verdicts: what is asked, what is kept, and that a silent model gives none."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from chat_scene import WIRES, Wire
from fake_models import FakeModels, fake_models
from msgspec.structs import replace

from tio.api.analyst import Report, View, Workflow
from tio.api.chats import ChatMessage, Speaker
from tio.api.grounding import Confidence, Level
from tio.api.views import GivenView
from tio.engine.analyst.chats.concluding import SECONDS, Concluding, Way, concludes
from tio.engine.analyst.conversation import chain
from tio.engine.analyst.grounding.evidence import Evidence
from tio.engine.analyst.models.speech import Message, Part
from tio.engine.analyst.views.giving import Said

from fakes import FakeClock

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
SURE = Confidence(level=Level.medium, score=0.5, reason="It is fresh.")
REPORT = Report(
    workflow=Workflow.brief,
    title="Brief on AAPL",
    about="AAPL",
    symbol="AAPL",
    as_of=AT,
    made_by="rules",
    headline="AAPL leans up.",
    view=View(bias=1, score=0.3),
    confidence=SURE,
)


class FakeMemory:
    """Keeps what is said, and measures nothing of it."""

    def __init__(self) -> None:
        self.said: list[Said] = []

    async def given(self, owner: str, said: Said, **_: str) -> GivenView | None:
        self.said.append(said)
        return None

    async def reported(self, owner: str, report: Report, by: str, **_: str) -> GivenView | None:
        return None

    async def held(self, owner: str, by: str) -> tuple[int, int]:
        return 0, 0


class FakeWriting:
    """An answer that is over."""

    def __init__(self) -> None:
        self.message = ChatMessage(
            id="m2", speaker=Speaker.analyst, at=AT, text="It leans.", confidence=SURE
        )
        self.notes: list[str] = []

    def so_far(self) -> ChatMessage:
        return self.message

    def change(self, **fields: Any) -> None:
        self.message = replace(self.message, **fields)

    def note(self, text: str) -> None:
        self.notes.append(text)


class Scene:
    def __init__(self, wire: Wire, server: FakeModels) -> None:
        self.clock = FakeClock(AT)
        self.memory = FakeMemory()
        self.writing = FakeWriting()
        self.model = wire.model(server, self.clock)
        self.mind: Any = SimpleNamespace(
            principal=SimpleNamespace(name="owner"),
            chat="c1",
            moment=AT,
            evidence=Evidence(()),
            conversation=SimpleNamespace(
                system="You are an analyst.",
                messages=[
                    Message(part=Part.user, text="The report."),
                    Message(part=Part.assistant, text="It leans."),
                ],
            ),
            desk=SimpleNamespace(as_of=None),
        )

    async def conclude(self) -> None:
        writing: Any = self.writing
        speaker = chain.Speaker(self.model, self.clock)
        concluding = Concluding(self.memory, self.clock)
        await concluding.conclude(speaker, self.mind, "/brief AAPL", REPORT, writing)


@pytest.fixture
async def server() -> AsyncIterator[FakeModels]:
    async with fake_models() as made:
        yield made


@pytest.fixture(params=WIRES, ids=lambda wire: wire.kind)
async def scene(request: pytest.FixtureRequest, server: FakeModels) -> AsyncIterator[Scene]:
    made = Scene(request.param, server)
    yield made
    await made.model.close()


async def test_a_verdict_is_kept_as_the_models_own_claim(
    scene: Scene, server: FakeModels, request: pytest.FixtureRequest
) -> None:
    wire: Wire = request.node.callspec.params["scene"]
    told = '{"way": "up", "sessions": 1, "confidence": 0.85, "reason": "It holds."}'
    server.rounds.append(wire.says(told, usage=(70, 20)))
    await scene.conclude()
    (said,) = scene.memory.said
    assert (said.symbol, said.bias, said.days, said.stated) == ("AAPL", 2, 1, 0.85)
    assert (said.confidence, said.reason, said.as_of) == (0.5, "It holds.", AT)
    # Nothing could measure it, so nothing is said of its being kept.
    assert scene.writing.notes == ["Verdict: AAPL up over 1 session, by its own word 85% sure."]
    assert (scene.writing.message.read, scene.writing.message.written) == (70, 20)


async def test_a_silent_model_gives_no_verdict_and_holds_no_answer_up(
    scene: Scene, server: FakeModels, request: pytest.FixtureRequest
) -> None:
    wire: Wire = request.node.callspec.params["scene"]
    server.rounds.append(wire.hangs('{"way": "up"'))
    asking = asyncio.create_task(scene.conclude())
    async with asyncio.timeout(20):
        await server.holding.wait()
        await scene.clock.advance(SECONDS)
        await asking
    assert scene.memory.said == []
    (note,) = scene.writing.notes
    assert note.startswith("No verdict to be kept: ")


def test_ways_are_biases_from_up_to_down() -> None:
    assert [each.bias for each in Way] == [2, 1, 0, -1, -2]


@pytest.mark.parametrize(
    ("report", "asked"),
    [
        (REPORT, True),
        (None, False),
        (replace(REPORT, view=None), False),
        (replace(REPORT, workflow=Workflow.idea), False),
    ],
)
def test_only_of_a_brief_with_a_view_a_verdict_is_asked(report: Report | None, asked: bool) -> None:
    mind: Any = SimpleNamespace(desk=SimpleNamespace(as_of=None))
    assert concludes(mind, report) is asked
    mind.desk.as_of = AT
    assert not concludes(mind, report)
