import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tio.api.errors import (
    Busy,
    Invalid,
    NotAllowed,
    NotFound,
    SourceUnavailable,
    TioError,
)
from tio.api.market import AssetClass, Timeframe
from tio.api.series import instant
from tio.api.ticks import DayFigures, SourceBar
from tio.engine.feeds import twelvedata
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.http import BadKey, QuotaSpent, Throttled
from tio.engine.feeds.twelvedata import parse, parse_rest, read_quotes, read_series
from tio.engine.feeds.twelvedata_listings import read_search, spelled, symbol_of
from tio.engine.feeds.twelvedata_refusals import refusal

NO_CREDITS = {
    "code": 429,
    "message": "You have run out of API credits for the current minute. 9 API credits were used, "
    "with the current limit being 8. Wait for the next minute.",
    "status": "error",
}
NO_SYMBOL = {
    "code": 404,
    "message": "**symbol** not found: NOPE. Please specify it correctly.",
    "status": "error",
}


def series(symbol: str = "AAPL", interval: str = "1day", **told: Any) -> str:
    """Bars as the server tells them, newest first, all numbers strings."""
    meta = {
        "symbol": symbol,
        "interval": interval,
        "currency": "USD",
        "exchange_timezone": "America/New_York",
        "exchange": "NASDAQ",
        "mic_code": "XNGS",
        "type": "Common Stock",
    }
    values = [
        {
            "datetime": "2026-11-19",
            "open": "150.0",
            "high": "152.5",
            "low": "149.1",
            "close": "151.25",
            "volume": "1000",
        },
        {
            "datetime": "2026-11-18",
            "open": "149.0",
            "high": "151.5",
            "low": "148.1",
            "close": "150.25",
            "volume": "900",
        },
    ]
    return json.dumps({"meta": meta, "values": values, "status": "ok"} | told)


def quote(symbol: str = "AAPL", **told: Any) -> dict[str, Any]:
    return {
        "symbol": symbol,
        "name": "Apple Inc",
        "exchange": "NASDAQ",
        "currency": "USD",
        "datetime": "2026-11-20",
        "timestamp": 1_795_185_000,
        "last_quote_at": 1_795_186_740,
        "open": "337.98999",
        "high": "338.48999",
        "low": "332.53000",
        "close": "335.59000",
        "volume": "35660958",
        "previous_close": "337",
        "change": "-1.41",
        "percent_change": "-0.41839",
        "is_market_open": True,
        "fifty_two_week": {"low": "236.64999", "high": "344.57001"},
    } | told


def test_symbols_are_spelled_both_ways() -> None:
    for ours, its in (("AAPL", "AAPL"), ("BRK.B", "BRK.B"), ("EURUSD", "EUR/USD")):
        assert spelled(ours) == its
        assert symbol_of(its) == ours
    for ours in ("BTC-USD", "^GSPC", "GC=F", "VOD.LSE", "FRED:DGS10", "SIM:AAPL"):
        assert spelled(ours) is None
    with pytest.raises(Garbage, match="expected a symbol"):
        symbol_of("a\x1b[2Jb")


def test_bars_are_read_with_dates_and_times_in_utc() -> None:
    rows = list(read_series(series(), "AAPL").rows())
    assert rows[0] == (
        instant(datetime(2026, 11, 19, tzinfo=UTC)), 150.0, 152.5, 149.1, 151.25, 1000.0
    )  # fmt: skip
    value = {"datetime": "2026-11-19 14:30:00", "open": 1, "high": 1, "low": 1, "close": 1}
    (row,) = read_series(series(interval="1min", values=[value]), "AAPL").rows()
    assert row[0] == instant(datetime(2026, 11, 19, 14, 30, tzinfo=UTC))
    assert row[5] != row[5], "a volume nobody told is none"


def test_bars_of_another_listing_are_refused() -> None:
    meta = {"symbol": "VOD", "interval": "1day", "currency": "GBp"}
    with pytest.raises(NotFound, match="not the one in the United States"):
        read_series(series(meta=meta), "VOD")


@pytest.mark.parametrize(
    "body",
    [
        series(interval="7min"),
        series(values=[{"datetime": "soon", "open": 1, "high": 1, "low": 1, "close": 1}]),
        series(values=[{"datetime": "2026-11-19", "open": "x"}]),
        '{"meta": {}}',
        "[]",
        "[" * 100_000,
    ],
)
def test_bars_that_are_none_are_garbage(body: str) -> None:
    with pytest.raises(Garbage):
        list(read_series(body, "AAPL").rows())


def test_one_quote_is_told_without_a_key_of_its_own() -> None:
    told = read_quotes(json.dumps(quote()), {"AAPL": "AAPL"})
    assert told.ticks == (
        DayFigures(
            symbol="AAPL",
            at=1_795_186_740_000_000,
            last=335.59,
            open=337.98999,
            high=338.48999,
            low=332.53,
            previous_close=337.0,
            volume=35_660_958.0,
        ),
    )
    assert told.refused == {}


