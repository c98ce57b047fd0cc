import gzip
import json
from typing import Any

import pytest

from tio.api.errors import Busy, Invalid, NotAllowed, NotFound, SourceUnavailable, TioError
from tio.api.market import AssetClass
from tio.api.ticks import DayFigures, Trade
from tio.engine.feeds.finnhub import (
    parse,
    parse_rest,
    read_error,
    read_quote,
    spelled,
    symbol_of,
)
from tio.engine.feeds.finnhub_listings import (
    in_dollars,
    read_company,
    read_search,
    with_metrics,
)
from tio.engine.feeds.finnhub_refusals import refusal
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.http import BadKey

import recorded

QUOTE = {
    "c": 150.5,
    "d": 1.5,
    "dp": 1.0,
    "h": 152,
    "l": 149,
    "o": 149.5,
    "pc": 149,
    "t": 1_795_186_800,
}
NOUGHTS = {"c": 0, "d": None, "dp": None, "h": 0, "l": 0, "o": 0, "pc": 0, "t": 0}
DEAL = {"s": "AAPL", "p": 150.5, "t": 1_795_186_800_123, "v": 10, "c": ["1", "12"]}


def frame(*deals: dict[str, Any]) -> str:
    return json.dumps({"type": "trade", "data": list(deals)})


def test_a_frame_holds_many_trades() -> None:
    assert parse(frame(DEAL, DEAL | {"p": 151, "c": None})) == (
        Trade("AAPL", 150.5, 10, 1_795_186_800_123_000, index=0),
        Trade("AAPL", 151, 10, 1_795_186_800_123_000, index=1),
    )


@pytest.mark.parametrize("kind", ["ping", "error", "news"])
def test_what_tells_of_no_price_is_known(kind: str) -> None:
    assert parse(json.dumps({"type": kind})) == ()


def test_an_error_is_told_in_its_words() -> None:
    assert read_error('{"type":"error","msg":"Subscribing to too many symbols"}') == (
        "Subscribing to too many symbols"
    )
    assert read_error('{"type":"error"}') == "an error"
    assert read_error('{"type":"ping"}') == ""


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"type":"else"}', frame(DEAL | {"p": 0}), frame(DEAL | {"v": -1}),
     frame(DEAL | {"t": -1}), frame(DEAL | {"s": "BINANCE:BTCUSDT"}), "{" * 9_000],
)  # fmt: skip
def test_what_is_no_frame_is_garbage(text: str) -> None:
    with pytest.raises(Garbage):
        parse(text)


def test_a_quote_has_figures_and_its_time() -> None:
    (figures,) = parse_rest("https://finnhub.io/api/v1/quote?symbol=AAPL", json.dumps(QUOTE))
    assert figures == DayFigures(
        symbol="AAPL",
        at=1_795_186_800_000_000,
        last=150.5,
        open=149.5,
        high=152,
        low=149,
        previous_close=149,
    )


def test_a_quote_of_noughts_is_an_unknown_symbol() -> None:
    with pytest.raises(NotFound):
        read_quote(json.dumps(NOUGHTS), "NOPE")


def test_a_share_that_has_not_traded_has_only_its_close() -> None:
    figures = read_quote(json.dumps(NOUGHTS | {"pc": 10}), "AAPL")
    assert (figures.last, figures.previous_close, figures.at) == (None, 10, None)


@pytest.mark.parametrize("told", ["{}", '{"c": "x", "pc": 1}', '{"c": -1, "pc": 1}', "[1]"])
def test_what_is_no_quote_is_garbage(told: str) -> None:
    with pytest.raises(Garbage):
        read_quote(told, "AAPL")


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        (401, "Invalid API key", BadKey),
        (403, "You don't have access to this resource.", NotAllowed),
        (429, "API limit reached. Please try again later. Remaining Limit: 0", Busy),
        (200, "Symbol not supported", NotFound),
        (200, "You don't have access to this resource.", NotAllowed),
        (422, "wrong", Invalid),
        (500, "out of order", SourceUnavailable),
    ],
)
def test_answers_that_refuse_are_errors(status: int, words: str, kind: type[TioError]) -> None:
    assert type(refusal(json.dumps({"error": words}), status)) is kind


