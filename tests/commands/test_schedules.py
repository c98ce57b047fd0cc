"""`tio analyst schedule` and `reports`: what is asked, how it prints, and mistakes."""

import csv
import io
import json
from pathlib import Path

import pytest
from msgspec.structs import replace
from report_schedules import BRIEF, EVENING, FRIDAY, kept_report, report, schedule
from shell_scene import Tio, shell

from tio.api.analyst import Depth, Workflow
from tio.api.schedules import (
    Assignment,
    DeleteReport,
    DeleteSchedule,
    DueAt,
    GetReport,
    KeptReport,
    ListReports,
    ListSchedules,
    MarkReport,
    ReportTime,
    RunEnd,
    RunSchedule,
    SaveSchedule,
    ScheduleRun,
    Weekday,
    WholeReport,
)

from fakes import FakeEngine

LATE = kept_report(id="r2", note="2 h 05 min late: tio was not running then", bias=-2)
READ = kept_report(id="r1", read=True, bias=None, title="Morning", headline="All is calm.")
FAILED = ScheduleRun(end=RunEnd.failed, at=FRIDAY, due=FRIDAY, reason="no bars are known")


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(
        {
            SaveSchedule: lambda asked: schedule(name=asked.name, what=asked.what, when=asked.when),
            ListSchedules: (
                schedule(),
                schedule(name="late", when=EVENING, last=FAILED, missed=2),
                schedule(name="new", next=None, waits="no hours are known", last=None),
            ),
            DeleteSchedule: schedule(),
            RunSchedule: LATE,
            ListReports: (LATE, READ),
            GetReport: WholeReport(kept=LATE, report=report()),
            MarkReport: replace(LATE, read=True),
            DeleteReport: READ,
        }
    )


@pytest.fixture
def tio(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, engine: FakeEngine
) -> Tio:
    monkeypatch.setenv("TZ", "Europe/Vienna")
    return shell(engine, capfd, monkeypatch)


def test_a_time_of_day_is_of_ones_own_zone_unless_told(tio: Tio, engine: FakeEngine) -> None:
    said = tio("analyst", "schedule", "add", "brief", "AAPL", "--at", "08:30", "--days", "mon-fri")
    assert said.code == 0
    tio("analyst", "schedule", "add", "why", "AAPL", "--at", "08:30", "--zone", "Asia/Tokyo")
    mine, theirs = engine.asked
    assert mine == SaveSchedule(
        "brief AAPL",
        BRIEF,
        ReportTime(time="08:30", zone="Europe/Vienna", days=tuple(Weekday)[:5]),
    )
    assert isinstance(theirs, SaveSchedule)
    assert theirs.when == ReportTime(time="08:30", zone="Asia/Tokyo")
    assert said.err.startswith("brief AAPL: brief AAPL, mon–fri 08:30 Europe/Vienna; next Fri 2026")


def test_a_venues_open_and_close_are_times_too(tio: Tio, engine: FakeEngine) -> None:
    tio("analyst", "schedule", "add", "morning", "my", "list", "--before-open", "NYSE")
    tio(
        *("analyst", "schedule", "add", "portfolio", "main", "--after-close", "XETRA"),
        *("--minutes", "15", "--name", "evening", "--days", "fri,mon", "--depth", "full"),
    )
    assert engine.asked == [
        SaveSchedule(
            "morning my list",
            Assignment(workflow=Workflow.morning, name="my list"),
            ReportTime(by=DueAt.open, venue="NYSE"),
        ),
        SaveSchedule(
            "evening",
            Assignment(workflow=Workflow.portfolio, name="main", depth=Depth.full),
            ReportTime(by=DueAt.close, venue="XETRA", minutes=15, days=(Weekday.mon, Weekday.fri)),
        ),
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("brief", "AAPL"), "a schedule needs one time, was no time"),
        (
            ("brief", "AAPL", "--at", "08:30", "--after-close", "NYSE"),
            "a schedule needs one time, was --at and --after-close",
        ),
        (("song", "AAPL", "--at", "08:30"), "there is no report 'song'"),
        (("brief", "AAPL", "--at", "08:30", "--days", "mon-noday"), "there is no day 'noday'"),
        (("brief", "AAPL", "--at", "08:30", "--depth", "deep"), "there is no depth 'deep'"),
    ],
)
def test_a_mistake_is_said_before_anything_is_asked(
    tio: Tio, engine: FakeEngine, words: tuple[str, ...], said: str
) -> None:
    told = tio("analyst", "schedule", "add", *words)
    assert told.code == 2
    assert said in told.err
    assert engine.asked == []


