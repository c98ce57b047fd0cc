"""Coinbase's answers and notices, as recorded and in the shapes its documents give."""

import json
from collections import Counter
from typing import Any

import pytest

from tio.api.errors import Invalid, NotFound, SourceUnavailable
from tio.api.market import AssetClass
from tio.engine.feeds.coinbase import parse, parse_rest
from tio.engine.feeds.coinbase_advanced import Notice, read_notice, sequence_of
from tio.engine.feeds.coinbase_answers import (
    read_candles,
    read_exchange_candles,
    read_exchange_products,
    read_products,
    refusal,
)
from tio.engine.feeds.frames import Direction, Frame, Garbage, read_frames
from tio.engine.feeds.http import Answer

import recorded

CAPTURES = "1_exchange_captures/"
PRODUCT: dict[str, Any] = {
    "product_id": "BTC-USD",
    "base_currency_id": "BTC",
    "quote_currency_id": "USD",
    "base_name": "Bitcoin",
    "product_type": "SPOT",
    "status": "online",
    "alias": "",
    "price_increment": "0.01",
    "base_increment": "0.00000001",
    "trading_disabled": False,
    "is_disabled": False,
    "view_only": False,
}


def answer(body: str, status: int = 200) -> Answer:
    return Answer(status, {}, body.encode(), "https://api.example/", 0)


def products(*more: dict[str, Any]) -> bytes:
    return json.dumps({"products": [{**PRODUCT, **each} for each in more]}).encode()


def test_products_that_trade_are_listed_with_their_precision() -> None:
    (found,) = read_products(
        products(
            {},
            {"product_id": "ETH-USD", "trading_disabled": True},
            {"product_id": "ETH-USD", "status": "delisted"},
            {"product_id": "BIP-20DEC30-CDE", "product_type": "FUTURE"},
            {"product_id": "X", "base_currency_id": ""},
        )
    )
    assert (found.symbol, found.name, found.currency) == ("BTC-USD", "Bitcoin", "USD")
    assert (found.price_decimals, found.size_decimals) == (2, 8)
    assert found.asset_class is AssetClass.crypto
    assert found.spellings == {"coinbase": "BTC-USD"}


def test_a_pair_in_usdc_is_spelled_as_the_book_it_is_traded_in_and_says_so() -> None:
    alias = {"product_id": "BTC-USDC", "quote_currency_id": "USDC", "alias": "BTC-USD"}
    (found,) = read_products(products(alias))
    assert (found.symbol, found.spellings) == ("BTC-USDC", {"coinbase": "BTC-USD"})
    assert found.name == "Bitcoin (USDC, traded in the book of BTC-USD)"


def test_the_list_of_the_exchange_will_do() -> None:
    listed = {"id": "LTC-EUR", "base_currency": "LTC", "quote_currency": "EUR"}
    body = json.dumps(
        [{**listed, "quote_increment": "0.01", "status": "online"}, {**listed, "status": "x"}]
    )
    (found,) = read_exchange_products(body.encode())
    assert (found.symbol, found.price_decimals, found.size_decimals) == ("LTC-EUR", 2, None)


def test_the_low_of_a_candle_stands_before_its_high() -> None:
    (row,) = read_exchange_candles(b"[[1517443740,10106,10120.21,10106.01,10118,2.85]]")
    assert row == (1517443740000000, 10106.01, 10120.21, 10106.0, 10118.0, 2.85)
    told = {
        "start": "1517443740",
        "low": "1",
        "high": "4",
        "open": "2",
        "close": "3",
        "volume": "9",
    }
    assert read_candles(json.dumps({"candles": [told]}).encode()) == [
        (1517443740000000, 2.0, 4.0, 1.0, 3.0, 9.0)
    ]


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ('{"message":"NotFound"}', 404, NotFound),
        ('{"message":"granularity too small for the requested time range"}', 400, Invalid),
        ('{"error":"unknown","message":""}', 200, SourceUnavailable),
        ("<html>a captcha</html>", 200, SourceUnavailable),
    ],
)
def test_bodies_that_are_no_answers_are_errors_in_words(
    body: str, status: int, kind: type[Exception]
) -> None:
    with pytest.raises(kind) as caught:
        refusal(answer(body, status))
    assert str(caught.value)


