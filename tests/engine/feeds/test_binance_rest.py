"""Binance's answers, as recorded and in the shapes its documents give."""

import json
from collections import Counter
from typing import Any

import pytest

from tio.api.errors import Invalid, NotAllowed, NotFound, SourceUnavailable
from tio.api.market import AssetClass, Side
from tio.api.ticks import DayFigures, TopOfBook, Trade
from tio.engine.feeds import binance, binance_futures, binance_us
from tio.engine.feeds.binance_rest import (
    read_aggregates,
    read_days,
    read_klines,
    read_listing,
    refusal,
)
from tio.engine.feeds.frames import Direction, Frame, Garbage, read_frames
from tio.engine.feeds.http import Answer, Throttled

import recorded

CAPTURES = "1_exchange_captures/"
INFO: dict[str, Any] = {
    "rateLimits": [
        {"rateLimitType": "RAW_REQUESTS", "interval": "MINUTE", "intervalNum": 5, "limit": 61000},
        {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 6000},
    ],
    "symbols": [
        {
            "symbol": "BTCUSDT",
            "status": "TRADING",
            "baseAsset": "BTC",
            "quoteAsset": "USDT",
            "filters": [
                {"filterType": "PRICE_FILTER", "tickSize": "0.01000000"},
                {"filterType": "LOT_SIZE", "stepSize": "0.00001000"},
            ],
        },
        {"symbol": "OLDBTC", "status": "BREAK", "baseAsset": "OLD", "quoteAsset": "BTC"},
        {"symbol": "A", "status": "TRADING", "baseAsset": "A b", "quoteAsset": "BTC"},
    ],
}


def answer(body: str, status: int = 200) -> Answer:
    return Answer(status, {}, body.encode(), "https://api.example/", 0)


def test_listing_has_what_trades_with_its_precision_and_the_weight_of_a_minute() -> None:
    told = read_listing(json.dumps(INFO).encode(), "binance", "Binance")
    (found,) = told.instruments
    assert (found.symbol, found.asset_class, found.currency) == (
        "BTC-USDT",
        AssetClass.crypto,
        "USDT",
    )
    assert (found.price_decimals, found.size_decimals) == (2, 5)
    assert found.spellings == {"binance": "BTCUSDT"}
    assert told.weight == 6000
    assert read_listing(b'{"symbols":[]}', "binance", "Binance").weight is None


def test_klines_are_rows_and_a_short_row_is_garbage() -> None:
    body = b'[[1499040000000,"0.0163","0.8","0.0157","0.0158","148976.1",1499644799999,"2",3]]'
    assert read_klines(body) == [(1499040000000000, 0.0163, 0.8, 0.0157, 0.0158, 148976.1)]
    for wrong in (b"[[1499040000000]]", b"{}", b"[null]", b""):
        with pytest.raises(Garbage):
            read_klines(wrong)


def test_aggregates_are_numbered_like_the_streamed_ones() -> None:
    body = b'[{"a":26129,"p":"0.01633102","q":"4.7","f":1,"l":1,"T":1498793709153,"m":true}]'
    (found,) = read_aggregates(body, "BNB-BTC")
    assert found.number == 26129
    assert found.trade == Trade(
        "BNB-BTC", 0.01633102, 4.7, 1498793709153000, Side.sell, "agg-26129"
    )
    frame = '{"e":"aggTrade","s":"BNBBTC","a":26129,"p":"0.01633102","q":"4.7","T":1498793709153'
    assert binance.parse(frame + ',"m":true}') == (found.trade,)


