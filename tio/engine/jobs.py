"""Long work: named, with progress, cancellable, off the event loop when it computes."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from msgspec.structs import replace

from tio.api.access import Principal
from tio.api.contract import After, Request, Topic, Watch
from tio.api.errors import NotFound, TioError
from tio.api.system import CancelJob, Job, Jobs, JobState, ListJobs
from tio.engine.bus import Bus
from tio.engine.service import Answer, Stream
from tio.plugin import Clock

R = TypeVar("R")
REMEMBERED = 50
"""Ended jobs kept for the list."""


class Progress:
    """What a running job says of itself; may be called from any thread."""

    def __init__(self, tell: Callable[[float | None, str], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._tell = tell

    def __call__(self, done: float | None, doing: str = "") -> None:
        self._loop.call_soon_threadsafe(self._tell, done, doing)


Work = Callable[[Progress], Awaitable[R]]


class JobDesk:
    """Starts jobs, keeps their state, answers the job words."""

    def __init__(self, clock: Clock, bus: Bus) -> None:
        self._clock = clock
        self._jobs: dict[str, Job] = {}
        self._tasks: dict[str, asyncio.Task[Any]] = {}
        self._numbers = itertools.count(1)
        self._channel = bus.latest(self._jobs.get)

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {ListJobs: self._list, CancelJob: self._cancel}

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {Jobs: self._watch}

    async def start(self) -> None:
        """Nothing runs until somebody starts a job."""

    async def close(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    @property
    def running(self) -> int:
        return len(self._tasks)

    def begin(self, title: str, work: Work[R]) -> tuple[str, "asyncio.Task[R]"]:
        """Run `work` as a job; its id, and the task whose result is the work's."""
        number = f"job-{next(self._numbers)}"
        job = Job(id=number, title=title, state=JobState.running, started_at=self._clock.now())
        self._put(job)
        progress = Progress(lambda done, doing: self._moved(number, done, doing))
        task = asyncio.ensure_future(work(progress))
        self._tasks[number] = task
        task.add_done_callback(lambda ended: self._ended(number, ended))
        return number, task

    def _put(self, job: Job) -> None:
        self._jobs[job.id] = job
        ended = [kept.id for kept in self._jobs.values() if kept.state is not JobState.running]
        for old in ended[:-REMEMBERED]:
            del self._jobs[old]
        self._channel.touch(job.id)

    def _moved(self, number: str, done: float | None, doing: str) -> None:
        job = self._jobs.get(number)
        if job is not None and job.state is JobState.running:
            self._put(replace(job, progress=done, doing=doing or job.doing))

    def _ended(self, number: str, task: "asyncio.Task[Any]") -> None:
        del self._tasks[number]
        state, reason = JobState.done, ""
        if task.cancelled():
            state = JobState.cancelled
        elif error := task.exception():
            state = JobState.failed
            reason = error.message if isinstance(error, TioError) else repr(error)
        job = self._jobs[number]
        progress = 1.0 if state is JobState.done else job.progress
        ended_at = self._clock.now()
        self._put(replace(job, state=state, reason=reason, progress=progress, ended_at=ended_at))

    def _all(self) -> tuple[Job, ...]:
        return tuple(self._jobs.values())

    async def _list(self, _: ListJobs, __: Principal) -> tuple[Job, ...]:
        return self._all()

    async def _cancel(self, request: CancelJob, _: Principal) -> Job:
        job = self._jobs.get(request.id)
        if job is None:
            raise NotFound(f"there is no job {request.id!r}", "`tio call ListJobs` names them")
        if task := self._tasks.get(request.id):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        return self._jobs[request.id]

    def _watch(self, _: Jobs, __: Principal, ___: After | None) -> Watch[tuple[Job, ...]]:
        def gather(jobs: Sequence[Job]) -> tuple[Job, ...]:
            return tuple(jobs)

        return self._channel.watch(None, self._all, gather)
