import json
from typing import Any

import pytest

from tio.api.errors import NotAllowed
from tio.api.market import AssetClass, Coverage, Delay
from tio.api.ticks import DayFigures, TopOfBook
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.yahoo_quotes import Told, read_quotes

APPLE: dict[str, Any] = {
    "symbol": "AAPL",
    "quoteType": "EQUITY",
    "quoteSourceName": "Nasdaq Real Time Price",
    "currency": "USD",
    "longName": "Apple Inc.",
    "exchange": "NMS",
    "exchangeDataDelayedBy": 0,
    "marketState": "REGULAR",
    "priceHint": 2,
    "regularMarketPrice": 244.6,
    "regularMarketTime": 1_739_566_800,
    "regularMarketOpen": 241.07,
    "regularMarketDayHigh": 245.41,
    "regularMarketDayLow": 241,
    "regularMarketPreviousClose": 241.53,
    "regularMarketVolume": 40_896_227,
    "regularMarketChange": 3.07,
    "bid": 244.44,
    "ask": 244.61,
    "bidSize": 2,
}
CLOSE = 1_739_566_800_000_000


def answer(*quotes: dict[str, Any]) -> str:
    return json.dumps({"quoteResponse": {"result": list(quotes), "error": None}})


def one(**changes: object) -> Told:
    (told,) = read_quotes(answer({**APPLE, **changes}))
    return told


def test_quote_says_the_day_the_best_and_its_instrument() -> None:
    told = one()
    assert told.ticks == (
        TopOfBook("AAPL", 244.44, 244.61),
        DayFigures(
            symbol="AAPL",
            at=CLOSE,
            last=244.6,
            open=241.07,
            high=245.41,
            low=241.0,
            previous_close=241.53,
            volume=40_896_227.0,
        ),
    )
    instrument = told.instrument
    assert (instrument.name, instrument.mic, instrument.currency) == ("Apple Inc.", "XNAS", "USD")
    assert instrument.spellings == {"yahoo": "AAPL"}
    assert instrument.price_decimals == 2


@pytest.mark.parametrize(
    ("minutes", "feed", "exchange", "delay", "late", "coverage"),
    [
        (0, "Nasdaq Real Time Price", "NMS", Delay.realtime, 0, Coverage.single_venue),
        (0, "Delayed Quote", "NMS", Delay.delayed, 15, Coverage.consolidated),
        (15, "Delayed Quote", "LSE", Delay.delayed, 15, Coverage.single_venue),
        (10, "Delayed Quote", "CMX", Delay.delayed, 10, Coverage.single_venue),
        (0, "Free Realtime Quote", "CPH", Delay.realtime, 0, Coverage.single_venue),
        (None, "", "GER", Delay.delayed, 15, Coverage.single_venue),
    ],
)
def test_each_quote_tells_its_own_delay_and_coverage(
    minutes: int | None, feed: str, exchange: str, delay: Delay, late: int, coverage: Coverage
) -> None:
    traits = one(exchangeDataDelayedBy=minutes, quoteSourceName=feed, exchange=exchange).traits
    assert (traits.name, traits.delay, traits.delay_minutes) == ("yahoo", delay, late)
    assert traits.coverage is coverage


PREMARKET = {
    "marketState": "PRE",
    "preMarketPrice": 246.0,
    "preMarketTime": 1_739_610_000,
}


def test_before_the_session_the_last_close_is_the_previous_one() -> None:
    assert one(**PREMARKET).ticks == (
        TopOfBook("AAPL", None, None),
        DayFigures(symbol="AAPL", at=1_739_610_000_000_000, last=246.0, previous_close=244.6),
    )


def test_after_the_session_its_newest_price_is_last_beside_the_days_figures() -> None:
    _, figures = one(marketState="POST", postMarketPrice=244.9, postMarketTime=1_739_570_000).ticks
    assert isinstance(figures, DayFigures)
    assert (figures.last, figures.at) == (244.9, 1_739_570_000_000_000)
    assert (figures.high, figures.previous_close) == (245.41, 241.53)


@pytest.mark.parametrize("state", ["CLOSED", "PREPRE", "POSTPOST", "REGULAR"])
def test_outside_those_sessions_last_is_the_regular_price(state: str) -> None:
    told = one(
        marketState=state,
        postMarketPrice=300.0,
        postMarketTime=1_739_570_000,
        preMarketPrice=1.0,
        preMarketTime=1_739_610_000,
    )
    figures = told.ticks[-1]
    assert isinstance(figures, DayFigures)
    assert (figures.last, figures.at) == (244.6, CLOSE)