def test_days_come_alone_or_listed_and_their_best_prices_have_no_time() -> None:
    day = {
        "symbol": "BNBBTC",
        "lastPrice": "4.0",
        "openPrice": "99",
        "highPrice": "100",
        "lowPrice": "0.1",
        "volume": "8913.3",
        "closeTime": 1499869899040,
        "priceChange": "-95",
        "priceChangePercent": "-95.960",
        "bidPrice": "4.0",
        "bidQty": "100",
        "askPrice": "4.2",
        "askQty": "7",
    }
    figures, top = read_days(json.dumps(day).encode(), binance.symbol_of)
    assert isinstance(figures, DayFigures)
    assert (figures.last, figures.change_percent, figures.at) == (4.0, -95.96, 1499869899040000)
    assert top == TopOfBook("BNB-BTC", 4.0, 4.2, 100.0, 7.0, None)
    assert len(read_days(json.dumps([day, day]).encode(), binance.symbol_of)) == 4


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ('{"code":-1121,"msg":"Invalid symbol."}', 400, NotFound),
        ('{"code":-1100,"msg":"Illegal characters"}', 400, Invalid),
        ('{"code":-1003,"msg":"Too much request weight used"}', 200, Throttled),
        ('{"code":0,"msg":"Service unavailable from a restricted location"}', 200, NotAllowed),
        ("<!DOCTYPE html><html>a captcha</html>", 200, SourceUnavailable),
    ],
)
def test_bodies_that_are_no_answers_are_errors_in_words(
    body: str, status: int, kind: type[Exception]
) -> None:
    with pytest.raises(kind) as caught:
        refusal(answer(body, status))
    assert str(caught.value)


def test_answers_are_no_refusals() -> None:
    for body in ("[]", "{}", '{"lastUpdateId":1,"bids":[],"asks":[]}', json.dumps(INFO)):
        refusal(answer(body))


def test_the_american_venue_speaks_the_same_language_under_its_own_name() -> None:
    frame = '{"u":1,"s":"BTCUSD","b":"25.35","B":"31.21","a":"25.36","A":"40.66"}'
    assert binance_us.parse(frame) == binance.parse(frame)
    assert binance_us.TRAITS.name == "binance_us"


READERS = {
    "spot/http_json/klines_response.json": read_klines,
    "spot/http_json/ticker_24hr_response.json": lambda body: read_days(body, binance.symbol_of),
    "spot/http_json/exchange_info_response.json": lambda body: read_listing(body, "b", "B"),
}
DEPTHS = {"spot/http_json/depth_response.json"}


def test_every_recorded_answer_is_read_or_refused_with_words() -> None:
    bodies = json.loads(recorded.read_text(CAPTURES + "nautilus/binance.json.gz"))
    outcomes = Counter[str]()
    for name, plain in bodies.items():
        body = json.dumps(plain).encode()
        if "/market_data_json/" in name or "/user_data_json/" in name:
            said = _parsed(binance_futures.parse if "futures" in name else binance.parse, body)
        elif name in DEPTHS:
            said = _parsed(lambda b: binance.parse_rest("/api/v3/depth?symbol=BTCUSDT", b), body)
        elif name in READERS:
            said = _parsed(READERS[name], body)
        else:
            # Nobody asks for these: each reader of ours refuses them in words.
            said = "refused"
            for reader in READERS.values():
                assert _parsed(reader, body) == "refused", name
        outcomes[said] += 1
    assert sum(outcomes.values()) == len(bodies) == 64
    assert outcomes == {"told": 11, "quiet": 27, "refused": 26}


def test_the_recorded_list_splits_and_counts_as_the_venue_says() -> None:
    name = CAPTURES + "cryptofeed/BINANCE.0.txt.gz"
    (frame,) = [
        each
        for each in read_frames(recorded.path(name))
        if isinstance(each, Frame) and each.direction is Direction.body
    ]
    told = read_listing(frame.text.encode(), "binance", "Binance")
    plain = json.loads(frame.text)
    trading = [
        each
        for each in plain["symbols"]
        if each["status"] == "TRADING" and each["isSpotTradingAllowed"]
    ]
    assert told.weight == 1200
    assert len(told.instruments) == len(trading) > 1_000
    for found, listed in zip(told.instruments, trading, strict=True):
        assert found.symbol == f"{listed['baseAsset']}-{listed['quoteAsset']}"
        tick = next(each["tickSize"] for each in listed["filters"] if "tickSize" in each)
        assert found.price_decimals == len(tick.rstrip("0").partition(".")[2])


def _parsed(read: Any, body: bytes) -> str:
    try:
        return "told" if read(body) else "quiet"
    except Garbage as wrong:
        assert str(wrong)
        return "refused"
