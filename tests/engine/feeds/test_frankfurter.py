from datetime import UTC, date, datetime

import pytest

from tio.api.errors import Invalid, NotFound, SourceUnavailable
from tio.api.market import AssetClass, Coverage, Delay
from tio.api.series import instant
from tio.api.ticks import DayFigures
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.frankfurter import (
    TRAITS,
    parse,
    read_fixes,
    read_listing,
    refusal,
)

LATEST = '{"amount":1.0,"base":"EUR","date":"2026-11-20","rates":{"JPY":181.2,"USD":1.1512}}'
RANGE = (
    '{"amount":1.0,"base":"GBP","start_date":"2026-11-19","end_date":"2026-11-20",'
    '"rates":{"2026-11-20":{"JPY":205.3},"2026-11-19":{"JPY":204.9}}}'
)


def test_a_fix_is_as_of_its_own_date_however_late_it_is_asked_for() -> None:
    at = instant(datetime(2026, 11, 20, 13, 10, tzinfo=UTC))
    assert parse(LATEST) == (
        DayFigures(symbol="EURJPY", at=at, last=181.2),
        DayFigures(symbol="EURUSD", at=at, last=1.1512),
    )


def test_a_fix_is_a_reference_and_never_live() -> None:
    assert (TRAITS.delay, TRAITS.asset_class) == (Delay.reference, AssetClass.fx)
    assert TRAITS.coverage is Coverage.consolidated


def test_rates_of_another_amount_are_told_for_one() -> None:
    hundred = LATEST.replace('"amount":1.0', '"amount":100.0')
    assert parse(hundred)[1].last == pytest.approx(0.011512)
    for amount in ("0", "-1", "1e300"):
        with pytest.raises(Garbage):
            parse(LATEST.replace('"amount":1.0', f'"amount":{amount}'))


def test_days_of_one_currency_come_oldest_first() -> None:
    days = read_fixes(RANGE, "JPY")
    assert [(row.on, row.close) for row in days] == [
        (date(2026, 11, 19), 204.9),
        (date(2026, 11, 20), 205.3),
    ]
    assert read_fixes(RANGE, "USD") == ()


def test_the_list_gives_every_pair_of_our_currencies() -> None:
    listed = read_listing('{"EUR":"Euro","USD":"United States Dollar","XXX":"Unheard of"}')
    assert [(each.symbol, each.spellings["frankfurter"]) for each in listed] == [
        ("EURUSD", "EUR/USD"),
        ("USDEUR", "USD/EUR"),
    ]
    assert listed[0].name == "Euro / United States Dollar"
    assert (listed[0].currency, listed[0].asset_class) == ("USD", AssetClass.fx)


def test_a_refusal_is_told_in_its_words() -> None:
    assert isinstance(refusal('{"message":"not found"}', 404), NotFound)
    assert isinstance(refusal('{"message":"invalid currency"}', 422), Invalid)
    assert isinstance(refusal('{"message":"oops"}', 500), SourceUnavailable)
    assert isinstance(refusal("<html></html>"), SourceUnavailable)
    assert refusal(LATEST) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"base":"EUR","rates":{"USD":1.1}}',
        '{"base":"EUR","date":"soon","rates":{}}',
        '{"base":"EUR","date":"2026-11-20","rates":{"USD":0}}',
        '{"base":"EUR","date":"2026-11-20","rates":{"USD":-1.1}}',
        '{"base":"EUR","date":"0001-01-01","rates":{"USD":1.1}}',
    ],
)
def test_what_is_no_fix_is_garbage(text: str) -> None:
    with pytest.raises(Garbage):
        parse(text)
