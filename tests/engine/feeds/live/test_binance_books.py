"""Which books need a snapshot, and how often they are asked for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tio.api.errors import SourceUnavailable
from tio.api.ticks import BookChange, BookSnapshot
from tio.engine.feeds.live.binance_books import PAUSE, BinanceBooks

from fakes import FakeClock, FakeOutlet, settle


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


class Asking:
    """Answers with the book as of a number, or fails."""

    def __init__(self) -> None:
        self.number = 7
        self.fails = False
        self.asked = 0

    async def book(self, spelling: str, symbol: str) -> BookSnapshot:
        self.asked += 1
        if self.fails:
            raise SourceUnavailable("no")
        return BookSnapshot(symbol, (), (), None, self.number)


class Spelled:
    def spelled(self, symbol: str) -> str:
        return symbol.replace("-", "")


def change(first: int, last: int) -> BookChange:
    return BookChange("A-B", (), (), None, first, last)


@asynccontextmanager
async def following(clock: FakeClock) -> AsyncIterator[tuple[BinanceBooks, Asking, FakeOutlet]]:
    asking, out = Asking(), FakeOutlet()
    books = BinanceBooks(asking, Spelled(), out, clock)  # type: ignore[arg-type]
    books.keep(["A-B"])
    running = asyncio.create_task(books.run())
    try:
        yield books, asking, out
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_changes_that_follow_each_other_need_one_snapshot(clock: FakeClock) -> None:
    async with following(clock) as (books, asking, out):
        assert books.heard(change(6, 7))
        assert books.heard(change(8, 9))
        await settle()
        assert books.tells("A-B")
        assert books.heard(change(10, 12))
        await clock.advance(60)
        assert (asking.asked, len(out.ticks)) == (1, 1)


async def test_a_venue_that_skips_numbers_again_and_again_is_asked_seldom(
    clock: FakeClock,
) -> None:
    async with following(clock) as (books, asking, _):
        for skipped in range(0, 400, 4):
            books.heard(change(skipped, skipped))
            asking.number = skipped
            await clock.advance(0.1)
        assert 1 < asking.asked <= 1 + 10 / PAUSE


async def test_a_refused_snapshot_is_asked_for_later(clock: FakeClock) -> None:
    async with following(clock) as (books, asking, out):
        asking.fails = True
        books.heard(change(7, 7))
        await clock.advance(PAUSE * 3.5)
        assert asking.asked == 4
        asking.fails = False
        await clock.advance(PAUSE)
        assert (asking.asked, len(out.ticks)) == (5, 1)


async def test_what_nobody_watches_is_neither_told_nor_asked_for(clock: FakeClock) -> None:
    async with following(clock) as (books, asking, out):
        books.heard(change(7, 7))
        books.keep([])
        assert not books.heard(change(8, 8))
        await clock.advance(60)
        assert (asking.asked, out.ticks) == (0, [])
