"""Answers words as of a past moment: what cannot be bounded by it is refused, never guessed."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from tio.api.access import Principal
from tio.api.as_of import STILL_LIVE, AskAsOf, AskedAsOf
from tio.api.charts import Drawing, Drawings, ListDrawings
from tio.api.chats import Chat, GetChat, GetSource, ListChats, SearchChats, WriteOutChat
from tio.api.codec import decode, encode
from tio.api.contract import After, Effect, Request, Topic, Watch, Word
from tio.api.errors import Conflict, Invalid
from tio.api.indicators import ComputeIndicators, IndicatorUpdates
from tio.api.ledger import GetPositions, ListTransactions, Positions
from tio.api.market import (
    BarUpdates,
    GetBars,
    GetQuotes,
    Quotes,
    Spark,
    Sparks,
    Timeframe,
)
from tio.api.orders import Fill
from tio.api.portfolio import Transaction
from tio.api.series import Series
from tio.api.trading import ListFills
from tio.api.words import find
from tio.engine.analyst.tools.bounding import bounded, later
from tio.engine.as_of.words import MADE_OF, NEVER, REPORTS, SAME
from tio.engine.service import Answer, Stream, asked_as_of
from tio.engine.session import Session, validated
from tio.plugin import Clock

R = TypeVar("R")
_AT_ONCE = 8
"""Symbols whose past is asked for at the same time."""
_MOST = 10_000
"""Fills and entries looked through for those of before."""
_MOST_CHATS = 1_000
_BACK = "go back to now for it: NOW, or without --as-of"


class AsOfDesk:
    """`words` are the engine's answers, filled as its services start."""

    def __init__(self, clock: Clock, words: Mapping[type[Request[Any]], Answer]) -> None:
        self._clock = clock
        self._words = words

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {AskAsOf: self._ask}

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {}

    async def start(self) -> None:
        """Nothing of its own."""

    async def close(self) -> None:
        """Nothing of its own."""

    def then(self, by: Principal, at: datetime) -> "Then":
        """The engine of a past moment, as somebody may use it; while `asked_as_of` is set."""
        return Then(at, Session(by, self._words, {}))

    async def _ask(self, asked: AskAsOf, by: Principal) -> AskedAsOf:
        if asked.at.tzinfo is None or asked.at > self._clock.now():
            raise Invalid(
                "`at` must be a past moment with its zone, "
                f"was {asked.at.isoformat(timespec='seconds')}",
                "as 2026-11-20T15:00Z",
            )
        at = asked.at.astimezone(UTC)
        token = asked_as_of.set(at)
        try:
            then = self.then(by, at)
            answer = await then.answer(_word(asked))
        finally:
            asked_as_of.reset(token)
        return AskedAsOf(at=at, answer=encode(answer).decode(), said=then.said)


def _word(asked: AskAsOf) -> Word:
    kind = find(asked.word)
    try:
        return decode(asked.fields.encode(), kind)
    except msgspec.MsgspecError as error:
        raise Invalid(f"{asked.word}: {error}", f"`tio words {asked.word}` shows it") from None


