import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from tio.api.system import Job, JobState
from tio.engine.store.jobs import JobTable, KeptJob
from tio.engine.store.migrations import migrate
from tio.engine.store.tio_schema import STEPS

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        migrate(made, STEPS)
        yield made


def kept(number: int, state: JobState = JobState.done) -> KeptJob:
    ended = None if state is JobState.running else NOW + timedelta(seconds=number)
    job = Job(id=f"job-{number}", title="fill", state=state, started_at=NOW, ended_at=ended)
    return KeptJob(job, "ann", "fill", '{"symbol":"BTC-USD"}', 2)


def test_jobs_come_back_as_they_were_in_the_order_of_their_numbers(
    connection: sqlite3.Connection,
) -> None:
    written = [kept(number) for number in (11, 2, 9)]
    for each in written:
        JobTable.save(connection, each)
    assert JobTable.list(connection) == tuple(written[i] for i in (1, 2, 0))
    JobTable.forget(connection, "job-9")
    assert [each.job.id for each in JobTable.list(connection)] == ["job-2", "job-11"]


def test_progress_of_a_job_that_ended_meanwhile_changes_nothing(
    connection: sqlite3.Connection,
) -> None:
    running, ended = kept(1, JobState.running), kept(2)
    for each in (running, ended):
        JobTable.save(connection, each)
        JobTable.move(connection, replace(each.job, progress=0.5, doing="half"))
    first, second = JobTable.list(connection)
    assert (first.job.progress, first.job.doing) == (0.5, "half")
    assert second == ended


def test_the_oldest_ended_jobs_are_forgotten_and_none_that_runs(
    connection: sqlite3.Connection,
) -> None:
    JobTable.save(connection, kept(1, JobState.running))
    for number in range(2, 13):
        JobTable.save(connection, kept(number))
    JobTable.prune(connection, 3)
    assert [each.job.id for each in JobTable.list(connection)] == [
        "job-1",
        "job-10",
        "job-11",
        "job-12",
    ]


def test_jobs_of_the_first_schema_are_kept() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        migrate(made, STEPS[:1])
        made.execute(
            "INSERT INTO jobs VALUES ('ann', 'job-1', 'fill', 'running', 0.5, '', 0, NULL, '')"
        )
        migrate(made, STEPS)
        (found,) = JobTable.list(made)
    assert (found.owner, found.kind, found.request, found.attempts) == ("ann", "", "", 1)
    assert found.job.progress == 0.5
