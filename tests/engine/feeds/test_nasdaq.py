import json
from datetime import date

import pytest

from tio.api.companies import EventKind
from tio.api.errors import Busy, NotFound, SourceUnavailable
from tio.engine.feeds.dated import Dated, fixed
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.nasdaq import (
    day,
    figure,
    read_bars,
    read_dividends,
    read_earnings,
    refusal,
    spelled,
)

import recorded

FINE = {"rCode": 200, "bCodeMessage": None, "developerMessage": None}
ROWS = [
    {
        "date": "11/20/2026",
        "close": "$271.49",
        "volume": "59,030,800",
        "open": "$265.95",
        "high": "$273.33",
        "low": "$265.67",
    },
    {
        "date": "11/19/2026",
        "close": "1,266.25",
        "volume": "N/A",
        "open": "1,270.83",
        "high": "1,275.43",
        "low": "1,265.92",
    },
]


def history(*rows: dict[str, str]) -> str:
    data = {"symbol": "AAPL", "totalRecords": len(rows), "tradesTable": {"rows": list(rows)}}
    return json.dumps({"data": data, "message": None, "status": FINE})


def test_days_are_read_from_texts_with_dollars_and_commas() -> None:
    newest, older = read_bars(history(*ROWS))
    assert newest == Dated(date(2026, 11, 20), 265.95, 273.33, 265.67, 271.49, 59_030_800.0)
    assert older[:5] == (date(2026, 11, 19), 1270.83, 1275.43, 1265.92, 1266.25)
    assert older.volume != older.volume


def test_a_funds_day_has_one_price_and_a_row_without_prices_is_left() -> None:
    fund = {"date": "11/20/2026", "close": "$24.10", "open": "N/A", "high": "N/A", "low": "N/A"}
    (told,) = read_bars(history(fund))
    assert told[:5] == fixed(date(2026, 11, 20), 24.1)[:5]
    assert read_bars(history({"date": "11/20/2026", "close": "N/A"})) == ()
    half = {"date": "11/20/2026", "close": "$24.10", "open": "$24.00"}
    assert read_bars(history(half)) == ()


def test_an_empty_answer_has_no_bars() -> None:
    assert read_bars('{"data": {"tradesTable": {"rows": null}}}') == ()
    assert read_bars('{"data": null}') == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$3.19", 3.19),
        ("($0.12)", -0.12),
        ("$118,229,410,000", 118_229_410_000.0),
        ("0.38%", 0.38),
        ("-1.5", -1.5),
        ("N/A", None),
        ("--", None),
        ("", None),
        (None, None),
    ],
)
def test_figures_are_texts(text: str | None, value: float | None) -> None:
    assert figure(text) == value


@pytest.mark.parametrize("text", ["much", "$", "nan", "1e999", "$1.2.3"])
def test_words_are_no_figures(text: str) -> None:
    with pytest.raises(Garbage):
        figure(text)


def test_dates_are_american() -> None:
    assert day("11/02/2026") == date(2026, 11, 2)
    assert day("N/A") is None
    for wrong in ("2026-11-02", "13/40/2026", "01/01/0001"):
        with pytest.raises(Garbage):
            day(wrong)


def test_dividends_are_payments_in_cash_oldest_first() -> None:
    rows = [
        {"exOrEffDate": "11/10/2026", "type": "Cash", "amount": "$0.26",
         "paymentDate": "11/13/2026", "currency": "USD"},
        {"exOrEffDate": "08/10/2026", "type": "Cash", "amount": "$0.25", "paymentDate": "N/A"},
        {"exOrEffDate": "N/A", "type": "Cash", "amount": "$0.25"},
        {"exOrEffDate": "05/10/2026", "type": "Stock", "amount": "$0.25"},
    ]  # fmt: skip
    body = json.dumps({"data": {"dividends": {"rows": rows}}, "status": FINE})
    older, newer = read_dividends(body, "AAPL")
    assert (older.ex_date, older.pay_date) == (date(2026, 8, 10), None)
    assert (newer.kind, newer.amount, newer.currency) == (EventKind.dividend, 0.26, "USD")
    assert newer.pay_date == date(2026, 11, 13)
    assert not newer.split_adjusted
    assert read_dividends('{"data": {"dividends": null}}', "AAPL") == ()


def test_a_refusal_says_what_nasdaq_says() -> None:
    unknown = {"rCode": 400, "bCodeMessage": [{"code": 1001, "errorMessage": "Symbol not exists."}]}
    found = refusal(json.dumps({"data": None, "status": unknown}), 200)
    assert isinstance(found, NotFound)
    assert "Symbol not exists" in found.message
    assert isinstance(refusal('{"data": null, "status": {"rCode": 429}}'), Busy)
    assert isinstance(refusal('{"data": null, "status": {"rCode": 500}}'), SourceUnavailable)
    assert isinstance(refusal("<HTML><HEAD>Access Denied</HEAD></HTML>", 403), SourceUnavailable)
    none = {"rCode": 200, "bCodeMessage": [{"code": 1002, "errorMessage": "No record found"}]}
    assert refusal(json.dumps({"data": None, "status": none})) is None
    assert refusal(history(*ROWS)) is None


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"data": 5}', history({"date": "soon", "close": "$1"})]
)
def test_what_is_no_answer_is_garbage(text: str) -> None:
    with pytest.raises(Garbage):
        read_bars(text)


def test_classes_have_a_slash_of_its_own_and_foreign_shares_no_spelling() -> None:
    assert spelled("AAPL") == "AAPL"
    assert spelled("BRK.B") == "BRK%sl%B"
    for symbol in ("VOD.LSE", "BTC-USD", "EURUSD", "^GSPC", "JPM.PR.C"):
        assert spelled(symbol) is None


def test_every_recorded_calendar_of_earnings_is_read() -> None:
    answers = json.loads(recorded.read_text("3_providers/nasdaq/earnings_calendar_excerpts.json"))
    told = [read_earnings(json.dumps(each["body"])) for each in answers]
    assert [len(reports) for reports in told] == [3, 0, 2]
    assert [each.symbol for reports in told for each in reports] == [
        "ACN", "NKE", "MKC", "CASY", "ABM",
    ]  # fmt: skip
    assert told[2][1].eps_forecast == -0.12
    assert (told[0][0].when, told[0][1].when) == ("pre", "post")
    assert told[0][0].market_cap == 118_229_410_000.0
