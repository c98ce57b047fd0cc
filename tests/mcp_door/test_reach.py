import asyncio
from typing import TypeVar

import pytest

from tio.api.contract import Engine, Request
from tio.api.errors import Busy, Misconfigured
from tio.api.watchlists import ListWatchlists, SaveWatchlist, Watchlist
from tio.mcp.reach import Reach

from fakes import FakeEngine, settle

R = TypeVar("R")
TECH = Watchlist("tech", ("AAPL",))


async def test_an_ask_waits_for_the_engine_that_is_being_opened() -> None:
    there, engine = asyncio.Event(), FakeEngine({ListWatchlists: (TECH,)})

    async def opened() -> Engine:
        await there.wait()
        return engine

    reach = Reach(opened)
    reach.begin()
    asking = asyncio.create_task(reach.ask(ListWatchlists()))
    await settle()
    assert not asking.done()
    there.set()

    assert await asking == (TECH,)
    await reach.close()
    assert engine.closed


async def test_an_engine_that_could_not_be_opened_is_told_and_tried_again() -> None:
    tries = 0

    async def opened() -> Engine:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise Misconfigured("config.toml cannot be read")
        return FakeEngine({ListWatchlists: ()})

    reach = Reach(opened)
    with pytest.raises(Misconfigured, match="cannot be read"):
        await reach.ask(ListWatchlists())

    assert await reach.ask(ListWatchlists()) == ()
    assert tries == 2
    await reach.close()


async def test_one_that_starts_for_too_long_is_told_and_goes_on_starting() -> None:
    there = asyncio.Event()

    async def opened() -> Engine:
        await there.wait()
        return FakeEngine({ListWatchlists: ()})

    reach = Reach(opened, patience=0.0)
    with pytest.raises(Busy, match="still starting"):
        await reach.ask(ListWatchlists())
    there.set()
    await settle()

    assert await reach.ask(ListWatchlists()) == ()
    await reach.close()


class SlowEngine(FakeEngine):
    """Answers when it is let go."""

    def __init__(self) -> None:
        super().__init__({SaveWatchlist: TECH})
        self.go = asyncio.Event()

    async def ask(self, request: Request[R], /, *, key: str = "") -> R:
        await self.go.wait()
        return await super().ask(request, key=key)


async def test_a_write_is_finished_though_its_caller_left() -> None:
    engine = SlowEngine()

    async def opened() -> Engine:
        return engine

    reach = Reach(opened)
    asking = asyncio.create_task(reach.ask(SaveWatchlist("tech", ("AAPL",))))
    await settle()
    asking.cancel()
    leaving = asyncio.create_task(reach.close())
    await settle()
    assert not engine.closed
    engine.go.set()
    await leaving

    assert engine.asked == [SaveWatchlist("tech", ("AAPL",))]
    assert engine.closed


async def test_closing_before_anything_was_asked_opens_nothing() -> None:
    async def opened() -> Engine:
        raise AssertionError("nobody asked")

    await Reach(opened).close()
