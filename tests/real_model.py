"""A real model's server, and what must hold of an answer whichever model gave it.

Named by the environment (docs/models.md): `TIO_TEST_MODEL_URL`, as http://127.0.0.1:8080/v1#MODEL;
`TIO_TEST_MODEL_SERVER` and `TIO_TEST_MODEL_FILE`, a llama-server and its weights, to be killed.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import ClientError, ClientSession
from both_engines import Afternoon

from benchmarks.answer_sources import unopened
from tio.api.chat_events import ChatEvent, TextAdded, TextCut
from tio.api.chats import AnswerState, ChatMessage
from tio.api.contract import Engine
from tio.config import Analyst, Config, Demo, ModelTerms
from tio.engine.local import LocalEngine
from tio.paths import Paths

URL = os.environ.get("TIO_TEST_MODEL_URL", "")
SERVER = os.environ.get("TIO_TEST_MODEL_SERVER", "")
FILE = os.environ.get("TIO_TEST_MODEL_FILE", "")
MODEL = URL if URL.startswith(("ollama:", "openai:")) or not URL else f"openai:{URL}"
ACME = "SIM:ACME"
LONGEST = 180.0
"""Seconds a real model may take for anything that is waited for here."""


@asynccontextmanager
async def engine_with(*models: str, context: int = 0, written: int = 96) -> AsyncIterator[Engine]:
    """A session with a demo's engine that asks these models, little at a time."""
    analyst = Analyst(
        models=models,
        written=written,
        seconds=120.0,
        model={each: ModelTerms(context=context) for each in models},
    )
    local = LocalEngine(
        Paths.find().workspace("demo"), Config(demo=Demo(), analyst=analyst), wall=Afternoon()
    )
    await local.start()
    try:
        yield local.session()
    finally:
        await local.close()


async def must_hold(
    engine: Engine, chat: str, message: ChatMessage, events: list[ChatEvent]
) -> None:
    """What any model's answer must be: over, told as it came, each figure judged and opened."""
    assert message.state in (AnswerState.done, AnswerState.cut), message.notes
    assert message.text
    assert told(events) == message.text
    if message.made_by == "rules":
        assert any("rules answers" in each for each in message.notes)
    else:
        assert message.grounded is not None
        assert message.grounded.text == message.text
        assert message.grounded.judged == len(message.text)
    wrong = await unopened(engine, chat, message)
    assert not wrong, wrong


def told(events: list[ChatEvent]) -> str:
    """What stands on a screen after the events of one answer."""
    text = ""
    for each in events:
        if isinstance(each, TextAdded):
            text += each.text
        elif isinstance(each, TextCut):
            text = text[: each.kept]
    return text


@dataclass
class OwnServer:
    """A llama-server of ours, which may be killed and started again at the same port."""

    port: int
    process: asyncio.subprocess.Process | None = None

    @property
    def model(self) -> str:
        return f"openai:http://127.0.0.1:{self.port}/v1#own"

    async def start(self) -> None:
        """Returns once it says that it is well."""
        words = ("-m", FILE, "--host", "127.0.0.1", "--port", str(self.port), "-c", "4096",
                 "--jinja", "--alias", "own")  # fmt: skip
        nowhere = asyncio.subprocess.DEVNULL
        self.process = await asyncio.create_subprocess_exec(
            SERVER, *words, stdout=nowhere, stderr=nowhere
        )
        async with asyncio.timeout(LONGEST), ClientSession() as session:
            while not await _well(session, f"http://127.0.0.1:{self.port}/health"):
                assert self.process.returncode is None, "the server ended by itself"
                await asyncio.sleep(0.1)

    async def kill(self) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()


@asynccontextmanager
async def own_server() -> AsyncIterator[OwnServer]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        own = OwnServer(free.getsockname()[1])
    await own.start()
    try:
        yield own
    finally:
        await own.kill()


async def busy_slots() -> int | None:
    """Answers the server is working on, as llama-server tells; None where none is told."""
    address = MODEL.partition(":")[2].partition("#")[0].removesuffix("/v1")
    try:
        async with ClientSession() as session, session.get(f"{address}/slots") as answer:
            slots = await answer.json() if answer.status == 200 else None
    except (ClientError, OSError):
        return None
    return None if slots is None else sum(bool(each["is_processing"]) for each in slots)


async def _well(session: ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as answer:
            return answer.status == 200
    except (ClientError, OSError):
        return False
