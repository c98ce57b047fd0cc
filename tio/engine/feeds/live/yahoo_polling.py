"""Yahoo's quotes asked again and again: fifty at once, or one by one where the crumb is refused."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from tio.api.errors import NotFound, TioError
from tio.api.sources import SourceState
from tio.api.ticks import Tick
from tio.engine.feeds.http.shapes import Priority
from tio.engine.feeds.live.yahoo_asking import reading
from tio.engine.feeds.live.yahoo_telling import Telling, names_of
from tio.engine.feeds.yahoo_chart import Chart
from tio.engine.feeds.yahoo_quotes import Told, told_beside
from tio.engine.feeds.yahoo_symbols import spelled
from tio.plugin import Clock, Outlet

EVERY = 15.0
BESIDE_STREAM = 60.0
"""Seconds between two answers of the same quotes while the streamer tells their prices."""
ONE_DAY = {"range": "1d", "interval": "1d", "includePrePost": "false"}
_AT_ONCE = 4


class Questions(Protocol):
    """What is asked of Yahoo here."""

    async def quotes(
        self, spellings: Sequence[str], names: Mapping[str, str], priority: Priority
    ) -> tuple[Told, ...]: ...

    async def chart(
        self, spelling: str, params: Mapping[str, str], priority: Priority
    ) -> Chart: ...


class Pushing(Protocol):
    """The streamer, as far as polling goes by it."""

    @property
    def trouble(self) -> str: ...
    def lives(self) -> bool: ...


class Answers(NamedTuple):
    """What was told, and the symbols whose question failed for a while."""

    told: tuple[Told, ...] = ()
    unsure: frozenset[str] = frozenset()


class Polling:
    """One round's questions; what is answered goes out with each quote's own traits."""

    def __init__(
        self,
        asking: Questions,
        telling: Telling,
        out: Outlet,
        clock: Clock,
        streamer: Pushing,
    ) -> None:
        self._asking = asking
        self._telling = telling
        self._out = out
        self._clock = clock
        self._streamer = streamer
        self._asked: dict[tuple[str, ...], float] = {}
        self._refused: set[str] = set()
        self._said = ""

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        """Ask for these and put out what is told; nothing is left to be put out."""
        key, now = tuple(symbols), self._clock.monotonic()
        if self._streamer.lives() and now - self._asked.get(key, -BESIDE_STREAM) < BESIDE_STREAM:
            return ()
        names = names_of(symbols)
        answers = await self._answers(names) if names else Answers()
        self._asked = {each: at for each, at in self._asked.items() if now - at < BESIDE_STREAM}
        self._asked[key] = now
        self._telling.tell(answers.told)
        priced = {each.instrument.symbol for each in answers.told if each.ticks}
        self._refuse(symbols, priced | answers.unsure)
        return ()

    async def _answers(self, names: Mapping[str, str]) -> Answers:
        try:
            told = await self._asking.quotes(tuple(names), names, Priority.visible)
        except TioError as trouble:
            answers = await one_by_one(self._asking, names, Priority.visible)
            self._say(f"quotes come one by one: {trouble.message}")
            return answers
        self._say(self._streamer.trouble)
        return Answers(told)

    def _refuse(self, symbols: Sequence[str], spared: set[str]) -> None:
        """Say once of each symbol that Yahoo tells no price of it."""
        for symbol in symbols:
            if symbol in spared:
                self._refused.discard(symbol)
            elif symbol not in self._refused:
                self._refused.add(symbol)
                name = spelled(symbol)
                why = f"Yahoo tells no price of {name}" if name else "Yahoo has no such symbol"
                self._out.refused(symbol, why)

    def _say(self, words: str) -> None:
        if words != self._said:
            self._said = words
            self._out.standing(SourceState.live, words)


async def one_by_one(asking: Questions, names: Mapping[str, str], priority: Priority) -> Answers:
    """Quotes from the charts of Yahoo's spellings; raises when the first of them all fail."""
    told: list[Told] = []
    unsure: set[str] = set()
    spellings = list(names)
    for begin in range(0, len(spellings), _AT_ONCE):
        some = spellings[begin : begin + _AT_ONCE]
        answers = await asyncio.gather(*(_alone(asking, each, names, priority) for each in some))
        failed = [each for each in answers if isinstance(each, TioError)]
        if not told and len(failed) == len(answers):
            raise failed[0]
        for spelling, each in zip(some, answers, strict=True):
            if isinstance(each, Told):
                told.append(each)
            elif each is not None:
                unsure.add(names[spelling])
    return Answers(tuple(told), frozenset(unsure))


async def _alone(
    asking: Questions, spelling: str, names: Mapping[str, str], priority: Priority
) -> Told | TioError | None:
    """One quote; None when Yahoo does not know it."""
    try:
        chart = await asking.chart(spelling, ONE_DAY, priority)
        with reading():
            return told_beside(chart, names[spelling])
    except NotFound:
        return None
    except TioError as trouble:
        return trouble