def test_a_page_or_nothing_is_told_in_words() -> None:
    assert isinstance(refusal("<html>robot?"), SourceUnavailable)
    assert isinstance(refusal(""), SourceUnavailable)
    assert refusal("Please use an API key.", 401) is None, "its status tells"


def test_only_us_shares_are_spelled() -> None:
    assert (spelled("AAPL"), spelled("BRK.B")) == ("AAPL", "BRK.B")
    for symbol in ("JPM.PR.C", "EURUSD", "BTC-USD", "^GSPC", "VOD.LSE", "GC=F"):
        assert spelled(symbol) is None
    with pytest.raises(Garbage):
        symbol_of("OANDA:EUR_USD")


def test_a_search_tells_venues_apart() -> None:
    def row(symbol: str, kind: str = "Common Stock") -> dict[str, str]:
        return {"symbol": symbol, "displaySymbol": symbol, "description": "X\x1b[2J", "type": kind}

    names = ("AAPL", "VOD.L", "RY.TO", "AAPL.MX", "APC.F", "BRK.B")
    rows = [*map(row, names), row("SPY", "ETP"), row("AAPLW", "Warrant")]
    found = {each.symbol: each for each in read_search(json.dumps({"count": 8, "result": rows}))}
    assert list(found) == ["AAPL", "VOD.LSE", "RY.TSX", "BRK.B", "SPY"]
    assert found["VOD.LSE"].spellings == {}
    assert (found["VOD.LSE"].venue, found["VOD.LSE"].currency) == ("LSE", "GBP")
    assert found["SPY"].asset_class is AssetClass.etf
    assert found["BRK.B"].spellings == {"finnhub": "BRK.B"}
    assert "\x1b" not in found["AAPL"].name


COMPANY = {
    "ticker": "AAPL",
    "name": "Apple Inc",
    "currency": "USD",
    "marketCapitalization": 3_000_000.5,
    "shareOutstanding": 15_000,
    "weburl": "javascript:alert(1)",
    "finnhubIndustry": "Technology",
}
METRICS = {
    "metric": {
        "52WeekHigh": 200, "52WeekLow": 100, "beta": 1.2, "peTTM": 30, "epsTTM": 6,
        "netProfitMarginTTM": 25, "dividendYieldIndicatedAnnual": 0.5,
        "3MonthAverageTradingVolume": 50.5,
    }
}  # fmt: skip


def test_a_company_is_counted_in_millions_and_percents() -> None:
    body = json.dumps(COMPANY)
    profile = read_company(body, "AAPL")
    assert profile is not None
    assert in_dollars(body)
    assert (profile.market_cap, profile.shares) == (3_000_000_500_000, 15_000_000_000)
    assert profile.website == ""
    whole = with_metrics(profile, json.dumps(METRICS), dollars=True)
    assert (whole.profit_margin, whole.dividend_yield, whole.eps) == (0.25, 0.005, 6)
    assert (whole.average_volume, whole.year_high) == (50_500_000, 200)


def test_what_is_not_in_dollars_is_left_out() -> None:
    profile = read_company(json.dumps(COMPANY | {"currency": "TWD"}), "TSM")
    assert profile is not None
    whole = with_metrics(profile, json.dumps(METRICS), dollars=False)
    assert (whole.market_cap, whole.eps, whole.currency, whole.pe) == (None, None, "USD", 30)


def test_an_empty_company_is_one_it_does_not_know() -> None:
    assert read_company("{}", "NOPE") is None


def test_every_recorded_answer_is_refused_with_words() -> None:
    raw = recorded.path("3_providers/finnhub/go_finnhub.shared.json.gz").read_bytes()
    bodies = [each["body"] for each in json.loads(gzip.decompress(raw))]
    assert len(bodies) == 2, "neither is an answer to a question of ours"
    for body in bodies:
        for path in ("quote?symbol=AAPL", "company-executive?symbol=AAPL"):
            with pytest.raises(Garbage) as garbage:
                parse_rest(f"https://finnhub.io/api/v1/{path}", json.dumps(body))
            assert garbage.value.sentence
