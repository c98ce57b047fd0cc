import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tio.api.companies import Profile
from tio.api.errors import NotFound
from tio.api.market import AssetClass
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.yahoo_profile import read_profile
from tio.engine.feeds.yahoo_search import read_search

MODULES: dict[str, Any] = {
    "price": {
        "symbol": "ABBV", "quoteType": "EQUITY", "exchange": "NYQ", "exchangeName": "NYSE",
        "longName": "AbbVie Inc.", "currency": "USD", "marketCap": 356_741_939_200,
        "regularMarketPrice": 202.08, "regularMarketTime": 1_740_171_602,
    },
    "summaryDetail": {
        "dayLow": 200.015, "dayHigh": 203.97, "fiftyTwoWeekLow": 153.58,
        "fiftyTwoWeekHigh": 207.32, "averageVolume": 5_883_572, "trailingPE": 84.90756,
        "forwardPE": 16.659521, "beta": 0.561, "dividendRate": 6.56, "dividendYield": 0.0325,
        "exDividendDate": 1_744_675_200, "currency": "USD",
    },
    "assetProfile": {
        "sector": "Healthcare", "industry": "Drug Manufacturers - General",
        "country": "United States", "website": "https://www.abbvie.com",
        "longBusinessSummary": "AbbVie Inc., a\nbiopharmaceutical company.\x1b[2J",
        "fullTimeEmployees": 55_000,
    },
    "defaultKeyStatistics": {
        "sharesOutstanding": 1_765_350_016, "bookValue": 1.884, "priceToBook": 107.261154,
        "trailingEps": 2.38, "forwardEps": 12.13, "profitMargins": 0.07594,
    },
    "financialData": {
        "targetMeanPrice": 204.43, "totalRevenue": 56_334_000_128, "returnOnEquity": 0.62292,
        "debtToEquity": 2028.835, "freeCashflow": 19_148_750_848, "financialCurrency": "USD",
        "currentPrice": 202.08,
    },
    "calendarEvents": {
        "earnings": {
            "earningsDate": [1_745_497_800, 1_745_843_400], "isEarningsDateEstimate": True
        },
        "exDividendDate": 1_744_675_200,
    },
}  # fmt: skip


def answer(**modules: dict[str, Any]) -> str:
    return json.dumps({"quoteSummary": {"result": [modules], "error": None}})


def test_modules_together_are_a_profile_told_by_yahoo() -> None:
    told = read_profile(answer(**MODULES))
    assert set(told.told_by.values()) == {"yahoo"}
    assert told.told_by.keys() >= {"sector", "pe", "earnings_from"}
    assert "cik" not in told.told_by
    expected = Profile(
        symbol="ABBV",
        name="AbbVie Inc.",
        asset_class=AssetClass.equity,
        exchange="NYSE",
        mic="XNYS",
        sector="Healthcare",
        industry="Drug Manufacturers - General",
        country="United States",
        website="https://www.abbvie.com",
        summary="AbbVie Inc., a\nbiopharmaceutical company.[2J",
        currency="USD",
        employees=55_000,
        day_low=200.015,
        day_high=203.97,
        year_low=153.58,
        year_high=207.32,
        market_cap=356_741_939_200.0,
        shares=1_765_350_016.0,
        average_volume=5_883_572.0,
        pe=84.90756,
        forward_pe=16.659521,
        eps=2.38,
        book_value=1.884,
        price_to_book=107.261154,
        beta=0.561,
        dividend_rate=6.56,
        dividend_yield=0.0325,
        revenue=56_334_000_128.0,
        profit_margin=0.07594,
        return_on_equity=0.62292,
        debt_to_equity=20.28835,
        free_cash_flow=19_148_750_848.0,
        target_price=204.43,
        ex_dividend=date(2025, 4, 15),
        earnings_from=datetime(2025, 4, 24, 12, 30, tzinfo=UTC),
        earnings_until=datetime(2025, 4, 28, 12, 30, tzinfo=UTC),
        earnings_estimated=True,
        as_of=datetime(2025, 2, 21, 21, 0, 2, tzinfo=UTC),
        told_by=told.told_by,
    )
    assert told == expected


@pytest.mark.parametrize("module", MODULES)
def test_any_module_alone_is_what_it_says(module: str) -> None:
    told = read_profile(answer(**{module: MODULES[module]}), spelling="ABBV")
    assert told.symbol == "ABBV"
    assert told.told_by


def test_ratios_of_pence_over_pounds_are_made_anew() -> None:
    body = answer(
        price={"symbol": "OCDO.L", "currency": "GBp", "regularMarketPrice": 308.8},
        summaryDetail={"trailingPE": -1187.0, "fiftyTwoWeekHigh": 541.346, "dividendRate": 6.0,
                       "dividendYield": 0.0194},
        defaultKeyStatistics={"bookValue": 1.668, "priceToBook": 185.25, "trailingEps": -0.26,
                              "forwardPE": -860.2},
        financialData={"targetMeanPrice": 441.38, "financialCurrency": "GBP"},
    )  # fmt: skip
    told = read_profile(body)
    assert told.currency == "GBP"
    assert told.price_to_book == pytest.approx(3.088 / 1.668)
    assert told.pe == pytest.approx(3.088 / -0.26)
    assert told.forward_pe is None
    assert told.dividend_rate == 0.06
    assert (told.year_high, told.target_price) == (5.41346, 4.4138)


def test_prices_that_may_be_pence_are_left_out() -> None:
    body = answer(financialData={"targetMeanPrice": 441.38, "totalRevenue": 5.0})
    told = read_profile(body, spelling="OCDO.L")
    assert (told.target_price, told.revenue) == (None, 5.0)


def test_addresses_that_are_no_web_pages_are_left_out() -> None:
    body = answer(assetProfile={"website": "javascript:alert(1)"})
    assert read_profile(body, spelling="X").website == ""


def test_missing_modules_are_not_found_and_other_bodies_garbage() -> None:
    missing = (
        '{"quoteSummary":{"result":null,"error":{"code":"Not Found","description":'
        '"No fundamentals data found for any of the summaryTypes=earnings"}}}'
    )
    with pytest.raises(NotFound, match="No fundamentals"):
        read_profile(missing, 404)
    for body in ('{"quoteSummary":{"result":[]}}', "{}", "[]"):
        with pytest.raises(Garbage):
            read_profile(body)


def test_search_finds_instruments_in_yahoos_order_and_no_options_or_companies() -> None:
    hits = [
        {"symbol": "VOD.L", "quoteType": "EQUITY", "exchange": "LSE", "shortname": "VODAFONE\x07"},
        {"symbol": "AMZN260116P00115000", "quoteType": "OPTION", "exchange": "OPR"},
        {"index": "1ba", "name": "Private company", "isYahooFinance": False},
        {"symbol": "EURUSD=X", "quoteType": "CURRENCY", "exchange": "CCY"},
        {"symbol": "odd name", "quoteType": "EQUITY"},
        {"symbol": "SPY", "quoteType": "ETF", "exchange": "PCX", "longname": "SPDR S&P 500"},
    ]
    found = read_search(json.dumps({"quotes": hits, "news": [{"title": "x"}]}))
    assert [(each.symbol, each.asset_class.value, each.mic, each.name) for each in found] == [
        ("VOD.LSE", "equity", "XLON", "VODAFONE"),
        ("EURUSD", "fx", "", ""),
        ("SPY", "etf", "ARCX", "SPDR S&P 500"),
    ]
    assert found[0].spellings == {"yahoo": "VOD.L"}
    with pytest.raises(Garbage):
        read_search("{}")
