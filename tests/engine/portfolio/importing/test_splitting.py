"""Splits told by the shares that came."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.importing.splitting import Held, ratio_of
from tio.engine.portfolio.money import ratio

D = Decimal
AT = datetime(2024, 1, 3, tzinfo=UTC)


def held(quantity: str) -> Held:
    shares = Held()
    shares.take(Transaction(kind=TransactionKind.buy, at=AT, symbol="A", quantity=D(quantity)))
    return shares


@pytest.mark.parametrize(
    ("before", "come", "factor"),
    [
        ("100", "300", "4"),
        ("100", "50", "1.5"),
        ("101", "50", "1.5"),
        ("0.8847", "2.6541", "4"),
        ("100", "-90", "0.1"),
        ("105", "-95", "0.1"),
        ("30", "-20", "0.333333333333333333"),
        ("0.7", "0.1", "1.142857142857142857"),
        ("3", "1", "1.5"),
    ],
)
def test_the_simplest_ratio_that_fits_is_taken(before: str, come: str, factor: str) -> None:
    assert held(before).factor("", "A", D(come))[0] == D(factor)


def test_what_it_was_reckoned_from_is_told() -> None:
    assert held("100").factor("", "A", D(300))[1] == (
        "a split read as 4 for 1, from 100 held by this file"
    )


@pytest.mark.parametrize(
    ("symbol", "come", "why"),
    [
        ("B", "300", "does not tell how many there were before"),
        ("A", "0.123456", "of no simple ratio"),
        ("A", "-100", "of no simple ratio"),
    ],
)
def test_what_no_ratio_explains_is_refused(symbol: str, come: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        held("100").factor("", symbol, D(come))


def test_sales_and_splits_before_count() -> None:
    shares = held("100")
    sale = Transaction(kind=TransactionKind.sell, at=AT, symbol="A", quantity=D(50))
    shares.take(sale)
    shares.take(Transaction(kind=TransactionKind.splits, at=AT, symbol="A", quantity=D(2)))
    assert shares.factor("", "A", D(300))[0] == 4


@given(st.integers(1, 10_000), st.integers(2, 20), st.booleans())
def test_every_whole_ratio_is_found_again(before: int, factor: int, back: bool) -> None:
    if back:
        shares = held(str(before * factor))
        assert shares.factor("", "A", D(before - before * factor))[0] == ratio(D(1), D(factor))
    else:
        assert held(str(before)).factor("", "A", D(before * factor - before))[0] == factor


def test_a_ratio_of_nothing_is_none() -> None:
    assert ratio_of("3", "2") == D("1.5")
    for new, old in (("0", "1"), ("1", "0")):
        with pytest.raises(Invalid, match="is no ratio"):
            ratio_of(new, old)