class Then:
    """One moment of an engine; `said` tells what of the newest ask was changed."""

    def __init__(self, at: datetime, engine: Session) -> None:
        self.at = at
        self.said = ""
        self._engine = engine

    async def ask(self, request: Request[R], /, *, key: str = "") -> R:
        """As `Engine.ask`."""
        told: Any = await self.answer(request)
        answer: R = told
        return answer

    def watch(self, topic: Topic[R], /, *, after: After | None = None) -> Watch[R]:
        """Nothing is watched here: a topic's snapshot is asked for."""
        raise self._never(topic)

    async def close(self) -> None:
        """Nothing of its own."""

    async def answer(self, word: Word) -> object:
        """What the word would have told; Conflict where that cannot be known."""
        match validated(word):
            case Quotes(symbols):
                return await self._read(GetQuotes(symbols))
            case Sparks(symbols, points):
                return await self._sparks(symbols, points)
            case BarUpdates(symbol, timeframe, limit, hours):
                return await self._read(GetBars(symbol, timeframe, limit=limit, hours=hours))
            case IndicatorUpdates(symbol, specs, timeframe, limit, hours):
                return await self._read(
                    ComputeIndicators(specs, symbol, timeframe, limit, hours=hours)
                )
            case Positions(portfolio):
                return await self._read(GetPositions(portfolio))
            case Drawings(symbol) | ListDrawings(symbol):
                return await self._drawings(symbol)
            case ListFills() as fills:
                return await self._fills(fills)
            case ListTransactions() as entries:
                return await self._entries(entries)
            case ListChats(limit):
                return (await self._chats())[:limit]
            case SearchChats() as search:
                known = {chat.id for chat in await self._chats()}
                return tuple(e for e in await self._engine.ask(search) if e.chat in known)
            case GetChat(chat) | GetSource(chat) | WriteOutChat(chat):
                await self._about_then(chat)
                return await self._bare(word)
            case Request() as request if type(request).meaning.effect is Effect.read:
                return await self._read(request)
        raise self._never(word)

    async def _read(self, request: Request[Any]) -> object:
        name = type(request).__name__
        if name in SAME:
            return await self._engine.ask(request)
        if name in REPORTS:
            request = self._before(request)
        elif name not in MADE_OF:
            request = self._bounded(request)
        answer = await self._engine.ask(request)
        if came := later(answer, self.at):
            raise Conflict(f"the answer of {name} tells of {came}, which had not come", "ask less")
        return answer

    def _bounded(self, request: Request[Any]) -> Request[Any]:
        """A word that tells nothing later because of its own fields."""
        try:
            limited = bounded(request, self.at)
        except Invalid:
            raise self._never(request) from None
        if type(request).__name__ in NEVER:
            raise self._never(request)
        self.said = limited.said
        return limited.request

    def _before(self, report: Request[Any]) -> Request[Any]:
        """A report of an earlier moment keeps it; another one is written as of this one."""
        at = getattr(report, "at", None)
        keeps = at is None or (at.tzinfo is not None and at < self.at)
        return report if keeps else replace(report, at=None)

    async def _sparks(self, symbols: Sequence[str], points: int) -> tuple[Spark, ...]:
        gate = asyncio.Semaphore(_AT_ONCE)

        async def spark(symbol: str) -> Spark:
            async with gate:
                for span in (Timeframe.m1, Timeframe.h1, Timeframe.d1):
                    bars = await self._engine.ask(GetBars(symbol, span, limit=points))
                    if len(bars):
                        return Spark(bars.symbol, bars.close)
                return Spark(symbol, Series())

        return tuple(await asyncio.gather(*(spark(symbol) for symbol in symbols)))

    async def _drawings(self, symbol: str) -> tuple[Drawing, ...]:
        """Those that were drawn by then; one changed since is not as it was, and left out."""
        told = await self._engine.ask(ListDrawings(symbol))
        known = (each for each in told if each.made_at is not None and each.made_at <= self.at)
        # What suspends it, a split, may have come since; the bars here are of before it.
        return tuple(replace(each, suspended="", proposed=()) for each in known)

    async def _fills(self, asked: ListFills) -> tuple[Fill, ...]:
        told = await self._engine.ask(replace(asked, limit=_MOST))
        return tuple(fill for fill in told if fill.at <= self.at)[: asked.limit]

    async def _entries(self, asked: ListTransactions) -> tuple[Transaction, ...]:
        told = await self._engine.ask(replace(asked, limit=_MOST, skip=0))
        # When an entry was typed is no matter of the past it tells of.
        known = [replace(entry, made_at=None) for entry in told if entry.at <= self.at]
        return tuple(known[asked.skip : asked.skip + asked.limit])

    async def _chats(self) -> tuple[Chat, ...]:
        told = await self._engine.ask(ListChats(_MOST_CHATS))
        return tuple(chat for chat in told if self._was(chat))

    async def _bare(self, request: Any) -> object:
        """What the engine tells of it now."""
        return await self._engine.ask(request)

    async def _about_then(self, name: str) -> None:
        if not self._was((await self._engine.ask(GetChat(name, 1))).chat):
            raise Conflict(
                f"chat {name} is about a later moment than {self.at:%Y-%m-%d %H:%M} UTC",
                "begin a chat here, or go back to now",
            )

    def _was(self, chat: Chat) -> bool:
        """Whether nothing later than the moment is told in a chat."""
        return (chat.as_of or chat.changed) <= self.at

    def _never(self, word: Word) -> Conflict:
        name = type(word).__name__
        if name in STILL_LIVE:
            return Conflict(f"{name} goes on as it is: watch it directly", "see docs/as-of.md")
        if isinstance(word, Request) and type(word).meaning.effect is not Effect.read:
            return Conflict(
                f"{name} changes how things are now, this is {self.at:%Y-%m-%d %H:%M} UTC",
                _BACK,
            )
        return Conflict(f"{name} tells of now alone, not of {self.at:%Y-%m-%d %H:%M} UTC", _BACK)
