"""What an answer lacks is filled in, and what was asked for long ago is forgotten."""

import asyncio

import pytest

from tio.api.market import Timeframe
from tio.engine.market import completing
from tio.engine.market.backfill import Filled
from tio.engine.market.completing import DAYS_AGAIN, Completer
from tio.engine.market.gaps import Hole
from tio.engine.market.sessions import rules_of
from tio.engine.market.symbols import classify

from fakes import FakeClock, settle

RULES = rules_of(classify("BTC-USD"))
MINUTE = 60_000_000


class Filler:
    """A back-fill that has nothing, or fails."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.refused = asyncio.Event()
        self.answers = asyncio.Event()
        self.answers.set()

    async def fill(self, *asked: object) -> Filled:
        await self.answers.wait()
        if self.error is not None:
            raise self.error
        return Filled(nothing=True)

    def refusal(self, symbol: str) -> asyncio.Event:
        return self.refused

    async def close(self) -> None:
        """Nothing is under way."""


def completer(clock: FakeClock, filler: Filler) -> Completer:
    return Completer(clock, filler, lambda _: None, lambda *_: None)  # type: ignore[arg-type]


async def complete(completer: Completer, start: int) -> None:
    hole = Hole(start, start + MINUTE, 1)
    await completer.complete("BTC-USD", Timeframe.m1, RULES, [hole], None, wait=0, empty=False)


async def test_what_was_asked_for_long_ago_is_forgotten(clock: FakeClock) -> None:
    kept = completer(clock, Filler())
    for minute in range(9_000):
        await complete(kept, minute * MINUTE)
        if minute % 1_000 == 0:
            await asyncio.sleep(0)
            await clock.advance(DAYS_AGAIN)
    assert len(kept._asked) < 6_000
    await kept.close()


async def test_a_fault_while_nobody_waits_is_told_to_the_log(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    filler = Filler()
    filler.error = KeyError("a field the venue renamed")
    kept = completer(clock, filler)
    await complete(kept, 0)
    await settle()
    assert "bars of BTC-USD could not be filled in" in caplog.text
    await kept.close()


async def test_who_has_something_waits_but_a_moment_once_a_source_has_refused(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(completing, "A_MOMENT", 0.01)
    filler = Filler()
    filler.answers.clear()
    kept = completer(clock, filler)

    async def whole(start: int) -> bool:
        hole = Hole(start, start + MINUTE, 1)
        return await kept.complete(
            "BTC-USD", Timeframe.m1, RULES, [hole], None, wait=1e9, empty=False
        )

    waiting = asyncio.create_task(whole(0))
    await settle()
    assert not waiting.done()
    filler.refused.set()
    async with asyncio.timeout(10):
        assert await waiting is False
    filler.refused.clear()
    waiting = asyncio.create_task(whole(MINUTE))
    await settle()
    filler.answers.set()
    async with asyncio.timeout(10):
        assert await waiting is True
    await kept.close()
