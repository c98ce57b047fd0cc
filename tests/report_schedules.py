"""Schedules of reports of the tests: a venue, reports without an engine, a desk on a fake clock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from tio.api.access import OWNER, Principal
from tio.api.analyst import Brief, Report, View, Workflow
from tio.api.contract import Request
from tio.api.grounding import Confidence, Level
from tio.api.ledger import ListPortfolios
from tio.api.schedules import (
    Assignment,
    DueAt,
    KeptReport,
    ListReports,
    ListSchedules,
    ReportTime,
    RunEnd,
    SaveSchedule,
    Schedule,
    ScheduleRun,
)
from tio.api.watchlists import ListWatchlists, Watchlist
from tio.engine.analyst.chats.memory import ViewMemory
from tio.engine.analyst.schedules.desk import ScheduleDesk
from tio.engine.bus import Bus
from tio.engine.jobs import JobDesk
from tio.engine.market.service import MarketService
from tio.engine.session import Session
from tio.engine.store import tio_schema
from tio.engine.store.database import Database, Durability

from fakes import FakeClock


def utc(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0
) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


FRIDAY = utc(2026, 11, 20, 15)
BRIEF = Assignment(workflow=Workflow.brief, symbols=("AAPL",))
DAILY = ReportTime(time="16:00")
"""At four in Greenwich: an hour after a fake clock begins."""
EVENING = ReportTime(by=DueAt.close, venue="NYSE")


def report(symbol: str = "AAPL", **rest: Any) -> Report:
    told: dict[str, Any] = {
        "workflow": Workflow.brief,
        "title": f"Brief of {symbol}",
        "about": symbol,
        "symbol": symbol,
        "as_of": FRIDAY,
        "made_by": "rules",
        "headline": f"{symbol} rises.",
        "view": View(bias=1, score=0.4),
        "confidence": Confidence(score=0.6, level=Level.medium, reason="much is known"),
    }
    return Report(**told | rest)


def kept_report(**rest: Any) -> KeptReport:
    """A report as lists show it, not yet kept."""
    told: dict[str, Any] = {
        "id": "",
        "schedule": "daily",
        "made": FRIDAY,
        "workflow": Workflow.brief,
        "title": "Brief of AAPL",
        "about": "AAPL",
        "symbol": "AAPL",
        "headline": "AAPL rises.",
        "bias": 1,
        "score": 0.6,
    }
    return KeptReport(**told | rest)


def schedule(**rest: Any) -> Schedule:
    told: dict[str, Any] = {
        "name": "daily",
        "what": BRIEF,
        "when": DAILY,
        "next": FRIDAY.replace(hour=16),
        "last": ScheduleRun(end=RunEnd.done, at=FRIDAY, report="r1"),
    }
    return Schedule(**told | rest)


class PutClock(FakeClock):
    """A clock that can be put to another moment without anybody waking."""

    def put(self, now: datetime) -> None:
        self._start += now - self.now()


class Writer:
    """Answers briefs; what it does is set by hand."""

    def __init__(self) -> None:
        self.asked: list[Request[Any]] = []
        self.by: list[Principal] = []
        self.fault: Exception | None = None
        self.held: asyncio.Event | None = None
        self.busy = 0
        self.crowd = 0
        """Most reports that were ever made at once."""
        self._changed = asyncio.Condition()

    async def until(self, count: int) -> None:
        """Until so many reports were asked for."""
        async with asyncio.timeout(20), self._changed:
            await self._changed.wait_for(lambda: len(self.asked) >= count)

    async def brief(self, word: Brief, by: Principal) -> Report:
        self.asked.append(word)
        self.by.append(by)
        async with self._changed:
            self._changed.notify_all()
        self.busy += 1
        self.crowd = max(self.crowd, self.busy)
        try:
            await asyncio.sleep(0)
            if self.held is not None:
                await self.held.wait()
            if self.fault is not None:
                raise self.fault
        finally:
            self.busy -= 1
        return report(word.symbol)


class Bench:
    """A desk over a file that other desks had before, with a clock of its own."""

    def __init__(self, database: Database, clock: PutClock, writer: Writer) -> None:
        self.clock, self.database, self.writer = clock, database, writer
        self.bus = Bus(clock)
        self.jobs = JobDesk(clock, self.bus, database)
        market = cast(MarketService, SimpleNamespace(symbol=lambda text: text.upper()))
        words: dict[Any, Any] = {
            Brief: writer.brief,
            ListWatchlists: self._lists,
            ListPortfolios: self._portfolios,
        }
        self.views: list[tuple[str, str]] = []
        """Owner and symbol of each view that is to be remembered."""
        views = cast(ViewMemory, SimpleNamespace(reported=self._reported))
        self.desk = ScheduleDesk(database, clock, self.bus, self.jobs, market, words, views)
        self.answers = {**self.jobs.answers(), **self.desk.answers()}
        self.session = self.of("owner")

    def of(self, owner: str) -> Session:
        who = Principal(owner, OWNER.role)
        return Session(who, self.answers, {**self.jobs.streams(), **self.desk.streams()})

    async def save(
        self, name: str = "daily", when: ReportTime = DAILY, what: Assignment = BRIEF
    ) -> Schedule:
        return await self.session.ask(SaveSchedule(name, what, when))

    async def listed(self, name: str = "daily") -> Schedule:
        found = await self.session.ask(ListSchedules())
        return next(each for each in found if each.name == name)

    async def reports(self) -> tuple[KeptReport, ...]:
        return await self.session.ask(ListReports())

    async def at(self, *when: int) -> None:
        """Put the clock to a moment, as when the machine slept till then, and look what is due."""
        self.clock.put(utc(*when))
        await self.desk.runs.look()

    async def _reported(self, owner: str, report: Report, by: str) -> None:
        self.views.append((owner, report.symbol))

    async def _lists(self, _: ListWatchlists, by: Principal) -> tuple[Watchlist, ...]:
        return (Watchlist("main", ("AAPL",)),)

    async def _portfolios(self, _: ListPortfolios, by: Principal) -> tuple[object, ...]:
        return (SimpleNamespace(name="growth"),)


@asynccontextmanager
async def bench(
    folder: Path, clock: PutClock | None = None, writer: Writer | None = None
) -> AsyncIterator[Bench]:
    """A started desk that has settled."""
    database = Database(folder / "tio.db", Durability.full, tio_schema.STEPS)
    await database.open()
    made = Bench(database, clock or PutClock(), writer or Writer())
    await made.jobs.start()
    await made.desk.start()
    try:
        yield made
    finally:
        await made.desk.close()
        await made.jobs.close()
        await database.close()
