import gzip
import json
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tio.api.errors import NotAllowed, NotFound, SourceUnavailable, TioError
from tio.api.market import AssetClass
from tio.api.series import instant
from tio.api.ticks import DayFigures, SourceBar, TopOfBook
from tio.engine.feeds.alpha_vantage import (
    parse,
    parse_rest,
    read_days,
    read_quote,
    read_rate,
    spelled,
    symbol_of,
)
from tio.engine.feeds.alpha_vantage_listings import read_profile, read_search
from tio.engine.feeds.alpha_vantage_refusals import refusal
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.http import BadKey, QuotaSpent, Throttled

import recorded

KEY = "CANARY0KEY0OF0TEST"
QUOTE = {
    "01. symbol": "MSFT",
    "02. open": "112.6300",
    "03. high": "113.1700",
    "04. low": "110.6400",
    "05. price": "112.1300",
    "06. volume": "29062853",
    "07. latest trading day": "2018-10-05",
    "08. previous close": "112.7900",
    "09. change": "-0.6600",
    "10. change percent": "-0.5852%",
}
BURST = (
    "Please consider spreading out your free API requests more sparingly (1 request per second). "
    "You may subscribe to lift the free key rate limit (25 requests per day)."
)
SPENT = f"We have detected your API key as {KEY} and our rate limit is 25 requests per day."
MINUTE = "Our standard API call frequency is 5 calls per minute and 500 calls per day."
PREMIUM = "Thank you! This is a premium endpoint. You may subscribe to any of the premium plans."
DEMO = "The **demo** API key is for demo purposes only. Please claim your free API key."
BAD_KEY = "the parameter apikey is invalid or missing. Please claim your free API key."
BAD_CALL = "Invalid API call. Please retry or visit the documentation for OVERVIEW."


def body(**told: Any) -> str:
    return json.dumps(told)


def said(key: str, words: str) -> str:
    return json.dumps({key: words})


def test_a_quote_is_as_of_the_close_of_its_day() -> None:
    figures = read_quote(json.dumps({"Global Quote": QUOTE}), "MSFT")
    assert figures == DayFigures(
        symbol="MSFT",
        at=instant(datetime(2018, 10, 5, 20, 0, tzinfo=UTC)),
        last=112.13,
        open=112.63,
        high=113.17,
        low=110.64,
        previous_close=112.79,
        volume=29_062_853,
    )


def test_fields_are_known_by_their_names_whatever_their_numbers() -> None:
    renumbered = {f"9{name}": value for name, value in QUOTE.items()}
    assert read_quote(json.dumps({"Global Quote": renumbered}), "MSFT").last == 112.13


@pytest.mark.parametrize("told", ['{"Global Quote": {}}', "{}", " { } "])
def test_an_empty_quote_is_a_symbol_it_does_not_know(told: str) -> None:
    with pytest.raises(NotFound):
        read_quote(told, "NOPE")


@pytest.mark.parametrize("price", ["0.0000", "-1", "nan", "1e999", "words", ""])
def test_a_quote_without_a_price_is_garbage(price: str) -> None:
    with pytest.raises(Garbage):
        read_quote(json.dumps({"Global Quote": QUOTE | {"05. price": price}}), "MSFT")


def test_a_rate_has_its_time_and_its_best_prices() -> None:
    fields = {
        "5. Exchange Rate": "1.0865",
        "6. Last Refreshed": "2026-11-20 15:04:05",
        "7. Time Zone": "UTC",
        "8. Bid Price": "1.0864",
        "9. Ask Price": "1.0866",
    }
    told = json.dumps({"Realtime Currency Exchange Rate": fields})
    at = instant(datetime(2026, 11, 20, 15, 4, 5, tzinfo=UTC))
    assert read_rate(told, "EURUSD") == (
        DayFigures(symbol="EURUSD", at=at, last=1.0865),
        TopOfBook("EURUSD", 1.0864, 1.0866, at=at),
    )


def test_days_are_raw_and_dated() -> None:
    day = {"1. open": "10", "2. high": "12", "3. low": "9", "4. close": "11", "5. volume": "100"}
    told = json.dumps({"Meta Data": {}, "Time Series (Daily)": {"2026-11-19": day}})
    (read,) = read_days(told)
    assert (read.on, read[1:]) == (date(2026, 11, 19), (10, 12, 9, 11, 100))
    url = "https://www.alphavantage.co/query?function=TIME_SERIES_DAILY&symbol=BRK-B"
    (bar,) = parse_rest(url, told)
    assert isinstance(bar, SourceBar)
    assert bar.symbol == "BRK.B"


@pytest.mark.parametrize(
    ("key", "words", "kind"),
    [
        ("Information", BURST, Throttled),
        ("Information", SPENT, QuotaSpent),
        ("Note", MINUTE, Throttled),
        ("Information", MINUTE, Throttled),
        ("Information", PREMIUM, NotAllowed),
        ("Information", DEMO, BadKey),
        ("Error Message", BAD_KEY, BadKey),
        ("Error Message", BAD_CALL, NotFound),
        ("Information", "something never heard", SourceUnavailable),
    ],
)
def test_words_with_status_200_are_the_error_they_are(
    key: str, words: str, kind: type[TioError]
) -> None:
    error = refusal(said(key, words))
    assert type(error) is kind
    assert error.message.startswith("Alpha Vantage says: ")
    assert KEY not in f"{error.message} {error.next}"


