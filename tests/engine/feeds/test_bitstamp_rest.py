import json

import pytest

from tio.api.errors import NotFound, SourceUnavailable
from tio.api.market import AssetClass
from tio.api.ticks import DayFigures, TopOfBook
from tio.engine.feeds.bitstamp_rest import read_bars, read_pairs, read_tickers, refusal
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.http import Throttled
from tio.engine.feeds.rows import Row

import recorded

PAIRS = """[{"name":"BTC/USD","url_symbol":"btcusd","base_decimals":8,"counter_decimals":0,
"instant_order_counter_decimals":2,"minimum_order":"10.0 USD","trading":"Enabled",
"instant_and_market_orders":"Enabled","description":"Bitcoin / U.S. dollar\\u001b[2J"},
{"name":"EUR/USD","url_symbol":"eurusd","base_decimals":2,"counter_decimals":5,
"trading":"Enabled","description":"Euro / U.S. dollar"},
{"name":"OLD/USD","url_symbol":"oldusd","trading":"Disabled","description":""}]"""
TICKER = (
    '{"pair":"BTC/USD","timestamp":"1700000000","open":"36500","high":"37000","low":"36000",'
    '"last":"36800","volume":"1234.5","vwap":"36600","bid":"36799","ask":"36801","side":"0",'
    '"open_24":"36400","percent_change_24":"1.1"}'
)


def test_pairs_that_trade_are_listed_by_our_symbols() -> None:
    bitcoin, euro = read_pairs(PAIRS)
    assert (bitcoin.symbol, bitcoin.spellings) == ("BTC-USD", {"bitstamp": "btcusd"})
    assert (bitcoin.price_decimals, bitcoin.size_decimals, bitcoin.currency) == (0, 8, "USD")
    assert bitcoin.name == "Bitcoin / U.S. dollar[2J"
    assert (euro.symbol, euro.asset_class, euro.currency) == ("EURUSD", AssetClass.fx, "USD")


def test_all_tickers_are_told_but_those_without_figures() -> None:
    never = TICKER.replace("BTC/USD", "NEW/USD").replace('"last":"36800"', '"last":null')
    euro = TICKER.replace("BTC/USD", "EUR/USD")
    at = 1_700_000_000_000_000
    assert read_tickers(f"[{TICKER},{never},{euro}]") == (
        DayFigures(
            symbol="BTC-USD", at=at, last=36800, open=36400, high=37000, low=36000,
            volume=1234.5, change_percent=1.1,
        ),
        TopOfBook("BTC-USD", 36799, 36801, at=at),
        DayFigures(symbol="EURUSD", at=at, last=36800),
        TopOfBook("EURUSD", 36799, 36801, at=at),
    )  # fmt: skip


def test_bars_are_rows() -> None:
    body = (
        '{"data":{"pair":"BTC/USD","ohlc":[{"timestamp":"1700000000","open":"1","high":"3",'
        '"low":"0.5","close":"2","volume":"7.5"}]}}'
    )
    assert read_bars(body) == (Row(1_700_000_000_000_000, 1, 3, 0.5, 2, 7.5),)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('{"status":"error","reason":"Request rate limit exceeded.","code":"400.002"}', Throttled),
        ('{"error":"Currency pair not found"}', NotFound),
        ('{"status":"error","reason":{"__all__":["no"]},"code":"API0000"}', SourceUnavailable),
        ('{"error":{"__all__":["Minimum order size is $1"]}}', SourceUnavailable),
    ],
)
def test_errors_are_the_errors_they_are(body: str, kind: type[Exception]) -> None:
    assert type(refusal(body)) is kind


@pytest.mark.parametrize("body", [PAIRS, TICKER, "", "<html>", '{"data":{"ohlc":[]}}', "{"])
def test_what_is_an_answer_is_none(body: str) -> None:
    assert refusal(body) is None


@pytest.mark.parametrize("body", ["", "{}", '{"data":[]}', "<html>"])
def test_what_is_no_answer_is_garbage(body: str) -> None:
    with pytest.raises(Garbage):
        read_bars(body)
    with pytest.raises(Garbage):
        read_tickers(body)


def test_recorded_errors_are_refused_with_words_and_recorded_figures_are_not() -> None:
    bodies = json.loads(recorded.read_text("1_exchange_captures/xchange/bitstamp.json.gz"))
    refused = {
        name.rpartition("/")[2]: str(error)
        for name, said in bodies.items()
        if (error := refusal(json.dumps(said))) is not None
    }
    assert refused == {
        "example-deposit-error.json": "Some random error text",
        "example-place-limit-order-error.json": "{'__all__': ['Minimum order size is $1']}",
    }
