"""A portfolio booked: its strands, and what they come to together.

Adding, changing or removing an entry books the strands it touches anew and no other; the result is
the same as booking everything again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import localcontext
from operator import attrgetter

from tio.api.errors import NotFound
from tio.api.portfolio import LotRule, Portfolio, Transaction, TransactionKind
from tio.engine.portfolio.closings import Closing
from tio.engine.portfolio.lots import OpenLot
from tio.engine.portfolio.moments import zone_named
from tio.engine.portfolio.money import EXACT, major
from tio.engine.portfolio.strands import Strand
from tio.engine.portfolio.sums import HeldSum
from tio.engine.portfolio.tallies import Tally, Till

in_order = attrgetter("at", "position", "id")
"""What sorts a ledger: time, then the order of entry."""


@dataclass(frozen=True, slots=True)
class Held:
    """An open lot where it is."""

    symbol: str
    account: str
    lot: OpenLot


class Books:
    """All strands of one portfolio. `rule` in place of the portfolio's own answers what-ifs.

    Raises Invalid where the ledger cannot be so, by the first entry that cannot be booked.
    """

    def __init__(
        self, portfolio: Portfolio, entries: Iterable[Transaction], rule: LotRule | None = None
    ) -> None:
        self.portfolio = portfolio
        own = {account.name: account.lots for account in portfolio.accounts}
        self._asked = rule
        self._zone = zone_named(portfolio.zone)
        self._rule = lambda account: rule or own.get(account) or portfolio.lots
        self._threads, self._names = _threads(entries)
        self._strands = {name: self._booked(these) for name, these in self._threads.items()}
        self._tallies: dict[str, Tally] | None = None
        self._till: Till | None = None
        self._sums: dict[str, HeldSum] | None = None
        self._priced: dict[str, Transaction | None] = {}
        self._rated: dict[str, list[Transaction]] | None = None

    def __len__(self) -> int:
        return sum(map(len, self._threads.values()))

    def entries(self) -> list[Transaction]:
        """The ledger in its order."""
        return sorted((e for these in self._threads.values() for e in these.values()), key=in_order)

    def entry(self, id: str) -> Transaction:
        """One entry; NotFound."""
        for these in self._threads.values():
            if id in these:
                return these[id]
        raise NotFound(f"there is no entry {id!r}", "`tio portfolio transactions` lists them")

    def of(self, symbol: str) -> list[Transaction]:
        """The entries of one symbol, in order."""
        these = self._threads.get(self._names.get(symbol, symbol), {})
        return sorted((e for e in these.values() if e.symbol == symbol), key=in_order)

    def newest_priced(self, symbol: str, at: datetime | None = None) -> Transaction | None:
        """The newest entry that tells a unit's price, at a moment or of all."""
        if at is None and symbol in self._priced:
            return self._priced[symbol]
        these = self._threads.get(self._names.get(symbol, symbol), {})
        told = [
            entry
            for entry in these.values()
            if entry.symbol == symbol and entry.price is not None and (at is None or entry.at <= at)
        ]
        newest = max(told, key=in_order, default=None)
        if at is None:
            self._priced[symbol] = newest
        return newest

    def rated(self, currency: str) -> list[Transaction]:
        """The entries that tell what a currency was worth in the portfolio's own, in order."""
        if self._rated is None:
            told: defaultdict[str, list[Transaction]] = defaultdict(list)
            for entry in self.entries():
                if entry.rate is not None:
                    told[major(entry.currency)[0]].append(entry)
            self._rated = dict(told)
        return self._rated.get(currency, [])

    def until(self, at: datetime) -> "Books":
        """The books as they were at a moment."""
        return Books(self.portfolio, (e for e in self.entries() if e.at <= at), self._asked)

    def changed(self, gone: Iterable[Transaction], come: Iterable[Transaction]) -> "Books":
        """The books without some entries and with others; these stay as they are."""
        gone, come = tuple(gone), tuple(come)
        threads = dict(self._threads)
        if any(entry.kind is TransactionKind.spin_off for entry in (*gone, *come)):
            left = {entry.id: entry for these in threads.values() for entry in these.values()}
            for entry in gone:
                del left[entry.id]
            left.update((entry.id, entry) for entry in come)
            return Books(self.portfolio, left.values(), self._asked)
        names = self._names | {e.symbol: e.symbol for e in come if e.symbol not in self._names}
        touched = {names[entry.symbol] for entry in (*gone, *come)}
        for name in touched:
            threads[name] = dict(threads.get(name, {}))
        for entry in gone:
            del threads[names[entry.symbol]][entry.id]
        for entry in come:
            threads[names[entry.symbol]][entry.id] = entry
        fresh = object.__new__(Books)
        fresh.portfolio, fresh._asked, fresh._rule = self.portfolio, self._asked, self._rule
        fresh._zone = self._zone
        fresh._threads, fresh._names = threads, names
        fresh._tallies = fresh._till = fresh._sums = fresh._rated = None
        fresh._priced = {s: e for s, e in self._priced.items() if names.get(s) not in touched}
        fresh._strands = dict(self._strands)
        for name in touched:
            fresh._strands[name] = fresh._booked(threads[name])
        fresh._resum(self, touched)
        return fresh

    def _resum(self, before: "Books", touched: Iterable[str]) -> None:
        """Take over the sums of what did not change."""
        if before._tallies is None or before._till is None:
            return
        tallies, till = dict(before._tallies), Till()
        with localcontext(EXACT):
            till.add(before._till)
            for name in touched:
                old, new = before._strands.get(name), self._strands[name]
                if old is not None:
                    till.take_away(old.till)
                    for symbol in old.tallies:
                        tallies.pop(symbol, None)
                till.add(new.till)
                tallies |= new.tallies
        self._tallies, self._till = tallies, till

    def held(self) -> Iterator[Held]:
        """Every open lot, by symbol and account, oldest first."""
        for strand in self._strands.values():
            for (symbol, account), inventory in strand.inventories.items():
                for lot in inventory:
                    yield Held(symbol, account, lot)

    def closings(self) -> list[Closing]:
        """What was closed, in the order of time, then of symbols, then as it was booked."""
        every = (closing for strand in self._strands.values() for closing in strand.closings)
        return sorted(every, key=attrgetter("closed_at", "symbol"))

    def closed_since(self, begin: datetime) -> Iterator[Closing]:
        """What was closed since, in no order of symbols; cheap enough for every quote."""
        for strand in self._strands.values():
            for closing in reversed(strand.closings):
                if closing.closed_at < begin:
                    break
                yield closing

    def sums(self) -> Mapping[str, HeldSum]:
        """What open lots come to, by symbol."""
        if self._sums is None:
            self._sums = {}
            for strand in self._strands.values():
                self._sums |= strand.sums
        return self._sums

    def lots(self, symbol: str) -> Iterator[OpenLot]:
        """The open lots of one symbol, in whatever account."""
        strand = self._strands.get(self._names.get(symbol, symbol))
        for (of, _), inventory in () if strand is None else strand.inventories.items():
            if of == symbol:
                yield from inventory

    def tallies(self) -> dict[str, Tally]:
        """Sums by symbol; "" has those of no symbol."""
        if self._tallies is None:
            self._tallies = self._tallied()
        return self._tallies

    def _tallied(self) -> dict[str, Tally]:
        sums: defaultdict[str, Tally] = defaultdict(Tally)
        with localcontext(EXACT):
            for strand in self._strands.values():
                for symbol, tally in strand.tallies.items():
                    sums[symbol].add(tally)
        return dict(sums)

    def till(self) -> Till:
        """All cash."""
        if self._till is None:
            self._till = self._counted()
        return self._till

    def _counted(self) -> Till:
        whole = Till()
        with localcontext(EXACT):
            for strand in self._strands.values():
                whole.add(strand.till)
        return whole

    def strands_anew(self) -> Iterator[tuple[Strand, list[Transaction]]]:
        """Empty strands with the entries to be booked in them, in order."""
        for these in self._threads.values():
            yield Strand(self._rule, self._zone), sorted(these.values(), key=in_order)

    def _booked(self, these: Mapping[str, Transaction]) -> Strand:
        strand = Strand(self._rule, self._zone)
        strand.book(sorted(these.values(), key=in_order))
        return strand


def _threads(
    entries: Iterable[Transaction],
) -> tuple[dict[str, dict[str, Transaction]], dict[str, str]]:
    """Entries by id, by strand, and the strand of each symbol.

    What was spun off goes with what it came from.
    """
    entries = tuple(entries)
    parent: dict[str, str] = {}

    def root(symbol: str) -> str:
        while symbol in parent:
            symbol = parent[symbol]
        return symbol

    for entry in entries:
        if entry.kind is TransactionKind.spin_off and root(entry.into) != root(entry.symbol):
            parent[root(entry.into)] = root(entry.symbol)
    threads: defaultdict[str, dict[str, Transaction]] = defaultdict(dict)
    for entry in entries:
        threads[root(entry.symbol) if parent else entry.symbol][entry.id] = entry
    names = {symbol: symbol for symbol in threads} | {symbol: root(symbol) for symbol in parent}
    return dict(threads), names
