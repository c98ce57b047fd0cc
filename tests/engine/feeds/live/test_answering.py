import threading
from collections.abc import Sequence

import pytest

from tio.api.errors import Busy, NotFound, SourceUnavailable
from tio.api.market import Instrument
from tio.api.ticks import DayFigures
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.http import Answer
from tio.engine.feeds.live.answering import (
    LONG,
    Answers,
    Telling,
    Told,
    checked,
    one_by_one,
    parsed,
)
from tio.plugin import Traits

from fakes import FakeOutlet

TRAITS = Traits(name="x")


def told(symbol: str, name: str = "") -> Told:
    ticks = (DayFigures(symbol=symbol, last=1.0),)
    return Told(Instrument(symbol=symbol, name=name), ticks, TRAITS, 5)


async def test_what_is_not_told_is_refused_once_until_it_was_told_again() -> None:
    known = ["A"]

    async def ask(symbols: Sequence[str]) -> Answers:
        return Answers(tuple(told(each) for each in symbols if each in known))

    out = FakeOutlet()
    telling = Telling(ask, out, lambda symbol: f"no {symbol}")
    for _ in range(2):
        await telling.quotes(["A", "B"])
    assert out.refusals == {"B": "no B"}
    out.refusals.clear()
    await telling.quotes(["B"])
    assert out.refusals == {}
    known.append("B")
    await telling.quotes(["B"])
    known.remove("B")
    await telling.quotes(["B"])
    assert out.refusals == {"B": "no B"}


async def test_an_instrument_is_introduced_when_it_is_news_and_receipt_is_kept() -> None:
    names = iter(("one", "one", "two"))

    async def ask(symbols: Sequence[str]) -> Answers:
        name = next(names)
        return Answers(tuple(told(each, name) for each in symbols))

    out = FakeOutlet()
    telling = Telling(ask, out, str)
    for _ in range(3):
        await telling.quotes(["A"])
    assert [each.name for each in out.introduced] == ["one", "two"]
    assert [at for _, at in out.emissions] == [5, 5, 5]


async def test_a_question_that_failed_for_a_while_refuses_nothing() -> None:
    async def ask(symbol: str) -> Told | None:
        if symbol == "LATE":
            raise Busy("later")
        if symbol == "GONE":
            raise NotFound("no")
        return told(symbol)

    answers = await one_by_one(["A", "GONE", "LATE"], ask)
    assert [each.instrument.symbol for each in answers.told] == ["A"]
    assert answers.unsure == {"LATE"}
    with pytest.raises(Busy):
        await one_by_one(["LATE", "LATE"], ask)
    assert await one_by_one(["GONE"], ask) == Answers()
    assert await one_by_one([], ask) == Answers()


async def test_a_long_body_is_read_beside_the_loop_and_garbage_told_the_same() -> None:
    def read(body: bytes) -> str:
        if body.startswith(b"!"):
            raise Garbage("none of ours")
        return threading.current_thread().name

    here = threading.current_thread().name
    assert await parsed("X", read, b"short") == here
    assert await parsed("X", read, b"x" * (LONG + 1)) != here
    for body in (b"!", b"!" * (LONG + 1)):
        with pytest.raises(SourceUnavailable, match="answer of X cannot be read: none of ours"):
            await parsed("X", read, body)


def test_what_is_kept_a_while_must_be_readable() -> None:
    def refuse(body: bytes, status: int) -> NotFound | None:
        return NotFound("no") if body == b"no" else None

    def read(body: bytes) -> None:
        raise Garbage("none")

    def answer(body: bytes, status: int = 200) -> Answer:
        return Answer(status, {}, body, "", 0)

    with pytest.raises(NotFound):
        checked(refuse)(answer(b"no"))
    checked(refuse)(answer(b"yes"))
    with pytest.raises(Garbage):
        checked(refuse, read)(answer(b"yes"))
    checked(refuse, read)(answer(b"yes", 500))
