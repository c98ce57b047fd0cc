"""The ledger's words answered: portfolios, entries and changes, positions, lots, gains."""

import asyncio
import sqlite3
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from tio.api.access import Principal
from tio.api.clean import clean
from tio.api.contract import After, Request, Topic, Watch
from tio.api.errors import Conflict, Invalid
from tio.api.explained import ExplainFigure, Explanation
from tio.api.ledger import (
    AddTransaction,
    Change,
    CreatePortfolio,
    DeletePortfolio,
    EditPortfolio,
    EditTransaction,
    Gains,
    GetGains,
    GetLots,
    GetPositions,
    ListChanges,
    ListPortfolios,
    ListTransactions,
    Positions,
    RemoveTransaction,
    UndoTransaction,
)
from tio.api.performance import GetPerformance, Performance
from tio.api.portfolio import Account, Holdings, Lot, Portfolio, Transaction
from tio.engine.bus import Bus
from tio.engine.market.service import MarketService
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.day import day_begin, priced, with_closed
from tio.engine.portfolio.drafts import Drafting, said
from tio.engine.portfolio.explaining import Opened, explained
from tio.engine.portfolio.files import LedgerFiles
from tio.engine.portfolio.income_desk import IncomeDesk
from tio.engine.portfolio.live import LivePositions
from tio.engine.portfolio.moments import zone_named
from tio.engine.portfolio.money import major
from tio.engine.portfolio.pricing import Pricer
from tio.engine.portfolio.proposal_desk import ProposalDesk
from tio.engine.portfolio.reports import gains_of, lots_of
from tio.engine.portfolio.sampling import Sampling
from tio.engine.portfolio.seeking import sought
from tio.engine.portfolio.selling import Selling
from tio.engine.portfolio.shelf import Edit, Ledger, Shelf, edited, fresh
from tio.engine.portfolio.valuing import holdings
from tio.engine.service import Answer, Stream, asked_as_of, time_of
from tio.engine.store.database import Database
from tio.engine.store.ledgers import LedgerTable
from tio.engine.written import written
from tio.plugin import Clock

if TYPE_CHECKING:
    from tio.engine.portfolio.looking_back import LookingBack


