"""The books against a plain reckoning of the same ledger, in fractions, by other means."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers import portfolio
from scribbled import Scribbled, scribbled
from told_alike import assert_told_alike

from tio.api.errors import Invalid
from tio.api.portfolio import LotRule
from tio.engine.portfolio.books import Books

SEEDS, COUNTS = st.integers(0, 2**32), st.integers(1, 60)
RULES = st.sampled_from(LotRule)


def booked(ledger: Scribbled, rule: LotRule) -> Books:
    return Books(portfolio(rule), ledger.entries)


@given(SEEDS, COUNTS, RULES)
@settings(max_examples=150, deadline=None)
def test_books_say_what_a_plain_reckoning_says(seed: int, count: int, rule: LotRule) -> None:
    ledger = scribbled(seed, count, rule)
    assert_told_alike(booked(ledger, rule), ledger.plain)


@given(SEEDS, st.integers(200, 300), RULES)
@settings(max_examples=10, deadline=None)
def test_long_ledgers_too(seed: int, count: int, rule: LotRule) -> None:
    ledger = scribbled(seed, count, rule)
    assert_told_alike(booked(ledger, rule), ledger.plain)


@given(SEEDS, COUNTS, RULES)
@settings(max_examples=60, deadline=None)
def test_what_cannot_be_is_refused_by_both(seed: int, count: int, rule: LotRule) -> None:
    ledger = scribbled(seed, count, rule)
    for before, entry in ledger.refused[:12]:
        with pytest.raises(Invalid):
            Books(portfolio(rule), [*ledger.entries[:before], entry])
