from decimal import Decimal

import pytest

from tio.draw.amounts import average_price, money, percent, quantity, unit_price


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        ("1234567.891", "USD", "1,234,567.89"),
        ("-0.005", "USD", "0.00"),
        ("-1234.5", "EUR", "−1,234.50"),
        ("1234.5", "JPY", "1,234"),
        ("1.2345", "KWD", "1.234"),
        ("99999999999999999.99", "USD", "99,999,999,999,999,999.99"),
    ],
)
def test_money_has_its_currencys_decimals(value: str, currency: str, text: str) -> None:
    assert money(Decimal(value), currency) == text


def test_a_sign_is_shown_where_it_is_wanted_and_nothing_where_it_is_hidden() -> None:
    assert money(Decimal(5), "USD", sign=True) == "+5.00"
    assert money(Decimal(0), "USD", sign=True) == "0.00"
    assert money(Decimal(5), "USD", hidden=True) == "•••"
    assert money(None) == "–"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1000", "1,000"),
        ("0.12340000", "0.1234"),
        ("-3.50", "−3.5"),
        ("0E-8", "0"),
        ("1E+3", "1,000"),
    ],
)
def test_a_quantity_has_the_decimals_it_has(value: str, text: str) -> None:
    assert quantity(Decimal(value)) == text


def test_a_price_has_two_to_six_decimals() -> None:
    assert unit_price(Decimal("187.2")) == "187.20"
    assert unit_price(Decimal("0.123456789")) == "0.123457"
    assert unit_price(Decimal("1.08410")) == "1.0841"


def test_a_share_is_told_of_what_is_there() -> None:
    assert percent(Decimal(5), Decimal(200)) == "+2.50%"
    assert percent(Decimal(5), Decimal(-200)) == "+2.50%"
    assert percent(Decimal(5), Decimal(0)) == "–"
    assert percent(None, Decimal(1)) == "–"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("81188.465900", "81,188.47"),
        ("237.4931583333", "237.4932"),
        ("150.645", "150.645"),
        ("175.0100", "175.01"),
        ("0.00001234567", "0.000012"),
        ("-12.00001", "−12.00"),
    ],
)
def test_an_average_has_as_many_decimals_as_say_something(value: str, text: str) -> None:
    assert average_price(Decimal(value)) == text
    assert average_price(None) == "–"
