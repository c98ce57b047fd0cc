"""How quantities and cash went: what each was after every entry that changed it."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from tio.api.portfolio import Transaction
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.money import EXACT, ZERO
from tio.engine.portfolio.strands import Strand

Floats = NDArray[np.float64]


@dataclass(slots=True)
class Stair:
    """A figure over time: `level[i]` from `day[i]` on, the days in order."""

    day: list[date] = field(default_factory=list)
    level: list[Decimal] = field(default_factory=list)

    def step(self, day: date, level: Decimal) -> None:
        """So much from a day on, none before the last one told."""
        if self.day and self.day[-1] == day:
            self.level[-1] = level
        elif not self.level or self.level[-1] != level:
            self.day.append(day)
            self.level.append(level)

    def at_end_of(self, days: Sequence[date]) -> Floats:
        """The level at the end of each day, zero before the first step; (len(days),) float64."""
        told = np.zeros(len(days))
        for day, level in zip(self.day, self.level, strict=True):
            told[bisect_left(days, day) :] = float(level)
        return told


@dataclass(frozen=True, slots=True)
class Steps:
    """Everything a ledger's worth over time hangs on, by the dates of the portfolio's zone.

    quantity by symbol, cash by currency; by day, in the portfolio's currency: flow, and by symbol
    what went into it net (`bought`: sales below zero) and what it paid (`income`, less its taxes
    and fees).
    """

    quantity: dict[str, Stair]
    cash: dict[str, Stair]
    flow: dict[date, Decimal]
    bought: dict[str, dict[date, Decimal]]
    income: dict[str, dict[date, Decimal]]

    @property
    def first(self) -> date | None:
        """The day of the first entry; None of an empty ledger."""
        stairs = (*self.quantity.values(), *self.cash.values())
        days = [stair.day[0] for stair in stairs if stair.day]
        return min([*days, *self.flow], default=None)


def steps_of(books: Books, zone: ZoneInfo) -> Steps:
    """Book everything once more, noting what each entry changed. Slow for long ledgers."""
    quantity: defaultdict[str, Stair] = defaultdict(Stair)
    levels: defaultdict[str, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    flow: defaultdict[date, Decimal] = defaultdict(Decimal)
    bought: defaultdict[str, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    income: defaultdict[str, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    with localcontext(EXACT):
        for strand, entries in books.strands_anew():
            noted = _Noted(strand)
            for entry in entries:
                day = entry.at.astimezone(zone).date()
                strand.book((entry,))
                for currency, amount in noted.cash():
                    levels[currency][day] += amount
                flows, earned, cost = noted.sums()
                flow[day] += flows
                bought[entry.symbol][day] += cost
                income[entry.symbol][day] += earned
                for symbol, held in noted.quantities(entry):
                    quantity[symbol].step(day, held)
    return Steps(
        dict(quantity),
        {currency: _risen(by_day) for currency, by_day in levels.items()},
        {day: amount for day, amount in flow.items() if amount},
        {symbol: dict(by_day) for symbol, by_day in bought.items() if symbol},
        {symbol: dict(by_day) for symbol, by_day in income.items() if symbol},
    )


class _Noted:
    """What one strand said before an entry, so that its change can be told after."""

    def __init__(self, strand: Strand) -> None:
        self._strand = strand
        self._cash: dict[str, Decimal] = {}
        self._sums = (ZERO, ZERO, ZERO)

    def cash(self) -> list[tuple[str, Decimal]]:
        now: defaultdict[str, Decimal] = defaultdict(Decimal)
        for (_, currency), amount in self._strand.till.cash.items():
            now[currency] += amount
        before, self._cash = self._cash, dict(now)
        return [(c, now[c] - before.get(c, ZERO)) for c in now if now[c] != before.get(c, ZERO)]

    def sums(self) -> tuple[Decimal, Decimal, Decimal]:
        """Flows, income net of its taxes and fees, and cost put into lots beyond gains taken."""
        tallies = self._strand.tallies.values()
        flows = sum((each.flows for each in tallies), ZERO)
        earned = sum((each.income - each.fees - each.taxes for each in tallies), ZERO)
        book = sum(self._strand.till.book.values(), ZERO)
        # What left the till for lots is what flows and income do not explain.
        cost = flows + earned - book
        before, self._sums = self._sums, (flows, earned, cost)
        return flows - before[0], earned - before[1], cost - before[2]

    def quantities(self, entry: Transaction) -> list[tuple[str, Decimal]]:
        told: defaultdict[str, Decimal] = defaultdict(Decimal)
        for (symbol, _), inventory in self._strand.inventories.items():
            if symbol in (entry.symbol, entry.into):
                told[symbol] += inventory.quantity
        return list(told.items())


def _risen(by_day: dict[date, Decimal]) -> Stair:
    stair, level = Stair(), ZERO
    for day, amount in sorted(by_day.items()):
        level += amount
        stair.step(day, level)
    return stair
