"""The books against a plain reckoning of the same ledger, in fractions, by other means."""

from collections import defaultdict
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers import portfolio
from plain_ledger import PlainLedger
from scribbled import Scribbled, scribbled

from tio.api.errors import Invalid
from tio.api.portfolio import LotRule
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.tallies import total

SEEDS, COUNTS = st.integers(0, 2**32), st.integers(1, 60)
RULES = st.sampled_from(LotRule)
CLOSE = Fraction(1, 10**12)
"""Money: each share is rounded to 18 decimals, and there are some hundreds."""


def near(one: object, other: Fraction) -> bool:
    return abs(Fraction(str(one)) - other) < CLOSE


def assert_told_alike(books: Books, plain: PlainLedger) -> None:
    quantities: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)
    costs: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)
    own: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for held in books.held():
        quantities[held.symbol, held.account] += Fraction(held.lot.quantity)
        costs[held.symbol, held.account] += Fraction(held.lot.base_cost)
        own[held.symbol, held.account] += Fraction(held.lot.cost)
    for key, parcels in plain.parcels.items():
        assert quantities[key] == sum(parcel.quantity for parcel in parcels)
        assert near(costs[key], sum((parcel.base for parcel in parcels), Fraction(0)))
        assert near(own[key], sum((parcel.cost for parcel in parcels), Fraction(0)))
    gains: defaultdict[str, Fraction] = defaultdict(Fraction)
    for closing in books.closings():
        gains[closing.closed_by] += Fraction(closing.gain)
    assert set(gains) == set(plain.gains)
    assert all(near(gains[entry], gain) for entry, gain in plain.gains.items())
    sums = total(books.tallies().values())
    for name in ("flows", "realised", "income", "fees", "taxes", "carried"):
        assert near(getattr(sums, name), plain.sums[name]), name
    cash = books.till().cash
    assert all(near(cash.get(key, 0), amount) for key, amount in plain.cash.items())


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
