"""Sources that are asked and only answer: what they said, put out once, with each quote's truth."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple, TypeVar

from tio.api.errors import NotFound, SourceUnavailable, TioError
from tio.api.market import Instrument
from tio.api.ticks import Tick
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.http import Answer
from tio.plugin import Outlet, Traits, Wanted

T = TypeVar("T")

LONG = 100_000
"""Bytes of a body whose reading would be felt on the screen."""


class Told(NamedTuple):
    """One instrument's answer; `received_at` (µs) is when it came, which a kept one keeps."""

    instrument: Instrument
    ticks: tuple[Tick, ...]
    traits: Traits
    received_at: int | None = None


class Answers(NamedTuple):
    """What was told, and the symbols whose question failed for a while: they are not refused."""

    told: tuple[Told, ...] = ()
    unsure: frozenset[str] = frozenset()

    @property
    def ticks(self) -> list[Tick]:
        """All that was told, as a question for quotes is answered."""
        return [tick for each in self.told for tick in each.ticks]


class Telling:
    """What is polled: asks for symbols, puts out what came, refuses once what nobody knows."""

    def __init__(
        self,
        ask: Callable[[Sequence[str]], Awaitable[Answers]],
        out: Outlet,
        why: Callable[[str], str],
    ) -> None:
        """`why` gives the words with which a symbol that was not told is refused."""
        self._ask = ask
        self._out = out
        self._why = why
        self._known: dict[str, Instrument] = {}
        self._refused: set[str] = set()

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        """Ask for these and put out what is told; nothing is left to be put out."""
        answers = await self._ask(symbols)
        fresh = [each.instrument for each in answers.told if self._is_news(each.instrument)]
        if fresh:
            self._out.introduce(fresh)
        for each in answers.told:
            if each.ticks:
                self._out.emit(each.ticks, each.received_at, each.traits)
        spared = answers.unsure | {each.instrument.symbol for each in answers.told if each.ticks}
        for symbol in symbols:
            if symbol in spared:
                self._refused.discard(symbol)
            elif symbol not in self._refused:
                self._refused.add(symbol)
                self._out.refused(symbol, self._why(symbol))
        return ()

    def _is_news(self, instrument: Instrument) -> bool:
        known = self._known.get(instrument.symbol)
        self._known[instrument.symbol] = instrument
        return known != instrument


async def one_by_one(
    symbols: Sequence[str], ask: Callable[[str], Awaitable[Told | None]], at_once: int = 2
) -> Answers:
    """One question a symbol; the last error when none was answered."""
    told: list[Told] = []
    unsure: set[str] = set()
    trouble: TioError | None = None
    answered = not symbols
    for begin in range(0, len(symbols), at_once):
        some = symbols[begin : begin + at_once]
        answers = await asyncio.gather(*(_tried(symbol, ask) for symbol in some))
        for symbol, each in zip(some, answers, strict=True):
            if isinstance(each, TioError):
                unsure.add(symbol)
                trouble = each
                continue
            answered = True
            if each is not None:
                told.append(each)
    if trouble is not None and not answered:
        raise trouble
    return Answers(tuple(told), frozenset(unsure))


async def tell_nothing(wanted: Wanted, out: Outlet, why: str) -> None:
    """The life of a source that has no live prices: it refuses what is routed to it."""
    while True:
        for symbol in sorted(wanted.symbols):
            out.refused(symbol, why)
        await wanted.changed()


def checked(
    refusal: Callable[[bytes, int], TioError | None],
    read: Callable[[bytes], object] | None = None,
) -> Callable[[Answer], None]:
    """A `body_error`: raises what an answer refuses with.

    `read` is given where answers are kept a while, so that none that cannot be read is.
    """

    def check(answer: Answer) -> None:
        error = refusal(answer.body, answer.status)
        if error is not None:
            raise error
        if read is not None and answer.status == 200:
            read(answer.body)

    return check


async def parsed(name: str, read: Callable[[bytes], T], body: bytes) -> T:
    """What a body says, a long one read in a thread; SourceUnavailable when it cannot be read."""
    with reading(name):
        return read(body) if len(body) <= LONG else await asyncio.to_thread(read, body)


@contextmanager
def reading(name: str) -> Iterator[None]:
    """What cannot be read is an answer nobody gave, and another source's turn."""
    try:
        yield
    except Garbage as garbage:
        words = f"the answer of {name} cannot be read: {garbage.sentence}"
        raise SourceUnavailable(words, "another source answers meanwhile") from None


async def _tried(
    symbol: str, ask: Callable[[str], Awaitable[Told | None]]
) -> Told | TioError | None:
    try:
        return await ask(symbol)
    except NotFound:
        return None
    except TioError as trouble:
        return trouble
