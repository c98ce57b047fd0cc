"""Answers what is asked of schedules and the reports they left, as their owner."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from tio.api.access import Principal
from tio.api.analyst import Report, Workflow
from tio.api.clean import clean
from tio.api.contract import After, Request, Role, Topic, Watch
from tio.api.errors import Invalid, NotFound, TooLarge
from tio.api.ideas import GetIdea
from tio.api.ledger import ListPortfolios
from tio.api.schedules import (
    Assignment,
    DeleteReport,
    DeleteSchedule,
    GetReport,
    KeptReport,
    ListReports,
    ListSchedules,
    MarkReport,
    Reports,
    RunSchedule,
    SaveSchedule,
    Schedule,
    Schedules,
    WholeReport,
)
from tio.api.watchlists import ListWatchlists
from tio.engine.analyst.chats.memory import ViewMemory
from tio.engine.analyst.schedules.assigning import check_assignment, check_time, rules_of_venue
from tio.engine.analyst.schedules.runs import Runs
from tio.engine.analyst.schedules.shelf import ReportShelf
from tio.engine.analyst.schedules.timing import Settled, next_due
from tio.engine.bus import Bus
from tio.engine.jobs import JobDesk
from tio.engine.market.service import MarketService
from tio.engine.service import Answer, Stream
from tio.engine.session import Session
from tio.engine.store.database import Database
from tio.engine.store.reports import ReportTable
from tio.engine.store.schedules import ScheduleTable, StoredSchedule
from tio.engine.written import keyed, written, written_before
from tio.plugin import Clock

MOST = 50
"""Schedules of one owner."""


class ScheduleDesk:
    """Schedules and reports. `words` are the engine's answers, filled as its services start."""

    def __init__(
        self,
        database: Database,
        wall: Clock,
        bus: Bus,
        jobs: JobDesk,
        market: MarketService,
        words: Mapping[type[Request[Any]], Answer],
        views: ViewMemory,
    ) -> None:
        self._database = database
        self._wall = wall
        self._market = market
        self._words = words
        self._views = views
        self._shelf = ReportShelf(database, wall, bus)
        self.runs = Runs(self._shelf, wall, jobs, self._write, self._given)

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {
            SaveSchedule: self._save,
            ListSchedules: self._list,
            DeleteSchedule: self._delete,
            RunSchedule: self._run,
            ListReports: self._reports,
            GetReport: self._report,
            MarkReport: self._mark,
            DeleteReport: self._drop,
        }

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {Schedules: self._watch_schedules, Reports: self._watch_reports}

    async def start(self) -> None:
        await self._shelf.load()
        await self.runs.start()

    async def close(self) -> None:
        await self.runs.close()

    async def _write(self, owner: str, word: Request[Report]) -> Report:
        """A report as its owner may read: nothing is written with it."""
        return await Session(Principal(owner, Role.viewer), self._words, {}).ask(word)

    async def _given(self, owner: str, report: Report) -> None:
        await self._views.reported(owner, report, report.made_by)

    async def _save(self, asked: SaveSchedule, by: Principal) -> Schedule:
        name = clean(asked.name).strip()
        if not name:
            raise Invalid("a schedule needs a name", "give one of 1 to 60 characters")
        check_assignment(asked.what)
        check_time(asked.when)
        what = await self._known(asked.what, by)
        settled = Settled(self._wall.now())
        if next_due(asked.when, settled, rules_of_venue(asked.when)) is None:
            raise Invalid(
                f"{name!r} would never be due: no day it is for lies within the next year",
                "choose other days",
            )
        if (by.name, name) not in self._shelf and self._shelf.count(by.name) >= MOST:
            raise TooLarge(f"there are {MOST} schedules already", "delete one first")
        kept = StoredSchedule(name=name, what=what, when=asked.when, settled=settled.at)

        def save(connection: sqlite3.Connection) -> Schedule:
            ScheduleTable.put(connection, by.name, kept)
            return Schedule(name=name, what=what, when=asked.when)

        before = await written_before(self._database, asked, by, Schedule)
        if before is None:
            await self.runs.stop((by.name, name))
            await written(self._database, self._wall, asked, by, save, Schedule)
            self._shelf.put((by.name, name), kept)
        elif (by.name, name) not in self._shelf:
            return before
        return self._shelf.told((by.name, name))

    async def _known(self, what: Assignment, by: Principal) -> Assignment:
        """The same with symbols as they are known; NotFound where nothing has the name."""
        engine = Session(by, self._words, {})
        match what.workflow:
            case Workflow.morning:
                names = [each.name for each in await engine.ask(ListWatchlists())]
                if what.name not in names:
                    raise NotFound(f"there is no watchlist {what.name!r}", _those(names))
            case Workflow.portfolio | Workflow.risk | Workflow.journal:
                names = [each.name for each in await engine.ask(ListPortfolios())]
                if what.name not in names:
                    raise NotFound(f"there is no portfolio {what.name!r}", _those(names))
            case Workflow.idea:
                await engine.ask(GetIdea(what.name))
        return replace(what, symbols=tuple(map(self._market.symbol, what.symbols)))

    async def _list(self, _: ListSchedules, by: Principal) -> tuple[Schedule, ...]:
        return self._shelf.schedules(by.name)

    async def _delete(self, asked: DeleteSchedule, by: Principal) -> Schedule:
        key = by.name, asked.name
        before = await written_before(self._database, asked, by, Schedule)
        if before is not None:
            return before
        told = self._shelf.told(key)

        def delete(connection: sqlite3.Connection) -> Schedule:
            ScheduleTable.drop(connection, *key)
            return told

        await self.runs.stop(key)
        gone = await written(self._database, self._wall, asked, by, delete, Schedule)
        self._shelf.drop(key)
        return gone

    async def _run(self, asked: RunSchedule, by: Principal) -> KeptReport:
        before = await written_before(self._database, asked, by, KeptReport)
        if before is not None:
            return before
        self._shelf.get((by.name, asked.name))

        def keep(work: Any) -> Any:
            return keyed(self._wall, asked, by, work, KeptReport)

        return await self.runs.run_now((by.name, asked.name), keep)

    async def _reports(self, asked: ListReports, by: Principal) -> tuple[KeptReport, ...]:
        found = self._shelf.reports(by.name)
        return tuple(each for each in found if not (asked.unread and each.read))[: asked.limit]

    async def _report(self, asked: GetReport, by: Principal) -> WholeReport:
        return await self._database.read(lambda c: ReportTable.get(c, by.name, asked.id))

    async def _mark(self, asked: MarkReport, by: Principal) -> KeptReport:
        def mark(connection: sqlite3.Connection) -> KeptReport:
            return ReportTable.mark(connection, by.name, asked.id, asked.read)

        marked = await written(self._database, self._wall, asked, by, mark, KeptReport)
        await self._shelf.read_reports(by.name)
        return marked

    async def _drop(self, asked: DeleteReport, by: Principal) -> KeptReport:
        def drop(connection: sqlite3.Connection) -> KeptReport:
            return ReportTable.drop(connection, by.name, asked.id)

        dropped = await written(self._database, self._wall, asked, by, drop, KeptReport)
        await self._shelf.read_reports(by.name)
        return dropped

    def _watch_schedules(
        self, _: Schedules, by: Principal, __: After | None
    ) -> Watch[tuple[Schedule, ...]]:
        return self._shelf.watch_schedules(by.name)

    def _watch_reports(
        self, _: Reports, by: Principal, __: After | None
    ) -> Watch[tuple[KeptReport, ...]]:
        return self._shelf.watch_reports(by.name)


def _those(names: list[str]) -> str:
    return f"there is {', '.join(names[:8])}" if names else "make one first"
