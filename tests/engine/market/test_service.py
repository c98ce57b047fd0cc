from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

import pytest

from tio.api.access import OWNER
from tio.api.contract import Request
from tio.api.errors import Invalid, NotFound
from tio.api.market import (
    AssetClass,
    BarUpdates,
    Book,
    GetBars,
    GetBook,
    GetQuotes,
    Hours,
    Quote,
    Quotes,
    SearchInstruments,
    Sparks,
    Timeframe,
    Trades,
)
from tio.api.quality import GetQuality
from tio.api.series import moment
from tio.api.ticks import BookChange, BookSnapshot, Trade
from tio.engine.bus import Bus
from tio.engine.market.service import MarketService
from tio.engine.market.symbols import classify
from tio.engine.session import Session
from tio.plugin import Traits

from fakes import FakeClock, settle

MINUTE = 60_000_000


@pytest.fixture
def bus(clock: FakeClock) -> Bus:
    return Bus(clock)


@pytest.fixture
async def service(clock: FakeClock, bus: Bus) -> AsyncIterator[MarketService]:
    service = MarketService(clock, bus)
    await service.start()
    yield service
    await service.close()


@pytest.fixture
def engine(service: MarketService) -> Session:
    return Session(OWNER, service.answers(), service.streams())


def feed(service: MarketService, venue: Traits, noon: int) -> None:
    trades = [
        Trade("BTC-USD", 100.0 + n, 1.0, noon - (9 - n) * MINUTE, id=str(n)) for n in range(10)
    ]
    service.market.take(trades, venue, noon)


async def test_quotes_and_bars_are_answered_in_any_spelling(
    service: MarketService, engine: Session, venue: Traits, noon: int
) -> None:
    feed(service, venue, noon)
    (quote,) = await engine.ask(GetQuotes(("XBT/USD",)))
    assert (quote.symbol, quote.last) == ("BTC-USD", 109.0)
    bars = await engine.ask(GetBars("btcusd", Timeframe.m1, limit=3))
    assert list(bars.close) == [107.0, 108.0, 109.0]
    assert (bars.forming, bars.source) == (True, "venue")
    hours = await engine.ask(GetBars("BTC-USD", Timeframe.h1))
    assert list(hours.open) == [100.0, 109.0]


async def test_an_unknown_symbol_is_named_with_the_nearest(
    service: MarketService, engine: Session, venue: Traits, noon: int
) -> None:
    feed(service, venue, noon)
    unserved: tuple[Request[Any], ...] = (
        GetQuotes(("BTC-USB",)),
        GetBars("BTC-USB"),
        GetBook("BTC-USB"),
    )
    for asked in unserved:
        with pytest.raises(NotFound, match="BTC-USB") as refused:
            await engine.ask(asked)
        assert "BTC-USD" in refused.value.next


