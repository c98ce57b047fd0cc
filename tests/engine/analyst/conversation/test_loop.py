"""Questions answered with tools, over both wires."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from chat_scene import WIRES, Scene, Wire, finished, of, shown
from fake_models import FakeModels, Round, fake_models
from made_up_words import AskWeather, NameHarbour, declared

from tio.api import words
from tio.api.contract import Effect
from tio.api.market import GetQuotes, Quote
from tio.engine.analyst.conversation.calling import MOST
from tio.engine.analyst.conversation.chain import LEARN_SECONDS
from tio.engine.analyst.conversation.events import (
    Answering,
    CallBegun,
    CallEnded,
    ChatEvent,
    End,
    Exhausted,
    Note,
    Offered,
)
from tio.engine.analyst.conversation.loop import Limits
from tio.engine.analyst.models.speech import Message, Part, Usage

from fakes import FakeEngine, settle

assert words
AAPL = '{"symbols": ["AAPL"]}'
MSFT = '{"symbols": ["MSFT"]}'


def quotes(asked: GetQuotes) -> tuple[Quote, ...]:
    return tuple(Quote(symbol=each, last=188.25) for each in asked.symbols)


@pytest.fixture
async def server() -> AsyncIterator[FakeModels]:
    async with fake_models() as made:
        made.shown = Round((b'{"capabilities": ["completion", "tools"], "model_info": {}}',))
        yield made


@pytest.fixture(params=WIRES, ids=lambda wire: wire.kind)
def wire(request: pytest.FixtureRequest) -> Wire:
    made: Wire = request.param
    return made


@pytest.fixture
async def scene(server: FakeModels, wire: Wire) -> AsyncIterator[Scene]:
    engine = FakeEngine({GetQuotes: quotes})
    made = Scene([], engine)
    made.models = [wire.model(server, made.clock)]
    made.__post_init__()
    yield made
    await made.chain.close()


def rounds(server: FakeModels) -> list[Any]:
    """The bodies of the rounds that were asked for."""
    return [each.body for each in server.asked if "messages" in (each.body or {})]


async def test_a_question_without_tools_is_answered_as_it_streams(
    server: FakeModels, wire: Wire, scene: Scene
) -> None:
    server.rounds.append(wire.says("It costs ", "a lot.", usage=(3_000, 5)))
    events = await scene.ask()
    assert isinstance(events[0], Offered)
    assert of(Answering, events) == [Answering(scene.models[0].name)]
    assert shown(events) == finished(events).text == "It costs a lot."
    assert of(Usage, events) == [Usage(3_000, 5)]
    assert finished(events).rounds == 1
    (sent,) = rounds(server)
    assert [each["role"] for each in sent["messages"]] == ["system", "user"]
    assert len(sent["tools"]) == 25


async def test_a_tool_is_called_and_its_result_read(
    server: FakeModels, wire: Wire, scene: Scene
) -> None:
    server.rounds += [wire.calls(("GetQuotes", AAPL)), wire.says("188.25")]
    events = await scene.ask()
    (begun,), (ended,) = of(CallBegun, events), of(CallEnded, events)
    assert (begun.name, begun.id) == (ended.name, ended.id)
    assert ended.milliseconds == 0.0
    assert ended.called.answer == quotes(GetQuotes(("AAPL",)))
    assert scene.engine.asked == [GetQuotes(("AAPL",))]
    assert [each.part for each in scene.chat.messages] == [
        Part.user, Part.assistant, Part.tool, Part.assistant,
    ]  # fmt: skip
    told = rounds(server)[1]["messages"][-1]
    assert told["role"] == "tool"
    assert '"last":188.25' in told["content"]
    assert finished(events).rounds == 2
    assert [each.id for each in scene.chat.results] == ["r1"]


async def test_calls_of_one_round_run_side_by_side(
    server: FakeModels, wire: Wire, scene: Scene
) -> None:
    together = asyncio.Barrier(2)

    class Slow(FakeEngine):
        async def ask(self, request: Any, /, *, key: str = "") -> Any:
            await together.wait()
            return await super().ask(request)

    scene.engine = Slow({GetQuotes: quotes})
    scene.__post_init__()
    server.rounds += [wire.calls(("GetQuotes", AAPL), ("GetQuotes", MSFT)), wire.says("ok")]
    events = await scene.ask()
    assert len(of(CallEnded, events)) == 2
    told = [each["content"] for each in rounds(server)[1]["messages"] if each["role"] == "tool"]
    assert ["AAPL" in told[0], "MSFT" in told[1]] == [True, True]


async def test_a_made_up_word_is_called(server: FakeModels, wire: Wire, scene: Scene) -> None:
    scene.engine.answers[AskWeather] = "calm"
    server.rounds += [
        wire.calls(("AskWeather", '{"harbour": "Kiel", "days": "2"}')),
        wire.says("calm"),
    ]
    with declared(AskWeather):
        await scene.ask("What is the weather over the harbour?")
    assert scene.engine.asked == [AskWeather("Kiel", 2)]


async def test_a_write_becomes_a_proposal(server: FakeModels, wire: Wire, scene: Scene) -> None:
    server.rounds += [wire.calls(("NameHarbour", '{"harbour": "Kiel"}')), wire.says("proposed")]
    with declared(NameHarbour, Effect.write):
        events = await scene.ask("Name the harbour Kiel")
    (ended,) = of(CallEnded, events)
    assert ended.called.proposed == NameHarbour("Kiel")
    assert scene.engine.asked == []


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "GetQuotes", "arguments": {"symbols": ["AAPL"]}}',
        '```json\n{"name": "GetQuotes", "parameters": {"symbols": "AAPL"}}\n```',
        '<tool_call>\n{"name": "get_quotes", "arguments": {"symbols": ["AAPL"]}}\n</tool_call>',
        '[TOOL_CALLS][{"name": "GetQuotes", "arguments": {"symbols": ["AAPL"]}}]',
        '{"function": {"name": "GetQuotes", "arguments": "{\\"symbols\\": [\\"AAPL\\"]}"}}',
        '{"tool": "GetQuotes", "arguments": {"symbols": ["AAPL"]}',
        'Let me look.\n{"name": "GetQuotes", "arguments": {"symbols": ["AAPL"]}}',
    ],
)
async def test_a_call_printed_as_text_is_a_call(
    server: FakeModels, wire: Wire, scene: Scene, text: str
) -> None:
    pieces = [text[i : i + 3] for i in range(0, len(text), 3)]
    server.rounds += [wire.says(*pieces), wire.says("188.25")]
    events = await scene.ask()
    assert scene.engine.asked == [GetQuotes(("AAPL",))]
    assert shown(events).replace("Let me look.", "").strip() == "188.25"
    assert "{" not in finished(events).text


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "Apple", "last": 188.25}',
        '```json\n{"name": "NoTool", "arguments": {}}\n```',
        "`AAPL` is [here](x)\n\n[1] a\n```\ncode\n```\nend",
        "a < b\n<b>bold</b>\n{}",
    ],
)
async def test_text_that_is_no_call_is_told_whole(
    server: FakeModels, wire: Wire, scene: Scene, text: str
) -> None:
    server.rounds.append(wire.says(*text))
    events = await scene.ask()
    assert shown(events) == finished(events).text == text
    assert scene.engine.asked == []


async def test_a_model_that_knows_no_tools_is_told_in_words(
    server: FakeModels, scene: Scene, wire: Wire
) -> None:
    refusal = b'{"error": "small does not support tools"}'
    server.rounds += [
        Round((refusal,), status=400),
        wire.says('{"tool": "GetQuotes", ', '"arguments": {"symbols": ["AAPL"]}}'),
        wire.says("188.25"),
    ]
    events = await scene.ask()
    assert "it knows of no tools" in of(Note, events)[0].text
    assert finished(events).text == "188.25"
    assert scene.engine.asked == [GetQuotes(("AAPL",))]
    second, third = rounds(server)[1:]
    assert "tools" not in second or not second["tools"]
    assert "GetQuotes(symbols?)" in second["messages"][0]["content"]
    assert third["messages"][-1]["role"] == "user"
    assert third["messages"][-1]["content"].startswith("The tool says: Result r1")


async def test_a_tool_that_is_none_is_told(server: FakeModels, wire: Wire, scene: Scene) -> None:
    server.rounds += [wire.calls(("DeleteAll", "{}")), wire.says("sorry")]
    events = await scene.ask()
    assert "there is no tool 'DeleteAll'" in of(CallEnded, events)[0].called.text
    assert finished(events).text == "sorry"


async def test_rounds_have_a_limit(server: FakeModels, wire: Wire, scene: Scene) -> None:
    scene.limits = Limits(rounds=3)
    scene.__post_init__()
    server.rounds += [
        wire.calls(("GetQuotes", AAPL)),
        wire.calls(("GetQuotes", MSFT)),
        wire.says("so"),
    ]
    events = await scene.ask()
    assert finished(events).rounds == 3
    assert "2 rounds of tools are enough" in of(Note, events)[0].text
    last = rounds(server)[2]
    assert not last.get("tools")
    assert "No more tools" in last["messages"][0]["content"]


async def test_tokens_have_a_limit(server: FakeModels, wire: Wire, scene: Scene) -> None:
    scene.limits = Limits(tokens=3_500)
    scene.__post_init__()
    server.rounds += [wire.calls(("GetQuotes", AAPL), usage=(4_000, 9)), wire.says("so")]
    events = await scene.ask()
    assert "4009 tokens are enough" in of(Note, events)[0].text


async def test_the_same_again_and_again_ends_with_an_answer(
    server: FakeModels, wire: Wire, scene: Scene
) -> None:
    server.rounds += [wire.calls(("GetQuotes", AAPL))] * 3 + [wire.says("so")]
    events = await scene.ask()
    assert [each.called.repeated for each in of(CallEnded, events)] == [False, True, True]
    assert len(scene.engine.asked) == 1
    assert "the same again and again" in of(Note, events)[0].text


async def test_too_many_calls_of_one_round_are_refused(
    server: FakeModels, wire: Wire, scene: Scene
) -> None:
    calls = [("GetQuotes", f'{{"symbols": ["S{place}"]}}') for place in range(MOST + 2)]
    server.rounds += [wire.calls(*calls), wire.says("so")]
    events = await scene.ask()
    assert len(scene.engine.asked) == MOST
    assert "at most 12 tools" in of(CallEnded, events)[-1].called.text
    assert len([each for each in scene.chat.messages if each.part is Part.tool]) == MOST + 2


async def test_seconds_have_a_limit(server: FakeModels, wire: Wire, scene: Scene) -> None:
    scene.limits = Limits(seconds=10)
    scene.__post_init__()
    server.rounds.append(wire.hangs("So far"))
    asked, events = scene.chat.ask("How?"), list[ChatEvent]()
    while not shown(events):
        events.append(await anext(asked))
    rest = asyncio.ensure_future(anext(asked))
    await settle()
    await scene.clock.advance(10)
    events.append(await rest)
    await asked.aclose()
    assert finished(events).end is End.seconds
    assert finished(events).text == "So far"


async def test_closing_ends_the_round_at_the_server(
    server: FakeModels, wire: Wire, scene: Scene
) -> None:
    server.rounds.append(wire.hangs("One ", "moment"))
    events = scene.chat.ask("How?")
    async for event in events:
        if shown([event]) == "moment":
            break
    await events.aclose()
    async with asyncio.timeout(5):
        await server.left.wait()
    assert scene.chat.messages[-1].text == "One moment"


async def test_closing_ends_the_calls_that_wait(
    server: FakeModels, wire: Wire, scene: Scene
) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    class Hanging(FakeEngine):
        async def ask(self, request: Any, /, *, key: str = "") -> Any:
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

    scene.engine = Hanging()
    scene.__post_init__()
    server.rounds.append(wire.calls(("GetQuotes", AAPL)))
    asked = asyncio.ensure_future(scene.ask())
    await begun.wait()
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert ended.is_set()
    assert [each.part for each in scene.chat.messages] == [Part.user]


async def test_a_window_that_is_too_small_is_told_and_asked_again_with_less(
    server: FakeModels, wire: Wire, scene: Scene
) -> None:
    refusal = b'{"error": {"type": "exceed_context_size_error", "message": "the context size"}}'
    server.rounds += [Round((refusal,), status=400), wire.says("short")]
    events = await scene.ask()
    assert "its window is too small" in of(Note, events)[0].text
    assert finished(events).text == "short"


async def test_a_silent_loss_is_told_and_asked_again_with_less(
    server: FakeModels, wire: Wire, scene: Scene
) -> None:
    server.rounds += [wire.says("lost", usage=(512, 3)), wire.says("found", usage=(1_500, 3))]
    events = await scene.ask()
    assert any("its server read 512 tokens" in each.text for each in of(Note, events))
    assert shown(events) == "lostfound"
    assert finished(events).text == "found"
    assert len(rounds(server)) == 2


async def test_tools_a_server_keeps_from_its_model_are_told_in_words(
    server: FakeModels, wire: Wire, scene: Scene
) -> None:
    (speaker,) = scene.chain.speakers
    window, asked = speaker.window, wire.says('{"tool": "GetQuotes", "arguments": ' + AAPL + "}")
    server.rounds += [wire.says("lost", usage=(40, 3)), asked, wire.says("188.25")]
    events = await scene.ask()
    assert any("does not tell it of tools" in each.text for each in of(Note, events))
    assert finished(events).text == "188.25"
    assert scene.engine.asked == [GetQuotes(("AAPL",))]
    assert speaker.window == window
    assert "GetQuotes(symbols?)" in rounds(server)[1]["messages"][0]["content"]


async def test_a_model_that_says_nothing_is_asked_once_more(
    server: FakeModels, wire: Wire, scene: Scene
) -> None:
    server.rounds += [wire.says(), wire.says("well")]
    assert finished(await scene.ask()).text == "well"
    server.rounds += [wire.says(), wire.says(" ")]
    events = await scene.ask()
    assert isinstance(events[-1], Exhausted)
    assert "said nothing" in events[-1].reasons[0]


async def test_an_answer_cut_at_its_most_tokens_says_so(
    server: FakeModels, wire: Wire, scene: Scene
) -> None:
    server.rounds.append(wire.says("half", cut=True))
    assert finished(await scene.ask()).end is End.cut


async def test_a_small_window_has_fewer_tools_and_room_for_what_is_said(
    server: FakeModels, wire: Wire, scene: Scene
) -> None:
    server.shown = Round(
        (b'{"capabilities": ["tools"], "model_info": {"small.context_length": 4096}}',)
    )
    server.models = Round((b'{"data": [{"id": "small", "max_model_len": 4096}]}',))
    server.rounds += [wire.calls(("GetQuotes", AAPL)), wire.says("188.25")]
    events = await scene.ask()
    assert finished(events).text == "188.25"
    first, second = rounds(server)
    names = [each["function"]["name"] for each in first["tools"]]
    assert 3 <= len(names) < 12
    assert names[:2] == ["GetQuotes", "GetBars"]
    assert "read_more" in [each["function"]["name"] for each in second["tools"]]
    assert '"last":188.25' in second["messages"][-1]["content"]
    if wire.kind == "ollama":
        assert first["options"]["num_ctx"] == 4_096


async def test_a_server_that_says_nothing_of_its_models_is_given_up(
    server: FakeModels, wire: Wire, scene: Scene
) -> None:
    server.shown = server.models = Round((b"{",), held=True)
    asked = asyncio.ensure_future(scene.ask())
    await server.holding.wait()
    await settle()
    await scene.clock.advance(LEARN_SECONDS)
    events = await asked
    assert isinstance(events[-1], Exhausted)
    assert "nothing came for" in events[-1].reasons[0]


async def test_what_a_model_says_cannot_steer_a_terminal(
    server: FakeModels, wire: Wire, scene: Scene
) -> None:
    server.rounds += [
        wire.calls(("Get\x1b[2JX", '{"a": "\\u001b]0;owned\\u0007"}')),
        wire.calls(("NameHarbour", '{"harbour": "Ki\\u001b[2Jel\\u202e"}')),
        wire.says("red \x1b[31m\x9b\x07", "\u202etxt\r\n", "\x00end"),
    ]
    with declared(NameHarbour, Effect.write):
        events = await scene.ask("Name the harbour")
    assert shown(events) == finished(events).text == "red [31mtxt\nend"
    unknown, named = of(CallEnded, events)
    assert unknown.name == "Get[2JX"
    assert named.called.proposed == NameHarbour("Ki[2Jel")
    for each in events:
        told = str(msgspec.to_builtins(each, enc_hook=str)) if isinstance(each, CallBegun) else ""
        assert "\x1b" not in told


async def test_what_is_left_out_is_said_once(server: FakeModels, wire: Wire, scene: Scene) -> None:
    scene.chat.messages += [Message(part=Part.user, text="x" * 1_000)] * 60
    server.rounds += [wire.calls(("GetQuotes", AAPL)), wire.says("so")]
    events = await scene.ask()
    told = [each.text for each in of(Note, events)]
    assert any("earlier messages left out for room" in each for each in told)
    assert len(told) == len(set(told)) <= 2
    assert all(len(str(each["messages"])) < 60_000 for each in rounds(server))
