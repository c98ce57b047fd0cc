"""Long work: named, with progress, cancellable, off the event loop when it computes.

A job is kept in tio.db before its work begins. When the engine ends while it runs, the next start
begins it again where its kind says how (`resumes`), and else says that it was interrupted.
"""

import asyncio
import itertools
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from msgspec.structs import replace as changed

from tio.api import codec
from tio.api.access import OWNER, Principal
from tio.api.contract import After, Request, Topic, Watch
from tio.api.errors import Busy, NotFound, TioError
from tio.api.system import CancelJob, Job, Jobs, JobState, ListJobs
from tio.engine.bus import Bus
from tio.engine.service import Answer, Stream, write_key
from tio.engine.store.database import Database
from tio.engine.store.jobs import JobTable, KeptJob, number_of
from tio.engine.store.write_keys import forget, once
from tio.plugin import Clock

log = logging.getLogger(__name__)

R = TypeVar("R")
REMEMBERED = 50
"""Ended jobs kept for the list."""
ATTEMPTS = 3
"""How often a job is begun before it stays interrupted: it may be what ends the engine."""
KEPT_EVERY = 5.0
"""Seconds between two writings of a job's progress."""
INTERRUPTED = "tio ended while it ran"


class Progress:
    """What a running job says of itself; may be called from any thread."""

    def __init__(self, tell: Callable[[float | None, str], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._tell = tell

    def __call__(self, done: float | None, doing: str = "") -> None:
        self._loop.call_soon_threadsafe(self._tell, done, doing)


Work = Callable[[Progress], Awaitable[R]]
Resume = Callable[[KeptJob], Work[Any]]
"""How a job of one kind goes on, from what is kept of it; a TioError says why it cannot."""


class JobDesk:
    """Starts jobs, keeps their state, answers the job words."""

    def __init__(self, clock: Clock, bus: Bus, database: Database) -> None:
        self._clock = clock
        self._database = database
        self._kept: dict[str, KeptJob] = {}
        self._kept_at: dict[str, float] = {}
        self._tasks: dict[str, asyncio.Task[Any]] = {}
        self._endings: set[asyncio.Task[None]] = set()
        self._numbers = itertools.count(1)
        self._hooks: dict[str, Resume] = {}
        self._leaving = False
        self._channel = bus.latest(self._job)

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {ListJobs: self._list, CancelJob: self._cancel}

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {Jobs: self._watch}

    def resumes(self, kind: str, resume: Resume) -> None:
        """Say, before `start`, how unfinished jobs of this kind are begun again."""
        self._hooks[kind] = resume

    async def start(self) -> None:
        """Take up what the last engine left: begun again, or shown as interrupted."""
        kept = await self._database.read(JobTable.list)
        self._numbers = itertools.count(1 + max((number_of(k.job.id) for k in kept), default=0))
        for each in kept:
            if each.job.state is JobState.running:
                await self._take_up(each)
            else:
                self._put(each)

    async def close(self) -> None:
        """Interrupt what runs; the next start takes it up."""
        self._leaving = True
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        await self.settled()

    async def settled(self) -> None:
        """Wait until every end is kept and told."""
        while self._endings:
            await asyncio.gather(*self._endings)

    def job(self, number: str) -> Job:
        """A job that was begun; NotFound."""
        if number not in self._kept:
            raise NotFound(f"there is no job {number!r}", "`tio call ListJobs` names them")
        return self._kept[number].job

    @property
    def running(self) -> int:
        return len(self._tasks)

    async def begin(
        self,
        title: str,
        work: Work[R],
        *,
        kind: str = "",
        request: Request[Any] | None = None,
        owner: str = OWNER.name,
    ) -> tuple[str, "asyncio.Task[R]"]:
        """Run `work` as a job, once it is kept; its id, and the task with the work's result."""
        kept = self._fresh(title, kind, request, owner)
        number = kept.job.id
        try:
            await self._save(kept)
        except asyncio.CancelledError:
            self._database.post(lambda c: JobTable.forget(c, number))
            raise
        return number, self._begun(kept, work)

    async def begin_once(
        self,
        title: str,
        work: Work[Any],
        *,
        kind: str,
        request: Request[Any],
        owner: str,
    ) -> Job:
        """Run `work` as a job and tell it; a repeat with the same write key is told the first."""
        kept = self._fresh(title, kind, request, owner)
        key, told = write_key.get(), codec.encode(kept.job)

        def save(connection: sqlite3.Connection) -> Job:
            JobTable.save(connection, kept)
            JobTable.prune(connection, REMEMBERED)
            return kept.job

        def save_once(connection: sqlite3.Connection) -> Job:
            return once(
                connection,
                owner,
                key,
                type(request).__name__,
                codec.encode(request),
                save,
                encode=codec.encode,
                decode=lambda body: codec.decode(body, Job),
                now=self._clock.now(),
            )

        def take_back(connection: sqlite3.Connection) -> None:
            JobTable.forget(connection, kept.job.id)
            forget(connection, owner, key, told)

        try:
            first = await self._database.write(save_once)
        except asyncio.CancelledError:
            self._database.post(take_back)
            raise
        if first.id == kept.job.id:
            self._begun(kept, work)
        return first

    def _fresh(self, title: str, kind: str, request: Request[Any] | None, owner: str) -> KeptJob:
        number = f"job-{next(self._numbers)}"
        job = Job(id=number, title=title, state=JobState.running, started_at=self._clock.now())
        asked = "" if request is None else codec.encode(request).decode()
        return KeptJob(job, owner, kind, asked)

    def _begun(self, kept: KeptJob, work: Work[R]) -> "asyncio.Task[R]":
        if self._leaving:
            raise Busy(
                f"tio is ending, {kept.job.title} begins no more", "ask again when it has started"
            )
        return self._run(kept, work)

    def _run(self, kept: KeptJob, work: Work[R]) -> "asyncio.Task[R]":
        number = kept.job.id
        self._put(kept)
        self._kept_at[number] = self._clock.monotonic()
        progress = Progress(lambda done, doing: self._moved(number, done, doing))
        task = asyncio.create_task(_working(work, progress), name=number)
        self._tasks[number] = task
        task.add_done_callback(lambda ended: self._ended(number, ended))
        return task

    async def _take_up(self, kept: KeptJob) -> None:
        reason, work = INTERRUPTED, None
        if kept.attempts >= ATTEMPTS:
            reason = f"{INTERRUPTED}, {kept.attempts} times"
        elif resume := self._hooks.get(kept.kind):
            try:
                work = resume(kept)
            except TioError as error:
                reason = f"{INTERRUPTED} and cannot go on: {error.message}"
        if work is None:
            job = changed(kept.job, state=JobState.interrupted, reason=reason)
            kept = replace(kept, job=job)
            await self._save(kept)
            self._put(kept)
            log.warning("%s was interrupted: %s", job.title, reason)
            return
        job = changed(kept.job, doing="begun again", ended_at=None)
        kept = replace(kept, job=job, attempts=kept.attempts + 1)
        await self._save(kept)
        log.info("%s is begun again", job.title)
        self._run(kept, work)

    async def _save(self, kept: KeptJob) -> None:
        def save(connection: Any) -> None:
            JobTable.save(connection, kept)
            JobTable.prune(connection, REMEMBERED)

        await self._database.write(save)

    def _put(self, kept: KeptJob) -> None:
        self._kept[kept.job.id] = kept
        ended = [k.job.id for k in self._kept.values() if k.job.state is not JobState.running]
        for old in ended[:-REMEMBERED]:
            del self._kept[old]
        self._channel.touch(kept.job.id)

    def _moved(self, number: str, done: float | None, doing: str) -> None:
        kept = self._kept.get(number)
        if kept is None or number not in self._tasks:
            return
        job = changed(kept.job, progress=done, doing=doing or kept.job.doing)
        self._put(replace(kept, job=job))
        now = self._clock.monotonic()
        if now - self._kept_at[number] >= KEPT_EVERY:
            self._kept_at[number] = now
            self._database.post(lambda c: JobTable.move(c, job))

    def _ended(self, number: str, task: "asyncio.Task[Any]") -> None:
        kept, job = self._kept[number], self._kept[number].job
        state, reason = JobState.done, ""
        if task.cancelled():
            state = JobState.interrupted if self._leaving else JobState.cancelled
            reason = INTERRUPTED if self._leaving else ""
        elif error := task.exception():
            state = JobState.failed
            reason = error.message if isinstance(error, TioError) else repr(error)
        progress = 1.0 if state is JobState.done else job.progress
        job = changed(
            job, state=state, reason=reason, progress=progress, ended_at=self._clock.now()
        )
        ending = asyncio.create_task(self._end(replace(kept, job=job)), name=f"{number} ends")
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)

    async def _end(self, kept: KeptJob) -> None:
        # In the file it goes on as `running`: the next start decides what becomes of it.
        unfinished = kept.job.state is JobState.interrupted
        job = changed(kept.job, state=JobState.running, reason="") if unfinished else kept.job
        try:
            await self._save(replace(kept, job=job))
        except TioError as error:
            log.error("how %s ended was not kept: %s", job.title, error.message)
        del self._tasks[job.id], self._kept_at[job.id]
        self._put(kept)

    def _job(self, number: str) -> Job | None:
        kept = self._kept.get(number)
        return None if kept is None else kept.job

    def _all(self) -> tuple[Job, ...]:
        return tuple(kept.job for kept in self._kept.values())

    async def _list(self, _: ListJobs, __: Principal) -> tuple[Job, ...]:
        return self._all()

    async def _cancel(self, request: CancelJob, _: Principal) -> Job:
        if request.id not in self._kept:
            raise NotFound(f"there is no job {request.id!r}", "`tio call ListJobs` names them")
        if task := self._tasks.get(request.id):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await self.settled()
        return self._kept[request.id].job

    def _watch(self, _: Jobs, __: Principal, ___: After | None) -> Watch[tuple[Job, ...]]:
        def gather(jobs: Sequence[Job]) -> tuple[Job, ...]:
            return tuple(jobs)

        return self._channel.watch(None, self._all, gather)


async def _working(work: Work[R], progress: Progress) -> R:
    return await work(progress)