class Unserved:
    """First words of a symbol that nobody lists."""

    async def wait(self, symbols: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
        return dict.fromkeys(symbols, "kraken: does not list it"), {}


async def test_a_symbol_nobody_serves_stays_known_while_another_watches_it(
    service: MarketService, engine: Session
) -> None:
    service.market.introduce([classify("NOPE-USD")])
    service._first_words = Unserved()  # type: ignore[assignment]
    async with engine.watch(Quotes(("NOPE-USD",))):
        with pytest.raises(NotFound, match="NOPE-USD"):
            await engine.ask(GetQuotes(("NOPE-USD",)))
        assert "NOPE-USD" in service.market.instruments
    with pytest.raises(NotFound, match="NOPE-USD"):
        await engine.ask(GetQuotes(("NOPE-USD",)))
    assert "NOPE-USD" not in service.market.instruments


async def test_what_is_stored_of_a_symbol_nobody_serves_any_more_is_told_with_why(
    service: MarketService, engine: Session, noon: int
) -> None:
    service.market.introduce([classify("NOPE-USD")])
    stored = Quote(symbol="NOPE-USD", last=7.0, as_of=moment(noon), stale=True)
    service.market.board.remembered["NOPE-USD"] = stored
    service._first_words = Unserved()  # type: ignore[assignment]
    (quote,) = await engine.ask(GetQuotes(("NOPE-USD",)))
    assert (quote.last, quote.stale, quote.note) == (7.0, True, "kraken: does not list it")


async def test_a_range_without_a_zone_is_refused(
    service: MarketService, engine: Session, venue: Traits, noon: int
) -> None:
    feed(service, venue, noon)
    naive = datetime.fromisoformat("2026-11-20T14:00:00")
    with pytest.raises(Invalid, match="start must carry a zone"):
        await engine.ask(GetBars("BTC-USD", start=naive))


async def test_a_watchlist_may_hold_what_nobody_serves(
    service: MarketService, engine: Session, venue: Traits, noon: int, bus: Bus
) -> None:
    feed(service, venue, noon)
    async with engine.watch(Quotes(("BTC-USD", "NOPE.LSE"))) as items:
        first = (await anext(items)).value
        assert [(quote.symbol, quote.last) for quote in first] == [
            ("BTC-USD", 109.0),
            ("NOPE.LSE", None),
        ]
        assert service.demand.symbols == {"BTC-USD", "NOPE.LSE"}
        service.market.take([Trade("BTC-USD", 110.0, 1.0, noon, id="10")], venue, noon)
        bus.flush()
        assert [quote.last for quote in (await anext(items)).value] == [110.0]
    assert service.demand.symbols == frozenset()


async def test_a_watcher_hears_that_a_quote_turned_stale(
    service: MarketService,
    engine: Session,
    venue: Traits,
    noon: int,
    bus: Bus,
    clock: FakeClock,
) -> None:
    feed(service, venue, noon)
    await clock.advance(1.0)
    async with engine.watch(Quotes(("BTC-USD",))) as items:
        assert not (await anext(items)).value[0].stale
        await clock.advance(62.0)
        bus.flush()
        (quote,) = (await anext(items)).value
        assert (quote.stale, quote.last) == (True, 109.0)


async def test_bar_updates_begin_with_history_and_go_on_with_changes(
    service: MarketService, engine: Session, venue: Traits, noon: int, bus: Bus
) -> None:
    feed(service, venue, noon)
    async with engine.watch(BarUpdates("BTC-USD", Timeframe.m1, limit=5)) as items:
        first = await anext(items)
        assert (first.snapshot, len(first.value)) == (True, 5)
        service.market.take([Trade("BTC-USD", 90.0, 2.0, noon + 1, id="10")], venue, noon)
        bus.flush()
        change = (await anext(items)).value
        assert list(change.time) == [noon]
        assert (list(change.low), list(change.volume), change.forming) == ([90.0], [3.0], True)


async def test_trades_begin_with_those_remembered_and_come_in_order(
    service: MarketService, engine: Session, venue: Traits, noon: int
) -> None:
    feed(service, venue, noon)
    async with engine.watch(Trades("BTC-USD")) as items:
        assert [each.price for each in (await anext(items)).value] == [100.0 + n for n in range(10)]
        service.market.take([Trade("BTC-USD", 5.0, 1.0, noon, id="10")], venue, noon)
        assert [each.price for each in (await anext(items)).value] == [5.0]


async def test_a_book_is_told_to_the_depth_asked(
    service: MarketService, engine: Session, venue: Traits, noon: int, bus: Bus
) -> None:
    whole = BookSnapshot("BTC-USD", ((9.0, 1.0), (8.0, 2.0)), ((10.0, 1.0), (11.0, 2.0)), noon)
    service.market.take([whole], venue, noon)
    async with engine.watch(Book("BTC-USD", depth=1)) as items:
        assert [level.price for level in (await anext(items)).value.bids] == [9.0]
        service.market.take([BookChange("BTC-USD", ((9.5, 3.0),), (), noon)], venue, noon)
        bus.flush()
        assert [level.price for level in (await anext(items)).value.bids] == [9.5]


async def test_sparklines_follow_the_closes(
    service: MarketService,
    engine: Session,
    venue: Traits,
    noon: int,
    bus: Bus,
    clock: FakeClock,
) -> None:
    feed(service, venue, noon)
    async with engine.watch(Sparks(("BTC-USD",), points=4)) as items:
        (spark,) = (await anext(items)).value
        assert list(spark.closes) == [106.0, 107.0, 108.0, 109.0]
        service.market.take([Trade("BTC-USD", 50.0, 1.0, noon + 1, id="10")], venue, noon)
        await clock.advance(2.0)
        await settle()
        bus.flush()
        (spark,) = (await anext(items)).value
        assert list(spark.closes) == [106.0, 107.0, 108.0, 50.0]


async def test_search_puts_the_likeliest_first_and_quality_counts(
    service: MarketService, engine: Session, venue: Traits, noon: int
) -> None:
    feed(service, venue, noon)
    service.market.take([Trade("WBTC-USD", 1.0, 1.0, noon, id="1")], venue, noon)
    found = await engine.ask(SearchInstruments("btc"))
    assert [each.symbol for each in found] == ["BTC-USD", "WBTC-USD"]
    (report,) = await engine.ask(GetQuality("BTC-USD"))
    assert report.accepted == 10


async def test_emptying_forgets_lines_and_bars(
    service: MarketService, engine: Session, venue: Traits, noon: int
) -> None:
    feed(service, venue, noon)
    await service.empty()
    assert await engine.ask(GetQuotes()) == ()
    bars = await engine.ask(GetBars("BTC-USD", Timeframe.m1))
    assert len(bars) == 0


def feed_share(service: MarketService, minutes: Sequence[int], noon: int) -> None:
    """A trade of AAPL in each of these minutes around ten in New York, which opened at 9:30."""
    share = Traits(name="exchange", asset_class=AssetClass.equity)
    trades = [
        Trade("AAPL", 200.0 + n, 10.0, noon + n * MINUTE, id=f"a{n}") for n in sorted(minutes)
    ]
    service.market.take(trades, share, noon + max(minutes) * MINUTE)


async def test_the_bars_of_regular_hours_are_asked_for_alone(
    service: MarketService, engine: Session, noon: int
) -> None:
    feed_share(service, range(-45, 1), noon)
    every = await engine.ask(GetBars("AAPL", Timeframe.m1, limit=40))
    regular = await engine.ask(GetBars("AAPL", Timeframe.m1, limit=40, hours=Hours.regular))
    assert (len(every), len(regular)) == (40, 31)
    assert regular.open[0] == 170.0
    few = await engine.ask(GetBars("AAPL", Timeframe.m1, limit=5, hours=Hours.regular))
    assert list(few.open) == [196.0, 197.0, 198.0, 199.0, 200.0]
    days = await engine.ask(GetBars("AAPL", Timeframe.d1, hours=Hours.regular))
    assert days == await engine.ask(GetBars("AAPL", Timeframe.d1))


async def test_who_watches_regular_hours_hears_of_no_early_bar(
    service: MarketService, engine: Session, bus: Bus, noon: int
) -> None:
    feed_share(service, range(-45, -32), noon)
    topic = BarUpdates("AAPL", Timeframe.m1, limit=10, hours=Hours.regular)
    async with engine.watch(topic) as items:
        assert len((await anext(items)).value) == 0
        feed_share(service, (-31,), noon)
        bus.flush()
        assert len((await anext(items)).value) == 0
        feed_share(service, (-30, -29), noon)
        bus.flush()
        assert list((await anext(items)).value.open) == [170.0, 171.0]
