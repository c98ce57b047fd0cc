"""Talking with the analyst at a terminal, line by line."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable

import pytest
from answered_chats import answer, answers_with, chat, over

from tio.api.chat_events import ChatEvents
from tio.api.chats import AnswerState, Ask, Asked, DeleteChat, StartChat, StopAnswer
from tio.api.errors import Invalid
from tio.commands.question_loop import talk, typed

from fakes import FakeEngine


def lines(*told: str) -> Callable[[], Awaitable[str | None]]:
    """What a person types, then the end of input."""
    left = list(told)

    async def line() -> str | None:
        return left.pop(0) if left else None

    return line


@pytest.fixture
def engine() -> FakeEngine:
    made = FakeEngine({StartChat: chat(), DeleteChat: chat()}, {ChatEvents: ()})
    made.answers[Ask] = answers_with(made, over(answer()))
    return made


async def test_every_line_is_asked_in_one_chat_until_quit(
    engine: FakeEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = Ask("", model="m")
    await talk(engine, asked, None, lines("How is AAPL?\n", "\n", "And MSFT?\n", "/quit\n", "x\n"))
    assert engine.asked == [
        StartChat("How is AAPL?"),
        Ask("How is AAPL?", chat="c7", model="m"),
        Ask("And MSFT?", chat="c7", model="m"),
    ]
    assert capsys.readouterr().out.count("AI qwen3") == 2


async def test_a_new_chat_is_begun_where_one_is_wanted(engine: FakeEngine) -> None:
    await talk(engine, Ask("", chat="c3"), None, lines("A?", "/new", "B?"))
    assert engine.asked == [Ask("A?", chat="c3"), StartChat("B?"), Ask("B?", chat="c7")]


async def test_what_is_refused_is_said_and_the_talk_goes_on(
    engine: FakeEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.answers[Ask("/breif", chat="c7")] = Invalid("there is no command /breif", "/brief?")
    await talk(engine, Ask(""), None, lines("/breif", "How is AAPL?"))
    assert "there is no command /breif\n/brief?" in capsys.readouterr().err
    assert engine.asked[-2:] == [StartChat("How is AAPL?"), Ask("How is AAPL?", chat="c7")]


async def test_help_lists_workflows(engine: FakeEngine, capsys: pytest.CaptureFixture[str]) -> None:
    await talk(engine, Ask(""), None, lines("/help"))
    out = capsys.readouterr().out
    assert "/brief" in out
    assert "/quit" in out
    assert engine.asked == []


async def test_ctrl_c_stops_the_answer_and_the_talk_goes_on_in_its_chat(
    engine: FakeEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    stopped = answer(text="Half", state=AnswerState.stopped, grounded=None)

    def ask(request: Ask) -> Asked:
        os.kill(os.getpid(), signal.SIGINT)
        return Asked(chat="c7", message="m2")

    def stop(_: StopAnswer) -> object:
        engine.push(ChatEvents, (over(stopped),))
        return chat()

    engine.answers |= {Ask("How is AAPL?", chat="c7"): ask, StopAnswer: stop}
    before = signal.getsignal(signal.SIGINT)
    async with asyncio.timeout(20):
        await talk(engine, Ask(""), None, lines("How is AAPL?", "Go on"))
    assert StopAnswer("c7") in engine.asked
    assert engine.asked[-1] == Ask("Go on", chat="c7")
    assert "AI qwen3 · stopped" in capsys.readouterr().out
    assert signal.getsignal(signal.SIGINT) == before


async def test_a_line_is_waited_for_while_the_engine_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading) as stdin, os.fdopen(writing, "w") as terminal:
        monkeypatch.setattr("sys.stdin", stdin)
        waiting = asyncio.create_task(typed())
        for _ in range(5):
            await asyncio.sleep(0)
        assert not waiting.done()
        print("How is AAPL?", file=terminal, flush=True)
        assert await waiting == "How is AAPL?\n"
        terminal.close()
        assert await typed() is None
