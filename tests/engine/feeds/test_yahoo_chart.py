from datetime import UTC, date, datetime
from typing import Any

import pytest
from yahoo_answers import Row, chart

from tio.api.companies import CorporateEvent, EventKind
from tio.api.errors import Invalid, NotFound
from tio.api.market import AssetClass
from tio.api.ticks import DayFigures
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.yahoo_chart import events, instrument, quoted, read_chart

LATER = datetime(2026, 11, 20, tzinfo=UTC)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def apple(*rows: Row, symbol: str = "AAPL", **more: Any) -> str:
    return chart(symbol, *rows, **more)


DAYS = (
    (at("2025-02-18T14:30Z"), 244.15, 245.18, 241.84, 244.47000122070312, 48_822_500),
    (at("2025-02-19T14:30Z"), 244.66, 246.01, 243.16, 244.87, 32_204_200),
)


def test_meta_alone_is_a_quote() -> None:
    (row,) = DAYS[1:]
    assert quoted(read_chart(apple(row))) == DayFigures(
        symbol="AAPL",
        at=1_739_998_801_000_000,
        last=244.87,
        open=244.66,
        high=246.01,
        low=243.16,
        previous_close=244.47,
        volume=32_129_951.0,
    )


def test_close_before_a_longer_range_is_no_previous_close() -> None:
    figures = quoted(read_chart(apple(range="1mo")))
    assert figures is not None
    assert figures.previous_close is None
    assert quoted(read_chart(apple(regularMarketPrice=None))) is None


def test_splits_and_payments_are_events_of_their_date() -> None:
    happened = {
        "dividends": {"1604673000": {"amount": 0.205, "date": 1_604_673_000}},
        "splits": {
            "1598880600": {
                "date": 1_598_880_600, "numerator": 4, "denominator": 1, "splitRatio": "4:1"
            }
        },
        "capitalGains": {"1640269800": {"amount": 2.5, "date": 1_640_269_800}},
    }  # fmt: skip
    assert events(read_chart(apple(happened=happened))) == (
        CorporateEvent(
            symbol="AAPL",
            kind=EventKind.share_split,
            ex_date=date(2020, 8, 31),
            ratio=4.0,
            source="yahoo",
        ),
        CorporateEvent(
            symbol="AAPL",
            kind=EventKind.dividend,
            ex_date=date(2020, 11, 6),
            amount=0.205,
            currency="USD",
            split_adjusted=True,
            source="yahoo",
        ),
        CorporateEvent(
            symbol="AAPL",
            kind=EventKind.capital_gain,
            ex_date=date(2021, 12, 23),
            amount=2.5,
            currency="USD",
            split_adjusted=True,
            source="yahoo",
        ),
    )


def test_dividends_in_pence_are_told_in_pounds_and_a_split_of_nothing_is_garbage() -> None:
    paid = {"dividends": {"1": {"amount": 4.5, "date": 1_604_673_000}}}
    (event,) = events(read_chart(apple(happened=paid, currency="GBp", symbol="VOD.L")))
    assert (event.amount, event.currency) == (0.045, "GBP")
    broken = {"splits": {"1": {"date": 1_604_673_000, "numerator": 0, "denominator": 1}}}
    with pytest.raises(Garbage, match="split"):
        events(read_chart(apple(happened=broken)))


def test_kind_and_venue_of_an_index_come_from_its_zone() -> None:
    body = apple(
        symbol="^FTSE", instrumentType="INDEX", exchangeTimezoneName="Europe/London", currency="GBP"
    )
    listed = instrument(read_chart(body))
    assert (listed.asset_class, listed.venue) == (AssetClass.equity_index, "LSE")


def test_refusals_are_raised_as_what_they_mean() -> None:
    gone = '{"chart":{"result":null,"error":{"code":"Not Found","description":"No data found"}}}'
    with pytest.raises(NotFound, match="No data found"):
        read_chart(gone, 404)
    deep = (
        '{"chart":{"result":null,"error":{"code":"Unprocessable Entity",'
        '"description":"1m data not available for startTime"}}}'
    )
    with pytest.raises(Invalid, match="1m data not available"):
        read_chart(deep, 422)


@pytest.mark.parametrize(
    "body",
    ["[]", '{"chart":{}}', '{"chart":{"result":[]}}', '{"chart":{"result":[{}]}}', '{"a":1}'],
)
def test_other_bodies_are_garbage(body: str) -> None:
    with pytest.raises(Garbage):
        read_chart(body)
