"""Jobs tell how far they are, can be cancelled, say how they ended, and outlive their engine."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tio.api.access import OWNER
from tio.api.codec import decode
from tio.api.errors import Busy, Conflict, NotFound
from tio.api.files import StartReplay
from tio.api.system import CancelJob, Job, Jobs, JobState, ListJobs
from tio.engine.bus import Bus
from tio.engine.jobs import ATTEMPTS, INTERRUPTED, KEPT_EVERY, REMEMBERED, JobDesk, Progress, Work
from tio.engine.service import write_key
from tio.engine.session import Session
from tio.engine.store import tio_schema
from tio.engine.store.database import Database, Durability
from tio.engine.store.jobs import JobTable, KeptJob

from fakes import FakeClock, settle


class Desk:
    """A job desk over a file that other desks had before."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        self.clock = clock
        self.bus = Bus(clock)
        self.database = database
        self.jobs = JobDesk(clock, self.bus, database)
        self.session = Session(OWNER, self.jobs.answers(), self.jobs.streams())

    async def listed(self) -> tuple[Job, ...]:
        return await self.session.ask(ListJobs())

    async def kept(self) -> tuple[KeptJob, ...]:
        await self.database.settle()
        return await self.database.read(JobTable.list)


@asynccontextmanager
async def running(
    folder: Path, prepare: Callable[[JobDesk], None] = lambda jobs: None, *, killed: bool = False
) -> AsyncIterator[Desk]:
    """A started desk; `killed`: it leaves without a word, as its process would."""
    database = Database(folder / "tio.db", Durability.full, tio_schema.STEPS)
    await database.open()
    desk = Desk(database, FakeClock())
    prepare(desk.jobs)
    await desk.jobs.start()
    yield desk
    if killed:
        tasks = list(desk.jobs._tasks.values())
        await database.close()
        desk.jobs._ended = lambda number, task: None  # type: ignore[method-assign]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    else:
        await desk.jobs.close()
        await database.close()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with running(tmp_path) as made:
        yield made


async def forever(progress: Progress) -> None:
    progress(0.25, "a quarter")
    await asyncio.Event().wait()


async def test_job_tells_its_progress_and_its_end(desk: Desk) -> None:
    go = asyncio.Event()

    async def work(progress: Progress) -> int:
        progress(0.5, "half")
        await go.wait()
        return 42

    async with desk.session.watch(Jobs()) as items:
        assert (await anext(items)).value == ()
        number, task = await desk.jobs.begin("count", work)
        await settle()
        desk.bus.flush()
        (job,) = (await anext(items)).value
        assert (job.id, job.progress, job.doing) == (number, 0.5, "half")
        go.set()
        assert await task == 42
        await desk.jobs.settled()
        desk.bus.flush()
        (job,) = (await anext(items)).value
        assert (job.state, job.progress) == (JobState.done, 1.0)


async def test_failed_job_says_why(desk: Desk) -> None:
    async def work(_: Progress) -> None:
        raise Conflict("the disk is full")

    _, task = await desk.jobs.begin("write", work)
    with pytest.raises(Conflict):
        await task
    await desk.jobs.settled()
    (job,) = await desk.listed()
    assert (job.state, job.reason) == (JobState.failed, "the disk is full")


async def test_cancelled_job_stops(desk: Desk) -> None:
    number, task = await desk.jobs.begin("wait", forever)
    await settle()
    job = await desk.session.ask(CancelJob(number))
    assert job.state is JobState.cancelled
    assert task.cancelled()
    assert desk.jobs.running == 0


async def test_unknown_job_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        await desk.session.ask(CancelJob("job-9"))


async def test_only_the_latest_ended_jobs_are_remembered_and_kept(desk: Desk) -> None:
    async def nothing(_: Progress) -> None:
        return None

    for _ in range(REMEMBERED + 3):
        _, task = await desk.jobs.begin("nothing", nothing)
        await task
        await desk.jobs.settled()
    found: Any = await desk.listed()
    assert len(found) == REMEMBERED
    assert found[-1].id == f"job-{REMEMBERED + 3}"
    assert [kept.job for kept in await desk.kept()] == list(found)


async def test_a_job_is_kept_before_it_works(desk: Desk) -> None:
    asked = StartReplay("/somewhere/session.txt")
    seen: list[KeptJob] = []

    async def work(_: Progress) -> None:
        seen.extend(await desk.kept())

    _, task = await desk.jobs.begin("replay", work, kind="replay", request=asked, owner="ann")
    await task
    (kept,) = seen
    assert (kept.job.state, kept.owner, kept.kind) == (JobState.running, "ann", "replay")
    assert decode(kept.request.encode(), StartReplay) == asked


async def test_how_jobs_ended_is_still_told_after_a_restart(tmp_path: Path) -> None:
    async def broken(_: Progress) -> None:
        raise Conflict("the disk is full")

    async def fine(_: Progress) -> None:
        return None

    async with running(tmp_path) as desk:
        for title, work in (("one", fine), ("two", broken)):
            _, task = await desk.jobs.begin(title, work)
            await asyncio.gather(task, return_exceptions=True)
        await desk.jobs.settled()
        before = await desk.listed()
    async with running(tmp_path) as desk:
        assert await desk.listed() == before
        assert [job.state for job in before] == [JobState.done, JobState.failed]
        number, _ = await desk.jobs.begin("three", forever)
        assert number == "job-3"


