"""The words of the journal answered: trades, their story, what they prove, notes of them."""

import asyncio
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import UNSET
from msgspec.structs import asdict, replace

from tio.api.access import Principal
from tio.api.clean import clean
from tio.api.contract import Request, Topic
from tio.api.errors import Invalid, NotFound, TioError
from tio.api.journal import (
    AnnotateTrade,
    Excursion,
    ExpectancyReport,
    GetExpectancy,
    GetTrade,
    ListTrades,
    Trade,
    TradeStory,
)
from tio.api.market import Adjustment, Bars, GetBars, Timeframe
from tio.api.orders import Order
from tio.api.portfolio import TransactionKind
from tio.engine.journal.excursions import Held, covered, excursion, timeframes
from tio.engine.journal.expectancy import by_group, expectancy
from tio.engine.journal.plans import order_ids
from tio.engine.journal.rounds import Round, entries_of, rounds
from tio.engine.journal.trades import Beside, noted, steps_of, trade_of
from tio.engine.market.service import MarketService
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.moments import day_end, zone_named
from tio.engine.portfolio.shelf import Ledger, Shelf
from tio.engine.service import Answer, Stream
from tio.engine.store.database import Database
from tio.engine.store.journal import JournalTable
from tio.engine.store.ledgers import LedgerKey
from tio.engine.written import written
from tio.plugin import Clock

_AT_ONCE = 4
_NEARLY_ALL = 0.9
_BARS = 2_000
_SHOWN = 120
"""About how many bars a trade's chart has, those before it included."""
_ENGINE = Principal()
_LADDER = (
    Timeframe.m1, Timeframe.m5, Timeframe.m15, Timeframe.h1, Timeframe.h4, Timeframe.d1,
    Timeframe.w1,
)  # fmt: skip


@dataclass(slots=True)
class _Read:
    """Rounds of a ledger for as long as its books are these, and the exits its orders had."""

    books: Books
    rounds: tuple[Round, ...]
    exits: dict[str, tuple[Order, ...]] = field(default_factory=dict)
    seen: int = 0
    """The number of the newest order event that was read."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A trade and what it is made of."""

    trade: Trade
    round: Round


