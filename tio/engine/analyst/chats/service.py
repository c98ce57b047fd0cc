"""The words of chats answered; what answers questions is imported when the first is asked."""

import sqlite3
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec.structs import replace

from tio.api.access import Principal
from tio.api.chat_events import ChatEvents
from tio.api.chats import (
    Ask,
    Asked,
    BranchChat,
    Chat,
    ChatHit,
    ConfirmProposal,
    DeleteChat,
    DismissProposal,
    GetChat,
    GetSource,
    ListChats,
    ProposalState,
    RenameChat,
    SearchChats,
    Source,
    StartChat,
    StopAnswer,
    ToolProposal,
    WholeChat,
    WriteOutChat,
)
from tio.api.clean import clean
from tio.api.codec import decode
from tio.api.contract import WORDS, After, Engine, Request, Topic, Watch
from tio.api.errors import Conflict, Invalid
from tio.engine.analyst.chats.memory import ViewMemory
from tio.engine.analyst.chats.minds import Minds
from tio.engine.market.service import MarketService
from tio.engine.service import Answer, Stream
from tio.engine.session import Session
from tio.engine.store.chats import ChatTable, key_of
from tio.engine.store.database import Database
from tio.engine.store.views import ViewTable
from tio.engine.written import written
from tio.plugin import Clock

if TYPE_CHECKING:
    from tio.engine.analyst.chats.rooms import Rooms

T = TypeVar("T")


