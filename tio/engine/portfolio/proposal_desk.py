"""Answers for proposals: listed, confirmed as one change, dismissed and restored."""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from tio.api.access import Principal
from tio.api.contract import Request
from tio.api.errors import Conflict, Invalid, NotFound, TioError
from tio.api.ledger import Change
from tio.api.portfolio import Transaction, TransactionKind
from tio.api.proposals import (
    ConfirmProposals,
    DismissProposals,
    Doubled,
    ListProposals,
    Proposal,
    Proposals,
)
from tio.api.system import Setting
from tio.engine.market.service import MarketService
from tio.engine.portfolio.already import EVENT, sorted_out
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.drafts import Drafting, said
from tio.engine.portfolio.happened import happened
from tio.engine.portfolio.moments import zone_named
from tio.engine.portfolio.money import ONE
from tio.engine.portfolio.proposing import Suggested, suggested
from tio.engine.portfolio.shelf import Edit, Ledger, Shelf, fresh
from tio.engine.portfolio.terms import terms
from tio.engine.service import Answer
from tio.engine.store.database import Database
from tio.engine.store.ledgers import LedgerKey
from tio.engine.store.settings import SettingsTable
from tio.engine.written import written_before
from tio.plugin import Clock


class ProposalDesk:
    """`wall` is real time, `clock` the workspace's: events up to its day are proposed."""

    def __init__(
        self,
        shelf: Shelf,
        database: Database,
        wall: Clock,
        clock: Clock,
        drafting: Drafting,
        market: MarketService,
    ) -> None:
        self._shelf = shelf
        self._database = database
        self._wall = wall
        self._clock = clock
        self._drafting = drafting
        self._market = market

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {
            ListProposals: self._list,
            ConfirmProposals: self._confirm,
            DismissProposals: self._dismiss,
        }

    async def _list(self, asked: ListProposals, by: Principal) -> Proposals:
        ledger = await self._shelf.ledger(by.name, asked.portfolio)
        return await self._proposed(ledger, by)

    async def _proposed(self, ledger: Ledger, by: Principal) -> Proposals:
        books = ledger.books
        zone = zone_named(books.portfolio.zone)
        today = self._clock.now().astimezone(zone).date()
        entries = books.entries()
        told = await happened(self._market, {entry.symbol for entry in entries})
        every = suggested(books, told.events, told.currencies, zone, today)
        found = sorted_out([each.due for each in every], entries, zone)
        waiting = {due.id for due in found.open}
        made = [await self._proposal(books, each) for each in every if each.due.id in waiting]
        gone = await self._dismissed(ledger.key, by)
        return Proposals(
            portfolio=books.portfolio.name,
            currency=books.portfolio.currency,
            proposals=tuple(each for each in made if each.id not in gone),
            dismissed=tuple(each for each in made if each.id in gone),
            doubles=tuple(_doubled(mine, other, zone) for mine, other in found.doubles),
            untold=told.untold,
        )

    async def _proposal(self, books: Books, each: Suggested) -> Proposal:
        """With the rate of its day; a refusal where the ledger could not book it."""
        entry, refusal = each.entry, ""
        try:
            entry = await self._drafting.finished(books.portfolio, entry)
        except TioError as error:
            refusal = "; ".join(filter(None, (error.message, error.next)))
        paid = entry.kind is TransactionKind.dividend and entry.rate is not None
        value = terms(entry).gross * (entry.rate or ONE) if paid else None
        return Proposal(
            id=each.due.id,
            kind=each.kind,
            symbol=each.due.symbol,
            ex_date=each.due.ex_date,
            account=each.due.account,
            quantity=each.due.quantity,
            entry=entry,
            what=each.what,
            value=value,
            source=each.source,
            refusal=refusal,
        )

    async def _confirm(self, asked: ConfirmProposals, by: Principal) -> Change:
        first = await written_before(self._database, asked, by, Change)
        if first is not None:
            return first
        ledger = await self._shelf.ledger(by.name, asked.portfolio)
        told = await self._proposed(ledger, by)
        chosen = _chosen(told, asked.ids, (*told.proposals, *told.dismissed))
        for each in chosen:
            if each.refusal:
                raise Invalid(f"{each.id}: {each.refusal}", "enter it by hand")

        def enter(ledger: Ledger, _: sqlite3.Connection) -> Edit:
            there = {(e.reference, e.account) for e in ledger.books.entries()}
            for each in chosen:
                if (each.entry.reference, each.entry.account) in there:
                    raise Conflict(f"{each.id} was confirmed just now", "look again")
            now = self._wall.now()
            come = [fresh(each.entry, ledger, now, at) for at, each in enumerate(chosen)]
            first = f"confirm {said(chosen[0].entry)}"
            what = first if len(chosen) == 1 else f"{first} and {len(chosen) - 1} more"
            return Edit(what[:200], come=come)

        return await self._shelf.change(asked, by, asked.portfolio, enter, lambda c, _: c, Change)

    async def _dismiss(self, asked: DismissProposals, by: Principal) -> Proposals:
        ledger = await self._shelf.ledger(by.name, asked.portfolio)
        told = await self._proposed(ledger, by)
        from_these = told.dismissed if asked.restore else (*told.proposals, *told.dismissed)
        ids = {each.id for each in _chosen(told, asked.ids, from_these)}
        key, now = _setting(ledger.key), self._wall.now()

        def save(connection: sqlite3.Connection) -> set[str]:
            kept = _kept(connection, by.name, key)
            kept = kept - ids if asked.restore else kept | ids
            SettingsTable.save(connection, by.name, Setting(key, json.dumps(sorted(kept))), now)
            return kept

        gone = await self._database.write(save)
        every = sorted((*told.proposals, *told.dismissed), key=lambda p: (p.ex_date, p.id))
        return replace(
            told,
            proposals=tuple(each for each in every if each.id not in gone),
            dismissed=tuple(each for each in every if each.id in gone),
        )

    async def _dismissed(self, ledger: LedgerKey, by: Principal) -> set[str]:
        return await self._database.read(lambda c: _kept(c, by.name, _setting(ledger)))


def _chosen(told: Proposals, ids: tuple[str, ...], among: tuple[Proposal, ...]) -> list[Proposal]:
    """The proposals of some ids, each once; NotFound."""
    by_id = {each.id: each for each in among}
    for id in ids:
        if id not in by_id:
            raise NotFound(
                f"nothing is proposed as {id!r} in {told.portfolio}",
                "`tio portfolio proposals` lists what is",
            )
    return [by_id[id] for id in dict.fromkeys(ids)]


def _setting(ledger: LedgerKey) -> str:
    # By number: a name may be another portfolio's later.
    return f"portfolio.dismissed.{ledger.ledger}"


def _kept(connection: sqlite3.Connection, owner: str, key: str) -> set[str]:
    text = next((s.value for s in SettingsTable.list(connection, owner) if s.key == key), "")
    return {str(each) for each in json.loads(text)} if text else set()


def _doubled(mine: Transaction, other: Transaction, zone: ZoneInfo) -> Doubled:
    day = other.at.astimezone(zone).date()
    return Doubled(
        entry=mine.id,
        other=other.id,
        what=f"{said(mine)}, confirmed from {mine.reference.removeprefix(EVENT)}, is told again by "
        f"entry {other.id} of {day}: remove one",
    )
