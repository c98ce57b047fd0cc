import json

import pytest

from tio.api.market import Side, Timeframe
from tio.api.ticks import BookChange, BookSnapshot, DayFigures, SourceBar, TopOfBook, Trade
from tio.engine.feeds.binance import parse, parse_rest, symbol_of
from tio.engine.feeds.frames import Garbage

import recorded

AGGREGATE = (
    '{"e":"aggTrade","E":1633998523963,"s":"NKNUSDT","a":12345,"p":"0.3528","q":"58","f":100,'
    '"l":105,"T":1633998523962,"m":true,"M":true}'
)


def test_aggregates_and_trades_are_numbered_apart() -> None:
    (aggregate,) = parse(AGGREGATE)
    assert aggregate == Trade("NKN-USDT", 0.3528, 58.0, 1633998523962000, Side.sell, "agg-12345")
    (trade,) = parse(AGGREGATE.replace("aggTrade", "trade").replace('"a"', '"t"'))
    assert isinstance(trade, Trade)
    assert trade.id == "12345"


def test_combined_stream_says_what_the_raw_one_says() -> None:
    assert parse(f'{{"stream":"nknusdt@aggTrade","data":{AGGREGATE}}}') == parse(AGGREGATE)


def test_book_ticker_has_no_time() -> None:
    frame = '{"u":400900217,"s":"BNBUSDT","b":"25.35","B":"31.21","a":"25.36","A":"40.66"}'
    assert parse(frame) == (TopOfBook("BNB-USDT", 25.35, 25.36, 31.21, 40.66, None),)


def test_depth_update_carries_its_numbers_and_a_futures_one_continues_the_one_before() -> None:
    frame = (
        '{"e":"depthUpdate","E":1633998512068,"s":"NKNUSDT","U":157,"u":160,'
        '"b":[["0.3513","6195"]],"a":[["0.36","0"]]}'
    )
    assert parse(frame) == (
        BookChange("NKN-USDT", ((0.3513, 6195.0),), ((0.36, 0.0),), 1633998512068000, 157, 160),
    )
    (change,) = parse(frame.replace('"u":160', '"u":160,"pu":149'))
    assert isinstance(change, BookChange)
    assert change.first == 150


def test_rest_depth_is_a_numbered_snapshot_of_the_symbol_in_its_address() -> None:
    body = '{"lastUpdateId":160,"bids":[["0.35","672.0"]],"asks":[["0.36","3"]]}'
    url = "https://api.binance.com/api/v3/depth?symbol=NKNUSDT&limit=1000"
    book = BookSnapshot("NKN-USDT", ((0.35, 672.0),), ((0.36, 3.0),), None, 160)
    assert parse_rest(url, body) == (book,)
    assert parse(f'{{"stream":"nknusdt@depth20@100ms","data":{body}}}') == (book,)
    assert parse_rest("https://api.binance.com/api/v3/exchangeInfo", "{}") == ()


def test_kline_is_a_bar_of_the_venue_and_unknown_spans_say_nothing() -> None:
    frame = (
        '{"e":"kline","E":1,"s":"LRCBTC","k":{"t":1633998480000,"T":1633998539999,'
        '"s":"LRCBTC","i":"1m","f":1,"L":2,"o":"1","c":"2","h":"3","l":"0.5","v":"9","n":30,'
        '"x":true,"q":"1","V":"1","Q":"1","B":"0"}}'
    )
    assert parse(frame) == (
        SourceBar("LRC-BTC", Timeframe.m1, 1633998480000000, 1, 3, 0.5, 2, 9, closed=True),
    )
    (monthly,) = parse(frame.replace('"1m"', '"1M"'))
    assert isinstance(monthly, SourceBar)
    assert monthly.timeframe is Timeframe.mo1
    assert parse(frame.replace('"1m"', '"8h"')) == ()


def test_day_tickers_come_alone_and_in_lists() -> None:
    mini = '{"e":"24hrMiniTicker","E":5,"s":"BNBBTC","c":"2","o":"1","h":"3","l":"0.5","v":"9"}'
    figures = DayFigures(
        symbol="BNB-BTC", at=5000, last=2.0, open=1.0, high=3.0, low=0.5, volume=9.0
    )
    assert parse(f"[{mini},{mini}]") == (figures, figures)
    assert parse(f'{{"stream":"!miniTicker@arr","data":[{mini}]}}') == (figures,)


@pytest.mark.parametrize(
    "frame",
    [
        '{"result":null,"id":1}',
        '{"code":2,"msg":"Invalid request"}',
        '{"e":"markPriceUpdate","E":1}',
        '{"subscriptionId":0,"event":{"e":"executionReport"}}',
    ],
)
def test_frames_without_prices_say_nothing(frame: str) -> None:
    assert parse(frame) == ()


@pytest.mark.parametrize(
    "frame",
    [
        "{}",
        "[1]",
        '{"e":"wow"}',
        '{"lastUpdateId":1,"bids":[],"asks":[]}',
        AGGREGATE.replace('"a"', '"z"'),
        AGGREGATE.replace("NKNUSDT", "USDT"),
        AGGREGATE.replace("1633998523962", "163399852396200"),
    ],
)
def test_what_is_not_a_frame_is_garbage(frame: str) -> None:
    with pytest.raises(Garbage):
        parse(frame)


def test_every_symbol_the_venue_listed_splits_as_the_venue_says() -> None:
    first = next(recorded.lines("1_exchange_captures/cryptofeed/BINANCE.0.txt.gz"))
    listed = json.loads(first.partition(": ")[2])["symbols"]
    assert len(listed) > 1_000
    for entry in listed:
        assert symbol_of(entry["symbol"]) == f"{entry['baseAsset']}-{entry['quoteAsset']}"
