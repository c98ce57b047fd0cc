"""Who tells a symbol: the first of its chain that can, the next when it fails, and back."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import pytest

from tio.api.errors import SourceUnavailable
from tio.api.market import AssetClass, Bars, Instrument, Timeframe
from tio.api.series import instant
from tio.api.ticks import DayFigures
from tio.engine.bus import Bus
from tio.engine.market.demand import Demand
from tio.engine.market.feeding import Feeds
from tio.engine.market.market import Market
from tio.engine.market.routing import Router
from tio.engine.market.symbols import classify
from tio.plugin import Outlet, Source, Traits, Wanted

from fakes import FakeClock, settle


class Venue:
    """A source that says one price of what is wanted each second, while it is well."""

    def __init__(self, name: str, price: float, clock: FakeClock, *, lists: str = "") -> None:
        self.traits = Traits(name=name, asset_class=AssetClass.crypto, stale_after=5.0)
        self.price = price
        self.well = True
        self.once = False
        """It tells each symbol but once, as of what hardly trades."""
        self.mute: set[str] = set()
        self.refuses: set[str] = set()
        self.stumbles = ""
        """A symbol at which it has a mistake of its own."""
        self.asked: list[frozenset[str]] = []
        self.lists = frozenset(lists.split()) if lists else None
        self._clock = clock

    def instruments(self) -> Sequence[Instrument]:
        return ()

    def spelled(self, symbol: str) -> str | None:
        if symbol == self.stumbles:
            raise KeyError(symbol)
        return symbol if self.lists is None or symbol in self.lists else None

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        said: set[str] = set()
        while True:
            if not self.well:
                raise SourceUnavailable("connection refused")
            self.asked.append(wanted.symbols)
            for symbol in sorted(wanted.symbols):
                if symbol in self.refuses:
                    out.refused(symbol, "unknown pair")
            now = instant(self._clock.now())
            told = sorted(wanted.symbols - self.mute - self.refuses - said)
            if self.once:
                said |= {*told}
                out.frame("", "a heartbeat")
            if told:
                out.emit([DayFigures(symbol=each, at=now, last=self.price) for each in told])
            await self._clock.sleep(1.0)

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        return None


class FakeShelf:
    """Sources by name, some of them switched off."""

    def __init__(self, *venues: Venue) -> None:
        self.venues = {venue.traits.name: venue for venue in venues}
        self.off: dict[str, str] = {}
        self.awaited: set[str] = set()

    def source(self, name: str) -> Source | None:
        return None if name in self.off else self.venues.get(name)

    def unusable(self, name: str) -> str:
        return self.off.get(name, "" if name in self.venues else "there is no such source")

    def why_not(self, name: str, symbol: str) -> str:
        if self.unusable(name):
            return self.unusable(name)
        if name in self.awaited:
            return "its list of instruments is not here yet"
        return "" if self.venues[name].spelled(symbol) else "does not list it"

    def awaits_list(self, name: str) -> bool:
        return name in self.awaited


class Stage:
    """A market with two venues, `first` at 100 and `second` at 101."""

    def __init__(self, clock: FakeClock, **lists: str) -> None:
        self.clock = clock
        self.first = Venue("first", 100.0, clock, lists=lists.get("first", ""))
        self.second = Venue("second", 101.0, clock, lists=lists.get("second", ""))
        self.shelf = FakeShelf(self.first, self.second)
        bus = Bus(clock)
        self.market = Market(clock, bus)
        self.demand = Demand()
        self.feeds = Feeds(clock, bus, self.market, self.demand, jitter=lambda: 1.0)
        self.router = Router(
            clock,
            self.feeds,
            self.demand,
            self.shelf,
            classify,
            {AssetClass.crypto: ("first", "second")},
            self.market.heard,
        )
        self.market.writer = self.router.writer

    async def __aenter__(self) -> "Stage":
        await self.feeds.start()
        await self.router.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.router.close()
        await self.feeds.close()

    async def watch(self, *symbols: str) -> None:
        self.demand.add(symbols)
        await self.clock.advance(1.0)

    def last(self, symbol: str = "BTC-USD") -> tuple[str, float | None]:
        quote = self.market.board.quote(symbol)
        return quote.source, quote.last


async def test_the_first_source_of_the_chain_tells_and_the_next_is_not_even_begun(
    clock: FakeClock,
) -> None:
    async with Stage(clock) as stage:
        await stage.watch("BTC-USD")
        assert stage.last() == ("first", 100.0)
        assert stage.second.asked == []
        (route,) = stage.router.routes()
        assert (route.source, route.reason, route.passed_over) == ("first", "", ())


async def test_nothing_is_asked_while_nobody_watches(clock: FakeClock) -> None:
    async with Stage(clock) as stage:
        await clock.advance(30.0)
        assert stage.first.asked == []
        await stage.watch("BTC-USD")
        stage.demand.drop(["BTC-USD"])
        await clock.advance(2.0)
        assert stage.first.asked[-1] == frozenset()
        assert stage.router.routes() == ()


async def test_a_failing_source_is_left_with_its_reason(clock: FakeClock) -> None:
    async with Stage(clock) as stage:
        await stage.watch("BTC-USD")
        stage.first.well = False
        await clock.advance(3.0)
        assert stage.last() == ("second", 101.0)
        (route,) = stage.router.routes()
        assert route.reason == "second instead of first: connection refused"
        assert [(each.source, each.reason) for each in route.passed_over] == [
            ("first", "connection refused")
        ]


async def test_a_symbol_that_cannot_be_routed_keeps_no_other_from_its_source(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with Stage(clock) as stage:
        stage.first.stumbles = "ETH-USD"
        await stage.watch("ETH-USD")
        await stage.watch("BTC-USD", "SOL-USD")
        assert stage.last() == ("first", 100.0)
        assert stage.last("SOL-USD") == ("first", 100.0)
        await clock.advance(10.0)
        assert [each.message for each in caplog.records] == ["ETH-USD could not be routed"]
        stage.first.stumbles = ""
        await clock.advance(2.0)
        assert stage.last("ETH-USD") == ("first", 100.0)


async def test_the_better_source_is_returned_to_after_a_minute_and_three_good_probes(
    clock: FakeClock,
) -> None:
    async with Stage(clock) as stage:
        await stage.watch("BTC-USD")
        stage.first.well = False
        await clock.advance(3.0)
        stage.first.well = True
        await clock.advance(40.0)
        assert stage.last() == ("second", 101.0)
        await clock.advance(40.0)
        assert stage.last() == ("first", 100.0)
        (route,) = stage.router.routes()
        assert route.reason == "first is back"
        await clock.advance(2.0)
        assert stage.second.asked[-1] == frozenset()


async def test_a_source_that_comes_and_goes_is_not_returned_to(clock: FakeClock) -> None:
    async with Stage(clock) as stage:
        await stage.watch("BTC-USD")
        stage.first.well = False
        await clock.advance(3.0)
        switches = set()
        for _ in range(30):
            stage.first.well = not stage.first.well
            await clock.advance(7.0)
            switches.add(stage.last()[0])
        assert switches == {"second"}


async def test_what_the_fallback_says_meanwhile_never_overwrites_the_line(
    clock: FakeClock,
) -> None:
    async with Stage(clock) as stage:
        await stage.watch("BTC-USD")
        stage.first.well = False
        await clock.advance(3.0)
        stage.first.well = True
        for _ in range(30):
            await clock.advance(1.0)
            assert stage.last() == ("second", 101.0)
        assert stage.market.heard("first", "BTC-USD") is not None


async def test_a_symbol_the_first_does_not_list_goes_to_the_next_alone(clock: FakeClock) -> None:
    async with Stage(clock, first="BTC-USD") as stage:
        await stage.watch("BTC-USD", "ETH-USD")
        assert stage.last("BTC-USD") == ("first", 100.0)
        assert stage.last("ETH-USD") == ("second", 101.0)
        assert stage.first.asked[-1] == frozenset({"BTC-USD"})


async def test_a_refused_symbol_goes_to_the_next_and_stays_there(clock: FakeClock) -> None:
    async with Stage(clock) as stage:
        stage.first.refuses = {"BTC-USD"}
        await stage.watch("BTC-USD")
        await clock.advance(120.0)
        assert stage.last() == ("second", 101.0)
        (route,) = stage.router.routes()
        assert [(each.source, each.reason) for each in route.passed_over] == [
            ("first", "unknown pair")
        ]


async def test_a_source_silent_on_one_symbol_loses_only_that(clock: FakeClock) -> None:
    async with Stage(clock) as stage:
        stage.first.mute = {"ETH-USD"}
        await stage.watch("BTC-USD", "ETH-USD")
        await clock.advance(15.0)
        assert stage.last("BTC-USD") == ("first", 100.0)
        assert stage.last("ETH-USD") == ("second", 101.0)


async def test_when_nobody_can_the_reasons_are_told_and_it_recovers(clock: FakeClock) -> None:
    async with Stage(clock) as stage:
        stage.first.well = stage.second.well = False
        await stage.watch("BTC-USD")
        await clock.advance(5.0)
        assert stage.last()[1] is None
        stage.second.well = True
        await clock.advance(61.0)
        assert stage.last() == ("second", 101.0)


async def test_offline_for_hours_is_no_tight_loop(clock: FakeClock) -> None:
    async with Stage(clock) as stage:
        tries: list[float] = []

        async def refuses(wanted: Wanted, out: Outlet) -> None:
            tries.append(clock.monotonic())
            raise SourceUnavailable("no network")

        for venue in (stage.first, stage.second):
            venue.run = refuses  # type: ignore[method-assign]
        await stage.watch("BTC-USD")
        await clock.advance(3_600.0)
        assert 60 < len(tries) < 2 * 3_600 / 30


async def test_a_source_switched_off_hands_over_and_takes_back(clock: FakeClock) -> None:
    async with Stage(clock) as stage:
        await stage.watch("BTC-USD")
        stage.shelf.off["first"] = "switched off"
        await stage.feeds.remove("first")
        stage.router.reconsider("first")
        await clock.advance(2.0)
        assert stage.last() == ("second", 101.0)
        del stage.shelf.off["first"]
        stage.router.reconsider("first")
        await clock.advance(80.0)
        assert stage.last() == ("first", 100.0)


async def test_a_list_that_comes_late_is_waited_for_and_used(clock: FakeClock) -> None:
    async with Stage(clock) as stage:
        stage.shelf.awaited = {"first", "second"}
        await stage.watch("BTC-USD")
        assert not stage.router.settled("BTC-USD")
        stage.shelf.awaited = set()
        stage.router.reconsider("first")
        await clock.advance(1.0)
        assert stage.last() == ("first", 100.0)


async def test_a_better_sources_list_is_waited_for_three_seconds_before_the_next_is_asked(
    clock: FakeClock,
) -> None:
    async with Stage(clock) as stage:
        stage.shelf.awaited = {"first"}
        await stage.watch("BTC-USD")
        assert stage.second.asked == []
        await clock.advance(4.0)
        assert stage.last() == ("second", 101.0)


async def test_a_symbol_of_no_chain_is_settled_as_unserved(clock: FakeClock) -> None:
    async with Stage(clock, first="BTC-USD", second="BTC-USD") as stage:
        await stage.watch("DOGE-USD")
        assert stage.router.settled("DOGE-USD")
        assert stage.router.why_none("DOGE-USD") == (
            "first: does not list it; second: does not list it"
        )


async def test_a_plugins_own_instrument_is_not_routed(clock: FakeClock) -> None:
    bus = Bus(clock)
    market = Market(clock, bus)
    demand = Demand()
    own = Venue("own", 5.0, clock)
    feeds = Feeds(clock, bus, market, demand, (own,))
    shelf = FakeShelf(Venue("first", 100.0, clock))
    router = Router(
        clock,
        feeds,
        demand,
        shelf,
        lambda symbol: Instrument(symbol=symbol, asset_class=AssetClass.crypto, source="own"),
        {AssetClass.crypto: ("first",)},
        market.heard,
    )
    await router.start()
    demand.add(["BTC-USD"])
    await settle()
    assert router.paths == {}
    await router.close()
    await asyncio.sleep(0)


async def test_a_refused_symbol_is_asked_for_again_after_a_quarter_of_an_hour(
    clock: FakeClock,
) -> None:
    async with Stage(clock) as stage:
        stage.first.refuses = {"BTC-USD"}
        await stage.watch("BTC-USD")
        stage.first.refuses = set()
        await clock.advance(890.0)
        assert stage.last() == ("second", 101.0)
        await clock.advance(60.0)
        assert stage.last() == ("first", 100.0)


async def test_what_hardly_trades_is_returned_to_once_its_venue_stands(clock: FakeClock) -> None:
    async with Stage(clock) as stage:
        stage.first.once = True
        stage.first.well = False
        await stage.watch("BTC-USD")
        assert stage.last() == ("second", 101.0)
        stage.first.well = True
        await clock.advance(80.0)
        (route,) = stage.router.routes()
        assert (route.source, route.reason) == ("first", "first is back")


async def test_who_is_returned_to_begins_the_symbol_anew(clock: FakeClock) -> None:
    async with Stage(clock) as stage:
        stage.first.well = False
        await stage.watch("BTC-USD")
        stage.first.well = True
        await clock.advance(90.0)
        assert stage.last() == ("first", 100.0)
        wanted = [bool(each) for each in stage.first.asked]
        assert False in wanted[wanted.index(True) :]
        assert wanted[-1]


async def test_a_route_says_what_ails_the_only_one_that_serves_it(clock: FakeClock) -> None:
    async with Stage(clock, second="ETH-USD") as stage:
        await stage.watch("BTC-USD")
        stage.first.well = False
        await clock.advance(3.0)
        (route,) = stage.router.routes()
        assert route.source == "first"
        assert route.reason == "first: connection refused, and no other serves it"
