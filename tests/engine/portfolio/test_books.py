import dataclasses
from decimal import Decimal, localcontext
from itertools import permutations
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers import KIND, entry, ledgers, portfolio
from msgspec.structs import asdict, astuple, replace

from tio.api.errors import Invalid
from tio.api.portfolio import LotRule, Transaction
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.money import EXACT
from tio.engine.portfolio.tallies import total

RULES = st.sampled_from([rule for rule in LotRule if rule is not LotRule.specific])


def told(books: Books) -> object:
    """Everything books say."""
    till = books.till()
    lots = [(h.symbol, h.account, *astuple(h.lot)) for h in books.held()]
    return (
        sorted(lots),
        [asdict(closing) for closing in books.closings()],
        {symbol: dataclasses.asdict(tally) for symbol, tally in sorted(books.tallies().items())},
        {key: amount for key, amount in sorted(till.cash.items()) if amount},
    )


def booked_or_none(entries: list[Transaction], rule: LotRule) -> Books | None:
    try:
        return Books(portfolio(rule), entries)
    except Invalid:
        return None


@given(ledgers(), RULES)
@settings(max_examples=120, deadline=None)
def test_cost_and_cash_are_always_flows_and_what_they_brought(
    entries: list[Transaction], rule: LotRule
) -> None:
    books = booked_or_none(entries, rule)
    if books is None:
        return
    with localcontext(EXACT):
        cash = sum(books.till().book.values(), Decimal(0))
        cost = sum((held.lot.base_cost for held in books.held()), Decimal(0))
        all_of_it = total(books.tallies().values())
        came = all_of_it.flows + all_of_it.realised + all_of_it.income + all_of_it.carried
        assert cash + cost == came - all_of_it.fees - all_of_it.taxes


@given(ledgers(40), RULES, st.data())
@settings(max_examples=80, deadline=None)
def test_entry_by_entry_in_any_order_is_the_same_as_all_at_once(
    entries: list[Transaction], rule: LotRule, data: st.DataObject
) -> None:
    books = booked_or_none(entries, rule)
    if books is None:
        return
    out = data.draw(st.lists(st.sampled_from(entries), unique_by=lambda each: each.id))
    without = [each for each in entries if each not in out]
    fewer = booked_or_none(without, rule)
    if fewer is None:
        with pytest.raises(Invalid):
            books.changed(out, ())
        return
    assert told(books.changed(out, ())) == told(fewer)
    assert told(books.changed(out, ()).changed((), out)) == told(books)
    assert told(books.changed(out, out)) == told(books)


@given(ledgers(30), RULES, st.randoms())
@settings(max_examples=60, deadline=None)
def test_the_order_in_which_entries_are_handed_over_is_of_no_account(
    entries: list[Transaction], rule: LotRule, chance: Random
) -> None:
    books = booked_or_none(entries, rule)
    if books is None:
        return
    shuffled = list(entries)
    chance.shuffle(shuffled)
    assert told(Books(portfolio(rule), shuffled)) == told(books)


def test_a_change_that_a_later_sale_cannot_bear_is_refused_and_names_the_sale() -> None:
    bought = entry(KIND.buy, 0, symbol="AAA", quantity=10, price=5)
    sold = entry(KIND.sell, 9, symbol="AAA", quantity=10, price=7)
    books = Books(portfolio(), [bought, sold])
    with pytest.raises(Invalid, match="sell of AAA on 2026-01-10: 10 sold, and 0 held"):
        books.changed([bought], ())
    smaller = replace(bought, quantity=Decimal(4), version=2)
    with pytest.raises(Invalid, match="10 sold, and 4 held"):
        books.changed([bought], [smaller])
    assert [closing.gain for closing in books.closings()] == [20]


def test_entries_of_one_time_are_booked_in_the_order_they_were_entered() -> None:
    day = [
        entry(KIND.buy, 0, id="a", symbol="AAA", quantity=1, price=5, position=0),
        entry(KIND.sell, 0, id="b", symbol="AAA", quantity=1, price=6, position=1),
        entry(KIND.buy, 0, id="c", symbol="AAA", quantity=1, price=7, position=2),
    ]
    for order in permutations(day):
        books = Books(portfolio(), order)
        gains: list[Any] = [(c.part.id, c.gain) for c in books.closings()]
        assert gains == [("a", 1)]
        assert [held.lot.id for held in books.held()] == ["c"]


def test_what_if_another_rule_had_been_followed() -> None:
    entries = [
        entry(KIND.buy, 0, symbol="AAA", quantity=1, price=5),
        entry(KIND.buy, 1, symbol="AAA", quantity=1, price=9),
        entry(KIND.buy, 2, symbol="AAA", quantity=1, price=7),
        entry(KIND.sell, 3, symbol="AAA", quantity=1, price=10),
    ]
    gains = {
        rule: Books(portfolio(), entries, rule).closings()[0].gain
        for rule in LotRule
        if rule is not LotRule.specific
    }
    assert gains == {LotRule.fifo: 5, LotRule.lifo: 3, LotRule.hifo: 1, LotRule.average: 3}


def test_the_ledger_tells_what_a_currency_was_worth() -> None:
    first = entry(KIND.deposit, 1, amount=100, currency="EUR", rate="1.1")
    second = entry(KIND.buy, 3, symbol="AAA", quantity=1, price=500, currency="GBp", rate="1.3")
    books = Books(portfolio(), (second, first))
    assert [each.rate for each in books.rated("EUR")] == [Decimal("1.1")]
    assert [each.rate for each in books.rated("GBP")] == [Decimal("1.3")]
    third = entry(KIND.deposit, 2, amount=100, currency="EUR", rate="1.2")
    changed = books.changed((), (third,))
    assert [each.rate for each in changed.rated("EUR")] == [Decimal("1.1"), Decimal("1.2")]
    assert books.rated("CHF") == []
