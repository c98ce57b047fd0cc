"""Ollama's wire, through its own client over real sockets."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from fake_models import FakeModels, Round, fake_models, line, ndjson, ollama

from tio.engine.analyst.models.ollama import OllamaModel
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

ASKED = Asking(messages=(Message(part=Part.user, text="What does AAPL cost?"),), context=8_192)
QUOTES = Tool(
    name="GetQuotes",
    description="Quotes.",
    schema={
        "type": "object",
        "properties": {"symbols": {"type": "array", "items": {"type": "string"}}},
        "required": ["symbols"],
    },
)


@pytest.fixture
async def server() -> AsyncIterator[FakeModels]:
    async with fake_models() as made:
        yield made


@pytest.fixture
async def model(server: FakeModels) -> AsyncIterator[OllamaModel]:
    made = OllamaModel(server.settings("ollama"), FakeClock())
    yield made
    await made.close()


async def heard(model: OllamaModel, asking: Asking = ASKED) -> list[Event]:
    return [event async for event in model.says(asking)]


async def test_text_and_thoughts_come_as_they_are_said(
    server: FakeModels, model: OllamaModel
) -> None:
    server.rounds.append(
        ollama(line(thinking="hm"), line(content="AA"), line(content="PL"), usage=(12, 3))
    )
    assert await heard(model) == [
        Thinking("hm"),
        Text("AA"),
        Text("PL"),
        Usage(12, 3),
        Done(),
    ]
    asked = server.asked[0]
    assert asked.path == "/api/chat"
    assert asked.body["options"]["num_ctx"] == 8_192
    assert asked.body["messages"] == [{"role": "user", "content": "What does AAPL cost?"}]


async def test_bytes_may_be_split_in_the_middle_of_a_character(
    server: FakeModels, model: OllamaModel
) -> None:
    whole = b"".join(ollama(line(content="1 € – «ö»")).pieces)
    server.rounds.append(Round(tuple(bytes([each]) for each in whole)))
    assert await heard(model) == [Text("1 € – «ö»"), Done()]


async def test_calls_come_whole_and_are_numbered(server: FakeModels, model: OllamaModel) -> None:
    call = {"function": {"name": "GetQuotes", "arguments": {"symbols": ["AAPL"]}}}
    server.rounds.append(ollama(line(tool_calls=[call]), line(tool_calls=[call, call])))
    asking = Asking(messages=ASKED.messages, tools=(QUOTES,))
    arguments = '{"symbols": ["AAPL"]}'
    assert await heard(model, asking) == [
        *(ToolCall(f"call_{at}", "GetQuotes", arguments) for at in range(3)),
        Done(),
    ]
    sent = server.asked[0].body["tools"][0]["function"]
    assert sent["parameters"]["properties"]["symbols"]["items"] == {"type": "string"}
    assert sent["parameters"]["required"] == ["symbols"]


async def test_a_conversation_goes_over_with_its_calls_and_their_results(
    server: FakeModels, model: OllamaModel
) -> None:
    server.rounds.append(ollama(line(content="188")))
    said = (
        *ASKED.messages,
        Message(part=Part.assistant, calls=(ToolCall("c", "GetQuotes", '{"symbols": ["A"]}'),)),
        Message(part=Part.tool, text='{"last": 188}', call="c", tool="GetQuotes"),
    )
    await heard(model, Asking(messages=said))
    sent = server.asked[0].body["messages"]
    assert sent[1]["tool_calls"] == [
        {"function": {"name": "GetQuotes", "arguments": {"symbols": ["A"]}}}
    ]
    assert sent[2] == {"role": "tool", "content": '{"last": 188}', "tool_name": "GetQuotes"}


async def test_a_schema_goes_without_tools(server: FakeModels, model: OllamaModel) -> None:
    server.rounds.append(ollama(line(content="{}")))
    schema = {"type": "object", "properties": {"view": {"type": "string"}}}
    await heard(model, Asking(messages=ASKED.messages, tools=(QUOTES,), answer=schema))
    assert server.asked[0].body["format"] == schema
    assert not server.asked[0].body.get("tools")


@pytest.mark.parametrize(
    ("round", "fault", "words"),
    [
        (
            Round((b'{"error": "model \\"small\\" not found"}',), 404),
            Fault.unknown_model,
            "not found",
        ),
        (Round((b'{"error": "small does not support tools"}',), 400), Fault.unable, "tools"),
        (Round((b'{"error": "server busy"}',), 503), Fault.busy, "busy"),
        (Round((ndjson({"error": "unexpected EOF"}),)), Fault.broken, "unexpected EOF"),
        (Round((ndjson("oh"),)), Fault.broken, "stopped"),
        (Round((b"{oh\n",)), Fault.broken, "stopped"),
    ],
)
async def test_a_refusal_says_what_to_do_next(
    server: FakeModels, model: OllamaModel, round: Round, fault: Fault, words: str
) -> None:
    server.rounds.append(round)
    (failed,) = await heard(model)
    assert isinstance(failed, Failed)
    assert failed.fault is fault
    assert words in failed.text


@pytest.mark.parametrize("cut", [False, True], ids=["ended", "dropped"])
async def test_an_answer_that_stops_in_the_middle_is_broken(
    server: FakeModels, model: OllamaModel, cut: bool
) -> None:
    server.rounds.append(Round((ndjson(line(content="It")),), cut=cut, held=True))
    events = model.says(ASKED)
    assert await anext(events) == Text("It")
    server.release()
    (failed,) = [event async for event in events]
    assert isinstance(failed, Failed)
    assert failed.fault is Fault.broken


async def test_an_error_in_the_middle_under_status_200(
    server: FakeModels, model: OllamaModel
) -> None:
    server.rounds.append(Round((ndjson(line(content="It"), {"error": "out of memory"}),)))
    said, failed = await heard(model)
    assert said == Text("It")
    assert failed == Failed(Fault.broken, f"{model.name} failed: out of memory")


async def test_an_answer_at_its_most_tokens_says_that_it_is_cut(
    server: FakeModels, model: OllamaModel
) -> None:
    server.rounds.append(ollama(line(content="It"), reason="length"))
    assert await heard(model) == [Text("It"), Done(cut=True)]


async def test_silence_ends_a_round(server: FakeModels) -> None:
    clock = FakeClock()
    model = OllamaModel(server.settings("ollama"), clock)
    server.rounds.append(Round((ndjson(line(content="It")),), held=True))
    events = model.says(ASKED)
    assert await anext(events) == Text("It")
    following = asyncio.ensure_future(anext(events))
    await clock.advance(31)
    assert await following == Failed(Fault.silent, f"{model.name}: nothing came for 30 s")
    await model.close()


async def test_closing_the_round_ends_it_at_the_server(
    server: FakeModels, model: OllamaModel
) -> None:
    server.rounds.append(Round((ndjson(line(content="It")),), held=True))
    events = model.says(ASKED)
    assert await anext(events) == Text("It")
    await events.aclose()  # type: ignore[attr-defined]
    await server.left.wait()


async def test_nobody_there_is_unreachable(server: FakeModels) -> None:
    model = OllamaModel(replace(server.settings("ollama"), url="http://127.0.0.1:9"), FakeClock())
    (failed,) = await heard(model)
    assert isinstance(failed, Failed)
    assert failed.fault is Fault.unreachable
    told = await model.ability()
    assert isinstance(told, Failed)
    assert told.fault is Fault.unreachable
    await model.close()


async def test_what_the_server_says_of_the_model(server: FakeModels, model: OllamaModel) -> None:
    told = {
        "capabilities": ["completion", "tools"],
        "model_info": {"general.architecture": "qwen3", "qwen3.context_length": 40_960},
    }
    server.shown = Round((json.dumps(told).encode(),))
    assert await model.ability() == Ability(
        tools=True, thinks=False, context=40_960, server="ollama"
    )
    server.shown = Round((b'{"error": "model not found"}',), 404)
    failed = await model.ability()
    assert isinstance(failed, Failed)
    assert failed.fault is Fault.unknown_model
