"""Answers of a given shape, or none."""

from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Annotated

import msgspec
import pytest
from chat_scene import WIRES, Wire
from fake_models import FakeModels, Round, fake_models
from msgspec import Meta

from tio.engine.analyst.conversation.chain import Speaker
from tio.engine.analyst.conversation.structured import Verdict, answer_schema, structured
from tio.engine.analyst.models.speech import Message, Part

from fakes import FakeClock


class Lean(StrEnum):
    bullish = "bullish"
    bearish = "bearish"


class View(msgspec.Struct, frozen=True):
    """What the model concludes."""

    lean: Lean
    confidence: Annotated[float, Meta(ge=0, le=1)]
    reasons: Annotated[tuple[str, ...], Meta(max_length=3)] = ()


ASKED = (Message(part=Part.user, text="Conclude."),)
GOOD = '{"lean": "bearish", "confidence": 0.4, "reasons": ["a"]}'


@pytest.fixture
async def server() -> AsyncIterator[FakeModels]:
    async with fake_models() as made:
        yield made


@pytest.fixture(params=WIRES, ids=lambda wire: wire.kind)
def wire(request: pytest.FixtureRequest) -> Wire:
    made: Wire = request.param
    return made


async def concluded(server: FakeModels, wire: Wire, *rounds: Round) -> Verdict[View]:
    server.rounds += rounds
    clock = FakeClock()
    model = wire.model(server, clock)
    try:
        return await structured(Speaker(model, clock), ASKED, View)
    finally:
        await model.close()


async def test_a_whole_answer_is_taken(server: FakeModels, wire: Wire) -> None:
    made = await concluded(server, wire, wire.says(GOOD[:20], GOOD[20:]))
    assert made == Verdict(View(Lean.bearish, 0.4, ("a",)))
    body = server.asked[0].body
    assert not body.get("tools")
    told = body["response_format"] if wire.kind == "openai" else body["format"]
    assert "bullish" in str(told)


@pytest.mark.parametrize(
    "wrong",
    [
        '{"lean": "bearish", "confidence": 1.2}',
        '{"lean": "sideways", "confidence": 0.5}',
        '{"lean": "bearish"}',
        '{"lean": "bearish", "confidence": 0.5, "reasons": ["a", "b", "c", "d"]}',
        "I think it falls.",
        "",
        "[]",
    ],
)
async def test_a_wrong_answer_is_mended_once_and_otherwise_none(
    server: FakeModels, wire: Wire, wrong: str
) -> None:
    made = await concluded(server, wire, wire.says(wrong), wire.says(GOOD))
    assert made.value == View(Lean.bearish, 0.4, ("a",))
    assert made.mended
    assert "Say it again" in server.asked[1].body["messages"][-1]["content"]
    none = await concluded(server, wire, wire.says(wrong), wire.says(wrong))
    assert none.value is None
    assert "no answer of the shape" in none.why
    assert len(server.asked) == 4


async def test_a_failure_is_no_verdict(server: FakeModels, wire: Wire) -> None:
    made = await concluded(server, wire, Round(status=500))
    assert made.value is None
    assert "failed" in made.why


def test_the_schema_is_flat_and_closed() -> None:
    schema = answer_schema(View)
    assert schema["additionalProperties"] is False
    assert schema["properties"]["lean"]["enum"] == ["bullish", "bearish"]
    assert schema["required"] == ["lean", "confidence"]