def test_days_may_go_over_the_end_of_the_week(tio: Tio, engine: FakeEngine) -> None:
    tio("analyst", "schedule", "add", "brief", "AAPL", "--at", "08:30", "--days", "sat-mon")
    (asked,) = engine.asked
    assert isinstance(asked, SaveSchedule)
    assert asked.when.days == (Weekday.mon, Weekday.sat, Weekday.sun)


def test_schedules_tell_what_when_and_how_the_last_ended(tio: Tio) -> None:
    said = tio("analyst", "schedule")
    lines = said.out.splitlines()
    assert lines[0].split() == ["SCHEDULE", "REPORT", "WHEN", "NEXT", "LAST", "RUN"]
    assert "brief AAPL  daily 16:00 UTC" in lines[1]
    assert lines[1].endswith("Fri 2026-11-20 17:00  r1 at Fri 2026-11-20 16:00")
    assert "30 min after NYSE closes" in lines[2]
    assert lines[2].endswith("failed Fri 2026-11-20 16:00: no bars are known")
    assert "new is never due: no hours are known" in said.err
    assert lines[3].endswith("not run yet")
    assert "late was missed 2 times" in said.err
    assert said.out == tio("analyst", "schedule", "list").out
    names = [each["name"] for each in json.loads(tio("analyst", "schedule", "--json").out)]
    assert names == ["daily", "late", "new"]


def test_a_run_now_is_printed_and_written(tio: Tio, engine: FakeEngine, tmp_path: Path) -> None:
    said = tio("analyst", "schedule", "run", "daily")
    assert engine.asked == [RunSchedule("daily"), GetReport("r2")]
    assert "AAPL rises." in said.out
    assert "kept as r2" in said.err
    file = tmp_path / "daily.md"
    tio("analyst", "schedule", "run", "daily", "--markdown", str(file))
    assert file.read_text().startswith("# Brief of AAPL")


def test_what_is_taken_away_is_said(tio: Tio, engine: FakeEngine) -> None:
    said = tio("analyst", "schedule", "remove", "daily")
    assert engine.asked == [DeleteSchedule("daily")]
    assert "its reports stay" in said.err
    assert "taken away for good" in tio("analyst", "reports", "r1", "--delete").err


def test_reports_are_listed_newest_first(tio: Tio, engine: FakeEngine) -> None:
    said = tio("analyst", "reports", "--unread", "--limit", "5")
    assert engine.asked == [ListReports(unread=True, limit=5)]
    lines = said.out.splitlines()
    assert lines[1].split()[:2] == ["r2", "new"]
    assert lines[1].endswith("daily     ▼▼    AAPL rises.")
    assert lines[2].split()[0] == "r1"
    assert "r2 came 2 h 05 min late" in said.err
    rows = list(csv.DictReader(io.StringIO(tio("analyst", "reports", "--csv").out)))
    assert set(rows[0]) == set(KeptReport.__struct_fields__)
    assert json.loads(tio("analyst", "reports", "--json").out)[1]["read"] is True


def test_one_is_read_and_then_is_no_longer_new(tio: Tio, engine: FakeEngine) -> None:
    said = tio("analyst", "reports", "r2")
    assert engine.asked == [GetReport("r2"), MarkReport("r2")]
    assert "AAPL rises." in said.out
    assert "r2 came 2 h 05 min late" in said.err
    assert json.loads(tio("analyst", "reports", "r2", "--json").out)["title"] == "Brief of AAPL"
    assert tio("analyst", "reports", "xx").code == 3
    assert tio("analyst", "reports", "r2", "--markdown", "-").out.startswith("# Brief of AAPL")


def test_without_any_it_is_said_how_one_comes_about(tio: Tio, engine: FakeEngine) -> None:
    engine.answers[ListSchedules] = ()
    engine.answers[ListReports] = ()
    assert "tio analyst schedule add morning main" in tio("analyst", "schedule").err
    assert "no schedule has left a report yet" in tio("analyst", "reports").err
    said = tio("analyst", "reports", "--markdown", "x.md")
    assert (said.code, "which report is not told" in said.err) == (2, True)


@pytest.mark.parametrize("command", ["add", "list", "remove", "run"])
def test_each_shows_an_example(tio: Tio, command: str) -> None:
    assert "Example: tio analyst schedule" in tio("analyst", "schedule", command, "--help").out


def test_hostile_words_of_a_report_steer_no_terminal(tio: Tio, engine: FakeEngine) -> None:
    engine.answers[ListReports] = (
        kept_report(id="r1", schedule="a\x1b[2J", headline="b\x1b]0;x\x07", note="\x1b[1m"),
    )
    said = tio("analyst", "reports")
    assert "\x1b" not in said.out + said.err
