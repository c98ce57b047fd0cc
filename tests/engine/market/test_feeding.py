import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import pytest

from tio.api.errors import NotAllowed, SourceUnavailable
from tio.api.market import AssetClass, Bars, Instrument, Timeframe
from tio.api.sources import SourceState
from tio.api.ticks import BookSnapshot, Trade
from tio.engine.bus import Bus
from tio.engine.market.demand import Demand
from tio.engine.market.feeding import Feeds, pause
from tio.engine.market.market import Market
from tio.plugin import Outlet, Traits, Wanted

from fakes import FakeClock, settle


class Played:
    """A source that does what its script says, run after run."""

    def __init__(self, *script: Callable[[Wanted, Outlet], object]) -> None:
        self.traits = Traits(name="played", asset_class=AssetClass.crypto, stale_after=10.0)
        self.runs = 0
        self._script = script

    def instruments(self) -> Sequence[Instrument]:
        return (Instrument(symbol="BTC-USD", name="Bitcoin", asset_class=AssetClass.crypto),)

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        act = self._script[min(self.runs, len(self._script) - 1)]
        self.runs += 1
        done = act(wanted, out)
        if asyncio.iscoroutine(done):
            await done

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        return None


def fails(wanted: Wanted, out: Outlet) -> None:
    raise SourceUnavailable("the line is dead")


def refused(wanted: Wanted, out: Outlet) -> None:
    raise NotAllowed("the key is not accepted")


def ends(wanted: Wanted, out: Outlet) -> None:
    out.emit([Trade("BTC-USD", 100.0, 1.0, 1_000_000, id="1")], 1_000_000)


async def stays(wanted: Wanted, out: Outlet) -> None:
    out.emit([BookSnapshot("BTC-USD", ((1.0, 1.0),), ((2.0, 1.0),))], 1_000_000)
    await asyncio.Event().wait()


def feeds_of(clock: FakeClock, source: Played, demand: Demand | None = None) -> Feeds:
    bus = Bus(clock)
    market = Market(clock, bus)
    return Feeds(clock, bus, market, demand or Demand(), (source,), jitter=lambda: 1.0)


async def test_a_failed_source_is_tried_again_ever_more_slowly(clock: FakeClock) -> None:
    source = Played(fails)
    feeds = feeds_of(clock, source)
    await feeds.start()
    await settle()
    (report,) = feeds.reports()
    assert (report.state, report.reason, report.errors) == ("failed", "the line is dead", 1)
    for expected, seconds in ((2, 1.0), (3, 2.0), (4, 4.0), (5, 8.0)):
        await clock.advance(seconds - 0.5)
        assert source.runs == expected - 1
        await clock.advance(0.5)
        assert source.runs == expected
    await feeds.close()


def test_a_pause_is_between_one_second_and_one_minute() -> None:
    assert [pause(n, 1.0) for n in (1, 2, 3, 7, 500)] == [1.0, 2.0, 4.0, 60.0, 60.0]
    assert pause(3, 0.0) == 2.0


async def test_a_source_that_is_not_allowed_is_left_alone(clock: FakeClock) -> None:
    source = Played(refused)
    feeds = feeds_of(clock, source)
    await feeds.start()
    await clock.advance(300.0)
    (report,) = feeds.reports()
    assert (source.runs, report.state) == (1, "off")
    await feeds.close()


async def test_a_source_that_ends_has_ended_and_its_ticks_stay(clock: FakeClock) -> None:
    feeds = feeds_of(clock, Played(ends))
    await feeds.start()
    await clock.advance(120.0)
    (report,) = feeds.reports()
    assert (report.state, report.ticks, report.symbols) == ("ended", 1, 1)
    await feeds.close()


async def test_silence_is_noticed_and_told(clock: FakeClock) -> None:
    feeds = feeds_of(clock, Played(stays))
    await feeds.start()
    await clock.advance(5.0)
    assert feeds.reports()[0].state is SourceState.live
    await clock.advance(7.0)
    assert feeds.reports()[0].state is SourceState.silent
    await feeds.close()


async def test_a_fault_inside_a_source_is_its_own(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(wanted: Wanted, out: Outlet) -> None:
        raise ZeroDivisionError("division\x1b[2J by zero")

    feeds = feeds_of(clock, Played(breaks))
    await feeds.start()
    await settle()
    assert feeds.reports()[0].reason == "ZeroDivisionError: division[2J by zero"
    assert "the source played failed" in caplog.text
    await feeds.close()


async def test_a_lost_connection_takes_its_books_with_it(clock: FakeClock) -> None:
    def once(wanted: Wanted, out: Outlet) -> None:
        out.emit([BookSnapshot("BTC-USD", ((1.0, 1.0),), ((2.0, 1.0),))], 1_000_000)
        raise SourceUnavailable("cut")

    bus = Bus(clock)
    market = Market(clock, bus)
    feeds = Feeds(clock, bus, market, Demand(), (Played(once),))
    await feeds.start()
    await settle()
    line = market.board.lines["BTC-USD"]
    assert (line.book, line.bid) == (None, 1.0)
    await feeds.close()


async def test_a_source_hears_what_is_wanted(clock: FakeClock) -> None:
    heard: list[frozenset[str]] = []

    async def follows(wanted: Wanted, out: Outlet) -> None:
        while True:
            await wanted.changed()
            heard.append(wanted.symbols)

    demand = Demand()
    feeds = feeds_of(clock, Played(follows), demand)
    await feeds.start()
    await settle()
    demand.add(("A", "B"))
    await settle()
    demand.add(("A",))
    demand.drop(("A",))
    await settle()
    demand.drop(("A", "B"))
    await settle()
    assert heard == [frozenset(("A", "B")), frozenset()]
    await feeds.close()


async def test_raw_frames_reach_a_recorder(clock: FakeClock) -> None:
    taped: list[tuple[str, str, str]] = []

    def speaks(wanted: Wanted, out: Outlet) -> None:
        out.frame("wss://x", "{}")

    feeds = feeds_of(clock, Played(speaks))
    feeds.tap = lambda name, url, text, at: taped.append((name, url, text))
    await feeds.start()
    await settle()
    assert taped == [("played", "wss://x", "{}")]
    await feeds.close()


async def test_a_look_that_fails_is_not_the_last(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    looks: list[int] = []

    def look() -> None:
        looks.append(len(looks))
        if len(looks) == 1:
            raise KeyError("gone")

    feeds = feeds_of(clock, Played(stays))
    feeds.on_look = look
    await feeds.start()
    await settle()
    await clock.advance(1.0)
    await clock.advance(1.0)
    await feeds.close()
    assert looks == [0, 1]
    assert "a look at the sources failed" in caplog.text
