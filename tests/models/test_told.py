"""A real model told of tools both ways, asked for a shape, and given more than it can read."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest
from both_engines import demo_engine
from real_model import ACME, LONGEST, MODEL

from tio.api.access import OWNER
from tio.engine.analyst.chats.concluding import Conclusion
from tio.engine.analyst.chats.prompts import system_text
from tio.engine.analyst.conversation.chain import Chain, Speaker
from tio.engine.analyst.conversation.events import CallEnded, Exhausted, Finished
from tio.engine.analyst.conversation.loop import Conversation, Limits
from tio.engine.analyst.conversation.structured import structured
from tio.engine.analyst.models.ollama import OllamaModel
from tio.engine.analyst.models.openai import OpenAiModel
from tio.engine.analyst.models.settings import settings
from tio.engine.analyst.models.speech import Asking, Failed, Fault, Message, Part
from tio.engine.analyst.tools.desk import ToolDesk
from tio.engine.clock import RealClock

WRITTEN = f'{{"tool": "GetQuotes", "arguments": {{"symbols": ["{ACME}"]}}}}'


@pytest.fixture
async def speaker() -> AsyncIterator[Speaker]:
    made = OllamaModel if MODEL.startswith("ollama:") else OpenAiModel
    clock = RealClock()
    model = made(settings(MODEL), clock)
    yield Speaker(model, clock)
    await model.close()


def user(text: str) -> Message:
    return Message(part=Part.user, text=text)


@pytest.mark.parametrize("prompted", [False, True], ids=["native", "in words"])
async def test_whatever_it_calls_is_a_tool_of_ours_or_refused(
    speaker: Speaker, prompted: bool
) -> None:
    clock = RealClock()
    local = demo_engine()
    await local.start()
    try:
        desk = ToolDesk(local, OWNER, clock)
        chain = Chain((), clock)
        chain.speakers = (speaker,)
        await speaker.look()
        speaker.prompted = prompted
        system = system_text(clock.now(), None, True)
        limits = Limits(rounds=3, seconds=LONGEST, most=96)
        chat = Conversation(system, desk, chain, clock, limits)
        question = f"What does {ACME} cost? Answer with nothing but this line: {WRITTEN}"
        async with asyncio.timeout(LONGEST):
            events: list[Any] = [event async for event in chat.ask(question)]
    finally:
        await local.close()
    assert isinstance(events[-1], Finished | Exhausted)
    for ended in events:
        if isinstance(ended, CallEnded):
            assert ended.called.ok is bool(ended.called.id or ended.called.proposed)
            assert ended.called.ok or ended.called.text.startswith("Error: ")
    if any(isinstance(each, CallEnded) for each in events) and isinstance(events[-1], Finished):
        assert '"tool": "GetQuotes"' not in events[-1].text.partition("\n")[0]


async def test_a_verdict_keeps_its_bounds_or_is_none(speaker: Speaker) -> None:
    asked = f"{ACME} fell 3 % this week and its trend is down. Conclude in JSON: way, sessions, "
    async with asyncio.timeout(LONGEST):
        verdict = await structured(speaker, (user(f"{asked}confidence, reason."),), Conclusion, 160)
    if verdict.value is None:
        assert verdict.why
    else:
        assert 0 <= verdict.value.confidence <= 1
        assert 1 <= verdict.value.sessions <= 60


async def test_more_than_the_window_is_told_as_such(speaker: Speaker) -> None:
    await speaker.look()
    if speaker.ability is None or not 0 < speaker.ability.context <= 16_384:
        pytest.skip("its window is not known, or too large to be overflown here")
    asking = Asking(messages=(user("sea and wind " * speaker.ability.context),), most=16)
    async with asyncio.timeout(LONGEST), aclosing(speaker.model.says(asking)) as events:  # type: ignore[type-var]
        told = [event async for event in events]
    assert isinstance(told[-1], Failed)
    assert told[-1].fault is Fault.overflow
