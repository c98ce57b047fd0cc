"""Reports on disk: numbered by owner, once a due moment, bounded in number."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from report_schedules import FRIDAY, kept_report, report

from tio.api.errors import NotFound
from tio.engine.store import reports
from tio.engine.store.migrations import migrate
from tio.engine.store.reports import ReportTable
from tio.engine.store.tio_schema import STEPS


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        migrate(made, STEPS)
        yield made


def ids(connection: sqlite3.Connection, owner: str = "owner") -> list[str]:
    return [each.id for each in ReportTable.list(connection, owner)]


def test_each_owners_reports_are_numbered_and_seen_apart(connection: sqlite3.Connection) -> None:
    for symbol in ("AAPL", "MSFT"):
        ReportTable.add(connection, "owner", kept_report(about=symbol), report(symbol))
    theirs = ReportTable.add(connection, "other", kept_report(), report())
    assert theirs.id == "r1"
    assert ids(connection) == ["r2", "r1"]
    whole = ReportTable.get(connection, "owner", "r2")
    assert (whole.kept.about, whole.report) == ("MSFT", report("MSFT"))
    assert set(ReportTable.owners(connection)) == {"owner", "other"}
    for gone in (ReportTable.get, ReportTable.drop):
        with pytest.raises(NotFound, match="there is no report 'r2'"):
            gone(connection, "other", "r2")
    with pytest.raises(NotFound):
        ReportTable.mark(connection, "other", "r2", True)


def test_a_due_moment_leaves_one_report_and_asking_leaves_one_each_time(
    connection: sqlite3.Connection,
) -> None:
    due = kept_report(due=FRIDAY)
    first = ReportTable.add(connection, "owner", due, report())
    assert ReportTable.add(connection, "owner", due, report("MSFT")) == first
    for other in ({"due": FRIDAY + timedelta(days=1)}, {"schedule": "b", "due": FRIDAY}, {}, {}):
        ReportTable.add(connection, "owner", kept_report(**other), report())
    assert len(ids(connection)) == 5


def test_what_was_read_stays_so_and_goes_when_told(connection: sqlite3.Connection) -> None:
    ReportTable.add(connection, "owner", kept_report(), report())
    assert ReportTable.mark(connection, "owner", "r1", True).read
    assert ReportTable.list(connection, "owner")[0].read
    assert ReportTable.get(connection, "owner", "r1").kept.read
    assert not ReportTable.mark(connection, "owner", "r1", False).read
    assert ReportTable.drop(connection, "owner", "r1").id == "r1"
    assert ids(connection) == []


def test_beyond_the_bound_the_oldest_that_was_read_goes_first(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "KEPT", 3)
    for _ in range(3):
        ReportTable.add(connection, "owner", kept_report(), report())
    ReportTable.mark(connection, "owner", "r2", True)
    ReportTable.add(connection, "owner", kept_report(), report())
    assert ids(connection) == ["r4", "r3", "r1"]
    ReportTable.add(connection, "owner", kept_report(), report())
    assert ids(connection) == ["r5", "r4", "r3"]
    for id in ("r3", "r4", "r5"):
        ReportTable.mark(connection, "owner", id, True)
    # The new one stays though it is the only one not read.
    ReportTable.add(connection, "owner", kept_report(), report())
    assert ids(connection) == ["r6", "r5", "r4"]