def test_answers_are_no_refusals() -> None:
    for body in ("[]", '{"price":"1","time":"2026-04-07T00:28:58Z"}', '{"candles":[]}'):
        refusal(answer(body))


def test_notices_tell_errors_and_what_is_subscribed() -> None:
    assert read_notice('{"type":"error","message":"no such\\nproduct"}').error == "no such product"
    assert read_notice('{"type":"error"}').error
    told = read_notice(
        '{"channel":"subscriptions","sequence_num":3,'
        '"events":[{"subscriptions":{"level2":["BTC-USD"],"ticker":[]}}]}'
    )
    assert told.subscribed == {"level2": {"BTC-USD"}, "ticker": frozenset()}
    assert read_notice('{"channel":"heartbeats","events":[{}]}') == Notice()
    with pytest.raises(Garbage):
        read_notice("garbage")


def test_frames_are_numbered_near_their_beginning() -> None:
    assert sequence_of('{"channel":"ticker","client_id":"","sequence_num": 12,"events":[]}') == 12
    assert sequence_of('{"channel":"ticker"}') is None
    assert sequence_of('{"x":"' + "x" * 500 + '","sequence_num":12}') is None


READERS: dict[str, Any] = {
    "http_candles.json": read_candles,
    "http_products.json": read_products,
    "http_products_future.json": read_products,
    "org/knowm/xchange/coinbasepro/dto/products.json": read_exchange_products,
    "org/knowm/xchange/coinbasepro/dto/marketdata/example-historical-candles.json": (
        read_exchange_candles
    ),
    "org/knowm/xchange/coinbasepro/dto/marketdata/example-stats-data.json": (
        lambda body: parse_rest("/products/BTC-USD/stats", body)
    ),
    "org/knowm/xchange/coinbasepro/dto/marketdata/example-ticker-data.json": (
        lambda body: parse_rest("/products/BTC-USD/ticker", body)
    ),
}


@pytest.mark.parametrize(
    ("file", "outcomes"),
    [
        ("nautilus/coinbase.json.gz", {"told": 7, "quiet": 4, "refused": 10}),
        ("xchange/coinbasepro.json.gz", {"told": 4, "refused": 12}),
    ],
)
def test_every_recorded_answer_and_frame_is_read_or_refused_with_words(
    file: str, outcomes: dict[str, int]
) -> None:
    bodies = json.loads(recorded.read_text(CAPTURES + file))
    found = Counter[str]()
    for name, plain in bodies.items():
        body = json.dumps(plain).encode()
        if name.startswith("ws_"):
            found[_outcome(parse, body)] += 1
        elif name in READERS:
            found[_outcome(READERS[name], body)] += 1
        else:
            # Nobody asks for these: each reader of ours refuses them in words.
            assert {_outcome(reader, body) for reader in READERS.values()} <= {"refused"}, name
            found["refused"] += 1
    assert found == outcomes


def test_the_recorded_products_name_the_book_of_the_usdc_pair() -> None:
    bodies = json.loads(recorded.read_text(CAPTURES + "nautilus/coinbase.json.gz"))
    told = read_products(json.dumps(bodies["http_products.json"]).encode())
    assert {each.symbol: each.spellings["coinbase"] for each in told} == {
        "BTC-USD": "BTC-USD",
        "BTC-USDC": "BTC-USD",
    }


def test_the_recorded_list_of_the_exchange_is_whole() -> None:
    (frame,) = [
        each
        for each in read_frames(recorded.path(CAPTURES + "cryptofeed/COINBASE.0.txt.gz"))
        if isinstance(each, Frame) and each.direction is Direction.body
    ]
    plain = [each for each in json.loads(frame.text) if each["status"] == "online"]
    trading = [each for each in plain if not each["trading_disabled"]]
    told = read_exchange_products(frame.text.encode())
    assert [each.spellings["coinbase"] for each in told] == [each["id"] for each in trading]
    assert len(told) > 100
    for instrument, listed in zip(told, trading, strict=True):
        tick = listed["quote_increment"].rstrip("0")
        assert instrument.price_decimals == len(tick.partition(".")[2])


def _outcome(read: Any, body: bytes) -> str:
    try:
        return "told" if read(body) else "quiet"
    except Garbage as wrong:
        assert str(wrong)
        return "refused"
