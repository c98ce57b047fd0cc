"""OpenAI's wire, over real sockets."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from fake_models import FakeModels, Round, delta, fake_models, fragment, openai, sse

from tio.engine.analyst.models.openai import OpenAiModel
from tio.engine.analyst.models.speech import (
    Ability,
    Asking,
    Done,
    Event,
    Failed,
    Fault,
    Message,
    Part,
    Text,
    Thinking,
    Tool,
    ToolCall,
    Usage,
)

from fakes import FakeClock

ASKED = Asking(messages=(Message(part=Part.user, text="What does AAPL cost?"),))
QUOTES = Tool(name="GetQuotes", description="Quotes.", schema={"type": "object"})


@pytest.fixture
async def server() -> AsyncIterator[FakeModels]:
    async with fake_models() as made:
        yield made


@pytest.fixture
async def model(server: FakeModels) -> AsyncIterator[OpenAiModel]:
    made = OpenAiModel(server.settings("openai"), FakeClock())
    yield made
    await made.close()


async def heard(model: OpenAiModel, asking: Asking = ASKED) -> list[Event]:
    return [event async for event in model.says(asking)]


async def test_text_comes_as_it_is_said(server: FakeModels, model: OpenAiModel) -> None:
    server.rounds.append(openai(delta(content="AA"), delta(content="PL"), usage=(12, 3)))
    assert await heard(model) == [Text("AA"), Text("PL"), Usage(12, 3), Done()]
    asked = server.asked[0]
    assert asked.path == "/v1/chat/completions"
    assert asked.body["messages"] == [{"role": "user", "content": "What does AAPL cost?"}]
    assert (asked.body["model"], asked.body["stream"]) == ("small", True)
    assert "tools" not in asked.body


async def test_bytes_may_be_split_in_the_middle_of_a_character(
    server: FakeModels, model: OpenAiModel
) -> None:
    whole = sse(delta(content="1 € – «ö»"), delta("stop"))
    server.rounds.append(Round(tuple(bytes([each]) for each in whole)))
    assert await heard(model) == [Text("1 € – «ö»"), Done()]


async def test_thoughts_are_no_answer(server: FakeModels, model: OpenAiModel) -> None:
    server.rounds.append(openai(delta(reasoning_content="hm"), delta(content=None), delta()))
    assert await heard(model) == [Thinking("hm"), Done()]


async def test_arguments_come_in_fragments(server: FakeModels, model: OpenAiModel) -> None:
    parts = ['{"symbols"', ': ["AAPL"', "]}"]
    deltas = [delta(tool_calls=[fragment(0, "c1", "GetQuotes", parts[0])])]
    deltas += [delta(tool_calls=[fragment(0, "", "", part)]) for part in parts[1:]]
    server.rounds.append(openai(*deltas, finish="tool_calls"))
    asking = Asking(messages=ASKED.messages, tools=(QUOTES,))
    assert await heard(model, asking) == [ToolCall("c1", "GetQuotes", "".join(parts)), Done()]
    assert server.asked[0].body["tools"][0]["function"]["name"] == "GetQuotes"


@pytest.mark.parametrize(
    ("fragments", "calls"),
    [
        pytest.param(
            [(0, "a", "A", "{}"), (0, "b", "B", "{}")],
            [("a", "A", "{}"), ("b", "B", "{}")],
            id="index 0 for each of two",
        ),
        pytest.param(
            [(0, "a", "A", "{"), (1, "b", "B", "{"), (0, "", "", "}"), (1, "", "", "}")],
            [("a", "A", "{}"), ("b", "B", "{}")],
            id="two at a time",
        ),
        pytest.param(
            [(0, "a", "A", "{"), (0, "a", "A", "}")],
            [("a", "A", "{}")],
            id="id and name with every fragment",
        ),
        pytest.param(
            [(None, "", "A", '{"x":'), (None, "", "A", "1}"), (None, "", "A", '{"x": 2}')],
            [("call_0", "A", '{"x":1}'), ("call_1", "A", '{"x": 2}')],
            id="neither index nor id",
        ),
        pytest.param([(0, "a", "", "{}")], [], id="no name"),
    ],
)
async def test_calls_are_told_apart(
    server: FakeModels,
    model: OpenAiModel,
    fragments: list[tuple[int | None, str, str, str]],
    calls: list[tuple[str, str, str]],
) -> None:
    server.rounds.append(openai(*(delta(tool_calls=[fragment(*each)]) for each in fragments)))
    assert await heard(model) == [*(ToolCall(*each) for each in calls), Done()]


async def test_a_conversation_goes_over_with_its_calls_and_their_results(
    server: FakeModels, model: OpenAiModel
) -> None:
    server.rounds.append(openai(delta(content="188")))
    call = ToolCall("c1", "GetQuotes", '{"symbols": ["AAPL"]}')
    said = (
        Message(part=Part.system, text="Be brief."),
        *ASKED.messages,
        Message(part=Part.assistant, calls=(call,)),
        Message(part=Part.tool, text='{"last": 188}', call="c1", tool="GetQuotes"),
    )
    await heard(model, Asking(messages=said))
    sent = server.asked[0].body["messages"]
    assert [each["role"] for each in sent] == ["system", "user", "assistant", "tool"]
    assert sent[2]["tool_calls"][0]["function"] == {"name": call.name, "arguments": call.arguments}
    assert sent[3] == {"role": "tool", "tool_call_id": "c1", "content": '{"last": 188}'}


async def test_a_schema_goes_without_tools(server: FakeModels, model: OpenAiModel) -> None:
    server.rounds.append(openai(delta(content="{}")))
    schema = {"type": "object", "properties": {"view": {"type": "string"}}}
    await heard(model, Asking(messages=ASKED.messages, tools=(QUOTES,), answer=schema))
    body = server.asked[0].body
    assert body["response_format"]["json_schema"]["schema"] == schema
    assert "tools" not in body


@pytest.mark.parametrize(
    ("status", "body", "fault", "words"),
    [
        (
            400,
            {"error": {"code": 400, "type": "exceed_context_size_error", "message": "too long"}},
            Fault.overflow,
            "too long",
        ),
        (401, {"error": {"message": "Incorrect API key"}}, Fault.refused, "Incorrect API key"),
        (404, {"detail": "no model small"}, Fault.unknown_model, "no model small"),
        (429, {"error": "slow down"}, Fault.busy, "slow down"),
        (503, {"error": {"message": "Loading model"}}, Fault.busy, "Loading model"),
        (500, {"error": {"message": "tools are not supported"}}, Fault.unable, "not supported"),
        (500, "<html>oh\x1b[2J</html>", Fault.broken, "(500)"),
    ],
)
async def test_a_refusal_says_what_to_do_next(
    server: FakeModels,
    model: OpenAiModel,
    status: int,
    body: Any,
    fault: Fault,
    words: str,
) -> None:
    text = body if isinstance(body, str) else json.dumps(body)
    server.rounds.append(Round((text.encode(),), status))
    (failed,) = await heard(model)
    assert isinstance(failed, Failed)
    assert failed.fault is fault
    assert words in failed.text
    assert "\x1b" not in failed.text


async def test_an_error_in_the_middle_ends_the_round(
    server: FakeModels, model: OpenAiModel
) -> None:
    broken = {"error": {"message": "out of memory"}}
    server.rounds.append(Round((sse(delta(content="It costs"), broken),)))
    said, failed = await heard(model)
    assert said == Text("It costs")
    assert failed == Failed(Fault.broken, f"{model.name} failed: out of memory")


@pytest.mark.parametrize(
    "round",
    [
        pytest.param(Round((sse(delta(content="It"), done=False),)), id="ended"),
        pytest.param(Round((sse(delta(content="It"), "{oh", done=False),)), id="no JSON"),
    ],
)
async def test_an_answer_that_stops_in_the_middle_is_broken(
    server: FakeModels, model: OpenAiModel, round: Round
) -> None:
    server.rounds.append(round)
    said, failed = await heard(model)
    assert said == Text("It")
    assert isinstance(failed, Failed)
    assert failed.fault is Fault.broken


async def test_an_answer_at_its_most_tokens_says_that_it_is_cut(
    server: FakeModels, model: OpenAiModel
) -> None:
    server.rounds.append(openai(delta(content="It"), finish="length"))
    assert await heard(model) == [Text("It"), Done(cut=True)]


async def test_a_connection_lost_after_the_end_loses_nothing(
    server: FakeModels, model: OpenAiModel
) -> None:
    ended = sse(delta(content="It"), delta("stop", content="!"), done=False)
    server.rounds.append(Round((ended,), cut=True, held=True))
    events = model.says(ASKED)
    assert [await anext(events), await anext(events)] == [Text("It"), Text("!")]
    server.release()
    assert [event async for event in events] == [Done()]


async def test_a_connection_lost_in_the_middle_is_told(
    server: FakeModels, model: OpenAiModel
) -> None:
    server.rounds.append(Round((sse(delta(content="It"), done=False),), cut=True, held=True))
    events = model.says(ASKED)
    assert await anext(events) == Text("It")
    server.release()
    (failed,) = [event async for event in events]
    assert isinstance(failed, Failed)
    assert failed.fault is Fault.broken


async def test_silence_ends_a_round(server: FakeModels) -> None:
    clock = FakeClock()
    model = OpenAiModel(server.settings("openai"), clock)
    server.rounds.append(Round((sse(delta(content="It"), done=False),), held=True))
    events = model.says(ASKED)
    assert await anext(events) == Text("It")
    following = asyncio.ensure_future(anext(events))
    await clock.advance(29)
    assert not following.done()
    await clock.advance(2)
    assert await following == Failed(Fault.silent, f"{model.name}: nothing came for 30 s")
    await model.close()


async def test_closing_the_round_ends_it_at_the_server(
    server: FakeModels, model: OpenAiModel
) -> None:
    server.rounds.append(Round((sse(delta(content="It"), done=False),), held=True))
    events = model.says(ASKED)
    assert await anext(events) == Text("It")
    await events.aclose()  # type: ignore[attr-defined]
    await server.left.wait()


async def test_nobody_there_is_unreachable(server: FakeModels) -> None:
    settings = replace(server.settings("openai"), url="http://127.0.0.1:9/v1")
    model = OpenAiModel(settings, FakeClock())
    (failed,) = await heard(model)
    assert isinstance(failed, Failed)
    assert failed.fault is Fault.unreachable
    told = await model.ability()
    assert isinstance(told, Failed)
    await model.close()


async def test_a_redirect_is_not_followed_and_the_key_goes_nowhere_else(
    server: FakeModels,
) -> None:
    model = OpenAiModel(replace(server.settings("openai"), key="sk-1"), FakeClock())
    server.rounds.append(Round((), 307, {"Location": f"{server.url}/v1/elsewhere"}))
    (failed,) = await heard(model)
    assert isinstance(failed, Failed)
    assert [each.path for each in server.asked] == ["/v1/chat/completions"]
    assert server.asked[0].headers["Authorization"] == "Bearer sk-1"
    assert "sk-1" not in repr(server.settings("openai")) + failed.text
    await model.close()


async def test_what_the_server_says_of_the_model(server: FakeModels, model: OpenAiModel) -> None:
    told = {"data": [{"id": "small", "owned_by": "llamacpp", "meta": {"n_ctx": 8192}}]}
    server.models = Round((json.dumps(told).encode(),))
    assert await model.ability() == Ability(context=8192, server="llamacpp")
    server.models = Round((b'{"data": [{"id": "other"}]}',))
    failed = await model.ability()
    assert isinstance(failed, Failed)
    assert (failed.fault, "other" in failed.text) == (Fault.unknown_model, True)


async def test_a_field_a_server_refuses_is_said_otherwise_in_the_same_round(
    server: FakeModels, model: OpenAiModel
) -> None:
    body = b'{"error": {"message": "Use \'max_completion_tokens\' instead."}}'
    server.rounds += [Round((body,), 400), openai(delta(content="well"))]
    assert await heard(model) == [Text("well"), Done()]
    first, second = (each.body for each in server.asked)
    assert "max_tokens" in first
    assert "max_completion_tokens" in second
    assert "max_tokens" not in second
