"""Questions one after the other in one chat, at a terminal."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime

from msgspec.structs import replace

from tio.api.chats import SLASH, Ask, GetChat
from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.commands.asking import opened
from tio.commands.printing import print_table, say
from tio.commands.questions import ask_in, run

PROMPT = "› "
QUIT = ("/quit", "/q", "/exit")
Lines = Callable[[], Awaitable[str | None]]


def talk_here(asked: Ask, at: datetime | None, workspace: str) -> None:
    """Answer what is typed at this terminal; every `Ask` is as `asked` but for its question."""

    async def work() -> None:
        async with opened(workspace) as engine:
            if asked.chat is not None:
                chat = (await engine.ask(GetChat(asked.chat, 1))).chat
                say(f"{chat.id} {chat.title}: {chat.messages} messages")
            say("/help tells commands, /quit leaves, ctrl-c stops an answer")
            await talk(engine, asked, at, typed)

    run(work())


async def talk(engine: Engine, asked: Ask, at: datetime | None, lines: Lines) -> None:
    """Answer each line in one chat, until /quit or the end of them."""
    while (line := await lines()) is not None:
        line = line.strip()
        if line in QUIT:
            return
        if line in ("/help", "/?"):
            _help()
        elif line == "/new":
            asked = replace(asked, chat=None)
            say("the next question begins a chat")
        elif line:
            asked = await _asked(engine, replace(asked, question=line), at)
    print(file=sys.stderr)


async def typed() -> str | None:
    """The next line from the terminal, None at its end; the engine goes on meanwhile."""
    print(PROMPT, end="", file=sys.stderr, flush=True)
    loop, there = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), there.set)
    try:
        await there.wait()
    finally:
        loop.remove_reader(sys.stdin.fileno())
    # A terminal gives whole lines: this does not wait.
    return sys.stdin.readline() or None


async def _asked(engine: Engine, asked: Ask, at: datetime | None) -> Ask:
    """The same with the chat it was asked in; what is refused is said."""
    try:
        told = await ask_in(engine, asked, at, live=True)
    except TioError as error:
        say(f"{error.message}\n{error.next}".strip())
        return asked
    print(flush=True)
    return replace(asked, chat=told.chat)


def _help() -> None:
    rows = [[f"/{each.name}", each.takes, each.help] for each in SLASH]
    rows += [["/new", "", "the next question begins a chat"], ["/quit", "", "leave"]]
    print_table(("COMMAND", "TAKES", "WHAT"), rows)
