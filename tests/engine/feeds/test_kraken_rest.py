import json
from typing import Any

import pytest

from tio.api.errors import Invalid, NotAllowed, NotFound, SourceUnavailable
from tio.api.market import AssetClass, Side
from tio.api.ticks import DayFigures, TopOfBook, Trade
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.http import Throttled
from tio.engine.feeds.kraken_rest import (
    REST,
    read_bars,
    read_pairs,
    read_tickers,
    read_trades,
    refusal,
)

import recorded

PAIRS = {
    "XXBTZUSD": {
        "altname": "XBTUSD", "wsname": "XBT/USD", "aclass_base": "currency", "base": "XXBT",
        "quote": "ZUSD", "pair_decimals": 1, "lot_decimals": 8, "status": "online",
    },
    "XXBTZUSD.d": {"altname": "XBTUSD.d", "base": "XXBT", "quote": "ZUSD"},
    "XDGUSD": {"altname": "XDGUSD", "wsname": "XDG/USD", "base": "XXDG", "quote": "ZUSD"},
    "ZEURZUSD": {"altname": "EURUSD", "wsname": "EUR/USD", "pair_decimals": 5, "lot_decimals": 8},
    "OLDUSD": {"altname": "OLDUSD", "wsname": "OLD/USD", "status": "cancel_only"},
    "AAPLxUSD": {"altname": "AAPLxUSD", "wsname": "AAPLx/USD", "aclass_base": "tokenized_asset"},
}  # fmt: skip
NAUTILUS = "1_exchange_captures/nautilus/kraken.json.gz"


def answer(result: Any) -> str:
    return json.dumps({"error": [], "result": result})


def test_pairs_are_listed_by_our_symbols_with_both_spellings() -> None:
    bitcoin, doge, euro = read_pairs(answer(PAIRS))
    assert (bitcoin.symbol, doge.symbol, euro.symbol) == ("BTC-USD", "DOGE-USD", "EURUSD")
    assert bitcoin.spellings == {"kraken": "BTC/USD", REST: "XXBTZUSD"}
    assert doge.spellings["kraken"] == "DOGE/USD"
    assert (bitcoin.price_decimals, bitcoin.size_decimals, bitcoin.currency) == (1, 8, "USD")
    assert bitcoin.asset_class is AssetClass.crypto
    assert (euro.asset_class, euro.currency) == (AssetClass.fx, "USD")
    assert euro.spellings == {"kraken": "EUR/USD", REST: "ZEURZUSD"}


def test_a_ticker_gives_24_hours_of_a_coin_and_only_the_price_of_a_currency() -> None:
    told = {
        "a": ["105944.3", "1", "1.5"], "b": ["105944.2", "1", "2.5"], "c": ["105899.4", "0.1"],
        "v": ["0.7", "163.2"], "p": ["1", "2"], "t": [35, 3276], "l": ["105853.5", "104711.0"],
        "h": ["106112.0", "106613.1"], "o": "106021.6",
    }  # fmt: skip
    names = {"XXBTZUSD": "BTC-USD", "ZEURZUSD": "EURUSD"}
    ticks = read_tickers(answer({"XXBTZUSD": told, "ZEURZUSD": told, "OTHER": told}), names)
    assert ticks == (
        DayFigures(symbol="BTC-USD", last=105899.4, high=106613.1, low=104711.0, volume=163.2),
        TopOfBook("BTC-USD", 105944.2, 105944.3, 2.5, 1.5),
        DayFigures(symbol="EURUSD", last=105899.4),
        TopOfBook("EURUSD", 105944.2, 105944.3, 2.5, 1.5),
    )


