import json
from datetime import UTC, datetime
from typing import Any

import pytest
from yahoo_answers import Row, chart

from tio.api.market import Adjustment, Bars, Coverage, Delay, Timeframe
from tio.api.series import instant
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.yahoo_bars import SERVED, bars
from tio.engine.feeds.yahoo_chart import instrument, quoted, read_chart

LATER = datetime(2026, 11, 20, tzinfo=UTC)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def apple(*rows: Row, symbol: str = "AAPL", **more: Any) -> str:
    return chart(symbol, *rows, **more)


def barred(
    body: str, timeframe: Timeframe = Timeframe.d1, now: datetime = LATER, **how: Any
) -> Bars:
    return bars(read_chart(body), timeframe, instant(now), **how)


def openings(told: Bars) -> list[str]:
    return [each.removesuffix(":00Z") for each in told.time.listed()]


DAYS = (
    (at("2025-02-18T14:30Z"), 244.15, 245.18, 241.84, 244.47000122070312, 48_822_500),
    (at("2025-02-19T14:30Z"), 244.66, 246.01, 243.16, 244.87, 32_204_200),
)


def test_daily_rows_are_bars_of_their_date_adjusted_for_splits() -> None:
    told = barred(apple(*DAYS))
    assert openings(told) == ["2025-02-18T00:00", "2025-02-19T00:00"]
    assert list(told.close) == [244.47, 244.87]
    assert list(told.volume) == [48_822_500, 32_204_200]
    assert told.adjusted is Adjustment.splits
    assert (told.source, told.symbol, told.forming) == ("yahoo", "AAPL", False)
    assert (told.coverage, told.delay) == (Coverage.consolidated, Delay.realtime)


def test_float32_prices_are_the_decimals_that_were_meant() -> None:
    row = (at("2020-01-02T14:30Z"), 74.05999755859375, 75.1500015258789, 73.79750061035156,
           75.0875015258789, 135_480_400)  # fmt: skip
    told = barred(apple(row))
    assert [told.open[0], told.high[0], told.low[0], told.close[0]] == [
        74.06,
        75.15,
        73.7975,
        75.0875,
    ]


@pytest.mark.parametrize(
    ("zone", "epoch", "day"),
    [
        ("America/New_York", "2025-07-01T13:30Z", "2025-07-01"),
        ("America/New_York", "2025-01-02T14:30Z", "2025-01-02"),
        ("Asia/Tokyo", "2025-01-06T00:00Z", "2025-01-06"),
        ("Australia/Sydney", "2025-01-05T23:00Z", "2025-01-06"),
        ("Asia/Jakarta", "2020-01-02T02:00Z", "2020-01-02"),
        ("America/New_York", "1928-01-03T15:00Z", "1928-01-03"),
    ],
)
def test_a_day_is_the_date_at_its_exchange(zone: str, epoch: str, day: str) -> None:
    told = barred(apple((at(epoch), 1, 2, 1, 2, 5), exchangeTimezoneName=zone))
    assert openings(told) == [f"{day}T00:00"]


@pytest.mark.parametrize(
    ("kind", "zone", "epoch", "day"),
    [
        # Midnight of London, in winter and in summer.
        ("CURRENCY", "Europe/London", "2025-02-20T00:00Z", "2025-02-20"),
        ("CURRENCY", "Europe/London", "2025-07-01T23:00Z", "2025-07-02"),
        # A live quote of Sunday evening is of Monday's session.
        ("FUTURE", "America/New_York", "2025-02-23T23:30Z", "2025-02-24"),
        ("FUTURE", "America/New_York", "2025-02-20T05:00Z", "2025-02-20"),
    ],
)
def test_a_day_that_begins_the_evening_before_has_its_own_date(
    kind: str, zone: str, epoch: str, day: str
) -> None:
    symbol = {"CURRENCY": "EURUSD=X", "FUTURE": "GC=F"}[kind]
    body = apple(
        (at(epoch), 1, 2, 1, 2, 0), symbol=symbol, instrumentType=kind, exchangeTimezoneName=zone
    )
    assert openings(barred(body)) == [f"{day}T00:00"]


def test_rows_of_nulls_are_no_bars() -> None:
    empty = (at("2025-02-18T14:30Z"), None, None, None, None, None)
    half = (at("2025-02-14T14:30Z"), 1.0, None, 1.0, 1.0, 0)
    assert openings(barred(apple(half, empty, DAYS[1]))) == ["2025-02-19T00:00"]


def test_volume_nobody_told_is_no_zero() -> None:
    row = (*DAYS[1][:5], None)
    told = barred(apple(row))
    assert told.volume.listed() == [None]
    pair = barred(apple(DAYS[1], symbol="EURUSD=X", instrumentType="CURRENCY"))
    coin = barred(apple(DAYS[1], symbol="BTC-USD", instrumentType="CRYPTOCURRENCY"))
    assert pair.volume.listed() == coin.volume.listed() == [None]


def test_of_two_rows_of_one_date_the_live_one_stands() -> None:
    live = (at("2025-02-19T20:15:07Z"), 244.66, 246.01, 243.16, 245.5, 30_000_000)
    told = barred(apple(*DAYS, live))
    assert openings(told) == ["2025-02-18T00:00", "2025-02-19T00:00"]
    assert (told.close[-1], told.volume[-1]) == (245.5, 30_000_000)


