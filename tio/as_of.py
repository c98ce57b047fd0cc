"""An engine as it was at a past moment, wherever it is: an `Engine` over another one."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, Generic, TypeVar

from msgspec.structs import replace

from tio.api.as_of import STILL_LIVE, STILL_WRITTEN, AskAsOf
from tio.api.chat_events import ChatEvents
from tio.api.chats import Ask, GetChat, StartChat
from tio.api.codec import decode, encode
from tio.api.contract import After, Effect, Engine, Item, Request, Topic, Watch, Word
from tio.api.errors import Conflict

R = TypeVar("R")


class AsOfEngine:
    """Tells nothing that came after `at`; what changes how things are now is refused.

    What is asked of the analyst here is asked of that moment. `close` leaves the other engine open,
    unless it is `owned`.
    """

    def __init__(self, engine: Engine, at: datetime, *, owned: bool = False) -> None:
        self._engine = engine
        self.at = at
        self._owned = owned

    async def ask(self, request: Request[R], /, *, key: str = "") -> R:
        kind = type(request)
        if kind is AskAsOf:
            return await self._engine.ask(self._no_later(request), key=key)
        if kind.meaning.effect is not Effect.read:
            return await self._written(request, key)
        answer: R = decode((await self._told(request)).encode(), request.answer)
        return answer

    def watch(self, topic: Topic[R], /, *, after: After | None = None) -> Watch[R]:
        if type(topic).__name__ not in STILL_LIVE:
            return _StillWatch(self, topic)
        live = self._engine.watch(topic, after=after)
        said: Any = topic
        return _ChatWatch(self, live, said.chat) if isinstance(said, ChatEvents) else live

    async def close(self) -> None:
        if self._owned:
            await self._engine.close()

    async def _told(self, word: Word) -> str:
        """A word's answer at the moment, as JSON."""
        asked = AskAsOf(self.at, type(word).__name__, encode(word).decode())
        return (await self._engine.ask(asked)).answer

    async def still(self, topic: Topic[R]) -> R:
        """A topic's snapshot at the moment."""
        value: R = decode((await self._told(topic)).encode(), topic.answer)
        return value

    async def _written(self, request: Request[R], key: str) -> R:
        name = type(request).__name__
        if name not in STILL_WRITTEN:
            raise Conflict(
                f"{name} changes how things are now, this is {self.at:%Y-%m-%d %H:%M} UTC",
                "go back to now for it: NOW, or without --as-of",
            )
        said: Any = request
        match request:
            case StartChat():
                said = replace(request, as_of=self.at)
            case Ask(chat=None):
                begun = await self._engine.ask(StartChat(as_of=self.at))
                said = replace(request, chat=begun.id)
            case Ask(chat=str(chat)):
                await self._told(GetChat(chat, 1))  # Conflict where it is about a later moment
        answer: R = await self._engine.ask(said, key=key)
        return answer

    def _no_later(self, request: Any) -> Any:
        return replace(request, at=min(request.at, self.at))


class _StillWatch(Generic[R]):
    """A topic whose snapshot stands: nothing comes after it."""

    def __init__(self, engine: AsOfEngine, topic: Topic[R]) -> None:
        self._engine = engine
        self._topic = topic

    async def __aenter__(self) -> AsyncIterator[Item[R]]:
        return self._items(await self._engine.still(self._topic))

    async def __aexit__(self, *exc: object) -> None:
        """Nothing is subscribed."""

    async def _items(self, value: R) -> AsyncIterator[Item[R]]:
        yield Item(f"as of {self._engine.at.isoformat()}", 1, True, value)
        await asyncio.get_running_loop().create_future()


class _ChatWatch(Generic[R]):
    """The events of a chat that is about the moment, or an earlier one."""

    def __init__(self, engine: AsOfEngine, live: Watch[R], chat: str) -> None:
        self._engine = engine
        self._live = live
        self._chat = chat

    async def __aenter__(self) -> AsyncIterator[Item[R]]:
        await self._engine.ask(GetChat(self._chat, 1))
        return await self._live.__aenter__()

    async def __aexit__(self, *exc: object) -> None:
        await self._live.__aexit__(*exc)
