import json
import math
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tio.api.companies import EventKind
from tio.api.errors import Busy, Invalid, NotAllowed, NotFound, SourceUnavailable, TioError
from tio.api.market import Timeframe
from tio.api.series import instant
from tio.api.ticks import DayFigures, SourceBar, TopOfBook
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.http import BadKey, QuotaSpent, Throttled
from tio.engine.feeds.tiingo import (
    events,
    parse,
    parse_rest,
    read_days,
    read_quotes,
    read_steps,
    spelled,
    symbol_of,
)
from tio.engine.feeds.tiingo_refusals import refusal

import recorded

HOUR = '{"detail":"Error: You have run over your hourly request allocation. Contact us."}'
DAY = "Error: You have run over your daily request allocation."
MONTH = "You have run over your 500 symbol look up for this month. Please upgrade."


def day(on: str, close: float, **told: Any) -> dict[str, Any]:
    """One day as the server tells it, adjusted as it was traded."""
    prices = {"open": close, "high": close + 1, "low": close - 1, "close": close, "volume": 1_000}
    adjusted = {f"adj{name.capitalize()}": value for name, value in prices.items()}
    date = {"date": f"{on}T00:00:00.000Z", "divCash": 0.0, "splitFactor": 1.0}
    return date | prices | adjusted | told


def top(ticker: str = "AAPL", **told: Any) -> dict[str, Any]:
    return {
        "ticker": ticker,
        "timestamp": "2026-11-20T09:59:58.186520297-05:00",
        "tngoLast": 335.5,
        "last": None,
        "lastSaleTimestamp": None,
        "quoteTimestamp": None,
        "prevClose": 337.0,
        "open": 337.9,
        "high": 338.4,
        "low": 332.5,
        "mid": None,
        "volume": 356_609,
        "bidSize": None,
        "bidPrice": None,
        "askSize": None,
        "askPrice": None,
    } | told


def test_tickers_are_spelled_both_ways() -> None:
    for ours, its in (("AAPL", "aapl"), ("BRK.B", "brk-b")):
        assert spelled(ours) == its
        assert symbol_of(its) == ours
    for ours in ("BTC-USD", "EURUSD=X", "^GSPC", "VOD.LSE", "GC=F"):
        assert spelled(ours) is None
    with pytest.raises(Garbage, match="expected a ticker"):
        symbol_of("a b")


def test_days_are_raw_and_adjusted_side_by_side() -> None:
    (one,) = read_days(json.dumps([day("2020-08-28", 499.23, adjClose=124.8)]))
    at = instant(datetime(2020, 8, 28, tzinfo=UTC))
    assert one.raw() == (at, 499.23, 500.23, 498.23, 499.23, 1_000.0)
    assert one.adjusted()[4] == 124.8


def test_days_from_before_1970_are_days() -> None:
    (one,) = read_days(json.dumps([day("1962-01-02", 578.5)]))
    assert one.raw()[0] == instant(datetime(1962, 1, 2, tzinfo=UTC)) < 0


def test_splits_and_dividends_are_read_from_the_days() -> None:
    days = [
        day("2020-08-07", 444.45, divCash=0.82),
        day("2020-08-28", 499.23),
        day("2020-08-31", 129.04, splitFactor=4.0),
    ]
    paid, split = events(read_days(json.dumps(days)), "AAPL")
    assert (paid.kind, paid.ex_date, paid.amount) == (EventKind.dividend, date(2020, 8, 7), 0.82)
    assert paid.currency == "USD"
    assert not paid.split_adjusted
    assert (split.kind, split.ratio) == (EventKind.share_split, 4.0)
    for wrong in ({"splitFactor": 0.0}, {"splitFactor": -2.0}, {"divCash": -1.0}):
        with pytest.raises(Garbage, match="not a day of Tiingo"):
            list(events(read_days(json.dumps([day("2020-08-07", 1.0, **wrong)])), "AAPL"))


def test_a_quote_without_the_right_to_see_iex_is_its_reference_price() -> None:
    (figures,) = read_quotes(json.dumps([top()]), {"aapl": "AAPL"})
    assert figures == DayFigures(
        symbol="AAPL",
        at=instant(datetime(2026, 11, 20, 14, 59, 58, 186_520, UTC)),
        last=335.5,
        open=337.9,
        high=338.4,
        low=332.5,
        previous_close=337.0,
        volume=356_609.0,
    )


