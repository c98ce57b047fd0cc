import json

import pytest

from tio.api.market import Side, Timeframe
from tio.api.ticks import BookChange, BookSnapshot, DayFigures, SourceBar, TopOfBook, Trade
from tio.engine.feeds.coinbase import parse, parse_rest, symbol_of
from tio.engine.feeds.frames import Garbage

import recorded

MATCH = (
    '{"type":"match","trade_id":10,"maker_order_id":"a","taker_order_id":"b","side":"sell",'
    '"size":"5.23","price":"400.23","product_id":"BTC-USD","sequence":50,'
    '"time":"2014-11-07T08:19:27.028459Z"}'
)
TICKER = (
    '{"type":"ticker","sequence":3,"product_id":"BTC-USD","price":"4388.01",'
    '"open_24h":"4372.01","volume_24h":"5126.27","low_24h":"4300.5","high_24h":"4399",'
    '"volume_30d":"1","best_bid":"4388","best_ask":"4388.01","side":"buy",'
    '"time":"2017-09-02T17:05:49.250000Z","trade_id":20153558,"last_size":"0.03"}'
)


def test_match_is_a_trade_whose_taker_is_the_other_side() -> None:
    assert parse(MATCH) == (
        Trade("BTC-USD", 400.23, 5.23, 1415348367028459, Side.buy, "10", folds=True),
    )


def test_last_match_sets_the_last_price_and_folds_nothing() -> None:
    (trade,) = parse(MATCH.replace('"match"', '"last_match"'))
    assert isinstance(trade, Trade)
    assert trade.folds is False


def test_ticker_says_the_day_and_the_best_and_never_a_trade() -> None:
    at = 1504371949250000
    assert parse(TICKER) == (
        DayFigures(
            symbol="BTC-USD",
            at=at,
            last=4388.01,
            open=4372.01,
            high=4399.0,
            low=4300.5,
            volume=5126.27,
        ),
        TopOfBook("BTC-USD", 4388.0, 4388.01, None, None, at),
    )


def test_book_comes_as_a_snapshot_and_changes_by_side() -> None:
    whole = '{"type":"snapshot","product_id":"BTC-USD","bids":[["10.5","1"]],"asks":[]}'
    assert parse(whole) == (BookSnapshot("BTC-USD", ((10.5, 1.0),), ()),)
    update = (
        '{"type":"l2update","product_id":"BTC-USD","time":"2021-04-17T16:43:37.075351Z",'
        '"changes":[["buy","10.5","0"],["sell","11","2"]]}'
    )
    assert parse(update) == (
        BookChange("BTC-USD", ((10.5, 0.0),), ((11.0, 2.0),), 1618677817075351),
    )


@pytest.mark.parametrize(
    "frame",
    [
        '{"type":"subscriptions","channels":[]}',
        '{"type":"heartbeat","sequence":90,"last_trade_id":20}',
        '{"channel":"heartbeats","events":[{"current_time":"whenever"}]}',
        '{"type":"error","message":"Failed to subscribe"}',
    ],
)
def test_frames_without_prices_say_nothing(frame: str) -> None:
    assert parse(frame) == ()


def test_advanced_trades_take_the_side_as_reported_and_fold_unless_a_snapshot() -> None:
    frame = (
        '{"channel":"market_trades","timestamp":"2026-04-07T14:30:02Z","sequence_num":5,'
        '"events":[{"type":"update","trades":[{"trade_id":"7","product_id":"ETH-USD",'
        '"price":"68.5","size":"0.5","side":"SELL","time":"2026-04-07T14:30:02.789012Z"}]}]}'
    )
    assert parse(frame) == (Trade("ETH-USD", 68.5, 0.5, 1775572202789012, Side.sell, "7"),)
    (first,) = parse(frame.replace('"update"', '"snapshot"'))
    assert isinstance(first, Trade)
    assert not first.folds


