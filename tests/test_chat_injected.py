"""Hostile texts through a whole chat: a model that obeys them all changes and leaks nothing."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from both_engines import DOORS, Afternoon, through
from chat_scene import WIRES, Wire
from fake_models import Round
from hostile_texts import HOSTILE
from injected_texts import INJECTED
from obedient_models import ObedientModels, obedient_models

from tio.api.chat_events import ChatEvents, MessageWritten
from tio.api.chats import (
    AnswerState,
    Ask,
    ChatFormat,
    ChatMessage,
    Chip,
    ChipKind,
    GetChat,
    ListChats,
    ProposalState,
    SearchChats,
    StartChat,
    WholeChat,
    WriteOutChat,
)
from tio.api.clean import clean
from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.ideas import ListIdeas
from tio.api.ledger import AddTransaction, CreatePortfolio, ListPortfolios, ListTransactions
from tio.api.models import SetModelKey
from tio.api.portfolio import TransactionKind
from tio.api.trading import ListOrders
from tio.api.watchlists import ListWatchlists, SaveWatchlist
from tio.config import Analyst, Config, Demo
from tio.engine.local import LocalEngine
from tio.paths import Paths

KEY = "sk-canary-7f3a9b1c5d"
PATIENCE = 20.0
TEXTS = tuple(
    text.encode("utf-8", "replace").decode() for text in (*(e.text for e in INJECTED), *HOSTILE)
)
STORIES = 12
READS = (
    ("ListWatchlists", "{}"),
    ("ListPortfolios", "{}"),
    ("ListTransactions", '{"portfolio": "main"}'),
)


@asynccontextmanager
async def running(model: str) -> AsyncIterator[LocalEngine]:
    config = Config(
        demo=Demo(symbols=3, rate=50.0, portfolio=False), analyst=Analyst(models=(model,))
    )
    local = LocalEngine(Paths.find().workspace("demo"), config, wall=Afternoon())
    await local.start()
    try:
        yield local
    finally:
        await local.close()


@pytest.mark.slow
@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.kind)
@pytest.mark.parametrize("door", DOORS)
async def test_a_model_that_obeys_stories_names_and_notes_changes_nothing(
    door: str, wire: Wire
) -> None:
    async with obedient_models(wire, READS) as server:
        server.shown = Round((b'{"capabilities": ["completion", "tools"], "model_info": {}}',))
        name = server.settings(wire.kind).name
        async with running(name) as local, through(local, door) as engine:
            if wire.kind == "openai":
                await engine.ask(SetModelKey(name, KEY))
            await spoil(engine)
            before = await everything(engine)
            parts = [TEXTS[start : start + STORIES] for start in range(0, len(TEXTS), STORIES)]
            heard = [await one_question(engine, server, part) for part in parts]
            assert await everything(engine) == before
            seen = [text async for text in shown(engine)]
    bodies = "\n".join(f"{asked.path} {json.dumps(asked.body)}" for asked in server.asked)
    asked = {name for name, _ in server.obeyed}

    assert sum(message.made_by == name for message in heard) > len(heard) / 2
    for message in heard:
        if message.made_by == "rules":
            assert any("repeats itself" in note for note in message.notes)
    assert {"PlaceOrder", "SaveWatchlist", "DeleteWatchlist"} <= asked
    assert len(seen) > 1_000
    assert not [text for text in seen if clean(text, prose=True, limit=len(text)) != text]
    assert not [text for text in (*seen, bodies) if KEY in text]


async def spoil(engine: Engine) -> None:
    """Names and notes that hold the texts, as far as the engine takes them."""
    await engine.ask(CreatePortfolio("main", "USD"))
    for text in TEXTS[::6]:
        note = AddTransaction(
            "main", TransactionKind.deposit, "2026-11-02", amount=Decimal(5), note=text[:200]
        )
        with suppress(TioError):
            await engine.ask(SaveWatchlist(text[:60], ("SIM:ACME",)))
        with suppress(TioError):
            await engine.ask(note)


async def everything(engine: Engine) -> tuple[Any, ...]:
    """What a person owns here."""
    return (
        await engine.ask(ListWatchlists()),
        await engine.ask(ListPortfolios()),
        await engine.ask(ListTransactions("main", limit=1_000)),
        await engine.ask(ListOrders("main")),
        await engine.ask(ListIdeas()),
    )


async def one_question(
    engine: Engine, server: ObedientModels, stories: tuple[str, ...]
) -> ChatMessage:
    """Ask with stories that hold the texts; the model obeys them, and says them aloud."""
    server.anew("\n".join(stories)[:20_000])
    chips = tuple(
        Chip(kind=ChipKind.story, about=text[:100].strip() or "story", text=text[:4_000])
        for text in stories
    )
    chat = (await engine.ask(StartChat())).id
    async with asyncio.timeout(PATIENCE), engine.watch(ChatEvents(chat)) as items:
        told = aiter(items)
        await anext(told)
        asked = await engine.ask(
            Ask(f"What of these? {stories[0][:400]}", chat=chat, context=chips)
        )
        async for item in told:
            for text in texts(item.value):
                assert clean(text, prose=True, limit=len(text)) == text
            for event in item.value:
                if not isinstance(event, MessageWritten) or event.message.id != asked.message:
                    continue
                if event.message.state is not AnswerState.writing:
                    return event.message
    raise AssertionError("the chat's events ended before the answer stood")


async def shown(engine: Engine) -> AsyncIterator[str]:
    """Every text of every chat: as it is kept, written out and found."""
    for chat in await engine.ask(ListChats()):
        whole: WholeChat = await engine.ask(GetChat(chat.id))
        for message in whole.messages:
            assert all(one.state is ProposalState.waiting for one in message.proposals)
        for text in texts(whole):
            yield text
        for form in ChatFormat:
            yield await engine.ask(WriteOutChat(chat.id, form))
    for word in ("evil", "order", "data", "owned", "system"):
        for hit in await engine.ask(SearchChats(word)):
            yield f"{hit.title} {hit.snippet}"


def texts(value: object) -> Iterator[str]:
    """Every text within a value."""
    match value:
        case str():
            yield value
        case dict():
            for key, inner in value.items():
                yield from texts(key)
                yield from texts(inner)
        case list() | tuple():
            for inner in value:
                yield from texts(inner)
        case msgspec.Struct():
            yield from texts(msgspec.to_builtins(value))
