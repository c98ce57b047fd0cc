"""Schedules of reports, each owner's apart."""

import sqlite3
from datetime import date, datetime

import msgspec

from tio.api.codec import decode, encode
from tio.api.errors import NotFound
from tio.api.schedules import Assignment, ReportTime, ScheduleRun


class StoredSchedule(msgspec.Struct, frozen=True, kw_only=True):
    """A schedule as it is kept. What is due up to `settled`, and on `settled_on`, is over.

    `begun` counts how often the run of the due moment after it was begun.
    """

    name: str
    what: Assignment
    when: ReportTime
    settled: datetime
    settled_on: date | None = None
    begun: int = 0
    last: ScheduleRun | None = None
    missed: int = 0


class ScheduleTable:
    """The schedules of tio.db, over a connection the caller's transaction holds."""

    @staticmethod
    def all(connection: sqlite3.Connection) -> list[tuple[str, StoredSchedule]]:
        """Every owner's, by owner and name."""
        rows = connection.execute("SELECT owner, body FROM schedules ORDER BY owner, name")
        return [(owner, decode(body, StoredSchedule)) for owner, body in rows]

    @staticmethod
    def put(connection: sqlite3.Connection, owner: str, schedule: StoredSchedule) -> None:
        """Keep it in place of the one of that name."""
        connection.execute(
            "INSERT INTO schedules (owner, name, body) VALUES (?, ?, ?) "
            "ON CONFLICT (owner, name) DO UPDATE SET body = excluded.body",
            (owner, schedule.name, encode(schedule).decode()),
        )

    @staticmethod
    def change(
        connection: sqlite3.Connection, owner: str, was: StoredSchedule, now: StoredSchedule
    ) -> bool:
        """Keep what became of it, unless it was saved anew or taken away meanwhile."""
        row = connection.execute(
            "SELECT body FROM schedules WHERE owner = ? AND name = ?", (owner, was.name)
        ).fetchone()
        same = row is not None and decode(row[0], StoredSchedule) == was
        if same:
            ScheduleTable.put(connection, owner, now)
        return same

    @staticmethod
    def drop(connection: sqlite3.Connection, owner: str, name: str) -> None:
        """Take it away; NotFound."""
        gone = connection.execute(
            "DELETE FROM schedules WHERE owner = ? AND name = ?", (owner, name)
        )
        if not gone.rowcount:
            raise NotFound(
                f"there is no schedule {name!r}", "`tio analyst schedule list` names them"
            )
