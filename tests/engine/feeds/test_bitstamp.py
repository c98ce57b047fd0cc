import json
from itertools import pairwise

import pytest

from tio.api.market import Side
from tio.api.ticks import BookChange, BookSnapshot, DayFigures, TopOfBook, Trade
from tio.engine.feeds.bitstamp import (
    Answer,
    is_farewell,
    pair_of,
    parse,
    parse_rest,
    read_answer,
    symbol_of,
)
from tio.engine.feeds.frames import Garbage

import recorded

TRADE = (
    '{"event":"trade","channel":"live_trades_btcusd","data":{"id":171,"amount":0.5,'
    '"amount_str":"0.50000000","price":56.25,"price_str":"56.25","type":1,'
    '"timestamp":"1618677817","microtimestamp":"1618677817012345","buy_order_id":1,'
    '"sell_order_id":2}}'
)
BOOK = (
    '{"event":"data","channel":"order_book_ethbtc","data":{"timestamp":"1618677817",'
    '"microtimestamp":"1618677817012345","bids":[["0.1","2"]],"asks":[["0.2","0"]]}}'
)


def test_trade_keeps_the_microsecond_and_the_taker() -> None:
    assert parse(TRADE) == (Trade("BTC-USD", 56.25, 0.5, 1618677817012345, Side.sell, "171"),)


def test_whole_book_each_time_and_the_differential_one() -> None:
    levels = (((0.1, 2.0),), ((0.2, 0.0),), 1618677817012345)
    assert parse(BOOK) == (BookSnapshot("ETH-BTC", *levels),)
    assert parse(BOOK.replace("order_book", "diff_order_book")) == (BookChange("ETH-BTC", *levels),)


def test_without_microseconds_the_second_stands() -> None:
    (book,) = parse(BOOK.replace("microtimestamp", "other"))
    assert book.at == 1618677817000000


@pytest.mark.parametrize(
    "frame",
    [
        '{"event":"bts:subscription_succeeded","channel":"live_trades_btcusd","data":{}}',
        '{"event":"bts:heartbeat"}',
        '{"event":"bts:request_reconnect","channel":"","data":""}',
        '{"event":"order_created","channel":"live_orders_btcusd","data":{}}',
    ],
)
def test_frames_without_prices_say_nothing(frame: str) -> None:
    assert parse(frame) == ()


@pytest.mark.parametrize(
    "frame",
    [
        "{}",
        "true",
        TRADE.replace('"type":1', '"type":7'),
        TRADE.replace("btcusd", "wow"),
        TRADE.replace("1618677817012345", "-1"),
        BOOK.replace('"2"', '"two"'),
    ],
)
def test_what_is_not_a_frame_is_garbage(frame: str) -> None:
    with pytest.raises(Garbage):
        parse(frame)


def test_pairs_resolve_to_our_symbols() -> None:
    assert symbol_of("btcusdt") == "BTC-USDT"
    assert symbol_of("BTC/EUR") == "BTC-EUR"
    assert symbol_of("eurusd") == symbol_of("EUR/USD") == "EURUSD"
    assert symbol_of("btcusd-perp") == "BTC-USD-PERP"


def test_a_frame_says_what_it_answers() -> None:
    said = (
        '{"event":"bts:error","channel":"live_trades_wow","data":{"code":null,'
        '"message":"Bad subscription string."}}'
    )
    assert read_answer(said) == Answer(
        "bts:error", "live_trades", "wow", "Bad subscription string."
    )
    assert pair_of(BOOK) == "ethbtc"
    assert is_farewell('{"event":"bts:request_reconnect","channel":"","data":""}')
    assert not is_farewell(TRADE.encode())


FIXTURES = "1_exchange_captures/xchange/bitstamp.json.gz"
FOLDER = "org/knowm/xchange/bitstamp/dto/marketdata/example-"
API = "https://www.bitstamp.net/api/v2/"


def test_answers_about_a_pair_are_read_as_they_were_recorded() -> None:
    bodies = json.loads(recorded.read_text(FIXTURES))
    depth = bodies[FOLDER + "full-depth-data.json"]
    (book,) = parse_rest(API + "order_book/btcusd/", json.dumps(depth))
    assert isinstance(book, BookSnapshot)
    assert [[f"{price:.2f}", f"{size:.8f}"] for price, size in book.bids] == depth["bids"]
    assert len(book.asks) == len(depth["asks"])
    assert book.at == int(depth["timestamp"]) * 1_000_000
    day = bodies[FOLDER + "ticker-data.json"]
    figures, top = parse_rest(API + "ticker/btcusd", json.dumps(day))
    assert isinstance(figures, DayFigures)
    assert isinstance(top, TopOfBook)
    assert [figures.last, figures.high, top.bid, top.ask] == [
        float(day[name]) for name in ("last", "high", "bid", "ask")
    ]
    past = bodies[FOLDER + "trades-data.json"]
    trades = parse_rest(API + "transactions/btcusd/", json.dumps(past))
    assert len(trades) == len(past)
    for older, newer in pairwise(trades):
        assert isinstance(older, Trade)
        assert isinstance(newer, Trade)
        assert older.at <= newer.at
        assert not older.folds
    assert parse_rest(API + "trading-pairs-info/", "[]") == ()
