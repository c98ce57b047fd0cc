"""The chats that are open, and questions asked in them."""

import asyncio
import re
import sqlite3

from tio.api.access import Access, Principal
from tio.api.chats import Ask, Asked, Chat, Chip
from tio.api.clean import clean
from tio.api.errors import Busy, Conflict
from tio.engine.analyst.chats.answering import Answering, Asking
from tio.engine.analyst.chats.memory import ViewMemory
from tio.engine.analyst.chats.mind import Mind, no_turn
from tio.engine.analyst.chats.minds import Minds
from tio.engine.analyst.chats.prompts import with_context
from tio.engine.analyst.chats.room import Room
from tio.engine.analyst.rules.answering import answer as by_rules
from tio.engine.analyst.rules.slash import slash
from tio.engine.market.service import MarketService
from tio.engine.store.chats import ChatKey, ChatTable, Turn, key_of
from tio.engine.store.database import Database
from tio.engine.written import written, written_before
from tio.plugin import Clock

AT_ONCE = 4
"""Answers written for one owner at a time."""
_OPEN = 32
"""Chats kept open that nobody looks at."""
_TITLE = 60


class Rooms:
    """Open chats by their key. `access` gives what the tools of a principal may do."""

    def __init__(
        self,
        database: Database,
        wall: Clock,
        clock: Clock,
        market: MarketService,
        minds: Minds,
        access: Access,
        views: ViewMemory,
        *,
        simulated: bool,
    ) -> None:
        self._database = database
        self._wall = wall
        self._clock = clock
        self._market = market
        self._minds = minds
        self._access = access
        self._simulated = simulated
        self._answering = Answering(minds, wall, clock, by_rules, views)
        self._rooms: dict[ChatKey, Room] = {}
        self._opening = asyncio.Lock()

    async def close(self) -> None:
        for room in self._rooms.values():
            await room.close()

    def open_room(self, key: ChatKey) -> Room | None:
        return self._rooms.get(key)

    async def room(self, key: ChatKey) -> Room:
        """A chat, opened if it is not; NotFound."""
        async with self._opening:
            if (room := self._rooms.get(key)) is not None:
                return room
            chat, turns = await self._database.read(
                lambda c: (ChatTable.get(c, key), ChatTable.turns(c, key))
            )
            messages = [each.message for each in turns]
            made = Room(key, chat, messages, self._database, self._wall, self._clock)
            self._let_go()
            self._rooms[key] = made
            return made

    def renamed(self, key: ChatKey, chat: Chat) -> None:
        if (room := self._rooms.get(key)) is not None:
            room.chat = chat

    def ended(self, key: ChatKey) -> None:
        """A chat was deleted."""
        if (room := self._rooms.pop(key, None)) is not None:
            room.ended()

    async def ask(self, asked: Ask, by: Principal) -> Asked:
        """Keep the question with its answer, still empty, and begin to write that."""
        first = await written_before(self._database, asked, by, Asked)
        if first is not None:
            return first
        text = clean(asked.question, prose=True).strip()
        chips = tuple(map(_cleaned, asked.context))
        workflow = slash(text)
        if asked.model:
            self._minds.chain.alone(asked.model)  # Refused now where it is not configured.
        if sum(room.busy for key, room in self._rooms.items() if key.owner == by.name) >= AT_ONCE:
            raise Busy(f"{AT_ONCE} answers are being written", "wait for one, or stop it")
        room = await self._room_for(asked, by, text)
        if room.busy:
            raise Conflict(f"{room.key.id} is being answered", "wait for it, or stop it")
        async with room.asking:
            if room.busy:
                raise Conflict(f"{room.key.id} is being answered", "wait for it, or stop it")
            mind = await self._mind(room, by)
            question, answer = room.pair(text, chips)
            now = self._clock.now()

            def work(connection: sqlite3.Connection) -> Asked:
                for each in (question, answer):
                    ChatTable.put(connection, room.key, Turn(each, no_turn()), now)
                return Asked(chat=room.key.id, message=answer.id)

            made = await written(self._database, self._wall, asked, by, work, Asked)
            context = with_context(text, chips, room.decided())
            asking = Asking(text, chips, context, workflow, asked.model, room.asked())
            room.begin(question, answer, asking, mind, self._answering)
            return made

    async def _room_for(self, asked: Ask, by: Principal, text: str) -> Room:
        """The chat asked in; a new one is named after its first question."""
        if asked.chat is not None:
            return await self.room(key_of(by.name, asked.chat))
        title, now = title_of(text), self._clock.now()
        chat = await self._database.write(lambda c: ChatTable.start(c, by.name, title, now))
        return await self.room(key_of(by.name, chat.id))

    async def _mind(self, room: Room, by: Principal) -> Mind:
        """What answers in it, as this principal, with all that was said before."""
        if room.mind is not None and room.mind.principal == by:
            return room.mind
        instruments = self._market.market.instruments
        mind = Mind(
            self._access,
            by,
            room.chat,
            self._minds,
            self._wall,
            self._clock,
            names={each.name: symbol for symbol, each in instruments.items() if each.name}
            | {symbol: symbol for symbol in instruments},
            simulated=self._simulated,
        )
        turns, results = await self._database.read(
            lambda c: (ChatTable.turns(c, room.key), ChatTable.results(c, room.key))
        )
        mind.remember(turns, results)
        room.mind = mind
        return mind

    def _let_go(self) -> None:
        """Close what nobody looks at, the longest open first."""
        idle = [key for key, room in self._rooms.items() if room.idle]
        for key in idle[: max(0, len(idle) - _OPEN)]:
            del self._rooms[key]


def title_of(question: str) -> str:
    """The first words of a question."""
    line = re.sub(r"\s+", " ", question).strip()
    return line if len(line) <= _TITLE else line[:_TITLE].rsplit(" ", 1)[0] + " …"


def _cleaned(chip: Chip) -> Chip:
    return Chip(
        kind=chip.kind,
        about=clean(chip.about),
        portfolio=clean(chip.portfolio),
        timeframe=chip.timeframe,
        start=chip.start,
        end=chip.end,
        text=clean(chip.text, prose=True),
    )
