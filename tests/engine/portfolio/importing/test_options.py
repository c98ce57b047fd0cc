"""Options, known by their spelling."""

import pytest

from tio.engine.portfolio.importing.options import is_option, no_options, tells_of_option


@pytest.mark.parametrize(
    "text",
    [
        "AAPL  240119C00150000",
        "FB    180921C00200000",
        "-AAPL240119C150",
        "AAPL240119P150.5",
        "AAPL 01/19/2024 150.00 C",
        "AAPL 1/19/2024 Call $150.00",
        "SPXW 01/19/2024 4,800.00 P",
        "AAPL 19JAN24 150.0 C",
        "BRK.B 19JAN24 350 P",
        "AAPL JAN 19 '24 $150 CALL",
    ],
)
def test_an_option_is_known_by_its_symbol(text: str) -> None:
    assert is_option(text)


@pytest.mark.parametrize(
    "text", ["AAPL", "BRK B", "C", "P", "US0378331005", "BTC-USD", "PUT", "", "T 4 1/8", "EQQQ.L"]
)
def test_a_share_is_none(text: str) -> None:
    assert not is_option(text)


def test_sentences_of_options_are_known() -> None:
    assert tells_of_option("YOU SOLD OPENING TRANSACTION CALL (AAPL) APPLE INC JAN 19 24 $150")
    assert not tells_of_option("YOU BOUGHT APPLE INC (AAPL) (Cash)")


def test_the_refusal_names_it_and_its_line() -> None:
    assert no_options("AAPL  240119C00150000", 7).message == (
        "options are not kept: AAPL 240119C00150000 in line 7"
    )
