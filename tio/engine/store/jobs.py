"""The jobs of tio.db: what was begun, how far it came, how it ended."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from tio.api.series import instant, moment
from tio.api.system import Job, JobState

_COLUMNS = (
    "owner, id, kind, request, attempts, title, state, progress, doing, "
    "started_at, ended_at, reason"
)


@dataclass(frozen=True)
class KeptJob:
    """A job as it is kept: whose it is, its kind, what was asked (JSON) and how often begun."""

    job: Job
    owner: str
    kind: str = ""
    request: str = ""
    attempts: int = 1


class JobTable:
    """Jobs by number, over a connection the caller's transaction holds."""

    @staticmethod
    def list(connection: sqlite3.Connection) -> tuple[KeptJob, ...]:
        """Every job that is kept, in the order they were begun."""
        rows = connection.execute(f"SELECT {_COLUMNS} FROM jobs")
        return tuple(sorted(map(_kept, rows), key=lambda kept: number_of(kept.job.id)))

    @staticmethod
    def save(connection: sqlite3.Connection, kept: KeptJob) -> None:
        """Keep it, in place of what was known of it."""
        job = kept.job
        connection.execute(
            f"INSERT OR REPLACE INTO jobs ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                kept.owner,
                job.id,
                kept.kind,
                kept.request,
                kept.attempts,
                job.title,
                job.state,
                job.progress,
                job.doing,
                instant(job.started_at),
                None if job.ended_at is None else instant(job.ended_at),
                job.reason,
            ),
        )

    @staticmethod
    def move(connection: sqlite3.Connection, job: Job) -> None:
        """Keep how far it is; of a job that ended in the meantime nothing changes."""
        connection.execute(
            "UPDATE jobs SET progress = ?, doing = ? WHERE id = ? AND state = ?",
            (job.progress, job.doing, job.id, JobState.running),
        )

    @staticmethod
    def forget(connection: sqlite3.Connection, id: str) -> None:
        """Keep it no longer."""
        connection.execute("DELETE FROM jobs WHERE id = ?", (id,))

    @staticmethod
    def prune(connection: sqlite3.Connection, ended: int) -> None:
        """Forget the oldest of those that ended, so that so many of them are left."""
        connection.execute(
            "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE state != ? "
            "ORDER BY CAST(substr(id, 5) AS INTEGER) DESC LIMIT -1 OFFSET ?)",
            (JobState.running, ended),
        )


def number_of(id: str) -> int:
    """7 of "job-7"."""
    return int(id.removeprefix("job-"))


def _kept(row: tuple[Any, ...]) -> KeptJob:
    owner, id, kind, request, attempts, title, state, progress, doing, began, ended, reason = row
    job = Job(
        id=id,
        title=title,
        state=JobState(state),
        progress=progress,
        doing=doing,
        started_at=moment(began),
        ended_at=None if ended is None else moment(ended),
        reason=reason,
    )
    return KeptJob(job, owner, kind, request, attempts)