class ChatService:
    """Answers for chats. `words` are the engine's answers, filled as its services start."""

    def __init__(
        self,
        database: Database,
        wall: Clock,
        clock: Clock,
        market: MarketService,
        minds: Minds,
        words: Mapping[type[Request[Any]], Answer],
        views: ViewMemory,
        *,
        simulated: bool = False,
    ) -> None:
        self._database = database
        self._wall = wall
        self._clock = clock
        self._market = market
        self._minds = minds
        self._words = words
        self._views = views
        self._simulated = simulated
        self._opened: Rooms | None = None

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {
            StartChat: self._start,
            Ask: self._ask,
            StopAnswer: self._stop,
            ListChats: self._list,
            GetChat: self._get,
            SearchChats: self._search,
            RenameChat: self._rename,
            BranchChat: self._branch,
            DeleteChat: self._delete,
            WriteOutChat: self._write_out,
            GetSource: self._source,
            ConfirmProposal: self._confirm,
            DismissProposal: self._dismiss,
        }

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {ChatEvents: self._watch}

    async def start(self) -> None:
        """What an engine that is gone left unfinished is marked so."""
        await self._database.write(ChatTable.unfinished)

    async def close(self) -> None:
        """Interrupt what is being written, and keep what was said."""
        if self._opened is not None:
            await self._opened.close()

    def session(self, principal: Principal) -> Engine:
        """The engine as this principal may use it: an `Access`."""
        return Session(principal, self._words, {})

    async def _start(self, asked: StartChat, by: Principal) -> Chat:
        if asked.as_of is not None and (
            asked.as_of.tzinfo is None or asked.as_of > self._clock.now()
        ):
            raise Invalid("`as_of` must be a past moment with its zone", "2026-11-20T15:00Z")
        title, now = clean(asked.title).strip(), self._clock.now()
        return await self._written(
            asked,
            by,
            lambda c: ChatTable.start(c, by.name, title or "New chat", now, asked.as_of),
            Chat,
        )

    async def _ask(self, asked: Ask, by: Principal) -> Asked:
        return await self._rooms.ask(asked, by)

    async def _stop(self, asked: StopAnswer, by: Principal) -> Chat:
        room = await self._rooms.room(key_of(by.name, asked.chat))
        await room.stop()
        return room.chat

    async def _list(self, asked: ListChats, by: Principal) -> tuple[Chat, ...]:
        return await self._database.read(lambda c: ChatTable.list(c, by.name, asked.limit))

    async def _get(self, asked: GetChat, by: Principal) -> WholeChat:
        return (await self._rooms.room(key_of(by.name, asked.id))).whole(asked.last)

    async def _search(self, asked: SearchChats, by: Principal) -> tuple[ChatHit, ...]:
        return await self._database.read(
            lambda c: ChatTable.search(c, by.name, asked.query, asked.limit)
        )

    async def _rename(self, asked: RenameChat, by: Principal) -> Chat:
        key, title = key_of(by.name, asked.id), clean(asked.title).strip()
        if not title:
            raise Invalid("a chat's title must say something", "give it a word")
        await self._database.read(lambda c: ChatTable.get(c, key))
        made = await self._written(asked, by, lambda c: ChatTable.rename(c, key, title), Chat)
        self._rooms.renamed(key, made)
        return made

    async def _branch(self, asked: BranchChat, by: Principal) -> Chat:
        key, now = key_of(by.name, asked.id), self._clock.now()
        room = await self._rooms.room(key)
        place = int(asked.message[1:])
        if room.chat.writing == asked.message:
            raise Conflict(f"{asked.message} is still being written", "wait for it, or stop it")
        title = room.chat.title
        return await self._written(
            asked, by, lambda c: ChatTable.branch(c, key, place, title, now), Chat
        )

    async def _delete(self, asked: DeleteChat, by: Principal) -> Chat:
        key = key_of(by.name, asked.id)
        room = await self._rooms.room(key)
        await room.stop()

        def work(connection: sqlite3.Connection) -> Chat:
            ViewTable.unlink(connection, key.owner, key.id)
            return ChatTable.delete(connection, key)

        made = await self._written(asked, by, work, Chat)
        self._rooms.ended(key)
        return made

    async def _write_out(self, asked: WriteOutChat, by: Principal) -> str:
        from tio.engine.analyst.chats.written_out import written_out

        key = key_of(by.name, asked.id)
        room = await self._rooms.room(key)
        results = await self._database.read(lambda c: ChatTable.results(c, key))
        return written_out(room.whole(len(room.messages) or 1), results, asked.format)

    async def _source(self, asked: GetSource, by: Principal) -> Source:
        key = key_of(by.name, asked.chat)
        await self._database.read(lambda c: ChatTable.get(c, key))
        if (room := self._rooms.open_room(key)) is not None:
            # What was told a moment ago may not be stored yet.
            await room.save()
        found = await self._database.read(lambda c: ChatTable.result(c, key, asked.result))
        return found.source

    async def _confirm(self, asked: ConfirmProposal, by: Principal) -> ToolProposal:
        room, found = await self._proposal(asked, by)
        kind = WORDS.get(found.word)
        if kind is None:
            raise Invalid(f"{found.word} is no word any more", "dismiss it")
        try:
            word: Any = decode(found.fields, kind)
        except msgspec.MsgspecError as error:
            raise Invalid(f"{found.word} is said otherwise now: {error}", "dismiss it") from error
        # A key of its own: said twice, it happens once.
        key = f"{asked.chat}-{asked.message}-{asked.proposal}"
        await self.session(replace(by, door="analyst")).ask(word, key=key)
        made = replace(found, state=ProposalState.confirmed, outcome="done")
        await room.decide(asked.message, made)
        return made

    async def _dismiss(self, asked: DismissProposal, by: Principal) -> ToolProposal:
        room, found = await self._proposal(asked, by)
        made = replace(found, state=ProposalState.dismissed)
        await room.decide(asked.message, made)
        return made

    async def _proposal(
        self, asked: ConfirmProposal | DismissProposal, by: Principal
    ) -> tuple[Any, ToolProposal]:
        room = await self._rooms.room(key_of(by.name, asked.chat))
        found = room.proposal(asked.message, asked.proposal)
        if found.state is not ProposalState.waiting:
            raise Conflict(f"{found.word} was {found.state} before", "nothing is left to decide")
        return room, found

    def _watch(
        self, asked: ChatEvents, by: Principal, after: After | None
    ) -> Watch[tuple[Any, ...]]:
        from tio.engine.analyst.chats.room import RoomWatch

        return RoomWatch(lambda: self._rooms.room(key_of(by.name, asked.chat)), after)

    @property
    def _rooms(self) -> "Rooms":
        if self._opened is None:
            from tio.engine.analyst.chats.rooms import Rooms

            self._opened = Rooms(
                self._database,
                self._wall,
                self._clock,
                self._market,
                self._minds,
                self,
                self._views,
                simulated=self._simulated,
            )
        return self._opened

    async def _written(self, asked: Request[T], by: Principal, do: Any, kind: type[T]) -> T:
        return await written(self._database, self._wall, asked, by, do, kind)