class PortfolioService:
    """Answers for portfolios. `wall` is real time, `clock` the workspace's.

    `sampled`: an owner without portfolios gets one to look at.
    """

    def __init__(
        self,
        database: Database,
        wall: Clock,
        clock: Clock,
        bus: Bus,
        market: MarketService,
        *,
        sampled: bool = False,
    ) -> None:
        self._database = database
        self._wall = wall
        self._clock = clock
        self._market = market
        self.pricer = Pricer(market, clock)
        self.drafting = Drafting(
            clock.now, market.symbol, market.instrument, self.pricer.past_rates
        )
        self._live = LivePositions(
            clock, bus, market, self._watched_books, self._valued, self.pricer.symbols
        )
        self.shelf = Shelf(database, wall, self._live.changed)
        self._files = LedgerFiles(self.shelf, database, wall, self.drafting, market.symbol)
        self._income = IncomeDesk(self.shelf, clock, self.pricer, market, self._valued)
        self._proposals = ProposalDesk(self.shelf, database, wall, clock, self.drafting, market)
        self._selling = Selling(self.shelf, self.drafting, clock.now, wall.now)
        self._back: LookingBack | None = None
        self._sampling: Sampling | None = None
        if sampled:
            self._sampling = Sampling(database, wall, market, self.pricer, self.shelf)

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {
            ListPortfolios: self._list,
            CreatePortfolio: self._create,
            EditPortfolio: self._edit,
            DeletePortfolio: self._delete,
            AddTransaction: self._add,
            EditTransaction: self._edit_entry,
            RemoveTransaction: self._remove,
            UndoTransaction: self._undo,
            ListChanges: self._changes,
            ListTransactions: self._transactions,
            GetPositions: self._positions,
            GetLots: self._lots,
            GetGains: self._gains,
            ExplainFigure: self._explain,
            GetPerformance: self._performance,
            **self._files.answers(),
            **self._income.answers(),
            **self._proposals.answers(),
            **self._selling.answers(),
        }

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {Positions: self._watch}

    async def start(self) -> None:
        """Ledgers are read when somebody asks for them."""

    async def close(self) -> None:
        await self._live.close()

    async def _list(self, _: ListPortfolios, by: Principal) -> tuple[Portfolio, ...]:
        if self._sampling is not None:
            await self._sampling.once(by, self._clock.now().astimezone(UTC).date())
        return await self._database.read(lambda c: LedgerTable.list(c, by.name))

    async def _create(self, asked: CreatePortfolio, by: Principal) -> Portfolio:
        made = Portfolio(
            name=_named(asked.name),
            currency=_base(asked.currency),
            lots=asked.lots,
            zone=zone_named(asked.zone).key,
            accounts=_accounts(asked.accounts),
            created_at=self._wall.now(),
        )

        def create(connection: sqlite3.Connection) -> Portfolio:
            return LedgerTable.create(connection, by.name, made)

        return await written(self._database, self._wall, asked, by, create, Portfolio)

    async def _edit(self, asked: EditPortfolio, by: Principal) -> Portfolio:
        was = (await self.shelf.ledger(by.name, asked.portfolio)).books.portfolio
        now = replace(
            was,
            name=was.name if asked.name is None else _named(asked.name),
            lots=asked.lots or was.lots,
            accounts=was.accounts if asked.accounts is None else _accounts(asked.accounts),
        )
        return await self.shelf.put(asked, by, asked.portfolio, now)

    async def _delete(self, asked: DeletePortfolio, by: Principal) -> Portfolio:
        def delete(connection: sqlite3.Connection) -> Portfolio:
            return LedgerTable.delete(connection, by.name, asked.portfolio)

        gone = await written(self._database, self._wall, asked, by, delete, Portfolio)
        self.shelf.forget(by.name, asked.portfolio)
        return gone

    async def _add(self, asked: AddTransaction, by: Principal) -> Transaction:
        books = (await self.shelf.ledger(by.name, asked.portfolio)).books
        draft = await self.drafting.added(books, asked)

        def add(ledger: Ledger, _: sqlite3.Connection) -> Edit:
            return Edit(said(draft), come=(fresh(draft, ledger, self._wall.now()),))

        return await self.shelf.change(asked, by, asked.portfolio, add, _entry, Transaction)

    async def _edit_entry(self, asked: EditTransaction, by: Principal) -> Transaction:
        books = (await self.shelf.ledger(by.name, asked.portfolio)).books
        was = books.entry(asked.id)
        draft = await self.drafting.changed(books, was, asked)

        def edit(ledger: Ledger, _: sqlite3.Connection) -> Edit:
            if ledger.books.entry(asked.id) != was:
                raise Conflict(f"entry {asked.id} was changed just now", "look again, then edit")
            now = edited(draft, self._wall.now())
            return Edit(f"edit {was.id}: {said(now)}", (was,), (now,))

        return await self.shelf.change(asked, by, asked.portfolio, edit, _entry, Transaction)

    async def _remove(self, asked: RemoveTransaction, by: Principal) -> Transaction:
        def remove(ledger: Ledger, _: sqlite3.Connection) -> Edit:
            was = ledger.books.entry(asked.id)
            return Edit(f"remove {was.id}: {said(was)}", (was,))

        def gone(_: Change, edit: Edit) -> Transaction:
            return edit.gone[0]

        return await self.shelf.change(asked, by, asked.portfolio, remove, gone, Transaction)

    async def _undo(self, asked: UndoTransaction, by: Principal) -> Change:
        def undo(ledger: Ledger, connection: sqlite3.Connection) -> Edit:
            change = LedgerTable.change(connection, ledger.key, asked.change)
            if change.undone_by is not None:
                raise Conflict(
                    f"change {change.number} is undone already, by {change.undone_by}",
                    f"undo {change.undone_by} to have it again",
                )
            pairs = LedgerTable.before(connection, ledger.key, change)
            now = self._wall.now()
            standing = {entry.id for entry in ledger.books.entries()}
            return Edit(
                f"undo {change.number}: {change.what}"[:200],
                [entry for entry, _ in pairs if entry.id in standing],
                [edited(replace(was, version=e.version), now) for e, was in pairs if was],
                change.number,
            )

        def told(change: Change, _: Edit) -> Change:
            return change

        return await self.shelf.change(asked, by, asked.portfolio, undo, told, Change)

    async def _changes(self, asked: ListChanges, by: Principal) -> tuple[Change, ...]:
        ledger = await self.shelf.ledger(by.name, asked.portfolio)
        return await self._database.read(lambda c: LedgerTable.changes(c, ledger.key, asked.limit))

    async def _transactions(
        self, asked: ListTransactions, by: Principal
    ) -> tuple[Transaction, ...]:
        ledger = await self.shelf.ledger(by.name, asked.portfolio)
        if asked.id:
            return await self._database.read(
                lambda c: LedgerTable.versions(c, ledger.key, asked.id)
            )
        symbol = self._symbol(ledger.books, asked.symbol)
        zone = zone_named(ledger.books.portfolio.zone)
        return sought(ledger.books.entries(), replace(asked, symbol=symbol), zone)

    async def _positions(self, asked: GetPositions, by: Principal) -> Holdings:
        ledger = await self.shelf.ledger(by.name, asked.portfolio)
        books = await self.shelf.by_rule(ledger, asked.lots)
        if asked.at is None:
            return await self._now(books)
        if asked.at.tzinfo is None:
            raise Invalid(f"at must carry a zone, was {asked.at.isoformat()}", "add a Z")
        at, now = asked.at.astimezone(UTC), self._clock.now()
        if at > now:
            zone = zone_named(books.portfolio.zone)
            if at.astimezone(zone).date() > now.astimezone(zone).date():
                raise Invalid(f"{asked.at.isoformat()} is still to come")
            return self._valued(books)
        return await self._then(books.until(at), at)

    async def _now(self, books: Books) -> Holdings:
        """Books at the prices of now, or of the past moment that is asked about."""
        as_of = asked_as_of.get()
        if as_of is not None:
            return await self._then(books, as_of)
        await self.pricer.recall(books)
        return self._valued(books)

    async def _then(self, books: Books, at: datetime) -> Holdings:
        """Books of a past moment at its prices."""
        begin = day_begin(books, at)
        prices, rates = await self.pricer.at(books, priced(books, begin), at)
        return with_closed(holdings(books, prices, rates, at, begin), books, begin, prices)

    def _valued(self, books: Books) -> Holdings:
        """Books at the board's prices of now."""
        now = self._clock.now()
        begin = day_begin(books, now)
        prices, rates = self.pricer.now(books, priced(books, begin))
        return with_closed(holdings(books, prices, rates, now, begin), books, begin, prices)

    async def _lots(self, asked: GetLots, by: Principal) -> tuple[Lot, ...]:
        ledger = await self.shelf.ledger(by.name, asked.portfolio)
        books = await self.shelf.by_rule(ledger, asked.lots)
        return lots_of(books, self._symbol(books, asked.symbol), asked.account)

    async def _gains(self, asked: GetGains, by: Principal) -> Gains:
        ledger = await self.shelf.ledger(by.name, asked.portfolio)
        books = await self.shelf.by_rule(ledger, asked.lots)
        zone = zone_named(books.portfolio.zone)
        return gains_of(books, zone, asked.year, self._symbol(books, asked.symbol))

    async def _explain(self, asked: ExplainFigure, by: Principal) -> Explanation:
        ledger = await self.shelf.ledger(by.name, asked.portfolio)
        books = await self.shelf.by_rule(ledger, asked.lots)
        name, colon, symbol = asked.figure.partition(":")
        held = await self._now(books)
        opened = Opened(books, held, day_begin(books, held.at))
        figure = f"{name}{colon}{self._symbol(books, symbol)}"
        return await asyncio.to_thread(explained, opened, figure)

    async def _performance(self, asked: GetPerformance, by: Principal) -> Performance:
        books = (await self.shelf.ledger(by.name, asked.portfolio)).books
        if self._back is None:
            self._back = self._looking_back()
        return await self._back.performance(books, asked)

    def _looking_back(self) -> "LookingBack":
        from tio.engine.portfolio.looking_back import LookingBack
        from tio.engine.portfolio.past import Past

        def today(zone: str) -> date:
            return time_of(self._clock).astimezone(zone_named(zone)).date()

        past = Past(self.pricer.past_bars, self.pricer.currency)
        return LookingBack(past, today, self._market.symbol)

    def _symbol(self, books: Books, text: str) -> str:
        """The symbol a text means: one of the ledger's as it is spelled, else the market's."""
        if not text or books.of(text):
            return text
        return self._market.symbol(text)

    async def _watched_books(self, owner: str, name: str) -> Books:
        return (await self.shelf.ledger(owner, name)).books

    def _watch(self, topic: Positions, by: Principal, _: After | None) -> Watch[Holdings]:
        return self._live.watch(by.name, topic.portfolio)


def _entry(_: Change, edit: Edit) -> Transaction:
    return edit.come[0]


def _named(name: str) -> str:
    told = clean(name).strip()
    if not told:
        raise Invalid("a portfolio needs a name", "give one of 1 to 60 characters")
    return told


def _base(currency: str) -> str:
    told, unit = major(currency)
    if unit != 1 or len(told) != 3:
        raise Invalid(
            f"a portfolio cannot be counted in {clean(currency)}",
            "give a currency of three letters, as USD or EUR",
        )
    return told


def _accounts(accounts: tuple[Account, ...]) -> tuple[Account, ...]:
    told = tuple(Account(name=clean(each.name).strip(), lots=each.lots) for each in accounts)
    names = [each.name for each in told]
    if len(set(names)) < len(names) or not all(names):
        raise Invalid("each account needs a name of its own")
    return told
