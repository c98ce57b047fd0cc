"""One chat that is open: its messages, who watches it, and the answer being written."""

import asyncio
import logging
import sqlite3
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from msgspec.structs import replace

from tio.api.chat_events import ChatEnded, ChatEvent, MessageWritten, WriteProposed
from tio.api.chats import (
    AnswerState,
    Chat,
    ChatMessage,
    Chip,
    Speaker,
    ToolProposal,
    WholeChat,
)
from tio.api.contract import After, Item
from tio.api.errors import Conflict, NotFound, TioError
from tio.engine.analyst.chats.answering import Answering, Asking
from tio.engine.analyst.chats.mind import Mind, no_turn
from tio.engine.analyst.chats.writing import Writing
from tio.engine.ordered import OrderedChannel, OrderedWatch
from tio.engine.store.chats import ChatKey, ChatTable, Turn
from tio.engine.store.database import Database
from tio.plugin import Clock

log = logging.getLogger(__name__)

Events = tuple[ChatEvent, ...]
SHOWN = 200
"""Messages a watcher begins with."""
_REMEMBERED = 2_000
_ASKED = 12
"""Messages looked at for what a question goes on from."""
_SAVED_EVERY = 2.0
"""Seconds after which what is written so far is stored."""


class Room:
    """A chat and its newest answer. `mind` answers in it, made when the first question comes."""

    def __init__(
        self,
        key: ChatKey,
        chat: Chat,
        messages: Sequence[ChatMessage],
        database: Database,
        wall: Clock,
        clock: Clock,
    ) -> None:
        self.key = key
        self.chat = chat
        self.messages = list(messages)
        self.mind: Mind | None = None
        self.asking = asyncio.Lock()
        self._channel: OrderedChannel[ChatEvent] = OrderedChannel(
            uuid.uuid4().hex[:12], _REMEMBERED
        )
        self._database = database
        self._wall = wall
        self._clock = clock
        self._task: asyncio.Task[None] | None = None
        self._writing: Writing | None = None
        self._stopped = False
        self._decided: list[ToolProposal] = []

    @property
    def idle(self) -> bool:
        """Whether nobody would miss it."""
        return self._task is None and not self._channel.watched

    @property
    def busy(self) -> bool:
        return self._task is not None

    def watch(self, after: After | None) -> OrderedWatch[ChatEvent, Events]:
        return self._channel.watch(tuple, after, snapshot=self._snapshot)

    def whole(self, last: int) -> WholeChat:
        """The newest messages, the one being written as far as it is."""
        return WholeChat(
            chat=self.chat,
            messages=tuple(map(self._now, self.messages[-last:])),
            earlier=max(0, len(self.messages) - last),
        )

    def decided(self) -> tuple[ToolProposal, ...]:
        """What became of proposals since the last question; told once."""
        told, self._decided = tuple(self._decided), []
        return told

    def asked(self) -> tuple[ChatMessage, ...]:
        """What the person asked last, the newest at the end."""
        last = self.messages[-_ASKED:]
        return tuple(each for each in last if each.speaker is Speaker.person)

    def pair(self, text: str, chips: tuple[Chip, ...]) -> tuple[ChatMessage, ChatMessage]:
        """A new question and its answer, still empty."""
        count, now = len(self.messages), self._clock.now()
        question = ChatMessage(
            id=f"m{count + 1}", speaker=Speaker.person, at=now, text=text, chips=chips
        )
        answer = ChatMessage(
            id=f"m{count + 2}", speaker=Speaker.analyst, at=now, state=AnswerState.writing
        )
        return question, answer

    def begin(
        self,
        question: ChatMessage,
        answer: ChatMessage,
        asking: Asking,
        mind: Mind,
        answering: Answering,
    ) -> None:
        """Both are stored; the answer is written from now on."""
        for each in (question, answer):
            self.messages.append(each)
            self._channel.publish(MessageWritten(message=each))
        self.chat = replace(self.chat, writing=answer.id, changed=question.at)
        self._stopped = False
        self._writing = Writing(answer, mind, asking.question, self._channel.publish)
        self._task = asyncio.create_task(
            self._written(asking, mind, answering), name=f"answer in {self.key.id}"
        )

    async def stop(self) -> None:
        """End the answer being written; what was said stands."""
        self._stopped = True
        await self._end()

    async def close(self) -> None:
        """The engine ends: what is being written is interrupted."""
        await self._end()

    async def save(self) -> None:
        """Store what is told but not yet stored of the answer being written."""
        if self._writing is not None and self._writing.kept:
            await self._save(self._writing.so_far(), no_turn(), self._writing)

    def ended(self) -> None:
        """Tell that the chat is no more."""
        self._channel.publish(ChatEnded(at=self._clock.now()))

    def proposal(self, message: str, id: str) -> ToolProposal:
        """One of a message's proposals; NotFound."""
        found = next((each for each in self.messages if each.id == message), None)
        one = next((each for each in found.proposals if each.id == id), None) if found else None
        if one is None:
            raise NotFound(
                f"{self.key.id} {message} proposes no {id!r}", "`tio chats show` has them"
            )
        return one

    async def decide(self, message: str, proposal: ToolProposal) -> None:
        """Keep what became of a proposal."""
        place = next(i for i, each in enumerate(self.messages) if each.id == message)
        if self._writing is not None and self._writing.message.id == message:
            raise Conflict(f"{message} is still being written", "wait for it, or stop it")
        was = self.messages[place]
        proposals = (proposal if each.id == proposal.id else each for each in was.proposals)
        self.messages[place] = made = replace(was, proposals=tuple(proposals))
        await self._database.write(lambda c: ChatTable.amend(c, self.key, made))
        self._decided.append(proposal)
        self._channel.publish(WriteProposed(message=message, proposal=proposal))

    async def _written(self, asking: Asking, mind: Mind, answering: Answering) -> None:
        """Write the answer to its end, whatever end that is."""
        writing = self._writing
        assert writing is not None
        since, begun = len(mind.conversation.messages), self._wall.monotonic()
        saving = asyncio.create_task(self._saved_meanwhile(writing), name="saving an answer")
        state: AnswerState | None = None
        try:
            await answering.answer(asking, mind, writing)
        except asyncio.CancelledError:
            if writing.stands:
                writing.note("It ended before a verdict was given; none is kept.")
            else:
                state = AnswerState.stopped if self._stopped else AnswerState.interrupted
        except Exception as error:
            log.exception("an answer in %s failed", self.key.id)
            state = AnswerState.failed
            writing.note(f"The analyst failed: {type(error).__name__}; LOG has the rest.")
        saving.cancel()
        await asyncio.gather(saving, return_exceptions=True)
        message = writing.over(self._wall.monotonic() - begun, state)
        try:
            await self._save(message, mind.turn(since), writing)
        except TioError as error:
            writing.note(f"This answer could not be stored: {error.message}.")
        # Its last event is told only once it is stored.
        self.messages[-1] = writing.message
        self._writing = self._task = None
        writing.tell_whole()

    async def _saved_meanwhile(self, writing: Writing) -> None:
        while True:
            await self._wall.sleep(_SAVED_EVERY)
            try:
                await asyncio.shield(self._save(writing.so_far(), no_turn(), writing))
            except TioError as error:
                log.error("an answer is not stored yet: %s", error.message)

    async def _save(self, message: ChatMessage, turn: str, writing: Writing) -> None:
        kept, writing.kept = writing.kept, []
        now, place = self._clock.now(), int(message.id[1:])

        def work(connection: sqlite3.Connection) -> Chat:
            for each in kept:
                ChatTable.keep(connection, self.key, place, each)
            ChatTable.put(connection, self.key, Turn(message, turn), now)
            return ChatTable.get(connection, self.key)

        try:
            self.chat = await self._database.write(work)
        except TioError:
            writing.kept[:0] = kept
            raise

    async def _end(self) -> None:
        task = self._task
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _snapshot(self) -> Events:
        return tuple(MessageWritten(message=self._now(each)) for each in self.messages[-SHOWN:])

    def _now(self, message: ChatMessage) -> ChatMessage:
        writing = self._writing
        return writing.so_far() if writing and writing.message.id == message.id else message


class RoomWatch:
    """A watch of a chat that may have to be opened first; NotFound on entering."""

    def __init__(self, opened: Callable[[], Awaitable[Room]], after: After | None) -> None:
        self._opened = opened
        self._after = after
        self._watch: OrderedWatch[ChatEvent, Events] | None = None

    async def __aenter__(self) -> AsyncIterator[Item[Events]]:
        self._watch = (await self._opened()).watch(self._after)
        return await self._watch.__aenter__()

    async def __aexit__(self, *exc: object) -> None:
        if self._watch is not None:
            await self._watch.__aexit__(*exc)
