import pytest

from tio.api.market import Side, Timeframe
from tio.api.ticks import BookChange, BookSnapshot, DayFigures, SourceBar, TopOfBook, Trade
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.kraken import parse, symbol_of


def test_spellings_resolve_to_our_symbols() -> None:
    assert symbol_of("XBT/USD") == "BTC-USD"
    assert symbol_of("xdg/eur") == "DOGE-EUR"
    assert symbol_of("KSM/XBT") == "KSM-BTC"
    assert symbol_of("EUR/USD") == "EURUSD"


def test_of_a_currency_the_day_of_24_hours_is_not_told() -> None:
    ticker = (
        '{"channel":"ticker","type":"update","data":[{"symbol":"EUR/USD","bid":1,"bid_qty":2,'
        '"ask":3,"ask_qty":4,"last":2.5,"volume":5,"vwap":6,"low":0.5,"high":9,"change":-0.5,'
        '"change_pct":-1.5}]}'
    )
    assert parse(ticker) == (
        DayFigures(symbol="EURUSD", last=2.5),
        TopOfBook("EURUSD", 1.0, 3.0, 2.0, 4.0),
    )


def test_v1_trades_carry_their_place_in_the_frame() -> None:
    frame = (
        '[0,[["5541.20000","0.15850568","1534614057.321597","s","l",""],'
        '["6060.00000","0.02455000","1534614057.324998","b","m",""]],"trade","XBT/USD"]'
    )
    assert parse(frame) == (
        Trade("BTC-USD", 5541.2, 0.15850568, 1534614057321597, Side.sell, None, 0),
        Trade("BTC-USD", 6060.0, 0.02455, 1534614057324998, Side.buy, None, 1),
    )


def test_v1_ticker_gives_the_figures_of_24_hours() -> None:
    frame = (
        '[1,{"a":["5525.4",1,"1.5"],"b":["5525.1",1,"2.5"],"c":["5525.2","0.1"],'
        '"v":["1","2634"],"p":["1","2"],"t":[1,2],"l":["1","5505"],"h":["1","5783"],'
        '"o":["1","5760.7"]},"ticker","XBT/USD"]'
    )
    assert parse(frame) == (
        DayFigures(
            symbol="BTC-USD", last=5525.2, open=5760.7, high=5783.0, low=5505.0, volume=2634.0
        ),
        TopOfBook("BTC-USD", 5525.1, 5525.4, 2.5, 1.5),
    )


def test_v1_book_snapshot_change_and_change_of_both_sides() -> None:
    snapshot = (
        '[0,{"as":[["5541.3","2.5","1534614248.1"]],"bs":[["5541.2","1.5","1534614248.2"]]},'
        '"book-10","XBT/USD"]'
    )
    assert parse(snapshot) == (
        BookSnapshot("BTC-USD", ((5541.2, 1.5),), ((5541.3, 2.5),), 1534614248200000),
    )
    both = (
        '[1,{"a":[["5541.3","2.5","1534614248.1","r"]]},'
        '{"b":[["5541.2","0","1534614249.0"]],"c":"974942666"},"book-10","XBT/USD"]'
    )
    assert parse(both) == (
        BookChange("BTC-USD", ((5541.2, 0.0),), ((5541.3, 2.5),), 1534614249000000),
    )


def test_v1_spread_is_the_best_and_ohlc_a_bar_of_its_own_opening() -> None:
    spread = '[1,["5698.4","5700.0","1542057299.545897","1.5","0.5"],"spread","XBT/USD"]'
    assert parse(spread) == (TopOfBook("BTC-USD", 5698.4, 5700.0, 1.5, 0.5, 1542057299545897),)
    ohlc = (
        '[1,["1542057314.748456","1542057600.0","3","5","2","4","3.5","0.7",2],"ohlc-5","XBT/USD"]'
    )
    assert parse(ohlc) == (
        SourceBar("BTC-USD", Timeframe.m5, 1542057300000000, 3, 5, 2, 4, 0.7, closed=False),
    )


def test_v2_trades_fold_as_updates_and_not_as_snapshot() -> None:
    frame = (
        '{"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","side":"buy",'
        '"price":10.5,"qty":0.25,"ord_type":"limit","trade_id":7,'
        '"timestamp":"2023-10-06T17:35:55.440295Z"}]}'
    )
    assert parse(frame) == (Trade("BTC-USD", 10.5, 0.25, 1696613755440295, Side.buy, "7"),)
    (first,) = parse(frame.replace('"update"', '"snapshot"'))
    assert isinstance(first, Trade)
    assert not first.folds


def test_v2_ticker_book_and_ohlc() -> None:
    ticker = (
        '{"channel":"ticker","type":"snapshot","data":[{"symbol":"BTC/USD","bid":1,"bid_qty":2,'
        '"ask":3,"ask_qty":4,"last":2.5,"volume":5,"vwap":6,"low":0.5,"high":9,"change":-0.5,'
        '"change_pct":-1.5}]}'
    )
    figures, top = parse(ticker)
    assert isinstance(figures, DayFigures)
    assert (figures.last, figures.change, figures.change_percent) == (2.5, -0.5, -1.5)
    assert top == TopOfBook("BTC-USD", 1.0, 3.0, 2.0, 4.0)
    book = (
        '{"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":'
        '[{"price":10.5,"qty":0}],"asks":[],"checksum":1,'
        '"timestamp":"2023-10-06T17:35:55.440295Z"}]}'
    )
    assert parse(book) == (BookChange("BTC-USD", ((10.5, 0.0),), (), 1696613755440295),)
    ohlc = (
        '{"channel":"ohlc","type":"update","data":[{"symbol":"BTC/USD","interval":60,'
        '"interval_begin":"2023-10-04T16:00:00.000000000Z","open":1,"high":4,"low":0.5,'
        '"close":2,"volume":3,"vwap":2,"trades":12}]}'
    )
    assert parse(ohlc) == (
        SourceBar("BTC-USD", Timeframe.h1, 1696435200000000, 1, 4, 0.5, 2, 3, closed=False),
    )


@pytest.mark.parametrize(
    "frame",
    [
        '{"event":"heartbeat"}',
        '{"event":"systemStatus","status":"online","connectionID":18239578009413566319}',
        '{"channel":"heartbeat"}',
        '{"method":"subscribe","success":true,"result":{}}',
        '{"Error":"Exceeded msg rate"}',
        '[[{"TDLH43":{"cost":"1"}}],"ownTrades",{"sequence":1}]',
        '[[{"TDLH43":{"cost":"1"}}],"openOrders"]',
    ],
)
def test_frames_without_prices_say_nothing(frame: str) -> None:
    assert parse(frame) == ()


@pytest.mark.parametrize(
    "frame",
    [
        "[]",
        "[1]",
        '["trade","XBT/USD"]',
        '[1,[],[],"trade","XBT/USD"]',
        '[1,[["x","1","1534614057.3","s"]],"trade","XBT/USD"]',
        '[1,[["1","1","1e99","s"]],"trade","XBT/USD"]',
        '[1,[["1","1","1534614057.3","s"]],"trade","XBTUSD"]',
        '[1,{"c":"1"},"book-10","XBT/USD"]',
        '[1,{},"wow","XBT/USD"]',
        '{"channel":"wow"}',
        "{}",
        '{"channel":"trade","type":"other","data":[]}',
    ],
)
def test_what_is_not_a_frame_is_garbage(frame: str) -> None:
    with pytest.raises(Garbage):
        parse(frame)
