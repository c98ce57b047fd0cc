"""Runs of schedules: one at a time, in bounded time, each due moment once whatever restarts."""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from msgspec.structs import replace

from tio.api.analyst import Report
from tio.api.contract import Request
from tio.api.errors import Conflict, SourceUnavailable, TioError
from tio.api.schedules import KeptReport, RunEnd, ScheduleRun
from tio.engine.analyst.schedules.assigning import rules_of_venue, title_of, word_of
from tio.engine.analyst.schedules.shelf import Key, ReportShelf
from tio.engine.analyst.schedules.timing import Due, Passed, Settled, passed, steady
from tio.engine.jobs import JobDesk, Progress
from tio.engine.store.reports import ReportTable
from tio.engine.store.schedules import ScheduleTable, StoredSchedule
from tio.plugin import Clock

log = logging.getLogger(__name__)

SETTLING = 15.0
"""Seconds after a start before what is due is run: sources are to be there."""
EVERY = 30.0
"""Seconds after which the clock is looked at again at the latest: it may have been put."""
LIMIT = 180.0
"""Seconds a report may take."""
ATTEMPTS = 2
"""How often a due run is begun over restarts: it may be what ends the engine."""
MISSED = "tio was not running then, or the machine slept, and it is too late now"
IN_TIME = timedelta(minutes=5)
"""A report that begins later than so after its due moment says so."""

Write = Callable[[str, Request[Report]], Awaitable[Report]]
"""Makes a report as its owner may."""
Given = Callable[[str, Report], Awaitable[object]]
"""Remembers the view of a report its owner was given."""
Kept = Callable[[sqlite3.Connection], KeptReport]


class Cancelled(Conflict):
    """Somebody cancelled the run's job."""


