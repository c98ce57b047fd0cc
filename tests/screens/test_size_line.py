"""A size in one line: what it asks, what it refuses, how it is told."""

from decimal import Decimal

import pytest

from tio.api.errors import Invalid
from tio.api.risk import SizedPosition, SizePosition
from tio.screens.size_line import size_asked, size_told

D = Decimal


def test_risk_is_a_part_of_equity_or_an_amount() -> None:
    assert size_asked("100 95 1%", D(5_000)) == SizePosition(
        D(5_000), D(100), D(95), risk_percent=D(1)
    )
    assert size_asked("100 95 250", D(5_000)) == SizePosition(D(5_000), D(100), D(95), risk=D(250))


def test_a_stop_above_the_entry_is_a_short_position() -> None:
    assert size_asked("100 105 1%", D(1)).short


def test_what_else_there_is_comes_by_name() -> None:
    told = size_asked("1 2 3 lot=0.01 rate=0.92", D(9))
    assert (told.lot, told.rate) == (D("0.01"), D("0.92"))


@pytest.mark.parametrize(
    "line", ["", "1 2", "1 2 3 4", "1 2 x", "1 nan 3", "1 2 3 colour=4", "1 2 3 lot=x"]
)
def test_what_is_no_size_is_refused(line: str) -> None:
    with pytest.raises(Invalid):
        size_asked(line, D(1))


@pytest.mark.parametrize(("short", "twice"), [(False, "110"), (True, "90")])
def test_two_r_lie_away_from_the_stop(short: bool, twice: str) -> None:
    asked = SizePosition(D(1_000), D(100), D(105) if short else D(95), short=short, risk=D(50))
    found = SizedPosition(
        quantity=D(10),
        unrounded=D(10),
        limited_by="risk",
        value=D(1_000),
        share=D(1),
        unit_risk=D(5),
        risk=D(50),
        risk_share=D("0.05"),
        notes=("beware",),
    )
    told = dict(size_told(asked, found, "USD"))
    assert told["2 R"] == f"at a price of {twice}"
    assert told["sell short" if short else "buy"] == "10, limited by risk"
    assert told["note"] == "beware"