def test_trades_come_with_their_number_and_the_cursor_after_them() -> None:
    rows = [["105433.6", "0.0002", 1762795433.971745, "b", "l", "", 10218208]]
    body = answer({"XXBTZUSD": rows, "last": "1762820035982277754"})
    assert read_trades(body, "BTC-USD") == (
        (Trade("BTC-USD", 105433.6, 0.0002, 1762795433971745, Side.buy, "10218208"),),
        1762820035982277754,
    )


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("EAPI:Rate limit exceeded", Throttled),
        ("EGeneral:Too many requests", Throttled),
        ("EGeneral:Temporary lockout", Throttled),
        ("EService:Unavailable", SourceUnavailable),
        ("EService:Busy", SourceUnavailable),
        ("EQuery:Unknown asset pair", NotFound),
        ("EGeneral:Invalid arguments", Invalid),
        ("EGeneral:Permission denied", NotAllowed),
        ("EWhatever:\u001b[2Jnew", SourceUnavailable),
    ],
)
def test_errors_under_http_200_are_the_errors_they_are(said: str, kind: type[Exception]) -> None:
    error = refusal(json.dumps({"error": [said]}))
    assert type(error) is kind
    assert "\x1b" not in str(error)


def test_a_lockout_rests_as_long_as_it_lasts_and_a_warning_is_no_error() -> None:
    error = refusal('{"error":["EGeneral:Temporary lockout"]}')
    assert isinstance(error, Throttled)
    assert error.seconds == 900
    assert refusal('{"error":["WGeneral:Deprecated"],"result":{}}') is None


@pytest.mark.parametrize("body", ["", "[]", "<html>", '{"error":[],"result":{}}', '{"result":7}'])
def test_what_is_no_answer_is_garbage(body: str) -> None:
    with pytest.raises(Garbage):
        read_bars(body)


def test_the_recorded_list_has_every_pair_that_is_no_dark_pool() -> None:
    line = next(
        line
        for line in recorded.lines("1_exchange_captures/cryptofeed/KRAKEN.0.txt.gz")
        if line.startswith("https://")
    )
    body = line.partition(" -> ")[2].partition(": ")[2]
    plain = json.loads(body)["result"]
    listed = {each.symbol: each for each in read_pairs(body)}
    open_pairs = [name for name, pair in plain.items() if "wsname" in pair]
    assert len(listed) == len(open_pairs) == 293
    assert {each.spellings[REST] for each in listed.values()} == set(open_pairs)
    assert sorted(s for s, each in listed.items() if each.asset_class is AssetClass.fx) == [
        "AUDJPY", "AUDUSD", "EURAUD", "EURCAD", "EURCHF", "EURGBP", "EURJPY", "EURUSD", "GBPUSD",
        "USDCAD", "USDCHF", "USDJPY",
    ]  # fmt: skip
    assert listed["BTC-EUR"].spellings["kraken"] == "BTC/EUR"


def test_every_recorded_public_answer_is_read() -> None:
    bodies = {
        name: json.dumps(said) for name, said in json.loads(recorded.read_text(NAUTILUS)).items()
    }
    plain = json.loads(bodies["http_ohlc.json"])["result"]["XBTUSDT"]
    rows = read_bars(bodies["http_ohlc.json"])
    assert [row.time // 1_000_000 for row in rows] == [each[0] for each in plain]
    assert [f"{row.close:.1f}" for row in rows] == [each[4] for each in plain]
    plain = json.loads(bodies["http_trades.json"])["result"]["XBTUSDT"]
    trades, cursor = read_trades(bodies["http_trades.json"], "BTC-USDT")
    assert [trade.id for trade in trades] == [str(each[6]) for each in plain]
    assert cursor == 1762820035982277754
    assert len(read_tickers(bodies["http_ticker.json"], {"XBTUSDT": "BTC-USDT"})) == 2
    assert [each.symbol for each in read_pairs(bodies["http_asset_pairs.json"])] == ["BTC-USDT"]
    assert read_pairs(bodies["http_asset_pairs_tokenized.json"]) == ()
    assert all(refusal(bodies[name]) is None for name in bodies if name.startswith("http_s"))