def test_best_prices_left_over_from_the_session_are_not_told() -> None:
    assert one(marketState="CLOSED").ticks[0] == TopOfBook("AAPL", None, None)


def test_pence_are_pounds_in_every_price() -> None:
    told = one(
        symbol="VOD.L",
        currency="GBp",
        exchange="LSE",
        regularMarketPrice=72.5,
        regularMarketOpen=72,
        regularMarketDayHigh=73.1,
        regularMarketDayLow=71.9,
        regularMarketPreviousClose=71,
        bid=72.4,
        ask=72.6,
    )
    assert (told.instrument.currency, told.instrument.quoted_in) == ("GBP", "GBp")
    assert (told.instrument.symbol, told.instrument.venue) == ("VOD.LSE", "LSE")
    assert told.instrument.price_decimals == 4
    assert told.ticks[0] == TopOfBook("VOD.LSE", 0.724, 0.726)
    figures = told.ticks[1]
    assert isinstance(figures, DayFigures)
    assert (figures.last, figures.open, figures.high) == (0.725, 0.72, 0.731)
    assert (figures.low, figures.previous_close) == (0.719, 0.71)
    assert figures.volume == 40_896_227.0


def test_a_price_in_london_without_its_currency_is_not_told() -> None:
    assert one(symbol="VOD.L", currency=None).ticks == ()


def test_zero_is_no_price_and_no_instrument_without_one_has_ticks() -> None:
    told = one(regularMarketOpen=0, regularMarketDayLow=0, bid=0, ask=0)
    top, figures = told.ticks
    assert top == TopOfBook("AAPL", None, None)
    assert isinstance(figures, DayFigures)
    assert (figures.open, figures.low) == (None, None)
    assert one(regularMarketPrice=None).ticks == ()


def test_coins_tell_the_change_of_24_hours_and_not_the_day_of_greenwich() -> None:
    told = one(
        symbol="BTC-USD",
        quoteType="CRYPTOCURRENCY",
        exchange="CCC",
        quoteSourceName="CoinMarketCap",
        bid=None,
        ask=None,
        regularMarketChangePercent=-1.26,
    )
    assert told.ticks == (
        DayFigures(symbol="BTC-USD", at=CLOSE, last=244.6, change=3.07, change_percent=-1.26),
    )
    assert told.traits.asset_class is AssetClass.crypto


def test_figures_with_their_text_are_read_too() -> None:
    told = one(regularMarketPrice={"raw": 244.7, "fmt": "244.70"}, regularMarketOpen={})
    figures = told.ticks[-1]
    assert isinstance(figures, DayFigures)
    assert (figures.last, figures.open) == (244.7, None)


def test_unknown_kinds_and_names_are_missing_and_spoil_no_other() -> None:
    told = read_quotes(
        answer(
            {"symbol": "BRKS", "quoteType": "NONE"},
            {**APPLE, "symbol": "no symbol"},
            APPLE,
        )
    )
    assert [each.instrument.symbol for each in told] == ["AAPL"]


def test_a_quote_is_told_under_the_symbol_that_was_wanted() -> None:
    body = answer({**APPLE, "symbol": "0700.HK"})
    (told,) = read_quotes(body, names={"0700.HK": "700.HKEX"})
    assert told.instrument.symbol == "700.HKEX"
    assert {tick.symbol for tick in told.ticks} == {"700.HKEX"}


def test_names_cannot_steer_the_terminal() -> None:
    assert one(longName="\x1b[2JApple\u202e").instrument.name == "[2JApple"


def test_refusals_are_raised_and_other_bodies_are_garbage() -> None:
    with pytest.raises(NotAllowed, match="Crumb"):
        read_quotes(
            '{"finance":{"result":null,"error":{"code":"Unauthorized",'
            '"description":"Invalid Crumb"}}}',
            401,
        )
    for body in ('{"quoteResponse":{"result":[{"symbol":5}]}}', "[]", "{}", '{"chart":{}}'):
        with pytest.raises(Garbage):
            read_quotes(body)


def test_a_future_below_zero_is_told_and_a_share_there_is_not() -> None:
    below = {"regularMarketPrice": -37.63, "regularMarketDayLow": -40.32, "bid": 0}
    _, figures = one(symbol="CL=F", quoteType="FUTURE", exchange="NYM", **below).ticks
    assert isinstance(figures, DayFigures)
    assert (figures.last, figures.low) == (-37.63, -40.32)
    assert one(**below).ticks == ()
