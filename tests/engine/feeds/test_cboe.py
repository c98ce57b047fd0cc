import json
from datetime import UTC, datetime

import pytest

from tio.api.errors import NotFound, SourceUnavailable
from tio.api.market import AssetClass, Delay
from tio.api.series import instant
from tio.api.ticks import DayFigures, TopOfBook
from tio.engine.feeds.cboe import (
    TRAITS,
    instrument,
    parse,
    read_quote,
    refusal,
    spelled,
    symbol_of,
    traits_of,
)
from tio.engine.feeds.frames import Garbage

AAPL = {
    "timestamp": "2026-11-20 19:14:03",
    "data": {
        "symbol": "AAPL",
        "security_type": "stock",
        "exchange_id": 5,
        "current_price": 271.49,
        "price_change": 5.24,
        "price_change_percent": 1.9681,
        "bid": 271.48,
        "ask": 271.52,
        "bid_size": 2,
        "ask_size": 4,
        "open": 265.95,
        "high": 273.33,
        "low": 265.67,
        "close": 0.0,
        "prev_day_close": 266.25,
        "volume": 41_002_118,
        "iv30": 24.1,
        "seqno": 11_734_201,
        "last_trade_time": "2026-11-20T13:59:01",
        "tick": "up",
    },
    "symbol": "AAPL",
}
SPX = {
    "data": {
        "security_type": "index",
        "current_price": 6602.99,
        "bid": 6600.1,
        "ask": 6605.2,
        "open": 6555.77,
        "prev_day_close": 6538.76,
        "volume": 0,
        "last_trade_time": "2026-07-20T15:45:00",
    },
    "symbol": "_SPX",
}


def test_a_share_has_its_best_prices_and_then_figures_as_of_the_last_trade_in_new_york() -> None:
    top, figures = parse(json.dumps(AAPL))
    assert top == TopOfBook("AAPL", 271.48, 271.52, 2.0, 4.0)
    assert figures == DayFigures(
        symbol="AAPL",
        at=instant(datetime(2026, 11, 20, 18, 59, 1, tzinfo=UTC)),
        last=271.49,
        open=265.95,
        high=273.33,
        low=265.67,
        previous_close=266.25,
        volume=41_002_118.0,
    )


def test_an_index_has_no_best_prices_and_no_volume_and_its_summer_is_an_hour_nearer() -> None:
    (figures,) = parse(json.dumps(SPX))
    assert isinstance(figures, DayFigures)
    assert (figures.symbol, figures.last, figures.volume) == ("^GSPC", 6602.99, None)
    assert figures.at == instant(datetime(2026, 7, 20, 19, 45, tzinfo=UTC))


def test_every_quote_is_fifteen_minutes_late_and_of_its_own_kind() -> None:
    assert (TRAITS.delay, TRAITS.delay_minutes) == (Delay.delayed, 15)
    told = read_quote(json.dumps(SPX))
    assert traits_of(told, "^GSPC").asset_class is AssetClass.equity_index
    assert traits_of(told, "^GSPC").delay_minutes == 15
    etf = read_quote('{"data": {"security_type": "etf", "current_price": 1.0}, "symbol": "SPY"}')
    assert instrument(etf).asset_class is AssetClass.etf
    assert instrument(told, "^SPX").spellings == {"cboe": "_SPX"}
    assert instrument(told).currency == ""


@pytest.mark.parametrize(
    ("symbol", "name"),
    [("^GSPC", "_SPX"), ("^SPX", "_SPX"), ("^VIX", "_VIX"), ("^NDX", "_NDX"), ("BRK.B", "BRK.B")],
)
def test_indices_have_an_underscore(symbol: str, name: str) -> None:
    assert spelled(symbol) == name
    assert symbol_of(name) == ("^GSPC" if name == "_SPX" else symbol)
    assert symbol_of(name.replace("_", "^")) == symbol_of(name)


@pytest.mark.parametrize(
    "symbol", ["VOD.LSE", "BTC-USD", "EURUSD", "^FTSE", "GC=F", "FRED:DGS10", "JPM.PR.C", "aapl"]
)
def test_what_cboe_cannot_tell_has_no_spelling(symbol: str) -> None:
    assert spelled(symbol) is None


def test_zeros_and_nulls_are_no_prices() -> None:
    bare = {"data": {"current_price": 5.0, "open": 0, "bid": 0.0, "ask": None}, "symbol": "ZZ"}
    assert parse(json.dumps(bare)) == (DayFigures(symbol="ZZ", last=5.0),)
    assert parse('{"data": {"current_price": 0}, "symbol": "ZZ"}') == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"data": {"current_price": "much"}, "symbol": "A"}',
        '{"data": {"current_price": 1, "last_trade_time": "soon"}, "symbol": "A"}',
        '{"data": {"current_price": 1}, "symbol": "\\u001b[2J"}',
    ],
)
def test_what_is_no_quote_is_garbage(text: str) -> None:
    with pytest.raises(Garbage):
        parse(text)


def test_a_page_and_a_missing_file_are_told_in_words() -> None:
    page = "<!DOCTYPE html><html>Just a moment</html>"
    assert isinstance(refusal(page), SourceUnavailable)
    missing = "<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>"
    assert isinstance(refusal(missing, 403), NotFound)
    assert isinstance(refusal("Forbidden"), SourceUnavailable)
    assert refusal(json.dumps(AAPL)) is None
