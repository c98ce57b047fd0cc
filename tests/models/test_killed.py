"""A real server killed in the middle of an answer: the chat goes on, and says what happened."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from fake_models import fake_models, line, ollama
from real_model import LONGEST, OwnServer, engine_with, own_server
from test_chat_contract import followed

from tio.api.chat_events import Answers, ChatEvents, MessageWritten, TextAdded
from tio.api.chats import AnswerState, Ask, ChatMessage, StartChat
from tio.api.contract import Engine
from tio.api.models import ListModels, ModelStanding

STORY = "Tell me a long story about the sea, of many pages."


@pytest.fixture
async def own() -> AsyncIterator[OwnServer]:
    async with own_server() as made:
        yield made


async def killed_in(engine: Engine, chat: str, own: OwnServer) -> ChatMessage:
    """The answer to a question whose server is killed once it has begun to say something."""
    async with asyncio.timeout(LONGEST), engine.watch(ChatEvents(chat)) as items:
        told = aiter(items)
        await anext(told)
        asked = await engine.ask(Ask(STORY, chat=chat))
        async for item in told:
            for event in item.value:
                if isinstance(event, TextAdded):
                    await own.kill()
                if (
                    isinstance(event, MessageWritten)
                    and event.message.id == asked.message
                    and event.message.state is not AnswerState.writing
                ):
                    return event.message
    raise AssertionError("the chat ended before its answer")


async def test_killed_in_mid_answer_the_rules_go_on_and_started_again_it_does(
    own: OwnServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("test_chat_contract.PATIENCE", LONGEST)
    async with engine_with(own.model, written=1_024) as engine:
        chat = (await engine.ask(StartChat())).id
        message = await killed_in(engine, chat, own)
        assert message.state is AnswerState.done
        assert message.made_by == "rules"
        assert any("stopped in the middle" in each for each in message.notes)
        message, _ = await followed(engine, "What does SIM:ACME cost?", chat)
        assert message.made_by == "rules"
        assert any("cannot be reached" in each or "rests" in each for each in message.notes)
        await own.start()
        model, _ = await engine.ask(ListModels(check=True))
        assert model.state is ModelStanding.ready
        _, events = await followed(engine, "Say yes.", chat)
        assert own.model in {each.made_by for each in events if isinstance(each, Answers)}


async def test_killed_in_mid_answer_another_protocol_goes_on(own: OwnServer) -> None:
    async with fake_models() as other:
        name = other.settings("ollama").name
        other.rounds.append(ollama(line(content="Once there was a sea.")))
        async with engine_with(own.model, name, written=1_024) as engine:
            chat = (await engine.ask(StartChat())).id
            message = await killed_in(engine, chat, own)
        assert message.made_by == name
        assert message.text == "Once there was a sea."
        assert any(name in each and own.model in each for each in message.notes)
        assert any(STORY in each["content"] for each in other.asked[-1].body["messages"])
