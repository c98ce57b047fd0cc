from math import isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.market import AssetClass, Timeframe
from tio.api.ticks import BookSnapshot, DayFigures, SourceBar, TopOfBook, Trade
from tio.engine.bus import Bus
from tio.engine.market.market import Market
from tio.engine.store.columns import Columns
from tio.plugin import Traits

from fakes import FakeClock

SECOND = 1_000_000
START = 1_700_000_000 * SECOND
VENUE = Traits(name="venue", asset_class=AssetClass.crypto)


def trade(price: float, at: int, number: int | None = None, size: float = 1.0) -> Trade:
    return Trade("BTC-USD", price, size, at, id=None if number is None else str(number))


def new_market() -> Market:
    clock = FakeClock()
    return Market(clock, Bus(clock))


def bars(market: Market, timeframe: Timeframe, symbol: str = "BTC-USD") -> Columns:
    return market.board.lines[symbol].bars.ladder(timeframe).columns(5_000)


def everything(market: Market) -> list[list[tuple[float, ...]]]:
    return [list(bars(market, timeframe).rows()) for timeframe in Timeframe]


TRADES = st.lists(
    st.tuples(
        st.floats(0.01, 1e5, allow_nan=False),
        st.floats(0.0, 1e3, allow_nan=False),
        st.integers(0, 40 * 86_400) | st.integers(0, 5),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=40,
)


@given(TRADES, st.randoms(use_true_random=False))
def test_shuffled_doubled_and_late_trades_end_in_the_bars_of_sorted_unique_ones(
    drawn: list[tuple[float, float, int, int]], random: object
) -> None:
    trades = [
        trade(price, START + second * SECOND + micro, number, size)
        for number, (price, size, second, micro) in enumerate(drawn)
    ]
    ordered = sorted(trades, key=lambda tick: (tick.at, int(tick.id or 0)))
    received = ordered[-1].at
    straight, muddled = new_market(), new_market()
    straight.take(ordered, VENUE, received)
    mess = [*trades, *trades[::2]]
    random.shuffle(mess)  # type: ignore[attr-defined]
    for tick in mess:
        muddled.take([tick], VENUE, received)
    assert everything(muddled) == everything(straight)
    one, other = straight.board.lines["BTC-USD"], muddled.board.lines["BTC-USD"]
    assert (one.last, one.last_at, one.as_of) == (other.last, other.last_at, other.as_of)


@given(TRADES)
def test_a_bar_holds_its_own_open_and_close_and_coarser_bars_are_folds_of_finer(
    drawn: list[tuple[float, float, int, int]],
) -> None:
    market = new_market()
    market.take(
        [trade(p, START + s * SECOND + m, n, v) for n, (p, v, s, m) in enumerate(drawn)],
        VENUE,
        START + 41 * 86_400 * SECOND,
    )
    finest = bars(market, Timeframe.s1)
    for timeframe in Timeframe:
        folded = bars(market, timeframe)
        time, o, h, low, c, v = zip(*folded.rows(), strict=True)
        assert list(time) == sorted(set(time))
        assert all(a <= min(b, d) for a, b, d in zip(low, o, c, strict=True))
        assert all(a >= max(b, d) for a, b, d in zip(h, o, c, strict=True))
        assert (max(h), min(low)) == (finest.high.max(), finest.low.min())
        assert (o[0], c[-1]) == (finest.open[0], finest.close[-1])
        assert sum(v) == pytest.approx(finest.volume.sum())


def test_a_trade_sets_last_and_its_bar(market: Market, venue: Traits, noon: int) -> None:
    market.take([trade(100.0, noon, 1, 2.0)], venue, noon)
    quote = market.board.render("BTC-USD")
    assert quote is not None
    assert (quote.last, quote.currency, quote.source, quote.age) == (100.0, "USD", "venue", 0.0)
    assert list(bars(market, Timeframe.m1).rows()) == [(noon, 100.0, 100.0, 100.0, 100.0, 2.0)]


def test_an_older_trade_folds_into_its_own_bar_and_never_becomes_last(
    market: Market, venue: Traits, noon: int
) -> None:
    market.take([trade(100.0, noon - 120 * SECOND, 1)], venue, noon)
    market.take([trade(102.0, noon, 3)], venue, noon)
    market.take([trade(101.0, noon - 60 * SECOND, 2)], venue, noon)
    quote = market.board.render("BTC-USD")
    assert quote is not None
    assert quote.last == 102.0
    assert quote.flags == ("out_of_order",)
    assert list(bars(market, Timeframe.m1).close) == [100.0, 101.0, 102.0]


def test_snapshots_and_last_matches_set_last_and_fold_into_no_bar(
    market: Market, venue: Traits, noon: int
) -> None:
    market.take([Trade("BTC-USD", 99.0, 1.0, noon, id="7", folds=False)], venue, noon)
    assert market.board.lines["BTC-USD"].last == 99.0
    assert len(bars(market, Timeframe.s1).time) == 0
    market.take([trade(99.0, noon, 7)], venue, noon)
    assert list(bars(market, Timeframe.s1).close) == [99.0]


def test_a_repeat_without_id_needs_the_same_index_too(
    market: Market, venue: Traits, noon: int
) -> None:
    twins = [Trade("BTC-USD", 5.0, 1.0, noon, index=index) for index in (0, 1)]
    market.take(twins, venue, noon)
    market.take(twins, venue, noon)
    assert list(bars(market, Timeframe.s1).volume) == [2.0]
    assert market.board.lines["BTC-USD"].quality.refused == {"doubled": 2}


def test_what_cannot_be_is_refused_and_counted(market: Market, venue: Traits, noon: int) -> None:
    market.take(
        [
            trade(0.0, noon),
            trade(-1.0, noon),
            trade(nan, noon),
            trade(float("inf"), noon),
            trade(1.0, noon, size=-1.0),
            trade(1.0, noon + 2 * SECOND + 1),
            TopOfBook("BTC-USD", -1.0, 2.0),
            DayFigures(symbol="BTC-USD", volume=-5.0),
            BookSnapshot("BTC-USD", ((nan, 1.0),), ()),
            trade(1.0, noon + 2 * SECOND, 1),
        ],
        venue,
        noon,
    )
    assert market.board.lines["BTC-USD"].quality.report("BTC-USD").refused == {
        "non_positive_price": 3,
        "not_finite": 3,
        "negative_size": 2,
        "future": 1,
    }
    assert market.board.lines["BTC-USD"].quality.accepted == 1


@pytest.mark.parametrize("symbol", ["CL=F", "FRED:T10Y2Y", "^IRX"])
def test_what_may_stand_below_zero_is_taken_there(market: Market, noon: int, symbol: str) -> None:
    venue = Traits(name="venue", asset_class=AssetClass.future)
    figures = DayFigures(symbol=symbol, at=noon - SECOND, low=-40.32, previous_close=-10.0)
    top, last = TopOfBook(symbol, -37.64, -37.62), Trade(symbol, -37.63, 1.0, noon)
    market.take([figures, top, last], venue, noon)
    quote = market.board.quote(symbol)
    assert (quote.last, quote.bid, quote.low, quote.price_decimals) == (-37.63, -37.64, -40.32, 2)
    assert quote.change_percent == pytest.approx(-276.3)
    assert list(bars(market, Timeframe.m1, symbol).close) == [-37.63]
    assert market.board.lines[symbol].quality.refused == {}
    market.take([Trade(symbol, 0.0, 1.0, noon), Trade(symbol, nan, 1.0, noon)], venue, noon)
    assert market.board.quote(symbol).last == 0.0
    assert market.board.lines[symbol].quality.refused == {"not_finite": 1}


@pytest.mark.parametrize("symbol", ["BTC-USD", "AAPL", "EURUSD"])
def test_what_never_stands_below_zero_is_refused_there(
    market: Market, noon: int, symbol: str
) -> None:
    venue = Traits(name="venue", asset_class=AssetClass.equity)
    trades = [Trade(symbol, price, 1.0, noon) for price in (0.0, -1.0)]
    figures = DayFigures(symbol=symbol, last=-1.0)
    market.take([*trades, TopOfBook(symbol, -2.0, 1.0), figures], venue, noon)
    assert market.board.lines[symbol].quality.refused == {"non_positive_price": 4}


def test_a_spike_is_flagged_and_folded(market: Market, venue: Traits, noon: int) -> None:
    market.take([trade(100 + n % 3, noon + n, n) for n in range(40)], venue, noon)
    market.take([trade(10_000.0, noon + 41, 41)], venue, noon)
    line = market.board.lines["BTC-USD"]
    assert line.quality.flagged == {"spike": 1}
    assert list(bars(market, Timeframe.m1).high) == [10_000.0]


def test_a_price_a_split_away_from_the_previous_close_is_told_and_counted_once(
    market: Market, noon: int
) -> None:
    venue = Traits(name="venue", asset_class=AssetClass.equity)
    market.take([DayFigures(symbol="SHARE", at=noon, previous_close=400.0)], venue, noon)
    for number, price in enumerate((100.5, 101.0, 100.2)):
        market.take([Trade("SHARE", price, 5.0, noon + number, id=str(number))], venue, noon)
    quote = market.board.render("SHARE")
    assert quote is not None
    assert "split_suspect" in quote.flags
    assert market.board.lines["SHARE"].quality.flagged == {"split_suspect": 1}
    market.take([DayFigures(symbol="SHARE", at=noon + 9, previous_close=100.0)], venue, noon + 9)
    quote = market.board.render("SHARE")
    assert quote is not None
    assert "split_suspect" not in quote.flags


def test_an_outsized_trade_is_told_and_kept(market: Market, venue: Traits, noon: int) -> None:
    market.take([trade(100 + n % 3, noon + n, n) for n in range(40)], venue, noon)
    market.take([Trade("BTC-USD", 100.0, 1e7, noon + 41, id="41")], venue, noon)
    quote = market.board.render("BTC-USD")
    assert quote is not None
    assert quote.flags == ("volume",)
    assert list(bars(market, Timeframe.m1).volume) == [1e7 + 40.0]


def test_a_crossed_book_is_told(market: Market, venue: Traits, noon: int) -> None:
    market.take([TopOfBook("BTC-USD", 101.0, 100.0, 1.0, 1.0, noon)], venue, noon)
    quote = market.board.render("BTC-USD")
    assert quote is not None
    assert (quote.bid, quote.ask, quote.flags) == (101.0, 100.0, ("crossed",))


def test_a_top_without_time_is_ordered_by_receipt(market: Market, venue: Traits, noon: int) -> None:
    market.take([TopOfBook("BTC-USD", 1.0, 2.0, at=noon)], venue, noon)
    market.take([TopOfBook("BTC-USD", 3.0, 4.0)], venue, noon + 5)
    market.take([TopOfBook("BTC-USD", 5.0, 6.0, at=noon - 9)], venue, noon + 6)
    quote = market.board.render("BTC-USD")
    assert quote is not None
    assert (quote.bid, quote.as_of, quote.flags) == (3.0, None, ("no_time",))


def test_an_instrument_without_trades_folds_its_mid(market: Market, noon: int) -> None:
    dealer = Traits(name="dealer", asset_class=AssetClass.fx, has_trades=False)
    market.take([TopOfBook("EURUSD", 1.0, 1.5, at=noon)], dealer, noon)
    folded = bars(market, Timeframe.m1, "EURUSD")
    assert list(folded.close) == [1.25]
    assert isnan(folded.volume[0])


def test_a_venues_own_bars_never_fold(market: Market, venue: Traits, noon: int) -> None:
    market.take([SourceBar("BTC-USD", Timeframe.m1, noon, 1.0, 2.0, 0.5, 1.5, 9.0)], venue, noon)
    assert len(bars(market, Timeframe.m1).time) == 0
    assert market.board.render("BTC-USD") is None


def test_another_source_writes_only_when_the_first_fell_silent(
    market: Market, venue: Traits, noon: int
) -> None:
    second = Traits(name="second", asset_class=AssetClass.crypto)
    market.take([trade(100.0, noon, 1)], venue, noon)
    market.take([trade(90.0, noon + 1, 2)], second, noon + 1)
    assert market.board.lines["BTC-USD"].last == 100.0
    later = noon + 61 * SECOND
    market.take([trade(91.0, later, 3)], second, later)
    quote = market.board.render("BTC-USD")
    assert quote is not None
    assert (quote.last, quote.source) == (91.0, "second")


def test_bars_of_two_sources_are_never_folded_into_one(
    market: Market, venue: Traits, noon: int
) -> None:
    second = Traits(name="second", asset_class=AssetClass.crypto)
    market.take([trade(100.0, noon, 1, size=5.0)], venue, noon)
    market.writer = lambda _: "second"
    at = noon + 10 * SECOND
    market.take([trade(90.0, at, 2, size=1.0)], second, at)
    (minute,) = bars(market, Timeframe.m1).rows()
    assert minute[1:] == (90.0, 90.0, 90.0, 90.0, 1.0)
    (left,) = market.left
    assert left.origin.name == "venue"
    (minute,) = left.bars.ladder(Timeframe.m1).columns(10).rows()
    assert minute[5] == 5.0
    assert [each.price for each in market.board.lines["BTC-USD"].prints] == [90.0]


async def test_a_watcher_of_bars_sees_only_what_changed(
    clock: FakeClock, venue: Traits, noon: int
) -> None:
    bus = Bus(clock)
    market = Market(clock, bus)
    channel = market.bar_updates("BTC-USD", Timeframe.m1)
    async with channel.watch(None, list, list) as items:
        assert (await anext(items)).value == []
        market.take(
            [trade(1.0, noon, 1), trade(2.0, noon + 60 * SECOND, 2)], venue, noon + 60 * SECOND
        )
        bus.flush()
        assert [row.close for row in sorted((await anext(items)).value)] == [1.0, 2.0]
        market.take([trade(3.0, noon + 61 * SECOND, 3)], venue, noon + 61 * SECOND)
        bus.flush()
        assert [row.close for row in (await anext(items)).value] == [3.0]