class Runs:
    """What is due of all schedules is run as it comes due."""

    def __init__(
        self, shelf: ReportShelf, wall: Clock, jobs: JobDesk, write: Write, given: Given
    ) -> None:
        self._shelf = shelf
        self._wall = wall
        self._jobs = jobs
        self._write = write
        self._given = given
        self._turn = asyncio.Lock()
        self._going: dict[Key, asyncio.Task[Report]] = {}
        self._task: asyncio.Task[None] | None = None
        self._since: datetime | None = None

    async def start(self) -> None:
        self._since = self._wall.now()
        self._task = asyncio.create_task(self._watch(), name="schedules of reports")

    async def close(self) -> None:
        """A run that is interrupted is begun again by the next start, while it is not too late."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def run_now(self, key: Key, keep: Callable[[Kept], Kept]) -> KeptReport:
        """A run somebody asked for; `keep` makes a write of it that happens once."""
        if self._shelf.is_running(key):
            raise Conflict(f"{key[1]!r} is being run", "wait until it is over")
        async with _Turn(self._shelf, self._turn, key):
            kept = self._shelf.get(key)
            try:
                report = await self._made(key, kept)
            except TioError as error:
                run = self._run(_end(error), reason=error.message)
                await self._change(key, kept, replace(kept, last=run))
                raise
            made = self._entry(key, report)
            work = keep(lambda connection: ReportTable.add(connection, key[0], made, report))
            found = await self._shelf.write(work)
            run = self._run(RunEnd.done, report=found.id)
            await self._change(key, kept, replace(kept, last=run))
            await self._given(key[0], report)
            return found

    async def stop(self, key: Key) -> None:
        """End the run that goes on, if one does."""
        if task := self._going.get(key):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def look(self) -> None:
        """Run what is due, the longest due first, and settle what is too late."""
        now = self._wall.now()
        for key, kept in list(self._shelf.each()):
            settled = steady(_settled(kept), now)
            if settled != _settled(kept):
                log.warning("the clock was put back: schedule %s begins anew", key[1])
                anew = replace(kept, settled=settled.at, settled_on=settled.on, begun=0)
                await self._change(key, kept, anew)
        found = [(key, self._passed(kept, now)) for key, kept in self._shelf.each()]
        due = [(each.newest.at, key) for key, each in found if each is not None]
        for _, key in sorted(due):
            try:
                await self._settle(key)
            except Exception:
                # One that cannot be run keeps none of the others waiting.
                log.exception("schedule %s could not be run", key[1])

    def _passed(self, kept: StoredSchedule, now: datetime) -> Passed | None:
        try:
            return passed(kept.when, _settled(kept), now, rules_of_venue(kept.when))
        except TioError as error:
            log.warning("schedule %s is not run: %s", kept.name, error.message)
            return None

    async def _settle(self, key: Key) -> None:
        """Run a schedule where that is due now, as it stands now: others may have taken long."""
        if key not in self._shelf or self._shelf.is_running(key):
            return  # gone, or asked for just now: then what is due follows
        async with _Turn(self._shelf, self._turn, key):
            if key not in self._shelf:
                return
            kept = self._shelf.get(key)
            found = self._passed(kept, self._wall.now())
            if found is None:
                return
            if found.run is not None:
                await self._run_due(key, kept, found, found.run)
                return
            run = self._run(RunEnd.missed, due=found.newest.at, reason=MISSED)
            log.warning("schedule %s missed %s", key[1], f"{found.newest.at:%Y-%m-%d %H:%M} UTC")
            await self._change(key, kept, _over(kept, found, run))

    async def _run_due(self, key: Key, kept: StoredSchedule, found: Passed, due: Due) -> None:
        if kept.begun >= ATTEMPTS:
            reason = f"tio ended while it ran, {kept.begun} times"
            run = self._run(RunEnd.failed, due=due.at, reason=reason)
            await self._change(key, kept, _over(kept, found, run))
            return
        begun = replace(kept, begun=kept.begun + 1)
        if not await self._change(key, kept, begun):
            return
        note = self._lateness(due)
        try:
            report = await self._made(key, begun)
        except TioError as error:
            log.warning("schedule %s made no report: %s", key[1], error.message)
            run = self._run(_end(error), due=due.at, reason=error.message)
            await self._change(key, begun, _over(begun, found, run))
            return
        made = self._entry(key, report, due=due.at, note=note)
        run = self._run(RunEnd.done, due=due.at)
        if await self._change(key, begun, _over(begun, found, run), (made, report)):
            await self._given(key[0], report)

    async def _change(
        self,
        key: Key,
        was: StoredSchedule,
        now: StoredSchedule,
        left: tuple[KeptReport, Report] | None = None,
    ) -> bool:
        """Keep what became of a schedule and the report it left: both, or neither.

        Neither where it was saved anew or taken away meanwhile; whether they were kept.
        """

        def change(connection: sqlite3.Connection) -> StoredSchedule | None:
            done = now
            if left is not None and now.last is not None:
                if not ScheduleTable.change(connection, key[0], was, was):
                    return None
                made = ReportTable.add(connection, key[0], *left)
                done = replace(now, last=replace(now.last, report=made.id))
            return done if ScheduleTable.change(connection, key[0], was, done) else None

        done = await self._shelf.write(change)
        if done is not None:
            self._shelf.put(key, done)
        if left is not None or now.last is not was.last:
            await self._shelf.read_reports(key[0])
        return done is not None

    def _lateness(self, due: Due) -> str:
        """What is said of a run that begins late."""
        late = self._wall.now() - due.at
        if late < IN_TIME:
            return ""
        off = self._since is None or due.at < self._since
        why = "tio was not running then" if off else "the machine slept, or others went first"
        return f"{_span(late)} late: {why}"

    async def _made(self, key: Key, kept: StoredSchedule) -> Report:
        """The report, written as a job that can be cancelled and takes no longer than `LIMIT`."""

        async def work(progress: Progress) -> Report:
            return await self._write(key[0], word_of(kept.what))

        _, task = await self._jobs.begin(title_of(kept.name, kept.what), work, owner=key[0])
        self._going[key] = task
        timer = asyncio.create_task(self._wall.sleep(LIMIT), name="limit of a report")
        try:
            await asyncio.wait({task, timer}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise SourceUnavailable(f"it took longer than {LIMIT / 60:.0f} minutes")
            if task.cancelled():
                raise Cancelled("its job was cancelled")
            return task.result()
        finally:
            del self._going[key]
            timer.cancel()
            task.cancel()
            await asyncio.gather(task, timer, return_exceptions=True)

    def _run(self, end: RunEnd, **rest: object) -> ScheduleRun:
        return replace(ScheduleRun(end=end, at=self._wall.now()), **rest)

    def _entry(
        self, key: Key, report: Report, due: datetime | None = None, note: str = ""
    ) -> KeptReport:
        return KeptReport(
            id="",
            schedule=key[1],
            made=self._wall.now(),
            due=due,
            note=note,
            workflow=report.workflow,
            title=report.title,
            about=report.about,
            symbol=report.symbol,
            headline=report.headline,
            bias=None if report.view is None else report.view.bias,
            score=report.confidence.score,
        )

    async def _watch(self) -> None:
        await self._wall.sleep(SETTLING)
        while True:
            await self.look()
            await self._wall.sleep(self._pause())

    def _pause(self) -> float:
        """Seconds to the next due moment, or until the clock is looked at again."""
        now, pause = self._wall.now(), EVERY
        for key, _ in self._shelf.each():
            due = self._shelf.told(key).next
            if due is not None and due > now:
                pause = min(pause, (due - now).total_seconds())
        return pause


class _Turn:
    """A schedule that runs, from before it waits for its turn until it is over."""

    def __init__(self, shelf: ReportShelf, turn: asyncio.Lock, key: Key) -> None:
        self._shelf, self._turn, self._key = shelf, turn, key

    async def __aenter__(self) -> None:
        self._shelf.runs(self._key, True)
        try:
            await self._turn.acquire()
        except asyncio.CancelledError:
            self._shelf.runs(self._key, False)
            raise

    async def __aexit__(self, *exc: object) -> None:
        self._turn.release()
        self._shelf.runs(self._key, False)


def _settled(kept: StoredSchedule) -> Settled:
    return Settled(kept.settled, kept.settled_on)


def _over(kept: StoredSchedule, found: Passed, run: ScheduleRun) -> StoredSchedule:
    """The schedule with what came due settled."""
    return replace(
        kept,
        settled=found.newest.at,
        settled_on=found.newest.on,
        begun=0,
        last=run,
        missed=kept.missed + found.missed,
    )


def _end(error: TioError) -> RunEnd:
    return RunEnd.cancelled if isinstance(error, Cancelled) else RunEnd.failed


def _span(late: timedelta) -> str:
    minutes = int(late.total_seconds()) // 60
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02d} min" if hours else f"{rest} min"
