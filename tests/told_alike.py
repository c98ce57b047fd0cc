"""Whether books say what a plain reckoning says."""

from collections import defaultdict
from fractions import Fraction

from plain_ledger import PlainLedger

from tio.engine.portfolio.books import Books
from tio.engine.portfolio.tallies import total

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