class JournalService:
    """Answers for the journal. `clock` is the workspace's time, `wall` real time."""

    def __init__(
        self, database: Database, wall: Clock, clock: Clock, market: MarketService, shelf: Shelf
    ) -> None:
        self._database = database
        self._wall = wall
        self._clock = clock
        self._market = market
        self._shelf = shelf
        self._bars = market.answers()[GetBars]
        self._read: dict[LedgerKey, _Read] = {}
        self._gone_so_far: dict[tuple[object, ...], Excursion] = {}
        """Excursions of closed trades, by all they are reckoned from."""

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {
            ListTrades: self._list,
            GetTrade: self._story,
            GetExpectancy: self._expectancy,
            AnnotateTrade: self._annotate,
        }

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {}

    async def start(self) -> None:
        """Nothing runs until it is asked."""

    async def close(self) -> None:
        """Nothing runs."""

    async def _list(self, asked: ListTrades, by: Principal) -> tuple[Trade, ...]:
        ledger = await self._shelf.ledger(by.name, asked.portfolio)
        symbol = self._market.symbol(asked.symbol) if asked.symbol else ""
        zone = zone_named(ledger.books.portfolio.zone)
        trades = [
            each
            for each in await self._trades(ledger)
            if symbol in ("", each.trade.symbol)
            and asked.setup in ("", each.trade.setup)
            and (asked.open or each.trade.closed_at is not None)
            and _within(each.trade, asked.start, asked.end, zone)
        ]
        newest = trades[::-1][: asked.limit]
        if not asked.excursions:
            return tuple(each.trade for each in newest)
        gate = asyncio.Semaphore(_AT_ONCE)

        async def gone(told: _Told) -> Trade:
            async with gate:
                return await self._with_excursion(ledger, told)

        return tuple(await asyncio.gather(*map(gone, newest)))

    async def _story(self, asked: GetTrade, by: Principal) -> TradeStory:
        ledger = await self._shelf.ledger(by.name, asked.portfolio)
        told = await self._found(ledger, asked.trade)
        trade = await self._with_excursion(ledger, told)
        bars = await self._around(trade)
        return TradeStory(
            trade=trade,
            steps=steps_of(told.round, ledger.books),
            bars=bars,
            timeframe=None if bars is None else bars.timeframe,
        )

    async def _expectancy(self, asked: GetExpectancy, by: Principal) -> ExpectancyReport:
        ledger = await self._shelf.ledger(by.name, asked.portfolio)
        portfolio = ledger.books.portfolio
        zone = zone_named(portfolio.zone)
        every = [
            each.trade
            for each in await self._trades(ledger)
            if _within(each.trade, asked.start, asked.end, zone)
        ]
        closed = [each for each in every if each.closed_at is not None]
        counted = [each for each in closed if not each.marked]
        return ExpectancyReport(
            portfolio=portfolio.name,
            currency=portfolio.currency,
            zone=portfolio.zone,
            by=asked.by,
            all=expectancy("all", counted) if counted else None,
            groups=by_group(counted, asked.by, zone),
            marked=len(closed) - len(counted),
            open=len(every) - len(closed),
        )

    async def _annotate(self, asked: AnnotateTrade, by: Principal) -> Trade:
        ledger = await self._shelf.ledger(by.name, asked.portfolio)
        found = await self._found(ledger, asked.trade)
        trade, round = found.trade, found.round
        told = {
            name: value
            for name, value in asdict(asked).items()
            if value is not UNSET and name not in ("portfolio", "trade")
        }
        for name in ("stop", "target"):
            _sound(name, told.get(name))
        for name in ("setup", "notes"):
            if name in told:
                told[name] = clean(told[name], prose=name == "notes").strip()
        if "tags" in told:
            told["tags"] = tuple(clean(tag).strip() for tag in told["tags"])

        read = await self._known(ledger)

        def work(connection: sqlite3.Connection) -> Trade:
            was = noted(round, JournalTable.annotations(connection, ledger.key))
            said = replace(was, **told)
            # Of every entry that opened some of it: one of them may be taken back.
            for entry in {part.id for part in round.parts}:
                JournalTable.write(connection, ledger.key, entry, said, self._wall.now())
            orders = JournalTable.orders(connection, ledger.key, trade.orders)
            return trade_of(round, read.books, Beside({round.id: said}, orders, read.exits))

        made = await written(self._database, self._wall, asked, by, work, Trade)
        return await self._with_excursion(ledger, _Told(made, round))

    async def _found(self, ledger: Ledger, id: str) -> _Told:
        """The trade of that id; NotFound."""
        read = await self._known(ledger)
        for round in read.rounds:
            if round.id == id:
                (told,) = await self._told(ledger, read, (round,))
                return told
        raise NotFound(
            f"there is no trade {clean(id)!r} in {ledger.books.portfolio.name}",
            "list the trades to see their ids",
        )

    async def _trades(self, ledger: Ledger) -> list[_Told]:
        read = await self._known(ledger)
        return await self._told(ledger, read, read.rounds)

    async def _known(self, ledger: Ledger) -> _Read:
        """The rounds of a ledger as it now is, with the exits of its orders."""
        read, books = self._read.get(ledger.key), ledger.books
        if read is None or read.books is not books:
            made = await asyncio.to_thread(rounds, books)
            fresh = _Read(books, made)
            if read is not None:
                fresh.exits, fresh.seen = read.exits, read.seen
            read = self._read[ledger.key] = fresh
        seen = read.seen
        exits, newest = await self._database.read(
            lambda connection: JournalTable.exits(connection, ledger.key, seen)
        )
        grown: defaultdict[str, tuple[Order, ...]] = defaultdict(tuple, read.exits)
        for exit in exits:
            if all(exit.id != each.id for each in grown[exit.parent]):
                grown[exit.parent] += (exit,)
        read.exits, read.seen = dict(grown), newest
        return read

    async def _told(self, ledger: Ledger, read: _Read, wanted: Sequence[Round]) -> list[_Told]:
        books = read.books

        def ids() -> set[str]:
            return {id for round in wanted for id in order_ids(entries_of(round, books)[0])}

        known = await asyncio.to_thread(ids)

        def beside(connection: sqlite3.Connection) -> Beside:
            return Beside(
                JournalTable.annotations(connection, ledger.key),
                JournalTable.orders(connection, ledger.key, known),
                read.exits,
            )

        found = await self._database.read(beside)
        return await asyncio.to_thread(
            lambda: [_Told(trade_of(round, books, found), round) for round in wanted]
        )

    async def _with_excursion(self, ledger: Ledger, told: _Told) -> Trade:
        return replace(told.trade, excursion=await self._excursion(ledger, told))

    async def _excursion(self, ledger: Ledger, told: _Told) -> Excursion:
        """Cached once the trade is closed: bars of the past stay as they are."""
        trade, zone = told.trade, zone_named(ledger.books.portfolio.zone)
        if trade.currency != self._market.instrument(trade.symbol).currency.upper():
            return Excursion(untold="its prices are told in another currency than its bars")
        until = trade.closed_at or self._clock.now()
        if _split_within(ledger.books, trade, until):
            return Excursion(untold="a split or spin-off fell into it")
        risk = None if trade.risk is None or trade.stop is None else abs(trade.entry - trade.stop)
        prices = tuple(float(step.price) for step in steps_of(told.round, ledger.books))
        held = Held(
            long=trade.side.value == "buy",
            entry=float(trade.entry),
            prices=prices,
            since=trade.opened_at,
            until=until,
            risk=None if risk is None else float(risk),
            zone=zone,
        )
        key = (trade.symbol, *(getattr(held, name) for name in held.__slots__))
        if key in self._gone_so_far:
            return self._gone_so_far[key]
        gone = await self._gone(held, trade.symbol)
        if trade.closed_at is not None and gone.bars:
            self._gone_so_far[key] = gone
        return gone

    async def _gone(self, held: Held, symbol: str) -> Excursion:
        """By the finest bars that tell nearly all of its time, else by those that tell most."""
        days = held.since == day_end(held.since.astimezone(held.zone).date(), held.zone)
        best, most = Excursion(untold="no bars of its time are known"), -1.0
        for timeframe in timeframes(held.since, held.until, days):
            bars = await self._told_bars(symbol, timeframe, held)
            if bars is None or not len(bars):
                continue
            part = covered(held, bars)
            if part > most:
                best, most = excursion(held, bars), part
            if part >= _NEARLY_ALL:
                break
        return best

    async def _told_bars(self, symbol: str, timeframe: Timeframe, held: Held) -> Bars | None:
        asked = GetBars(
            symbol,
            timeframe,
            held.since - timedelta(days=0 if timeframe.intraday else 1),
            held.until,
            limit=_BARS,
            adjusted=Adjustment.raw,
        )
        try:
            bars: Bars = await self._bars(asked, _ENGINE)
        except TioError:
            return None  # a coarser timeframe may be told
        return bars

    async def _around(self, trade: Trade) -> Bars | None:
        """The bars before and in the trade, none after it."""
        until = trade.closed_at or self._clock.now()
        span = (until - trade.opened_at) // timedelta(microseconds=1)
        wanted = next((each for each in _LADDER if span <= each.step * _SHOWN // 2), _LADDER[-1])
        for timeframe in _LADDER[_LADDER.index(wanted) :]:
            before = timedelta(microseconds=timeframe.step * _SHOWN // 2)
            asked = GetBars(trade.symbol, timeframe, trade.opened_at - before, until, limit=_SHOWN)
            try:
                bars: Bars = await self._bars(asked, _ENGINE)
            except TioError:
                continue
            if len(bars):
                return bars
        return None


def _within(trade: Trade, start: Any, end: Any, zone: ZoneInfo) -> bool:
    day = trade.opened_at.astimezone(zone).date()
    return (start is None or day >= start) and (end is None or day <= end)


def _split_within(books: Books, trade: Trade, until: Any) -> bool:
    kinds = (TransactionKind.splits, TransactionKind.spin_off)
    return any(
        entry.kind in kinds and trade.opened_at <= entry.at <= until
        for entry in books.of(trade.symbol)
    )


def _sound(name: str, price: Decimal | None) -> None:
    if price is not None and (not price.is_finite() or price <= 0):
        raise Invalid(f"the {name} must be a price above zero, was {price}", f"change the {name}")
