"""A question asked from a shell: watched before it is asked, told while it is answered."""

import asyncio
import sys
from collections.abc import Coroutine
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from msgspec.structs import replace

from tio.api.chat_events import ChatEnded, ChatEvent, ChatEvents, MessageWritten
from tio.api.chats import AnswerState, Ask, ChatMessage, DeleteChat, StartChat
from tio.api.contract import Engine
from tio.api.errors import Conflict, TioError
from tio.commands.answer_live import LiveAnswer
from tio.commands.answer_print import print_answer, print_rest, tool_line
from tio.commands.asking import opened
from tio.commands.printing import print_json, say
from tio.commands.stopping import Stopping, ctrl_c

T = TypeVar("T")

ANSWERED = (AnswerState.done, AnswerState.cut)
INTERRUPTED = 130
_TITLE = 60


class Told(NamedTuple):
    """An answer and its chat; `interrupted`: by ctrl-c here."""

    chat: str
    message: ChatMessage
    interrupted: bool


def ask_once(asked: Ask, at: datetime | None, workspace: str, *, json: bool, live: bool) -> int:
    """Ask and print the answer; the exit code. `at`: a new chat is about that moment."""

    async def work() -> Told:
        async with opened(workspace) as engine:
            return await ask_in(engine, asked, at, live=live, quiet=json)

    told = run(work())
    if json:
        print_json(told.message)
    say(f"{told.chat} {told.message.id} · go on: tio ask --chat {told.chat} …")
    if told.interrupted:
        return INTERRUPTED
    return 0 if told.message.state in ANSWERED else 1


def run(work: Coroutine[Any, Any, T]) -> T:
    """`asyncio.run`, where ctrl-c is said twice a KeyboardInterrupt too."""
    try:
        return asyncio.run(work)
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def ask_in(
    engine: Engine, asked: Ask, at: datetime | None, *, live: bool, quiet: bool = False
) -> Told:
    """Ask and print the answer unless `quiet`; ctrl-c stops it, and what was said is told."""
    chat = asked.chat or (await engine.ask(StartChat(title_of(asked.question), at))).id
    shown = LiveAnswer() if live else None
    stopping = Stopping(engine, chat)
    try:
        with ctrl_c(stopping):
            message = await _followed(engine, replace(asked, chat=chat), shown, stopping)
    except TioError:
        if asked.chat is None:
            with suppress(TioError):
                await engine.ask(DeleteChat(chat))
        raise
    finally:
        await stopping.close()
        if shown is not None:
            shown.end()
    if shown is not None:
        print_rest(message, chat)
    elif not quiet:
        for call in message.calls:
            say(tool_line(call))
        print_answer(message, chat)
    return Told(chat, message, stopping.wanted)


async def _followed(
    engine: Engine, asked: Ask, shown: LiveAnswer | None, stopping: Stopping
) -> ChatMessage:
    """The answer once it is over; `shown` is given what happens until then."""
    assert asked.chat is not None
    async with engine.watch(ChatEvents(asked.chat)) as items:
        told = aiter(items)
        await anext(told)
        answer = (await engine.ask(asked)).message
        if stopping.wanted:
            await stopping.stop()
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
