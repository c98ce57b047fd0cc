"""Models in their order, over both wires: one fails, the next goes on."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from itertools import permutations

import pytest
from chat_scene import WIRES, Scene, Wire, finished, of, shown
from fake_models import FakeModels, Round, fake_models

from tio.api import words
from tio.api.market import GetQuotes, Quote
from tio.engine.analyst.conversation.chain import IN_A_ROW, LONGEST_REST, REST, Breaker
from tio.engine.analyst.conversation.events import Anew, Answering, Exhausted
from tio.engine.analyst.models.openai import OpenAiModel
from tio.engine.analyst.models.speech import Failed, Fault, Model

from fakes import FakeClock, FakeEngine

assert words
TOOLS = b'{"capabilities": ["completion", "tools"], "model_info": {}}'
AAPL = '{"symbols": ["AAPL"]}'


@pytest.fixture
async def servers() -> AsyncIterator[Sequence[FakeModels]]:
    async with fake_models() as first, fake_models() as second:
        first.shown = second.shown = Round((TOOLS,))
        yield first, second


@pytest.fixture(params=list(permutations(WIRES)), ids=lambda pair: f"{pair[0].kind} first")
def wires(request: pytest.FixtureRequest) -> tuple[Wire, Wire]:
    first, second = request.param
    return first, second


@pytest.fixture
async def scene(servers: Sequence[FakeModels], wires: Sequence[Wire]) -> AsyncIterator[Scene]:
    quote = Quote(symbol="AAPL", last=188.25)
    made = Scene([], FakeEngine({GetQuotes: (quote,)}))
    made.models = [
        wire.model(server, made.clock) for wire, server in zip(wires, servers, strict=True)
    ]
    made.__post_init__()
    yield made
    await made.chain.close()


def names(scene: Scene) -> list[str]:
    return [each.name for each in scene.models]


async def test_a_server_killed_in_mid_answer_is_followed_by_the_other_protocol(
    servers: Sequence[FakeModels], wires: Sequence[Wire], scene: Scene
) -> None:
    servers[0].rounds += [wires[0].calls(("GetQuotes", AAPL)), wires[0].breaks_off("It costs 1")]
    servers[1].rounds.append(wires[1].says("It costs 188.25"))
    events = await scene.ask(server=servers[0])
    assert shown(events) == "It costs 1It costs 188.25"
    (anew,) = of(Anew, events)
    assert "stopped in the middle" in anew.why
    first, second = of(Answering, events)
    assert [first.model, second.model] == names(scene)
    assert second.why == anew.why
    assert finished(events).text == "It costs 188.25"
    assert finished(events).model == names(scene)[1]
    sent = servers[1].asked[-1].body["messages"]
    assert [each["role"] for each in sent] == ["system", "user", "assistant", "tool"]
    assert '"last":188.25' in sent[-1]["content"]
    assert scene.engine.asked == [GetQuotes(("AAPL",))]
    assert [each.text for each in scene.chat.messages][-1] == "It costs 188.25"


async def test_what_was_said_to_one_is_known_to_the_other(
    servers: Sequence[FakeModels], wires: Sequence[Wire], scene: Scene
) -> None:
    servers[0].rounds += [wires[0].says("188.25"), Round(status=500)]
    servers[1].rounds.append(wires[1].says("as I said"))
    await scene.ask("What does AAPL cost?")
    assert finished(await scene.ask("Sure?")).text == "as I said"
    sent = servers[1].asked[-1].body["messages"]
    assert [each["content"] for each in sent[1:]] == ["What does AAPL cost?", "188.25", "Sure?"]


async def test_a_refused_key_rests_that_model_until_it_is_tried_again(
    servers: Sequence[FakeModels], wires: Sequence[Wire], scene: Scene
) -> None:
    servers[0].rounds.append(Round(status=401))
    servers[1].rounds += [wires[1].says("one"), wires[1].says("two")]
    assert finished(await scene.ask()).text == "one"
    asked = len(servers[0].asked)
    events = await scene.ask()
    assert finished(events).text == "two"
    assert [each.model for each in of(Answering, events)] == names(scene)[1:]
    assert len(servers[0].asked) == asked
    await scene.clock.advance(REST)
    servers[0].rounds.append(wires[0].says("back"))
    assert finished(await scene.ask()).text == "back"


async def test_when_none_is_left_every_reason_is_told(
    servers: Sequence[FakeModels], wires: Sequence[Wire], scene: Scene
) -> None:
    servers[0].rounds.append(Round(status=401))
    servers[1].rounds.append(wires[1].breaks_off("I"))
    events = await scene.ask(server=servers[1])
    assert isinstance(events[-1], Exhausted)
    refused, broken = events[-1].reasons
    assert refused.startswith(f"{names(scene)[0]} refused the key")
    assert "stopped in the middle" in broken
    assert shown(events) == "I"
    assert len(of(Anew, events)) == 1
    servers[1].rounds.append(Round(status=500))
    events = await scene.ask()
    assert isinstance(events[-1], Exhausted)
    assert "rests for 30 s" in events[-1].reasons[0]


async def test_a_server_that_is_not_there_is_passed_over(
    servers: Sequence[FakeModels], wires: Sequence[Wire]
) -> None:
    clock = FakeClock()
    nowhere = replace(servers[0].settings("openai"), url="http://127.0.0.1:1/v1")
    models: list[Model] = [OpenAiModel(nowhere, clock), wires[1].model(servers[1], clock)]
    servers[1].rounds.append(wires[1].says("here"))
    scene = Scene(models, clock=clock)
    events = await scene.ask()
    await scene.chain.close()
    (answering,) = of(Answering, events)
    assert "cannot be reached" in answering.why
    assert finished(events).text == "here"


async def test_without_models_nobody_is_left() -> None:
    events = await Scene([]).ask()
    assert events[-1] == Exhausted(())


async def test_a_breaker_opens_after_failures_in_a_row_and_rests_longer_each_time() -> None:
    clock = FakeClock()
    breaker, broken = Breaker(clock), Failed(Fault.broken, "broken")
    for _ in range(IN_A_ROW - 1):
        breaker.failed(broken)
    assert breaker.resting == 0
    breaker.failed(broken)
    assert breaker.resting == REST
    await clock.advance(REST)
    assert breaker.resting == 0
    breaker.failed(broken)
    assert breaker.resting == 2 * REST
    for _ in range(10):
        await clock.advance(LONGEST_REST)
        breaker.failed(broken)
    assert breaker.resting == LONGEST_REST
    breaker.well()
    assert (breaker.resting, breaker.reason) == (0, "")


def test_an_overflow_is_no_fault_of_the_server() -> None:
    breaker = Breaker(FakeClock())
    for _ in range(5):
        breaker.failed(Failed(Fault.overflow, "too long"))
    assert breaker.resting == 0


async def test_what_the_rules_answered_is_read_by_a_model_that_comes_back(
    servers: Sequence[FakeModels], wires: Sequence[Wire], scene: Scene
) -> None:
    servers[0].rounds.append(Round(status=500))
    servers[1].rounds.append(Round(status=500))
    assert isinstance((await scene.ask("How?"))[-1], Exhausted)
    scene.chat.answered("By the rules: up.")
    servers[0].rounds.append(wires[0].says("I see"))
    assert finished(await scene.ask("And now?")).text == "I see"
    sent = servers[0].asked[-1].body["messages"]
    assert [each["content"] for each in sent[1:]] == ["How?", "By the rules: up.", "And now?"]
