import json
import math
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tio.api.companies import EventKind
from tio.api.errors import Busy, Invalid, NotAllowed, NotFound, SourceUnavailable, TioError
from tio.api.market import Adjustment, AssetClass, Delay, Timeframe
from tio.api.series import instant
from tio.api.ticks import DayFigures, SourceBar
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.http import BadKey, Throttled
from tio.engine.feeds.massive import (
    figures,
    next_page,
    parse,
    parse_rest,
    read_bars,
    read_events,
    spelled,
    symbol_of,
)
from tio.engine.feeds.massive_profile import instruments, profile, read_ticker, read_tickers
from tio.engine.feeds.massive_refusals import refusal

import recorded

TOO_MANY = "You've exceeded the maximum requests per minute, please wait or upgrade."
NOT_ENTITLED = "You are not entitled to this data. Please upgrade your plan."
RECORDED = "3_providers/polygon/rest.shared.json.gz"


def page(*bars: dict[str, Any], **told: Any) -> str:
    return json.dumps({"status": "OK", "adjusted": False, "results": list(bars)} | told)


def bar(at: int, close: float = 10.0, **told: Any) -> dict[str, Any]:
    return {"t": at, "o": 9.0, "h": 11.0, "l": 8.0, "c": close, "v": 100, "n": 3} | told


def test_tickers_are_our_symbols_of_us_shares() -> None:
    assert spelled("BRK.B") == symbol_of("BRK.B") == "BRK.B"
    for ours in ("BTC-USD", "EURUSD=X", "^GSPC", "VOD.LSE"):
        assert spelled(ours) is None
    with pytest.raises(Garbage, match="expected a ticker"):
        symbol_of("X:BTCUSD")


def test_a_day_is_its_date_in_new_york_and_a_minute_its_instant() -> None:
    midnight = 1_112_587_200_000  # 2005-04-04 04:00 UTC, the first Monday of summer time
    told = read_bars(page(bar(midnight))).results[0]
    assert told.row(Timeframe.d1)[0] == instant(datetime(2005, 4, 4, tzinfo=UTC))
    assert told.row(Timeframe.m1)[0] == midnight * 1_000
    assert told.row(Timeframe.d1)[1:] == (9.0, 11.0, 8.0, 10.0, 100.0)


def test_what_is_true_of_bars_is_what_the_answer_says() -> None:
    assert read_bars(page()).traits.adjusted is Adjustment.raw
    assert read_bars(page(adjusted=True)).traits.adjusted is Adjustment.splits
    assert read_bars(page()).traits.delay is Delay.end_of_day
    delayed = read_bars(page(status="DELAYED")).traits
    assert (delayed.delay, delayed.delay_minutes) == (Delay.delayed, 15)


def test_figures_are_of_the_last_whole_day() -> None:
    told = read_bars(page(bar(1_651_003_200_000, T="AAPL"), bar(0, T="X"), bar(0, 0.0, T="Z")))
    assert figures(told, {"AAPL": "AAPL", "Z": "Z"}) == (
        DayFigures(
            symbol="AAPL",
            at=1_651_003_200_000_000,
            last=10.0,
            open=9.0,
            high=11.0,
            low=8.0,
            volume=100.0,
        ),
    )
    silent = read_bars(page({"t": 0, "o": 1, "h": 1, "l": 1, "c": 1, "T": "A"}))
    assert math.isnan(silent.results[0].v)
    assert figures(silent, {"A": "A"})[0].volume is None


def test_splits_and_dividends_are_of_the_symbol_asked_for() -> None:
    split = {"ticker": "AAPL", "execution_date": "2020-08-31", "split_from": 1, "split_to": 4}
    paid = {
        "ticker": "BRK.B",
        "ex_dividend_date": "2020-08-07",
        "cash_amount": 0.82,
        "currency": "usd",
        "pay_date": "2020-08-13",
    }
    told = read_events(json.dumps({"status": "OK", "results": [split, paid]}))
    (first,) = told.events("AAPL")
    assert (first.kind, first.ratio) == (EventKind.share_split, 4.0)
    assert first.ex_date == date(2020, 8, 31)
    (second,) = told.events("BRK.B")
    assert (second.amount, second.currency, second.pay_date) == (0.82, "USD", date(2020, 8, 13))
    assert not second.split_adjusted
    for wrong in (
        {**split, "split_from": 0},
        {**split, "split_to": -4},
        {"ticker": "AAPL", "ex_dividend_date": "2020-08-07"},
        {"ticker": "AAPL", "cash_amount": 1.0},
    ):
        with pytest.raises(Garbage):
            list(read_events(json.dumps({"results": [wrong]})).events("AAPL"))


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"status": "ERROR", "error": "Unknown API Key"}, 401, BadKey),
        ({"status": "ERROR", "error": "API Key was not provided"}, 200, BadKey),
        ({"status": "NOT_AUTHORIZED", "message": NOT_ENTITLED}, 200, NotAllowed),
        ({"status": "NOT_AUTHORIZED", "message": NOT_ENTITLED}, 403, NotAllowed),
        ({"status": "ERROR", "error": TOO_MANY}, 429, Throttled),
        ({"status": "ERROR", "error": TOO_MANY}, 200, Throttled),
        ({"status": "ERROR"}, 429, Busy),
        ({"status": "NOT_FOUND", "message": "Ticker not found."}, 404, NotFound),
        ({"status": "NOT_FOUND", "message": "Ticker not found."}, 200, NotFound),
        ({"status": "ERROR", "error": "Could not parse the time"}, 400, Invalid),
        ({"status": "ERROR", "error": "something broke"}, 200, SourceUnavailable),
        ("<html>", 200, SourceUnavailable),
        ("", 200, SourceUnavailable),
        ("", 403, NotAllowed),
    ],
)
def test_statuses_are_the_errors_they_say(body: Any, status: int, kind: type[TioError]) -> None:
    error = refusal(body if isinstance(body, str) else json.dumps(body), status)
    assert type(error) is kind
    assert error.message.startswith("Massive")


