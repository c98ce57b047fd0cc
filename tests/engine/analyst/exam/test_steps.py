"""Each step of an examination over both wires: what passes, what fails, and what it says then."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from chat_scene import WIRES, Wire
from exam_scene import CALL, RAIN, subject_of, well
from fake_models import FakeModels, Round, fake_models
from hostile_texts import HOSTILE

from tio.api.clean import clean
from tio.api.model_exams import ExamStep, Finding, Mark
from tio.engine.analyst.exam.answering import answers, pace, reachable
from tio.engine.analyst.exam.calling import calls, prompted
from tio.engine.analyst.exam.holding import holds
from tio.engine.analyst.exam.inventing import invented, invents
from tio.engine.analyst.exam.replies import Subject
from tio.engine.analyst.exam.shaping import shapes
from tio.engine.analyst.exam.steps import STEPS, Step

from fakes import FakeClock


@pytest.fixture(params=WIRES, ids=lambda wire: wire.kind)
def wire(request: pytest.FixtureRequest) -> Wire:
    made: Wire = request.param
    return made


@pytest.fixture
async def server() -> AsyncIterator[FakeModels]:
    async with fake_models() as made:
        yield made


@pytest.fixture
async def subject(wire: Wire, server: FakeModels) -> AsyncIterator[Subject]:
    made = subject_of(wire, server)
    yield made
    await made.speaker.model.close()


async def one(step: Step, subject: Subject) -> Finding:
    (finding,) = await step(subject)
    return finding


@pytest.mark.parametrize(
    ("step", "name"),
    [
        (answers, "answers"),
        (calls, "calls"),
        (prompted, "prompted"),
        (shapes, "shape"),
        (holds, "window"),
        (invents, "invents"),
    ],
    ids=lambda told: told if isinstance(told, str) else "",
)
async def test_a_good_server_passes(
    wire: Wire, server: FakeModels, subject: Subject, step: Step, name: str
) -> None:
    server.rounds += well(wire)[name]
    findings = await step(subject)
    assert [each.mark for each in findings] == [Mark.passed] * len(findings)
    assert not any(each.advice for each in findings)
    assert not server.rounds


async def test_every_step_is_tried_in_the_order_it_is_named() -> None:
    assert [each for _, each in STEPS] == [
        reachable,
        answers,
        pace,
        calls,
        prompted,
        shapes,
        holds,
        invents,
    ]


async def test_what_the_server_says_of_its_model_is_told(
    wire: Wire, server: FakeModels, subject: Subject
) -> None:
    server.models = Round((b'{"data": [{"id": "small", "max_model_len": 4096}]}',))
    shown = b'{"capabilities": ["tools"], "model_info": {"small.context_length": 4096}}'
    server.shown = Round((shown,))
    found = await one(reachable, subject)
    assert found.mark is Mark.passed
    assert "a window of 4,096 tokens" in found.said
    assert subject.window == 4_096


@pytest.mark.parametrize(
    ("status", "said", "advice"),
    [
        (401, "refused the key (401)", "tio analyst key set"),
        (404, "does not know the model", "ollama pull"),
    ],
)
async def test_a_server_that_refuses_is_told_with_what_to_do(
    server: FakeModels, subject: Subject, status: int, said: str, advice: str
) -> None:
    server.models = server.shown = Round(status=status)
    found = await one(reachable, subject)
    assert found.mark is Mark.failed
    assert said in found.said
    assert advice in found.advice
    assert not subject.unreachable


async def test_a_silent_server_cannot_be_reached(server: FakeModels, subject: Subject) -> None:
    assert isinstance(subject.clock, FakeClock)
    server.models = server.shown = Round(held=True)
    task = asyncio.ensure_future(one(reachable, subject))
    await asyncio.wait_for(server.holding.wait(), 20)
    await subject.clock.advance(11)
    found = await task
    assert found.mark is Mark.failed
    assert "nothing came for" in found.said
    assert subject.unreachable


async def test_an_answer_that_takes_too_long_is_given_up(
    wire: Wire, server: FakeModels, subject: Subject
) -> None:
    assert isinstance(subject.clock, FakeClock)
    subject.seconds = 5.0
    server.rounds.append(wire.hangs("well"))
    task = asyncio.ensure_future(one(answers, subject))
    await asyncio.wait_for(server.holding.wait(), 20)
    await subject.clock.advance(6)
    found = await task
    assert (found.mark, found.said) == (Mark.failed, "no whole answer within 5 s.")


async def test_an_answer_that_comes_at_once_is_not_streamed(
    wire: Wire, server: FakeModels, subject: Subject
) -> None:
    server.rounds.append(wire.says("one, two, three", usage=(30, 12)))
    streamed, speed = await pace(subject)
    assert (streamed.step, streamed.mark) == (ExamStep.streams, Mark.failed)
    assert (speed.step, speed.mark) == (ExamStep.speed, Mark.unknown)


async def test_a_silent_answer_is_none(wire: Wire, server: FakeModels, subject: Subject) -> None:
    server.rounds.append(wire.says(" "))
    found = await one(answers, subject)
    assert (found.mark, found.said) == (Mark.failed, "It said nothing.")


async def test_the_tool_is_sent_and_its_result_goes_back(
    wire: Wire, server: FakeModels, subject: Subject
) -> None:
    server.rounds += well(wire)["calls"]
    await calls(subject)
    first, second = (each.body for each in server.asked)
    assert first["tools"][0]["function"]["name"] == "count_boxes"
    assert second["messages"][-1]["content"] == '{"shelf": "B7", "boxes": 4813}'


@pytest.mark.parametrize(
    ("said", "mark", "told"),
    [
        ("There are 12 boxes.", Mark.failed, "called no tool and said 'There are 12 boxes.'"),
        ('{"name": "count_boxes", "arguments": {"shelf": "B7"}}', Mark.passed, "as text"),
    ],
)
async def test_a_call_that_is_text_is_told_from_none(
    wire: Wire, server: FakeModels, subject: Subject, said: str, mark: Mark, told: str
) -> None:
    server.rounds += [wire.says(said), wire.says("4813 boxes")]
    found = await one(calls, subject)
    assert found.mark is mark
    assert told in found.said


async def test_a_wrong_call_fails_and_so_does_a_result_that_is_not_told(
    wire: Wire, server: FakeModels, subject: Subject
) -> None:
    server.rounds.append(wire.calls(("count_boxes", '{"shelf": "C9"}')))
    wrong = await one(calls, subject)
    server.rounds += [wire.calls(("count_boxes", CALL)), wire.says("Many boxes.")]
    untold = await one(calls, subject)
    assert [wrong.mark, untold.mark] == [Mark.failed] * 2
    assert "which is wrong" in wrong.said
    assert "did not tell its result: 'Many boxes.'" in untold.said


async def test_a_server_without_tools_is_helped_by_words(
    wire: Wire, server: FakeModels, subject: Subject
) -> None:
    server.rounds.append(Round((b'{"error": "small does not support tools"}',), 400))
    found = await one(calls, subject)
    assert found.mark is Mark.failed
    assert "cannot do what was asked" in found.said
    assert "Tools told in words are used instead." in found.advice


async def test_a_schema_may_be_followed_without_its_bounds(
    wire: Wire, server: FakeModels, subject: Subject
) -> None:
    server.rounds.append(wire.says(RAIN.replace("1.0", "1.4")))
    shape, bounds = await shapes(subject)
    assert (shape.step, shape.mark) == (ExamStep.shape, Mark.passed)
    assert (bounds.step, bounds.mark) == (ExamStep.bounds, Mark.failed)
    assert "sure 1.4" in bounds.said


async def test_prose_is_no_answer_of_a_shape(
    wire: Wire, server: FakeModels, subject: Subject
) -> None:
    server.rounds.append(wire.says("It will rain."))
    found = await one(shapes, subject)
    assert (found.step, found.mark) == (ExamStep.shape, Mark.failed)
    assert "'It will rain.'" in found.said


async def test_a_window_that_drops_what_was_first_is_seen_in_the_counts(
    wire: Wire, server: FakeModels, subject: Subject
) -> None:
    server.rounds += [
        wire.says("persimmon", usage=(1_000, 3)),
        wire.says("I do not know.", usage=(4_096, 5)),
    ]
    found = await one(holds, subject)
    assert found.mark is Mark.failed
    assert "the server read 4,096, and said nothing of it" in found.said
    assert "Set `context` of the model to 4096" in found.advice


async def test_a_window_that_is_told_too_large_is_seen_in_the_refusal(
    wire: Wire, server: FakeModels, subject: Subject
) -> None:
    body = b'{"error": {"message": "the request exceeds the available context size (2048)"}}'
    server.rounds += [wire.says("persimmon", usage=(1_000, 3)), Round((body,), 400)]
    found = await one(holds, subject)
    assert found.mark is Mark.failed
    assert "The window is smaller than 16,384 tokens" in found.said


async def test_without_counts_the_first_line_alone_tells(
    wire: Wire, server: FakeModels, subject: Subject
) -> None:
    server.rounds += [wire.says("persimmon"), wire.says("persimmon")]
    found = await one(holds, subject)
    assert found.mark is Mark.passed
    server.rounds += [wire.says("persimmon"), wire.says("what?")]
    lost = await one(holds, subject)
    assert lost.mark is Mark.unknown


async def test_two_examinations_never_send_the_same_long_text(
    wire: Wire, server: FakeModels, subject: Subject
) -> None:
    server.rounds += well(wire)["window"] * 2
    await holds(subject)
    subject.stamp = "evening"
    await holds(subject)
    begins = {each.body["messages"][1]["content"][:30] for each in server.asked}
    assert len(begins) == 4


async def test_an_invented_price_is_told(wire: Wire, server: FakeModels, subject: Subject) -> None:
    server.rounds.append(wire.says("As of March 2024, AAPL trades at $231.37."))
    found = await one(invents, subject)
    assert found.mark is Mark.failed
    assert "it invented 231.37" in found.said


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("I have no data after 2023-10-01, nor for 12 March 2024.", ""),
        ("It is 4:30 pm on 24 October; I do not know.", ""),
        ("See step 1 and step 2.", ""),
        ("My knowledge ends in 2021.", ""),
        ("It rose 12%.", ""),
        ("About $1,231.50 a share", "1,231.50"),
        ("It is 190 dollars.", "190"),
        ("between 188 and 190.", "188"),
    ],
)
def test_a_price_is_told_from_dates_and_counts(text: str, figure: str) -> None:
    assert invented(text) == figure


async def test_nothing_a_server_says_can_steer_a_terminal(
    wire: Wire, server: FakeModels, subject: Subject
) -> None:
    for text in HOSTILE:
        for _, step in STEPS[1:]:
            server.rounds.clear()
            server.rounds += [wire.says(f"{text} 231.37", usage=(1_000, 9))] * 2
            for found in await step(subject):
                told = f"{found.said}{found.advice}"
                assert clean(told) == told
                assert len(told) < 600
