"""Books that are added to, mended, thinned and undone, beside ones reckoned anew each time."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from ledgers import BEGIN, portfolio
from msgspec.structs import replace
from plain_ledger import PlainLedger, Refused
from scribbled import scribble
from told_alike import assert_told_alike

from tio.api.errors import Invalid
from tio.api.portfolio import LotRule, Transaction
from tio.engine.portfolio.books import Books, in_order

SEEDS = st.integers(0, 2**32)


def reckoned(entries: list[Transaction], by: LotRule) -> PlainLedger:
    plain = PlainLedger(by)
    for entry in sorted(entries, key=in_order):
        plain.book(entry)
    return plain


class KeptBooks(RuleBasedStateMachine):
    """Each change is either taken, or refused with the books as they were."""

    @initialize(by=st.sampled_from(LotRule))
    def begin(self, by: LotRule) -> None:
        self.by, self.number = by, 0
        self.books, self.entries = Books(portfolio(by), ()), list[Transaction]()
        self.past: list[Books] = []

    @rule(seed=SEEDS, days=st.integers(0, 30), count=st.integers(1, 5))
    def add(self, seed: int, days: int, count: int) -> None:
        chance, plain = Random(seed), reckoned(self.entries, self.by)
        come = []
        for number in range(count):
            self.number += 1
            at = BEGIN + timedelta(days=days + number // 2)
            come.append(scribble(chance, plain, at, self.number))
        self._change([], come)

    @precondition(lambda self: self.entries)
    @rule(seed=SEEDS)
    def remove(self, seed: int) -> None:
        chance = Random(seed)
        self._change(chance.sample(self.entries, min(len(self.entries), 2)), [])

    @precondition(lambda self: self.entries)
    @rule(seed=SEEDS, days=st.integers(0, 30))
    def edit(self, seed: int, days: int) -> None:
        chance = Random(seed)
        old = chance.choice(self.entries)
        new = scribble(chance, reckoned(self.entries, self.by), BEGIN + timedelta(days=days), 0)
        self._change([old], [replace(new, id=old.id, position=old.position, version=2)])

    @precondition(lambda self: self.past)
    @rule()
    def undo(self) -> None:
        self.books = self.past.pop()
        self.entries = self.books.entries()

    @invariant()
    def they_say_what_a_plain_reckoning_says(self) -> None:
        assert self.books.entries() == sorted(self.entries, key=in_order)
        assert_told_alike(self.books, reckoned(self.entries, self.by))

    def _change(self, gone: list[Transaction], come: list[Transaction]) -> None:
        wanted = [each for each in self.entries if each not in gone] + come
        try:
            reckoned(wanted, self.by)
        except Refused:
            with pytest.raises(Invalid):
                self.books.changed(gone, come)
            return
        changed = self.books.changed(gone, come)
        self.past.append(self.books)
        self.books, self.entries = changed, wanted


TestKeptBooks = KeptBooks.TestCase
TestKeptBooks.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