def test_a_time_it_does_not_tell_is_not_invented() -> None:
    told = read_quotes(json.dumps(quote(last_quote_at=None)), {"AAPL": "AAPL"})
    assert told.ticks[0].at is None


def test_of_a_batch_the_good_are_told_and_the_unknown_refused() -> None:
    body = {
        "AAPL": quote(),
        "EUR/USD": quote("EUR/USD", close="1.0843", currency=None, volume=None),
        "NOPE": NO_SYMBOL,
        "BUSY": NO_CREDITS,
        "VOD": quote("VOD", currency="GBp"),
    }
    names = {name: name.replace("/", "") for name in body}
    told = read_quotes(json.dumps(body), names)
    assert {tick.symbol: tick.last for tick in told.ticks} == {"AAPL": 335.59, "EURUSD": 1.0843}
    assert set(told.refused) == {"NOPE", "VOD"}, "no credits is no reason to refuse a symbol"
    assert "not found" in told.refused["NOPE"]


def test_a_batch_refused_whole_is_that_error() -> None:
    body = json.dumps({"AAPL": NO_CREDITS, "MSFT": NO_CREDITS})
    with pytest.raises(Throttled, match="current minute"):
        read_quotes(body, {"AAPL": "AAPL", "MSFT": "MSFT"})


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        ({"code": 401, "message": "**apikey** is incorrect", "status": "error"}, BadKey, "apikey"),
        (NO_CREDITS, Throttled, "current minute"),
        (
            {"code": 429, "message": "You have run out of API credits for the day.", "status": ""},
            QuotaSpent,
            "for the day",
        ),
        (NO_SYMBOL, NotFound, "not found"),
        (
            {"code": 403, "message": "/quote is available with pro plans", "status": "error"},
            NotAllowed,
            "pro plans",
        ),
        ({"code": 400, "message": "No data is available", "status": "error"}, NotFound, "No data"),
        ({"code": 400, "message": "Invalid **interval**", "status": "error"}, Invalid, "interval"),
        ({"code": 500, "message": "Internal", "status": "error"}, SourceUnavailable, "Internal"),
        ("", SourceUnavailable, "nothing"),
        ("<!doctype html>", SourceUnavailable, "page"),
    ],
)
def test_errors_with_status_200_are_what_they_say(
    body: Any, kind: type[TioError], words: str
) -> None:
    error = refusal(body if isinstance(body, str) else json.dumps(body))
    assert type(error) is kind
    assert words in error.message
    assert refusal(series()) is None
    assert issubclass(Throttled, Busy)


def test_words_of_the_server_cannot_steer_the_terminal() -> None:
    error = refusal(json.dumps({"code": 400, "message": "bad\x1b[2J\u202e", "status": "error"}))
    assert error is not None
    assert error.message == "Twelve Data says: bad[2J"


def test_a_search_finds_what_has_a_symbol_of_ours() -> None:
    rows = [
        ("AAPL", "Common Stock", "XNGS", "United States", "USD"),
        ("VOD", "Common Stock", "XLON", "United Kingdom", "GBp"),
        ("EUR/USD", "Physical Currency", "", "", ""),
        ("QQQ", "ETF", "XNMS", "United States", "USD"),
        ("AAPL", "Common Stock", "XBUE", "Argentina", "ARS"),
        ("BTC/USD", "Digital Currency", "", "", ""),
    ]
    names = ("symbol", "instrument_type", "mic_code", "country", "currency")
    data = [dict(zip(names, row, strict=True)) | {"instrument_name": "N"} for row in rows]
    found = read_search(json.dumps({"data": data, "status": "ok"}))
    assert [(each.symbol, each.asset_class) for each in found] == [
        ("AAPL", AssetClass.equity),
        ("VOD.LSE", AssetClass.equity),
        ("EURUSD", AssetClass.fx),
        ("QQQ", AssetClass.etf),
    ]
    pence = found[1]
    assert (pence.currency, pence.quoted_in, pence.spellings) == ("GBP", "GBp", {})
    assert found[0].spellings == {"twelvedata": "AAPL"}


def test_answers_are_told_apart_by_their_address() -> None:
    base = "https://api.twelvedata.com"
    bars = parse_rest(f"{base}/time_series?symbol=AAPL&interval=1day", series())
    assert [type(tick) for tick in bars] == [SourceBar, SourceBar]
    assert isinstance(bars[0], SourceBar)
    assert bars[0].timeframe is Timeframe.d1
    assert len(parse_rest(f"{base}/quote?symbol=AAPL", json.dumps(quote()))) == 1
    assert parse_rest(f"{base}/symbol_search?symbol=x", '{"data": []}') == ()
    for url, body in (
        (f"{base}/quote?symbol=NOPE", json.dumps(NO_SYMBOL)),
        (f"{base}/time_series?symbol=AAPL", json.dumps(NO_CREDITS)),
        (f"{base}/elsewhere", "{}"),
    ):
        with pytest.raises(Garbage):
            parse_rest(url, body)
    with pytest.raises(Garbage):
        parse("{}")
    assert twelvedata.HOSTS == ("api.twelvedata.com",)
