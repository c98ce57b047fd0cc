"""Jobs tell how far they are, can be cancelled, and say how they ended."""

import asyncio
from typing import Any

import pytest

from tio.api.access import OWNER
from tio.api.errors import Conflict, NotFound
from tio.api.system import CancelJob, Jobs, JobState, ListJobs
from tio.engine.bus import Bus
from tio.engine.jobs import REMEMBERED, JobDesk, Progress
from tio.engine.session import Session

from fakes import FakeClock, settle


def desk() -> tuple[JobDesk, Session, Bus]:
    clock = FakeClock()
    bus = Bus(clock)
    jobs = JobDesk(clock, bus)
    return jobs, Session(OWNER, jobs.answers(), jobs.streams()), bus


async def test_job_tells_its_progress_and_its_end() -> None:
    jobs, session, bus = desk()
    go = asyncio.Event()

    async def work(progress: Progress) -> int:
        progress(0.5, "half")
        await go.wait()
        return 42

    async with session.watch(Jobs()) as items:
        assert (await anext(items)).value == ()
        number, task = jobs.begin("count", work)
        await settle()
        bus.flush()
        (job,) = (await anext(items)).value
        assert (job.id, job.progress, job.doing) == (number, 0.5, "half")
        go.set()
        assert await task == 42
        await settle()
        bus.flush()
        (job,) = (await anext(items)).value
        assert (job.state, job.progress) == (JobState.done, 1.0)


async def test_failed_job_says_why() -> None:
    jobs, session, _ = desk()

    async def work(_: Progress) -> None:
        raise Conflict("the disk is full")

    _, task = jobs.begin("write", work)
    with pytest.raises(Conflict):
        await task
    await settle()
    (job,) = await session.ask(ListJobs())
    assert (job.state, job.reason) == (JobState.failed, "the disk is full")


async def test_cancelled_job_stops() -> None:
    jobs, session, _ = desk()
    number, task = jobs.begin("wait", lambda _: asyncio.sleep(3_600))
    await settle()
    job = await session.ask(CancelJob(number))
    assert job.state is JobState.cancelled
    assert task.cancelled()
    assert jobs.running == 0


async def test_unknown_job_is_not_found() -> None:
    _, session, _ = desk()
    with pytest.raises(NotFound):
        await session.ask(CancelJob("job-9"))


async def test_only_the_latest_ended_jobs_are_remembered() -> None:
    jobs, session, _ = desk()

    async def nothing(_: Progress) -> None:
        return None

    for _ in range(REMEMBERED + 10):
        _, task = jobs.begin("nothing", nothing)
        await task
        await settle(3)
    found: Any = await session.ask(ListJobs())
    assert len(found) == REMEMBERED
    assert found[-1].id == f"job-{REMEMBERED + 10}"
