"""The schedules and reports of a workspace as they stand, told to those who watch."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from tio.api.contract import Watch
from tio.api.errors import NotFound, TioError
from tio.api.schedules import KeptReport, Schedule
from tio.engine.analyst.schedules.assigning import rules_of_venue
from tio.engine.analyst.schedules.timing import Settled, next_due, steady
from tio.engine.bus import Bus
from tio.engine.store.database import Database
from tio.engine.store.reports import ReportTable
from tio.engine.store.schedules import ScheduleTable, StoredSchedule
from tio.plugin import Clock

T = TypeVar("T")
Key = tuple[str, str]
"""Owner and name."""


class ReportShelf:
    """What is kept in tio.db, as it was last read or written."""

    def __init__(self, database: Database, wall: Clock, bus: Bus) -> None:
        self._database = database
        self._wall = wall
        self._kept: dict[Key, StoredSchedule] = {}
        self._reports: dict[str, tuple[KeptReport, ...]] = {}
        self._running: set[Key] = set()
        self._reading = asyncio.Lock()
        self._schedules_of = bus.latest(self.schedules)
        self._reports_of = bus.latest(self.reports)

    async def load(self) -> None:
        """Read what former lives left."""
        for owner, kept in await self._database.read(ScheduleTable.all):
            self._kept[owner, kept.name] = kept
        for owner in await self._database.read(ReportTable.owners):
            await self.read_reports(owner)

    def each(self) -> Iterator[tuple[Key, StoredSchedule]]:
        yield from sorted(self._kept.items(), key=lambda each: each[0])

    def get(self, key: Key) -> StoredSchedule:
        """The schedule of that name; NotFound."""
        if key not in self._kept:
            raise NotFound(
                f"there is no schedule {key[1]!r}", "`tio analyst schedule list` names them"
            )
        return self._kept[key]

    def __contains__(self, key: Key) -> bool:
        return key in self._kept

    def count(self, owner: str) -> int:
        return sum(of == owner for of, _ in self._kept)

    def told(self, key: Key) -> Schedule:
        """A schedule as its owner sees it."""
        kept, waits, due = self.get(key), "", None
        try:
            settled = steady(Settled(kept.settled, kept.settled_on), self._wall.now())
            due = next_due(kept.when, settled, rules_of_venue(kept.when))
        except TioError as error:
            waits = error.message
        return Schedule(
            name=kept.name,
            what=kept.what,
            when=kept.when,
            next=None if due is None else due.at,
            waits=waits or ("" if due else "no day it is for lies within the next year"),
            running=key in self._running,
            last=kept.last,
            missed=kept.missed,
        )

    def schedules(self, owner: str) -> tuple[Schedule, ...]:
        return tuple(self.told(key) for key, _ in self.each() if key[0] == owner)

    def reports(self, owner: str) -> tuple[KeptReport, ...]:
        return self._reports.get(owner, ())

    def put(self, key: Key, kept: StoredSchedule) -> None:
        """It was written so."""
        self._kept[key] = kept
        self._schedules_of.touch(key[0])

    def drop(self, key: Key) -> None:
        self._kept.pop(key, None)
        self._schedules_of.touch(key[0])

    def is_running(self, key: Key) -> bool:
        return key in self._running

    def runs(self, key: Key, running: bool) -> None:
        (self._running.add if running else self._running.discard)(key)
        self._schedules_of.touch(key[0])

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return await self._database.write(work)

    async def read_reports(self, owner: str) -> None:
        """They were written otherwise."""
        # One reading at a time: two could end in the other order than they began.
        async with self._reading:
            found = await self._database.read(lambda c: ReportTable.list(c, owner))
            self._reports[owner] = found
        self._reports_of.touch(owner)

    def watch_schedules(self, owner: str) -> Watch[tuple[Schedule, ...]]:
        return self._schedules_of.watch([owner], lambda: self.schedules(owner), _newest)

    def watch_reports(self, owner: str) -> Watch[tuple[KeptReport, ...]]:
        return self._reports_of.watch([owner], lambda: self.reports(owner), _newest)


def _newest(values: Sequence[T]) -> T:
    return values[-1]