def test_delayed_is_an_answer() -> None:
    for word in ("OK", "DELAYED", "success"):
        assert refusal(json.dumps({"status": word})) is None
    assert refusal("[]") is None


@pytest.mark.parametrize("body", ['{"results": [{"t": 1}]}', '{"results": 3}', "[" * 100_000, "{"])
def test_what_are_no_bars_is_garbage(body: str) -> None:
    with pytest.raises(Garbage):
        read_bars(body)


def test_what_follows_is_a_whole_address_or_nothing() -> None:
    assert next_page(page()) == ""
    assert next_page(page(next_url="https://api.massive.com/v2/x")).endswith("/v2/x")


def test_a_profile_is_cleaned_and_links_only_to_the_web() -> None:
    told = {"ticker": "A", "name": "A\x1b[2J", "homepage_url": "javascript:x", "type": "ETF"}
    said = profile(read_ticker(json.dumps({"results": told})), "A")
    assert (said.name, said.website, said.asset_class) == ("A[2J", "", AssetClass.etf)


def test_the_list_has_only_what_has_a_symbol_of_ours() -> None:
    rows = [
        {
            "ticker": "AAPL",
            "locale": "us",
            "market": "stocks",
            "type": "CS",
            "currency_name": "usd",
        },
        {"ticker": "X:BTCUSD", "locale": "global", "market": "crypto"},
        {"ticker": "VOD", "locale": "uk"},
    ]
    (only,) = instruments(read_tickers(json.dumps({"results": rows})))
    assert (only.symbol, only.currency, only.spellings) == ("AAPL", "USD", {"massive": "AAPL"})


def test_every_recorded_answer_parses_or_is_refused_with_words() -> None:
    parsed: dict[str, int] = {}
    refused = []
    for name, said in json.loads(recorded.read_text(RECORDED)).items():
        url = "https://api.massive.com" + name.removesuffix(".json").replace("&", "?", 1)
        body = json.dumps(said)
        if "/reference/dividends" in name:
            tickers = {each["ticker"] for each in said["results"]}
            events = [each for t in tickers for each in read_events(body).events(t)]
            assert len(events) == len(said["results"])
            parsed[name] = len(events)
        elif name.startswith("/v3/reference/tickers/"):
            parsed[name] = int(profile(read_ticker(body), "AAPL").employees == 154_000)
        elif name.startswith("/v3/reference/tickers"):
            parsed[name] = len(list(instruments(read_tickers(body))))
        else:
            try:
                parsed[name] = len(parse_rest(url, body))
            except Garbage as garbage:
                assert garbage.sentence
                refused.append(name)
    assert (len(parsed), len(refused)) == (6, 14)
    assert all(parsed.values()), "what is parsed says something"
    assert not any("aggs" in name for name in refused)


def test_answers_are_told_apart_by_their_address() -> None:
    base = "https://api.massive.com/v2/aggs"
    (tick,) = parse_rest(f"{base}/ticker/AAPL/range/1/day/a/b", page(bar(1_112_587_200_000)))
    assert isinstance(tick, SourceBar)
    assert tick.timeframe is Timeframe.d1
    for url in (f"{base}/ticker/AAPL/range/7/day/a/b", f"{base}/ticker/X:Y/range/1/day/a/b"):
        with pytest.raises(Garbage):
            parse_rest(url, page(bar(0)))
    said = {"status": "NOT_AUTHORIZED", "message": NOT_ENTITLED}
    with pytest.raises(Garbage, match="not entitled"):
        parse_rest(f"{base}/ticker/AAPL/prev", json.dumps(said))
    with pytest.raises(Garbage):
        parse("[]")