def test_advanced_candle_is_a_five_minute_bar_of_the_venue() -> None:
    frame = (
        '{"channel":"candles","timestamp":"2026-04-07T14:30:05Z","sequence_num":3,"events":'
        '[{"type":"update","candles":[{"start":"1775521800","high":"5","low":"1","open":"2",'
        '"close":"3","volume":"42.5","product_id":"BTC-USD"}]}]}'
    )
    assert parse(frame) == (
        SourceBar(
            "BTC-USD", Timeframe.m5, 1775521800000000, 2.0, 5.0, 1.0, 3.0, 42.5, closed=False
        ),
    )


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "[]",
        "null",
        '{"type":"wow"}',
        "{}",
        MATCH.replace('"400.23"', '"much"'),
        MATCH.replace('"400.23"', "true"),
        MATCH.replace("2014-11-07T08:19:27.028459Z", "2014-11-07T08:19:27"),
        MATCH.replace("2014-11-07T08:19:27.028459Z", "9999-11-07T08:19:27Z"),
        MATCH.replace("BTC-USD", "BTCUSD"),
        MATCH[:-5],
    ],
)
def test_what_is_not_a_frame_is_garbage_with_a_sentence(frame: str) -> None:
    with pytest.raises(Garbage) as caught:
        parse(frame)
    assert str(caught.value)


def test_numbers_that_cannot_be_prices_are_left_to_the_check() -> None:
    for text, shown in (("-5", "-5.0"), ("NaN", "nan"), ("Infinity", "inf")):
        (trade,) = parse(MATCH.replace("400.23", text))
        assert isinstance(trade, Trade)
        assert repr(trade.price) == shown


def test_symbol_carries_no_control_characters() -> None:
    assert symbol_of("b\x1b[2Jtc-usd") == "B[2JTC-USD"
    assert symbol_of("btc-usd") == "BTC-USD"


API = "https://api.exchange.coinbase.com/products/"
FIXTURES = "1_exchange_captures/xchange/coinbasepro.json.gz"
FOLDER = "org/knowm/xchange/coinbasepro/dto/marketdata/example-"


def test_answers_about_a_product_are_read_as_they_were_recorded() -> None:
    bodies = json.loads(recorded.read_text(FIXTURES))
    plain = bodies[FOLDER + "historical-candles.json"]
    bars = parse_rest(API + "BTC-USD/candles?granularity=60", json.dumps(plain))
    told = [
        [bar.at // 1_000_000, bar.low, bar.high, bar.open, bar.close, bar.volume]
        for bar in bars
        if isinstance(bar, SourceBar)
    ]
    assert told == plain[::-1]
    day = bodies[FOLDER + "stats-data.json"]
    (figures,) = parse_rest(API + "BTC-USD/stats", json.dumps(day))
    assert isinstance(figures, DayFigures)
    assert figures.open == float(day["open"])
    (last, top) = parse_rest(
        API + "BTC-USD/ticker", json.dumps(bodies[FOLDER + "ticker-data.json"])
    )
    assert isinstance(last, DayFigures)
    assert last.last == 246.28
    assert top == TopOfBook("BTC-USD", 637.0, 637.11, at=last.at)


def test_book_answer_is_whole_at_level_two_only() -> None:
    body = '{"sequence":3,"bids":[["295.96","4.39",2]],"asks":[["295.97","25.23",12]]}'
    assert parse_rest(API + "BTC-USD/book?level=2", body) == (
        BookSnapshot("BTC-USD", ((295.96, 4.39),), ((295.97, 25.23),)),
    )
    assert parse_rest(API + "BTC-USD/book?level=3", body) == ()
    assert parse_rest(API, "[]") == ()


def test_past_trades_end_with_the_newest_and_fold_nothing() -> None:
    body = (
        '[{"time":"2014-11-07T22:19:29Z","trade_id":74,"price":"10","size":"1","side":"buy"},'
        '{"time":"2014-11-07T22:19:28Z","trade_id":73,"price":"9","size":"2","side":"sell"}]'
    )
    older, newer = parse_rest(API + "BTC-USD/trades", body)
    assert isinstance(older, Trade)
    assert isinstance(newer, Trade)
    assert (older.id, older.side, newer.id, newer.side) == ("73", Side.buy, "74", Side.sell)
    assert not newer.folds