MINUTES = (
    (at("2025-02-19T15:00Z"), 10.0, 11.0, 9.0, 10.5, 100),
    (at("2025-02-19T15:01Z"), 10.5, 12.0, 10.0, 11.0, 200),
)


def test_live_quote_after_the_last_minute_is_taken_into_it_or_is_no_bar() -> None:
    within = (at("2025-02-19T15:01:31Z"), 12.5, 12.5, 12.5, 12.5, 0)
    told = barred(apple(*MINUTES, within), Timeframe.m1)
    assert openings(told) == ["2025-02-19T15:00", "2025-02-19T15:01"]
    assert (told.high[-1], told.low[-1], told.close[-1]) == (12.5, 10.0, 12.5)
    assert told.volume[-1] == 200
    beyond = (at("2025-02-19T15:05:09Z"), 13.0, 13.0, 13.0, 13.0, 0)
    assert barred(apple(*MINUTES, beyond), Timeframe.m1) == barred(apple(*MINUTES), Timeframe.m1)
    assert len(barred(apple(beyond), Timeframe.m1)) == 0


def test_closing_price_at_four_belongs_to_the_last_hour() -> None:
    hours = (
        (at("2025-02-19T19:30Z"), 10.0, 11.0, 9.0, 10.5, 100),
        (at("2025-02-19T20:30Z"), 10.5, 12.0, 10.0, 11.0, 200),
        (at("2025-02-19T21:00Z"), 12.1, 12.1, 12.1, 12.1, 0),
    )
    told = barred(apple(*hours), Timeframe.h1)
    assert openings(told) == ["2025-02-19T19:30", "2025-02-19T20:30"]
    assert (told.high[-1], told.close[-1]) == (12.1, 12.1)


def test_only_bars_within_the_span_are_told() -> None:
    day = 86_400_000_000
    first = at("2025-02-18T00:00Z") * 1_000_000
    assert openings(barred(apple(*DAYS), span=(first, first + day))) == ["2025-02-18T00:00"]


@pytest.mark.parametrize(
    ("now", "exchange", "forming"),
    [
        ("2025-02-19T20:59:59+00:00", "NMS", True),
        ("2025-02-19T21:00:00+00:00", "NMS", False),
        ("2025-02-19T21:14:59+00:00", "XXX", True),
        ("2025-02-19T21:15:00+00:00", "XXX", False),
    ],
)
def test_last_bar_forms_until_its_end_is_known_with_the_delay(
    now: str, exchange: str, forming: bool
) -> None:
    told = barred(apple(*DAYS, exchangeName=exchange), now=datetime.fromisoformat(now))
    assert told.forming is forming


def test_weeks_months_and_longer_minutes_are_folded_from_the_finer_ones() -> None:
    month = (at("2025-01-31T14:30Z"), 240.0, 250.0, 230.0, 236.0, 1_000)
    weeks = barred(apple(month, *DAYS), Timeframe.w1)
    assert openings(weeks) == ["2025-01-27T00:00", "2025-02-17T00:00"]
    assert (weeks.open[-1], weeks.high[-1], weeks.close[-1]) == (244.15, 246.01, 244.87)
    assert weeks.volume[-1] == 48_822_500 + 32_204_200
    months = barred(apple(month, *DAYS), Timeframe.mo1)
    assert openings(months) == ["2025-01-01T00:00", "2025-02-01T00:00"]
    three = barred(apple(*MINUTES), Timeframe.m3)
    assert openings(three) == ["2025-02-19T15:00"]
    assert (three.open[0], three.close[0], three.volume[0]) == (10.0, 11.0, 300)
    assert {SERVED[each].interval for each in (Timeframe.m30, Timeframe.w1)} == {"15m", "1d"}


def test_pence_are_pounds() -> None:
    body = apple(
        (at("2020-01-02T08:00Z"), 1279.5, 1286.5699462890625, 1258, 1259.5, 728_520),
        symbol="OCDO.L",
        currency="GBp",
        exchangeName="LSE",
        exchangeTimezoneName="Europe/London",
        regularMarketPrice=305.3,
    )
    told = barred(body)
    assert (told.symbol, told.open[0], told.high[0]) == ("OCDO.LSE", 12.795, 12.8657)
    assert (told.low[0], told.close[0], told.volume[0]) == (12.58, 12.595, 728_520)
    assert (told.delay, told.coverage) == (Delay.delayed, Coverage.single_venue)
    listed = instrument(read_chart(body))
    assert (listed.currency, listed.quoted_in, listed.venue) == ("GBP", "GBp", "LSE")
    figures = quoted(read_chart(body))
    assert figures is not None
    assert figures.last == 3.053


def test_without_timestamps_there_are_no_bars() -> None:
    assert len(barred(apple())) == 0
    weird = json.loads(apple(*DAYS))
    del weird["chart"]["result"][0]["timestamp"]
    assert len(barred(json.dumps(weird))) == 0
    weird["chart"]["result"][0]["indicators"] = {"quote": [{}]}
    assert len(barred(json.dumps(weird))) == 0


def test_columns_of_other_lengths_are_garbage() -> None:
    weird = json.loads(apple(*DAYS))
    weird["chart"]["result"][0]["timestamp"].append(1)
    with pytest.raises(Garbage, match="length"):
        barred(json.dumps(weird))


def test_times_of_another_age_are_garbage() -> None:
    with pytest.raises(Garbage, match="age"):
        barred(apple((10**15, 1, 2, 1, 2, 5)))
