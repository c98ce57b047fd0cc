"""Ledgers at hand: read once, booked, and changed only together with what is on disk."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from msgspec.structs import replace

from tio.api.access import Principal
from tio.api.contract import Request
from tio.api.ledger import Change
from tio.api.portfolio import LotRule, Portfolio, Transaction
from tio.engine.portfolio.books import Books
from tio.engine.service import asked_as_of
from tio.engine.store.database import Database
from tio.engine.store.ledgers import LedgerKey, LedgerTable, ledger_of
from tio.engine.written import written
from tio.plugin import Clock

T = TypeVar("T")
Key = tuple[str, str]
"""Owner and name."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What a change does: entries that go as they stood, and come as they will be."""

    what: str
    gone: Sequence[Transaction] = ()
    come: Sequence[Transaction] = ()
    undoes: int | None = None


@dataclass(slots=True)
class Ledger:
    """One portfolio's books; `lock` is held while it changes."""

    key: LedgerKey
    books: Books
    next_position: int
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    asked: dict[LotRule, Books] = field(default_factory=dict)
    """The same entries booked by other rules, until they change."""


class Shelf:
    """All ledgers somebody has asked for; `on_change` hears of each that changed."""

    def __init__(self, database: Database, wall: Clock, on_change: Callable[[Key], None]) -> None:
        self.listeners: list[Callable[[Key, Key | None], None]] = []
        """Told of each ledger that changed, and of what it is called then; None: it is no more."""
        self.database = self._database = database
        self._wall = wall
        self._ledgers: dict[Key, Ledger] = {}
        self._loading = asyncio.Lock()
        self._on_change = on_change

    async def ledger(self, owner: str, name: str) -> Ledger:
        """A portfolio's, read and booked on first use; NotFound.

        Asked of a past moment: a copy with what was entered of the time until then.
        """
        found, as_of = await self._own(owner, name), asked_as_of.get()
        if as_of is None:
            return found
        books = await asyncio.to_thread(found.books.until, as_of)
        return Ledger(found.key, books, found.next_position)

    async def _own(self, owner: str, name: str) -> Ledger:
        """The ledger itself, to be changed."""
        key = owner, name
        found = self._ledgers.get(key)
        if found is not None:
            return found
        async with self._loading:
            if key not in self._ledgers:
                self._ledgers[key] = await self._load(owner, name)
        return self._ledgers[key]

    def at_hand(self, owner: str, name: str) -> Ledger | None:
        """A ledger that was read before."""
        return self._ledgers.get((owner, name))

    async def _load(self, owner: str, name: str) -> Ledger:
        def read(
            connection: sqlite3.Connection,
        ) -> tuple[LedgerKey, Portfolio, tuple[Transaction, ...], int]:
            of = ledger_of(connection, owner, name)
            entries = LedgerTable.entries(connection, of)
            portfolio = replace(LedgerTable.portfolio(connection, of), entries=len(entries))
            return of, portfolio, entries, LedgerTable.next_position(connection, of)

        of, portfolio, entries, position = await self._database.read(read)
        books = await asyncio.to_thread(Books, portfolio, entries)
        return Ledger(of, books, position)

    async def by_rule(self, ledger: Ledger, rule: LotRule | None) -> Books:
        """The books as they are, or as another rule would have it."""
        if rule is None:
            return ledger.books
        if rule not in ledger.asked:
            books = ledger.books
            asked = await asyncio.to_thread(Books, books.portfolio, books.entries(), rule)
            if books is not ledger.books:
                return asked
            ledger.asked[rule] = asked
        return ledger.asked[rule]

    async def change(
        self,
        asked: Request[T],
        by: Principal,
        name: str,
        edit: Callable[[Ledger, sqlite3.Connection], Edit],
        answer: Callable[[Change, Edit], T],
        kind: type[T],
    ) -> T:
        """Book an edit and keep it, both or neither; Invalid where the ledger cannot bear it."""
        ledger = await self._own(by.name, name)
        async with ledger.lock:
            done: list[tuple[Books, int]] = []

            def work(connection: sqlite3.Connection) -> T:
                made = edit(ledger, connection)
                books = ledger.books.changed(made.gone, made.come)
                come = {entry.id for entry in made.come}
                touched = [(entry, False) for entry in made.come]
                touched += [(_next(e), True) for e in made.gone if e.id not in come]
                change = LedgerTable.record(
                    connection, ledger.key, made.what, touched, self._wall.now(), made.undoes
                )
                newest = max((entry.position for entry in made.come), default=0)
                done.append((books, max(ledger.next_position, newest + 1)))
                return answer(change, made)

            told = await written(self._database, self._wall, asked, by, work, kind)
            if done:
                ledger.books, ledger.next_position = done[-1]
                ledger.asked.clear()
                self._changed((by.name, name), (by.name, name))
        return told

    async def enter(
        self,
        owner: str,
        name: str,
        edit: Callable[[Ledger], Edit],
        beside: Callable[[sqlite3.Connection, LedgerKey], T],
    ) -> T:
        """Book what an edit brings, if anything, and do what belongs to it in one transaction."""
        ledger = await self._own(owner, name)
        async with ledger.lock:
            made = edit(ledger)
            books = ledger.books.changed(made.gone, made.come)
            touched = [(entry, False) for entry in made.come]

            def work(connection: sqlite3.Connection) -> T:
                if touched:
                    LedgerTable.record(connection, ledger.key, made.what, touched, self._wall.now())
                return beside(connection, ledger.key)

            told = await self._database.write(work)
            if touched:
                ledger.books = books
                ledger.next_position = max(entry.position for entry in made.come) + 1
                ledger.asked.clear()
                self._changed((owner, name), (owner, name))
        return told

    async def put(
        self, asked: Request[Portfolio], by: Principal, name: str, edited: Portfolio
    ) -> Portfolio:
        """Change what a portfolio is, its entries staying; they are booked by its new rules."""
        ledger = await self._own(by.name, name)
        async with ledger.lock:
            books = await asyncio.to_thread(Books, edited, ledger.books.entries())

            def work(connection: sqlite3.Connection) -> Portfolio:
                return LedgerTable.put(connection, by.name, name, replace(edited, entries=0))

            await written(self._database, self._wall, asked, by, work, Portfolio)
            if edited.name != name:
                self._ledgers[by.name, edited.name] = self._ledgers.pop((by.name, name))
            ledger.books = books
            ledger.asked.clear()
            self._changed((by.name, name), (by.name, edited.name))
        return replace(edited, entries=len(books))

    def forget(self, owner: str, name: str) -> None:
        """It is no more."""
        self._ledgers.pop((owner, name), None)
        self._changed((owner, name), None)

    def _changed(self, key: Key, now: Key | None) -> None:
        self._on_change(key)
        for listener in self.listeners:
            listener(key, now)


def _next(entry: Transaction) -> Transaction:
    return replace(entry, version=entry.version + 1)


def fresh(entry: Transaction, ledger: Ledger, now: datetime, offset: int = 0) -> Transaction:
    """An entry with its number in a ledger."""
    position = ledger.next_position + offset
    return replace(entry, id=str(position), position=position, version=1, made_at=now)


def edited(was: Transaction, now: datetime, **fields: Any) -> Transaction:
    """The next version of an entry."""
    return replace(was, **fields, version=was.version + 1, made_at=now)
