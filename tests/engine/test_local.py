"""An engine that ends, killed or not, leaves what the next one at the same place tells of."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tio.api.contract import Engine
from tio.api.files import StartReplay
from tio.api.system import CancelJob, Job, JobState, ListJobs
from tio.config import Config
from tio.engine.jobs import INTERRUPTED
from tio.engine.local import LocalEngine
from tio.paths import Paths
from tio.wire.client import RemoteEngine
from tio.wire.server import Server
from tio.wire.socket_door import Door

PATIENCE = 30.0


def recording(folder: Path) -> Path:
    """Two frames a thousand seconds apart: at speed 1 it plays until somebody ends it."""
    path = folder / "session.txt"
    path.write_text(
        "wss://ws.kraken.com <-> 1618677816.84\n"
        '1618677817.0: {"event":"heartbeat"}\n'
        '1618678817.0: {"event":"heartbeat"}\n'
    )
    return path


@asynccontextmanager
async def engine(kind: str = "local") -> AsyncIterator[Engine]:
    """The engine of the workspace `replay`, here or across its socket."""
    place = Paths.find().workspace("replay")
    local = LocalEngine(place, Config())
    await local.start()
    try:
        if kind == "local":
            yield local.session()
        else:
            server = Server(local, Door.open(place.socket))
            await server.start()
            remote = await RemoteEngine.open(place.socket)
            yield remote
            await remote.close()
            await server.close()
    finally:
        await local.close()


async def the_job(engine: Engine) -> Job:
    (job,) = await engine.ask(ListJobs())
    return job


@pytest.mark.parametrize("kind", ["local", "remote"])
async def test_a_replay_that_played_when_the_engine_closed_is_told_as_interrupted(
    tmp_path: Path, kind: str
) -> None:
    async with engine(kind) as first:
        begun = await first.ask(StartReplay(str(recording(tmp_path)), speed=1))
        assert (await the_job(first)).state is JobState.running
    async with engine(kind) as second:
        job = await the_job(second)
        assert (job.id, job.title) == (begun.job, "replay session.txt")
        assert (job.state, job.reason) == (JobState.interrupted, INTERRUPTED)
        assert await second.ask(CancelJob(job.id)) == job


async def test_a_replay_somebody_ended_stays_cancelled(tmp_path: Path) -> None:
    async with engine() as first:
        begun = await first.ask(StartReplay(str(recording(tmp_path)), speed=1))
        await first.ask(CancelJob(begun.job))
    async with engine() as second:
        assert (await the_job(second)).state is JobState.cancelled


async def play(path: str) -> None:
    """Play `path` and say so, until killed."""
    async with engine() as here:
        begun = await here.ask(StartReplay(path, speed=1))
        print(begun.job, flush=True)
        await asyncio.Event().wait()


def killed_while_it_plays(path: str) -> str:
    """The job an engine told of before it was killed."""
    with subprocess.Popen(
        [sys.executable, __file__, path], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        told = child.stdout.readline().strip()
        child.send_signal(signal.SIGKILL)
        child.wait(PATIENCE)
    return told


async def test_a_killed_engine_has_lost_no_job_it_told_of(tmp_path: Path) -> None:
    path = str(recording(tmp_path))
    told = [await asyncio.to_thread(killed_while_it_plays, path) for _ in range(3)]
    async with engine() as after:
        jobs = await after.ask(ListJobs())
    assert [job.id for job in jobs] == told == ["job-1", "job-2", "job-3"]
    assert {(job.state, job.reason) for job in jobs} == {(JobState.interrupted, INTERRUPTED)}


if __name__ == "__main__":
    asyncio.run(play(sys.argv[1]))