@pytest.mark.parametrize("told", ["<html>robot?</html>", "", "timestamp,open\n", "no"])
def test_what_is_no_json_is_told_in_words(told: str) -> None:
    assert isinstance(refusal(told), SourceUnavailable)


@pytest.mark.parametrize("told", ['{"Time Series (Daily)": 3}', '{"a": 1', '{"x": {}}', "[1]"])
def test_what_is_no_answer_is_garbage(told: str) -> None:
    with pytest.raises((Garbage, TioError)):
        read_days(told)


def test_symbols_are_spelled_with_dashes() -> None:
    assert spelled("BRK.B") == "BRK-B"
    assert symbol_of("BRK-B") == "BRK.B"
    assert spelled("EURUSD") == "EURUSD"
    assert spelled("BTC-USD") is None
    assert spelled("^GSPC") is None
    with pytest.raises(Garbage):
        symbol_of("no symbol")


def test_a_search_names_venues_currencies_and_pence() -> None:
    def row(symbol: str, region: str, currency: str, kind: str = "Equity") -> dict[str, str]:
        return {
            "1. symbol": symbol,
            "2. name": f"The {symbol}\x1b[2J",
            "3. type": kind,
            "4. region": region,
            "8. currency": currency,
            "9. matchScore": "0.8",
        }

    found = read_search(
        json.dumps(
            {
                "bestMatches": [
                    row("SPY", "United States", "USD", "ETF"),
                    row("TSCO.LON", "United Kingdom", "GBX"),
                    row("SHOP.TRT", "Toronto", "CAD"),
                    row("ABC.SAO", "Brazil/Sao Paolo", "BRL"),
                    row("XYZ", "United States", "USD", "Warrant"),
                ]
            }
        )
    )
    spy, tesco, shop = found
    assert (spy.symbol, spy.asset_class, spy.spellings) == (
        "SPY", AssetClass.etf, {"alpha_vantage": "SPY"}
    )  # fmt: skip
    assert (tesco.symbol, tesco.currency, tesco.quoted_in) == ("TSCO.LSE", "GBP", "GBp")
    assert tesco.spellings == {}
    assert shop.symbol == "SHOP.TSX"
    assert "\x1b" not in spy.name


def test_a_profile_has_numbers_where_it_tells_them() -> None:
    told = body(Symbol="IBM", Name="IBM", PERatio="None", Beta="-", DividendYield="0.0529")
    profile = read_profile(told, "IBM")
    assert profile is not None
    assert (profile.pe, profile.beta, profile.dividend_yield) == (None, None, 0.0529)
    assert read_profile("{}", "NOPE") is None
    with pytest.raises(Garbage):
        read_profile(body(Symbol="IBM", Beta="words"), "IBM")
    with pytest.raises(Garbage):
        read_profile(body(Else="x"), "IBM")


def test_nothing_streams() -> None:
    with pytest.raises(Garbage):
        parse("{}")


_QUESTIONS = {
    "global_quote.json": "function=GLOBAL_QUOTE&symbol=MSFT",
    "mock_foreign_exchange.json": "function=CURRENCY_EXCHANGE_RATE&from_currency=EUR"
    "&to_currency=USD",
    "mock_time_series.json": "function=TIME_SERIES_DAILY&symbol=MSFT",
}


def test_every_recorded_answer_is_read_or_refused_with_words() -> None:
    counts: Counter[str] = Counter()
    for file in sorted(recorded.path("3_providers/alpha_vantage").iterdir()):
        if file.name == "errors.json":
            continue
        raw = file.read_bytes()
        raw = gzip.decompress(raw) if file.suffix == ".gz" else raw
        if file.name == "mock_company_overview.json":
            profile = read_profile(raw, "IBM")
            assert profile is not None
            assert profile.market_cap == 114_234_572_800
            assert (profile.country, profile.employees) == ("United States", 352_600)
            counts["profile"] += 1
            continue
        question = _QUESTIONS.get(file.name, f"function={file.name.partition('.')[0]}&symbol=X")
        try:
            ticks = parse_rest(f"https://www.alphavantage.co/query?{question}", raw)
        except Garbage as garbage:
            assert garbage.sentence
            counts["refused"] += 1
        else:
            assert ticks
            counts["prices"] += 1
    # Two of prices, one of a share; minutes, sectors, indicators and others are refused in words.
    assert counts == {"prices": 2, "profile": 1, "refused": 6}


def test_every_recorded_refusal_is_the_error_it_means() -> None:
    listed = json.loads(recorded.read_text("3_providers/alpha_vantage/errors.json"))
    kinds = []
    for each in listed:
        told = json.dumps(each["body"])
        error = refusal(told)
        assert error is None or "ABC123" not in error.message
        kinds.append(type(error).__name__)
        with pytest.raises(TioError):
            read_days(told)
    assert kinds == ["Throttled", "Throttled", "QuotaSpent", "Throttled", "NotFound", "NoneType"]
