"""Reports that schedules left, each owner's apart and bounded in number."""

import sqlite3
import zlib

from msgspec.structs import replace

from tio.api.analyst import Report
from tio.api.codec import decode, encode
from tio.api.errors import NotFound
from tio.api.schedules import KeptReport, WholeReport
from tio.api.series import instant

KEPT = 200
"""Reports kept of one owner; beyond them the oldest that was read goes, else the oldest."""


class ReportTable:
    """The reports of tio.db, over a connection the caller's transaction holds."""

    @staticmethod
    def add(
        connection: sqlite3.Connection, owner: str, kept: KeptReport, report: Report
    ) -> KeptReport:
        """Keep a new report, with an id of its own; one of the same due moment is it."""
        due = None if kept.due is None else instant(kept.due)
        same = connection.execute(
            "SELECT body, read FROM reports WHERE owner = ? AND schedule = ? AND due = ?",
            (owner, kept.schedule, due),
        ).fetchone()
        if same is not None:
            return _kept(*same)
        (newest,) = connection.execute(
            "SELECT coalesce(max(number), 0) FROM reports WHERE owner = ?", (owner,)
        ).fetchone()
        made = replace(kept, id=f"r{newest + 1}")
        connection.execute(
            "INSERT INTO reports (owner, number, schedule, due, read, body, report) "
            "VALUES (?, ?, ?, ?, 0, ?, ?)",
            (
                *(owner, newest + 1, made.schedule, due),
                *(encode(made).decode(), zlib.compress(encode(report), 1)),
            ),
        )
        _bound(connection, owner)
        return made

    @staticmethod
    def list(connection: sqlite3.Connection, owner: str) -> tuple[KeptReport, ...]:
        """An owner's reports, newest first."""
        rows = connection.execute(
            "SELECT body, read FROM reports WHERE owner = ? ORDER BY number DESC", (owner,)
        )
        return tuple(_kept(*row) for row in rows)

    @staticmethod
    def get(connection: sqlite3.Connection, owner: str, id: str) -> WholeReport:
        """One with all it says; NotFound."""
        row = connection.execute(
            "SELECT body, read, report FROM reports WHERE owner = ? AND number = ?",
            (owner, _number(id)),
        ).fetchone()
        if row is None:
            raise _missing(id)
        body, read, report = row
        return WholeReport(kept=_kept(body, read), report=decode(zlib.decompress(report), Report))

    @staticmethod
    def mark(connection: sqlite3.Connection, owner: str, id: str, read: bool) -> KeptReport:
        """Say whether it was read; NotFound."""
        row = connection.execute(
            "UPDATE reports SET read = ? WHERE owner = ? AND number = ? RETURNING body, read",
            (read, owner, _number(id)),
        ).fetchone()
        if row is None:
            raise _missing(id)
        return _kept(*row)

    @staticmethod
    def drop(connection: sqlite3.Connection, owner: str, id: str) -> KeptReport:
        """Take it away; NotFound."""
        row = connection.execute(
            "DELETE FROM reports WHERE owner = ? AND number = ? RETURNING body, read",
            (owner, _number(id)),
        ).fetchone()
        if row is None:
            raise _missing(id)
        return _kept(*row)

    @staticmethod
    def owners(connection: sqlite3.Connection) -> tuple[str, ...]:
        """Who has any."""
        rows = connection.execute("SELECT DISTINCT owner FROM reports")
        return tuple(owner for (owner,) in rows)


def _bound(connection: sqlite3.Connection, owner: str) -> None:
    connection.execute(
        "DELETE FROM reports WHERE owner = ?1 AND number IN ("
        "SELECT number FROM reports WHERE owner = ?1 "
        "AND number < (SELECT max(number) FROM reports WHERE owner = ?1) "
        "ORDER BY read DESC, number LIMIT max(0, "
        "(SELECT count(*) FROM reports WHERE owner = ?1) - ?2))",
        (owner, KEPT),
    )


def _kept(body: str, read: int) -> KeptReport:
    return replace(decode(body, KeptReport), read=bool(read))


def _number(id: str) -> int:
    return int(id[1:])


def _missing(id: str) -> NotFound:
    return NotFound(f"there is no report {id!r}", "`tio analyst reports` lists them")
