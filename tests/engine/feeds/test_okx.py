import json
from collections import Counter

import pytest

from tio.api.market import Side, Timeframe
from tio.api.ticks import BookChange, BookSnapshot, DayFigures, SourceBar, TopOfBook, Trade
from tio.engine.feeds.frames import Direction, Frame, Garbage, read_frames
from tio.engine.feeds.okx import parse, parse_rest, symbol_of

import recorded

AT = 1_630_048_897_897_000
TRADE = (
    '{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[{"instId":"BTC-USDT",'
    '"tradeId":"130639474","px":"42219.9","sz":"0.12","side":"buy","ts":"1630048897897",'
    '"count":"3","seqId":1234}]}'
)
TICKER = (
    '{"arg":{"channel":"tickers","instId":"BTC-USDT"},"data":[{"instType":"SPOT",'
    '"instId":"BTC-USDT","last":"9999.99","lastSz":"0.1","askPx":"","askSz":"",'
    '"bidPx":"8888.88","bidSz":"5","open24h":"9000","high24h":"10000","low24h":"8888.88",'
    '"sodUtc0":"2222","sodUtc8":"2222","volCcy24h":"2222","vol24h":"2222.5",'
    '"ts":"1630048897897"}]}'
)
BOOK = (
    '{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"snapshot","data":[{"asks":'
    '[["8476.98","415","0","13"]],"bids":[["8476.97","256","0","12"]],"ts":"1630048897897",'
    '"checksum":-855196043,"prevSeqId":-1,"seqId":123456}]}'
)


def test_a_trade_has_its_number_and_the_taker() -> None:
    assert parse(TRADE) == (Trade("BTC-USDT", 42219.9, 0.12, AT, Side.buy, "130639474"),)


def test_a_ticker_gives_figures_of_24_hours_and_a_side_nobody_offers_is_none() -> None:
    assert parse(TICKER) == (
        DayFigures(
            symbol="BTC-USDT",
            at=AT,
            last=9999.99,
            open=9000,
            high=10000,
            low=8888.88,
            volume=2222.5,
        ),
        TopOfBook("BTC-USDT", 8888.88, None, 5.0, None, AT),
    )
    (swap, _) = parse(TICKER.replace("BTC-USDT", "BTC-USDT-SWAP").replace("SPOT", "SWAP"))
    assert isinstance(swap, DayFigures)
    assert (swap.symbol, swap.volume) == ("BTC-USDT-SWAP", None)


def test_a_book_comes_whole_and_changes_by_numbers() -> None:
    levels = (((8476.97, 256.0),), ((8476.98, 415.0),), AT)
    assert parse(BOOK) == (BookSnapshot("BTC-USDT", *levels, 123456),)
    change = BOOK.replace("snapshot", "update").replace("-1", "123450")
    assert parse(change) == (BookChange("BTC-USDT", *levels, 123451, 123456),)
    five = BOOK.replace('"books"', '"books5"').replace('"action":"snapshot",', "")
    assert parse(five) == (BookSnapshot("BTC-USDT", *levels, 123456),)
    best = five.replace("books5", "bbo-tbt")
    assert parse(best) == (TopOfBook("BTC-USDT", 8476.97, 8476.98, 256.0, 415.0, AT),)


def test_bars_say_whether_they_are_closed() -> None:
    frame = (
        '{"arg":{"channel":"candle1Dutc","instId":"BTC-USDT"},"data":[["1630022400000","3","5",'
        '"2","4","7.5","30","30","1"]]}'
    )
    bar = SourceBar("BTC-USDT", Timeframe.d1, 1_630_022_400_000_000, 3, 5, 2, 4, 7.5)
    assert parse(frame) == (bar,)
    (forming,) = parse(frame.replace('"1"]]', '"0"]]'))
    assert isinstance(forming, SourceBar)
    assert not forming.closed
    assert parse(frame.replace("1Dutc", "1D")) == (), "its day begins at 16:00 UTC"


@pytest.mark.parametrize(
    "frame",
    [
        "pong",
        '{"event":"subscribe","arg":{"channel":"tickers","instId":"BTC-USDT"},"connId":"a4"}',
        '{"event":"error","code":"60012","msg":"Invalid request","connId":"a4"}',
        '{"event":"notice","code":"64008","msg":"The connection will soon be closed"}',
        '{"arg":{"channel":"funding-rate","instId":"BTC-USD-SWAP"},"data":[{}]}',
        (
            '{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"update","data":[{"asks":[],'
            '"bids":[],"ts":"1630048897897","prevSeqId":5,"seqId":5}]}'
        ),
    ],
)
def test_frames_without_prices_say_nothing(frame: str) -> None:
    assert parse(frame) == ()


@pytest.mark.parametrize(
    "frame",
    [
        "{}",
        "ping",
        "7",
        '{"event":"wow"}',
        '{"arg":{"channel":"wow","instId":"BTC-USDT"},"data":[]}',
        TRADE.replace('"buy"', '"hold"'),
        TRADE.replace("BTC-USDT", "BTC"),
        TICKER.replace("8888.88", "cheap"),
        BOOK.replace('"415"', '"many"'),
        BOOK.replace('"snapshot"', '"other"'),
        TRADE.replace("1630048897897", "-1"),
    ],
)
def test_what_is_not_a_frame_is_garbage(frame: str) -> None:
    with pytest.raises(Garbage):
        parse(frame)


def test_answers_about_the_market_are_read_and_others_are_not() -> None:
    base = "https://www.okx.com/api/v5/"

    def body(frame: str) -> str:
        return json.dumps({"code": "0", "msg": "", "data": json.loads(frame)["data"]})

    (past,) = parse_rest(f"{base}market/trades?instId=BTC-USDT", body(TRADE))
    assert isinstance(past, Trade)
    assert not past.folds
    assert len(parse_rest(f"{base}market/ticker?instId=BTC-USDT", body(TICKER))) == 2
    (book,) = parse_rest(f"{base}market/books?instId=BTC-USDT&sz=1", body(BOOK))
    assert isinstance(book, BookSnapshot)
    assert parse_rest(f"{base}public/instruments", "{}") == ()


def test_spellings_are_ours_already() -> None:
    assert symbol_of("btc-usdt") == "BTC-USDT"


def test_every_recorded_frame_of_its_api_gives_what_a_plain_reading_counts() -> None:
    name = "1_exchange_captures/cryptofeed/OKCOIN.ws.1.0.txt.gz"
    told: Counter[str] = Counter()
    plain: Counter[str] = Counter()
    frames = 0
    for frame in read_frames(recorded.path(name)):
        assert isinstance(frame, Frame)
        if frame.direction is not Direction.received:
            continue
        frames += 1
        told.update(type(tick).__name__ for tick in parse(frame.text))
        said = json.loads(frame.text)
        match said.get("arg", {}).get("channel"), said.get("action"):
            case _ if "event" in said:
                plain["events"] += 1
            case "candle1m", _:
                plain["SourceBar"] += len(said["data"])
            case "tickers", _:
                plain["DayFigures"] += len(said["data"])
                plain["TopOfBook"] += len(said["data"])
            case "trades", _:
                plain["Trade"] += len(said["data"])
            case "books", "snapshot":
                plain["BookSnapshot"] += 1
            case "books", "update":
                plain["without levels"] += 1
                assert said["data"][0]["asks"] == said["data"][0]["bids"] == []
    assert (frames, plain.pop("events"), plain.pop("without levels")) == (70, 40, 2)
    assert told == plain
    assert sum(plain.values()) == 36
