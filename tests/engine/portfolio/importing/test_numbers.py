"""Numbers as brokers write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.errors import Invalid
from tio.engine.portfolio.importing.numbers import Style, number, style_of

D = Decimal
DECIMALS = st.decimals(-(10**12), 10**12, places=4, allow_nan=False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("(12.50)", "-12.5"),
        ("($1,234.50)", "-1234.5"),
        ("$1,000.00", "1000"),
        ("-$5", "-5"),
        ("$-5", "-5"),
        ("1'000.00", "1000"),
        ("1’000,5", "1000.5"),
        ("1 000,50", "1000.5"),
        ("1\u00a0000,50", "1000.5"),
        ("−5.25", "-5.25"),
        ("5.25-", "-5.25"),
        ("+5.25", "5.25"),
        ("12,34,567.8", "1234567.8"),
        ("1.234.567", "1234567"),
        ("0,123", "0.123"),
        ("1234,567", "1234.567"),
        ("0.00000001", "1E-8"),
        ("1E-8", "1E-8"),
        ("5.00 €", "5"),
        (".5", "0.5"),
        ("007", "7"),
    ],
)
def test_a_number_is_read_exactly(text: str, value: str) -> None:
    assert number(text) == D(value)


@pytest.mark.parametrize("text", ["", "  ", "-", "--", "n/a"])
def test_a_blank_is_none(text: str) -> None:
    assert number(text) is None


@pytest.mark.parametrize(
    "text",
    ["ten", "1.2.3", "1,,2", "(5", "5)", "(-5)", "--5", "$", "1,23", "12,3456.7", "NaN", "inf", "٣"]
    + ["1e999999999", "1_000", "0x10", "5 5", "1" * 100],
)
def test_what_is_no_number_is_refused_by_name(text: str) -> None:
    with pytest.raises(Invalid, match=r"^Price: "):
        number(text, Style.point, "Price")


def test_what_could_be_two_numbers_is_decided_by_the_style_or_refused() -> None:
    assert number("1,234", Style.point) == 1234
    assert number("1,234", Style.comma) == D("1.234")
    with pytest.raises(Invalid, match="whether 1,234 has thousands or decimals"):
        number("1,234")


def test_a_number_of_the_other_style_is_not_misread() -> None:
    with pytest.raises(Invalid, match="is not written as the file's other numbers"):
        number("1.234,56", Style.point)


def test_the_style_of_a_file_is_that_of_most_numbers_that_tell() -> None:
    assert style_of(["1,234", "5", "1,5", "", "x"]) is Style.comma
    assert style_of(["1,234", "0.5", "1.25", "3,14"]) is Style.point
    assert style_of(["1,234", "1.234"]) is None


@given(DECIMALS)
def test_every_number_written_in_english_is_read_back(value: Decimal) -> None:
    assert number(f"{value:,f}", Style.point) == value
    assert number(f"{value:f}", Style.point) == value


@given(DECIMALS)
def test_every_number_written_in_german_is_read_back(value: Decimal) -> None:
    german = f"{value:,f}".translate(str.maketrans(",.", ".,"))
    assert number(german, Style.comma) == value


@given(DECIMALS)
def test_brackets_and_a_minus_after_it_turn_a_number_about(value: Decimal) -> None:
    size = abs(value)
    assert number(f"({size:,f})", Style.point) == -size
    assert number(f"${size:,f}-", Style.point) == -size


@given(st.text("0123456789.,'()-+$ eE", max_size=12), st.sampled_from([*Style, None]))
def test_whatever_is_typed_is_a_number_a_blank_or_refused(text: str, style: Style | None) -> None:
    try:
        value = number(text, style)
    except Invalid as error:
        assert text.strip()[:5] in error.message
    else:
        assert value is None or value.is_finite()
