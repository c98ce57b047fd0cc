"""A question asked from a shell: watched before it is asked, told while it is answered."""

import asyncio
import sys
from contextlib import suppress
from datetime import datetime

from msgspec.structs import replace

from tio.api.chat_events import ChatEnded, ChatEvent, ChatEvents, MessageWritten
from tio.api.chats import AnswerState, Ask, ChatMessage, DeleteChat, StartChat, StopAnswer
from tio.api.contract import Engine
from tio.api.errors import Conflict, TioError
from tio.commands.answer_live import LiveAnswer
from tio.commands.answer_print import print_answer, print_rest, tool_line
from tio.commands.asking import opened
from tio.commands.printing import print_json, say

ANSWERED = (AnswerState.done, AnswerState.cut)
_TITLE = 60
_LETTING_GO = 5.0
"""Seconds the engine has to stop an answer nobody waits for."""


def ask_once(asked: Ask, at: datetime | None, workspace: str, *, json: bool, live: bool) -> int:
    """Ask and print the answer; the exit code. `at`: a new chat is about that moment."""

    async def work() -> int:
        async with opened(workspace) as engine:
            chat, message = await ask_in(engine, asked, at, live=live, quiet=json)
        if json:
            print_json(message)
        say(f"{chat} {message.id} · go on: tio ask --chat {chat} …")
        return 0 if message.state in ANSWERED else 1

    return asyncio.run(work())


async def ask_in(
    engine: Engine, asked: Ask, at: datetime | None, *, live: bool, quiet: bool = False
) -> tuple[str, ChatMessage]:
    """Ask, print the answer unless `quiet`; its chat and the whole of it.

    Cancelled, the answer is stopped where it is written, and what was said of it stands.
    """
    chat = asked.chat or (await engine.ask(StartChat(title_of(asked.question), at))).id
    shown = LiveAnswer() if live else None
    try:
        message = await _followed(engine, replace(asked, chat=chat), shown)
    except asyncio.CancelledError:
        with suppress(TioError, TimeoutError):
            async with asyncio.timeout(_LETTING_GO):
                await engine.ask(StopAnswer(chat))
        if shown is not None:
            shown.end()
        say(f"stopped; what was said is kept: tio chats show {chat}")
        raise
    except TioError:
        if asked.chat is None:
            with suppress(TioError):
                await engine.ask(DeleteChat(chat))
        raise
    if shown is not None:
        shown.end()
        print_rest(message, chat)
    elif not quiet:
        for call in message.calls:
            say(tool_line(call))
        print_answer(message, chat)
    return chat, message


async def _followed(engine: Engine, asked: Ask, shown: LiveAnswer | None) -> ChatMessage:
    """The answer once it is over; `shown` is given what happens until then."""
    assert asked.chat is not None
    async with engine.watch(ChatEvents(asked.chat)) as items:
        told = aiter(items)
        await anext(told)
        answer = (await engine.ask(asked)).message
        async for item in told:
            for event in item.value:
                if isinstance(event, ChatEnded):
                    raise Conflict(f"{asked.chat} was deleted meanwhile", "ask again")
                if _of(event) != answer:
                    continue
                if shown is not None:
                    shown.take(event)
                if isinstance(event, MessageWritten) and _over(event.message):
                    return event.message
    raise Conflict(f"{asked.chat} ended before its answer", "`tio chats` lists those there are")


def title_of(question: str) -> str:
    """A new chat's title: the first words of its question."""
    line = " ".join(question.split())
    return line if len(line) <= _TITLE else line[:_TITLE].rsplit(" ", 1)[0] + " …"


def on_terminal() -> bool:
    """Whether a person reads standard output."""
    return sys.stdout.isatty()


def _of(event: ChatEvent) -> str:
    if isinstance(event, MessageWritten):
        return event.message.id
    return "" if isinstance(event, ChatEnded) else event.message


def _over(message: ChatMessage) -> bool:
    return message.state is not AnswerState.writing
