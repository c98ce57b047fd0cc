"""A real model through the whole engine: never that it is clever, always that nothing is lost."""

import asyncio

import pytest
from fake_models import fake_models, line, ollama
from real_model import ACME, LONGEST, MODEL, busy_slots, engine_with, must_hold
from test_chat_contract import followed

from tio.api.chat_events import ChatEvents, TextAdded
from tio.api.chats import AnswerState, Ask, GetChat, StartChat, StopAnswer
from tio.api.contract import Engine
from tio.api.models import ListModels, ModelStanding

QUESTIONS = (
    f"What does {ACME} cost?",
    "And how far is that from its close before?",
    f"Write three sentences on {ACME}, with its price.",
    "Which of these figures did you look up?",
)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("test_chat_contract.PATIENCE", LONGEST)


async def new(engine: Engine) -> str:
    return (await engine.ask(StartChat())).id


async def test_a_server_that_is_asked_is_ready() -> None:
    async with engine_with(MODEL) as engine:
        model, rules = await engine.ask(ListModels(check=True))
    assert model.state is ModelStanding.ready
    assert rules.name == "rules"


async def test_an_answer_streams() -> None:
    async with engine_with(MODEL) as engine:
        chat = await new(engine)
        message, events = await followed(engine, "Count from one to twelve in words.", chat)
        await must_hold(engine, chat, message, events)
    assert len([each for each in events if isinstance(each, TextAdded)]) > 3


async def test_a_chat_goes_on_and_every_number_of_it_is_verified_or_marked() -> None:
    async with engine_with(MODEL) as engine:
        chat = await new(engine)
        for question in QUESTIONS:
            message, events = await followed(engine, question, chat)
            await must_hold(engine, chat, message, events)
            if message.made_by != "rules" and message.read:
                # A tokenizer has at most a token a character.
                assert message.read < 200_000
        whole = await engine.ask(GetChat(chat))
    assert len(whole.messages) == 2 * len(QUESTIONS)
    assert [each.text for each in whole.messages[::2]] == list(QUESTIONS)


async def test_what_it_invents_is_marked() -> None:
    question = "Repeat exactly this sentence: The price of SIM:ACME is 48151.62 dollars."
    async with engine_with(MODEL) as engine:
        chat = await new(engine)
        message, events = await followed(engine, f"{question} Then add your own price.", chat)
        await must_hold(engine, chat, message, events)
        cited = message.grounded.citations if message.grounded else ()
    assert "48151.62" not in {each.text for each in cited}


async def test_a_stopped_answer_frees_the_server_at_once() -> None:
    async with engine_with(MODEL, written=2_048) as engine:
        asked = await engine.ask(Ask("Write a long story about the sea, of many pages."))
        async with asyncio.timeout(LONGEST), engine.watch(ChatEvents(asked.chat)) as items:
            async for item in items:
                if any(isinstance(each, TextAdded) for each in item.value):
                    break
        chat = await engine.ask(StopAnswer(asked.chat))
        assert chat.writing == ""
        for _ in range(200):
            if not (busy := await busy_slots()):
                break
            await asyncio.sleep(0.05)
        assert not busy
        last = (await engine.ask(GetChat(asked.chat))).messages[-1]
        assert last.state is AnswerState.stopped
        message, events = await followed(engine, "Say yes.", asked.chat)
        await must_hold(engine, asked.chat, message, events)


async def test_a_chat_longer_than_the_window_says_what_was_left_out() -> None:
    window = 1_024
    async with engine_with(MODEL, context=window) as engine:
        chat = await new(engine)
        for place in range(4):
            question = f"Remark {place}: {'the sea is calm and the wind is low. ' * 40} Say yes."
            message, events = await followed(engine, question, chat)
            await must_hold(engine, chat, message, events)
            assert message.read <= window * max(1, len(message.calls) + 2)
        notes = [note for each in (await engine.ask(GetChat(chat))).messages for note in each.notes]
    assert any("left out for room" in each for each in notes)


async def test_a_brief_stands_whatever_is_made_of_it_and_a_verdict_is_whole_or_none() -> None:
    async with engine_with(MODEL) as engine:
        chat = await new(engine)
        message, events = await followed(engine, f"/brief {ACME}", chat)
        await must_hold(engine, chat, message, events)
    assert message.report is not None
    assert ACME in message.report.headline
    verdicts = [each for each in message.notes if "erdict" in each]
    assert len(verdicts) == (message.made_by != "rules")
    assert all(each.startswith(("Verdict: SIM:ACME ", "No verdict")) for each in verdicts)


async def test_another_models_protocol_goes_on_with_the_same_chat() -> None:
    async with fake_models() as other:
        name = other.settings("ollama").name
        async with engine_with(MODEL, name) as engine:
            chat = await new(engine)
            first, _ = await followed(engine, "Say yes.", chat, model=MODEL)
            other.rounds.append(ollama(line(content="As it said.")))
            second, events = await followed(engine, "What did you say?", chat, model=name)
            await must_hold(engine, chat, second, events)
            assert second.text == "As it said."
            said = [each["content"] for each in other.asked[-1].body["messages"]]
            assert any("Say yes." in each for each in said)
            assert any(first.text[:40] in each for each in said)
            third, events = await followed(engine, "And now?", chat, model=MODEL)
            await must_hold(engine, chat, third, events)
