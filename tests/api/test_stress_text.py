"""Shocks as a person writes them."""

from decimal import Decimal

import pytest

from tio.api.errors import Invalid
from tio.api.stress import Shock
from tio.api.stress_text import shocks_in


@pytest.mark.parametrize(
    ("text", "of", "change"),
    [
        ("AAPL=-20%", "AAPL", "-0.2"),
        ("usd=5", "usd", "0.05"),
        ("market=−12.5%", "market", "-0.125"),
        ("-10%", "", "-0.1"),
        ("GC=F=-3%", "GC=F", "-0.03"),
    ],
)
def test_a_shock_is_a_name_and_percent(text: str, of: str, change: str) -> None:
    assert shocks_in([text]) == (Shock(change=Decimal(change), of=of),)


def test_many_stand_between_blanks_or_commas_or_apart() -> None:
    told = shocks_in(["A=-1% B=2%, C=3", "D=4"])
    assert [each.of for each in told] == ["A", "B", "C", "D"]
    assert shocks_in([]) == ()


@pytest.mark.parametrize("text", ["AAPL", "AAPL=", "AAPL=much", "=-5%", "AAPL=nan", "A=inf%"])
def test_what_is_no_shock_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="shock"):
        shocks_in([text])