def test_a_quote_with_that_right_has_last_sale_and_best_prices() -> None:
    told = top(
        "brk-b",
        last=335.7,
        lastSaleTimestamp="2026-11-20T09:59:50-05:00",
        quoteTimestamp="2026-11-20T09:59:57-05:00",
        bidPrice=335.6,
        bidSize=100,
        askPrice=0,
    )
    figures, best = read_quotes(json.dumps([told]), {"brk-b": "BRK.B"})
    assert isinstance(figures, DayFigures)
    assert (figures.symbol, figures.last) == ("BRK.B", 335.7)
    assert figures.at == instant(datetime(2026, 11, 20, 14, 59, 50, tzinfo=UTC))
    assert isinstance(best, TopOfBook)
    assert (best.bid, best.bid_size, best.ask) == (335.6, 100.0, None)
    assert best.at == instant(datetime(2026, 11, 20, 14, 59, 57, tzinfo=UTC))


def test_a_quote_without_a_price_says_nothing() -> None:
    assert read_quotes(json.dumps([top(tngoLast=None)]), {"aapl": "AAPL"}) == ()
    assert read_quotes(json.dumps([top("other")]), {"aapl": "AAPL"}) == ()
    with pytest.raises(Garbage):
        read_quotes(json.dumps([top(timestamp="2026-11-20T09:59:58")]), {"aapl": "AAPL"})


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (HOUR, 200, Throttled),
        (HOUR, 429, Throttled),
        (DAY, 200, QuotaSpent),
        (
            '{"detail":"Error: You have run over your monthly bandwidth allocation."}',
            200,
            QuotaSpent,
        ),
        (MONTH, 200, NotAllowed),
        ('{"detail":"Invalid token."}', 403, BadKey),
        ('{"detail":"Please supply a token"}', 200, BadKey),
        ('{"detail":"You do not have permission to access the News API"}', 403, NotAllowed),
        ('{"detail":"Error: Ticker \'NOPE\' not found"}', 404, NotFound),
        ("<!DOCTYPE html>", 404, NotFound),
        ("<!DOCTYPE html>", 200, SourceUnavailable),
        ('{"detail":"bad date"}', 400, Invalid),
        ("[]", 500, SourceUnavailable),
        ("", 200, SourceUnavailable),
        ("date,close\n", 200, SourceUnavailable),
    ],
)
def test_words_and_details_are_the_errors_they_say(
    body: str, status: int, kind: type[TioError]
) -> None:
    error = refusal(body, status)
    assert type(error) is kind
    assert refusal("[]") is None
    assert refusal('{"ticker": "AAPL"}') is None
    assert issubclass(Throttled, Busy)


def test_a_used_up_allowance_is_never_read_as_a_missing_ticker() -> None:
    for body in (HOUR, DAY, MONTH):
        with pytest.raises(TioError) as told:
            read_days(body)
        assert not isinstance(told.value, NotFound)
        assert "run over your" in told.value.message


@pytest.mark.parametrize("body", ["[{}]", '[{"date": "soon"}]', "[" * 100_000, '{"a": 1}', "[1]"])
def test_what_are_no_days_is_garbage(body: str) -> None:
    with pytest.raises(Garbage):
        read_days(body)
    with pytest.raises(Garbage):
        read_steps(body)


def test_bars_within_a_day_have_a_volume_only_if_told() -> None:
    prices = {"date": "2018-01-02T14:30:00.000Z", "open": 1, "high": 2, "low": 1, "close": 2}
    first, second = read_steps(json.dumps([prices, {**prices, "volume": 7}]))
    assert math.isnan(first.row()[5])
    assert second.row()[5] == 7.0


def test_every_recorded_answer_parses_or_is_refused_with_words() -> None:
    answers = json.loads(recorded.read_text("3_providers/tiingo/vcr.shared.json.gz"))
    bars, refused = 0, {}
    frames: dict[Timeframe, int] = {}
    for number, answer in enumerate(answers):
        try:
            ticks = parse_rest(answer["uri"], answer["body"])
        except Garbage as garbage:
            assert garbage.sentence
            refused[number] = garbage.sentence
            continue
        assert ticks, "a parsed answer says something"
        for tick in ticks:
            assert isinstance(tick, SourceBar)
            frames[tick.timeframe] = frames.get(tick.timeframe, 0) + 1
        bars += 1
    assert (bars, len(refused)) == (7, 14)
    assert set(frames) == {Timeframe.m30, Timeframe.d1, Timeframe.w1}
    assert "permission" in refused[9]


def test_the_recorded_week_of_a_later_split_is_told_raw() -> None:
    answers = json.loads(recorded.read_text("3_providers/tiingo/vcr.shared.json.gz"))
    (apple,) = [each for each in answers if "AAPL" in each["uri"] and "json" in each["uri"]]
    first = parse_rest(apple["uri"], apple["body"])[0]
    assert isinstance(first, SourceBar)
    assert (first.close, first.timeframe) == (175.0, Timeframe.w1)
    assert first.at == instant(datetime(2018, 1, 1, tzinfo=UTC))


def test_its_stream_is_not_read() -> None:
    with pytest.raises(Garbage):
        parse('{"messageType": "H"}')