@pytest.mark.parametrize("killed", [True, False])
async def test_a_job_that_ran_when_its_engine_ended_is_told_as_interrupted(
    tmp_path: Path, killed: bool
) -> None:
    async with running(tmp_path, killed=killed) as desk:
        await desk.jobs.begin("long", forever, kind="long")
        await settle()
        ended_at = None if killed else desk.clock.now()
    for _ in range(2):
        async with running(tmp_path) as desk:
            (job,) = await desk.listed()
            assert (job.state, job.reason) == (JobState.interrupted, INTERRUPTED)
            assert job.ended_at == ended_at
            assert desk.jobs.running == 0


async def test_whoever_watches_hears_that_the_engine_ends(tmp_path: Path) -> None:
    async with running(tmp_path) as desk, desk.session.watch(Jobs()) as items:
        await anext(items)
        await desk.jobs.begin("long", forever)
        await settle()
        await desk.jobs.close()
        desk.bus.flush()
        (job,) = (await anext(items)).value
        assert (job.state, job.reason) == (JobState.interrupted, INTERRUPTED)
        with pytest.raises(Busy):
            await desk.jobs.begin("another", forever)


@pytest.mark.parametrize("killed", [True, False])
async def test_a_job_of_a_kind_that_resumes_is_begun_again(tmp_path: Path, killed: bool) -> None:
    asked = StartReplay("/somewhere/session.txt")
    resumed: list[KeptJob] = []
    go = asyncio.Event()

    def resume(kept: KeptJob) -> Work[None]:
        async def rest(progress: Progress) -> None:
            progress(0.9, "the rest")
            await go.wait()

        resumed.append(kept)
        return rest

    async with running(tmp_path, killed=killed) as desk:
        number, _ = await desk.jobs.begin("fill", forever, kind="fill", request=asked, owner="ann")
        await settle()
    async with running(tmp_path, lambda jobs: jobs.resumes("fill", resume)) as desk:
        await settle()
        (job,) = await desk.listed()
        assert (job.id, job.state, job.doing) == (number, JobState.running, "the rest")
        assert job.ended_at is None
        go.set()
        await settle()
        await desk.jobs.settled()
        (job,) = await desk.listed()
        assert job.state is JobState.done
    (kept,) = resumed
    assert (kept.owner, decode(kept.request.encode(), StartReplay)) == ("ann", asked)


async def test_progress_is_kept_now_and_then(tmp_path: Path) -> None:
    say: list[Progress] = []

    async def work(progress: Progress) -> None:
        say.append(progress)
        await asyncio.Event().wait()

    async with running(tmp_path, killed=True) as desk:
        await desk.jobs.begin("fill", work)
        await settle()
        say[0](0.25, "soon")
        await settle()
        assert (await desk.kept())[0].job.progress is None
        await desk.clock.advance(KEPT_EVERY)
        say[0](0.5, "later")
        await settle()
        await desk.kept()
    async with running(tmp_path) as desk:
        (job,) = await desk.listed()
        assert (job.state, job.progress, job.doing) == (JobState.interrupted, 0.5, "later")


async def test_a_job_that_may_be_what_ends_the_engine_is_not_begun_for_ever(
    tmp_path: Path,
) -> None:
    def prepare(jobs: JobDesk) -> None:
        jobs.resumes("fill", lambda kept: forever)

    async with running(tmp_path, prepare, killed=True) as desk:
        await desk.jobs.begin("fill", forever, kind="fill")
    for _ in range(ATTEMPTS - 1):
        async with running(tmp_path, prepare, killed=True) as desk:
            assert desk.jobs.running == 1
    async with running(tmp_path, prepare) as desk:
        (job,) = await desk.listed()
        assert (job.state, job.reason) == (JobState.interrupted, f"{INTERRUPTED}, {ATTEMPTS} times")


async def test_a_job_that_cannot_go_on_says_why(tmp_path: Path) -> None:
    def resume(kept: KeptJob) -> Work[None]:
        raise NotFound("its file is gone")

    async with running(tmp_path, killed=True) as desk:
        await desk.jobs.begin("fill", forever, kind="fill")
    async with running(tmp_path, lambda jobs: jobs.resumes("fill", resume)) as desk:
        (job,) = await desk.listed()
        assert job.state is JobState.interrupted
        assert job.reason == f"{INTERRUPTED} and cannot go on: its file is gone"


async def test_a_job_asked_for_again_with_its_write_key_is_the_first_one(tmp_path: Path) -> None:
    asked, other = StartReplay("a.jsonl"), StartReplay("b.jsonl")

    async def begun(desk: Desk, request: StartReplay = asked) -> Job:
        return await desk.jobs.begin_once(
            "replay", forever, kind="replay", request=request, owner=OWNER.name
        )

    def takes_up(jobs: JobDesk) -> None:
        jobs.resumes("replay", lambda kept: forever)

    token = write_key.set("once-only")
    try:
        async with running(tmp_path, takes_up) as desk:
            first = await begun(desk)
            assert await begun(desk) == first
            assert desk.jobs.running == 1
            with pytest.raises(Conflict, match="already used"):
                await begun(desk, other)
        async with running(tmp_path, takes_up) as desk:
            assert await begun(desk) == first
            assert [job.id for job in await desk.listed()] == [first.id]
    finally:
        write_key.reset(token)


async def test_a_job_whose_ask_was_given_up_before_it_was_kept_leaves_its_key_free(
    desk: Desk,
) -> None:
    token = write_key.set("given-up")
    try:
        asking = asyncio.create_task(
            desk.jobs.begin_once(
                "wait", forever, kind="", request=StartReplay("a.jsonl"), owner=OWNER.name
            )
        )
        await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert await desk.kept() == ()
        again = await desk.jobs.begin_once(
            "wait", forever, kind="", request=StartReplay("b.jsonl"), owner=OWNER.name
        )
    finally:
        write_key.reset(token)
    assert [job.id for job in await desk.listed()] == [again.id]
