"""Rates a file tells of its own days."""

from datetime import date
from decimal import Decimal

from flex_texts import cash, element, trade

from tio.engine.portfolio.importing.ibkr_flex import IbkrFlex
from tio.engine.portfolio.importing.told_rates import TellsRates, ToldRate, ToldRates

DAY = date(2024, 1, 3)


def statement(*sections: str) -> str:
    body = "\n".join(sections)
    return (
        '<FlexQueryResponse type="AF"><FlexStatements><FlexStatement accountId="U1">\n'
        f"{body}\n</FlexStatement></FlexStatements></FlexQueryResponse>"
    )


def rates(*sections: str) -> ToldRates:
    reader = IbkrFlex()
    assert isinstance(reader, TellsRates)
    return ToldRates(reader.rates(statement(*sections), "UTC"))


def test_a_rate_is_told_turned_or_reached_through_another_currency() -> None:
    told = ToldRates(
        (ToldRate(DAY, "USD", "EUR", Decimal("0.8")), ToldRate(DAY, "CHF", "EUR", Decimal("0.9")))
    )
    assert told.on(DAY, "USD", "EUR") == Decimal("0.8")
    assert told.on(DAY, "EUR", "USD") == Decimal("1.25")
    assert told.on(DAY, "CHF", "USD") == Decimal("1.125")
    assert told.on(DAY, "GBP", "EUR") is None
    assert told.on(date(2024, 1, 4), "USD", "EUR") is None


def test_what_is_not_above_zero_is_no_rate() -> None:
    told = ToldRates((ToldRate(DAY, "USD", "EUR", Decimal(0)),))
    assert told.on(DAY, "USD", "EUR") is None


def test_a_flex_line_tells_its_rate_to_the_accounts_currency() -> None:
    account = element("AccountInformation", accountId="U1", currency="EUR")
    told = rates(account, trade(fxRateToBase="0.91"))
    assert told.on(DAY, "USD", "EUR") == Decimal("0.91")


def test_without_account_information_the_only_currency_at_one_is_the_accounts() -> None:
    own = cash(currency="EUR", fxRateToBase="1")
    assert rates(own, trade(fxRateToBase="0.91")).on(DAY, "USD", "EUR") == Decimal("0.91")
    other = cash(currency="GBP", fxRateToBase="1")
    assert rates(own, other, trade(fxRateToBase="0.91")).on(DAY, "USD", "EUR") is None
    assert rates(trade(fxRateToBase="0.91")).on(DAY, "USD", "EUR") is None


def test_conversion_rates_tell_days_without_a_line() -> None:
    line = element(
        "ConversionRate", reportDate="20240105", fromCurrency="MXN", toCurrency="CHF", rate="0.0488"
    )
    assert rates(line).on(date(2024, 1, 5), "MXN", "CHF") == Decimal("0.0488")


def test_a_line_that_cannot_be_read_tells_no_rate() -> None:
    own = cash(currency="EUR", fxRateToBase="1")
    told = rates(own, trade(fxRateToBase="much"), trade(fxRateToBase="0.9", dateTime="soon"))
    assert told.on(DAY, "USD", "EUR") is None
