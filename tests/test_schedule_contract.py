"""What every engine promises of schedules and reports, in this process and across the socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from both_engines import DOORS, Afternoon, through
from msgspec.structs import replace

from tio.api.access import Principal
from tio.api.analyst import Workflow
from tio.api.contract import Engine, Request, Role
from tio.api.errors import Conflict, Invalid, NotAllowed, NotFound, TooLarge
from tio.api.ledger import CreatePortfolio
from tio.api.schedules import (
    Assignment,
    DeleteReport,
    DeleteSchedule,
    DueAt,
    GetReport,
    ListReports,
    ListSchedules,
    MarkReport,
    Reports,
    ReportTime,
    RunEnd,
    RunSchedule,
    SaveSchedule,
    Schedules,
)
from tio.api.views import ListViews
from tio.api.watchlists import SaveWatchlist
from tio.config import Config, Demo
from tio.engine.analyst.schedules.desk import MOST
from tio.engine.analyst.schedules.runs import SETTLING
from tio.engine.local import LocalEngine
from tio.paths import Paths

ACME = "SIM:ACME"
BRIEF = Assignment(workflow=Workflow.brief, symbols=(ACME,))
DAILY = ReportTime(time="08:30", zone="Europe/Vienna")
PATIENCE = 60.0


class Later(Afternoon):
    """An afternoon so much later, in which an engine settles at once."""

    def __init__(self, by: timedelta) -> None:
        super().__init__()
        self._off += by

    async def sleep(self, seconds: float) -> None:
        await super().sleep(0.0 if seconds == SETTLING else seconds)


@asynccontextmanager
async def running(later: timedelta = timedelta(0)) -> AsyncIterator[LocalEngine]:
    made = LocalEngine(
        Paths.find().workspace("demo"),
        Config(demo=Demo(symbols=3, rate=50.0, portfolio=False)),
        wall=Later(later),
    )
    await made.start()
    try:
        yield made
    finally:
        await made.close()


@pytest.fixture
async def local() -> AsyncIterator[LocalEngine]:
    async with running() as made:
        yield made


@pytest.fixture(params=DOORS)
async def engine(request: pytest.FixtureRequest, local: LocalEngine) -> AsyncIterator[Engine]:
    async with through(local, request.param) as found:
        yield found


async def test_a_schedule_is_kept_listed_replaced_and_taken_away(engine: Engine) -> None:
    saved = await engine.ask(SaveSchedule(" morning ", BRIEF, DAILY))
    assert saved.name == "morning"
    assert saved.next == datetime.fromisoformat("2026-11-21T07:30:00+00:00")
    assert await engine.ask(ListSchedules()) == (saved,)
    evening = ReportTime(by=DueAt.close, venue="NYSE", minutes=20)
    again = await engine.ask(SaveSchedule("morning", BRIEF, evening))
    assert again.next == datetime.fromisoformat("2026-11-20T21:20:00+00:00")
    assert await engine.ask(ListSchedules()) == (again,)
    assert await engine.ask(DeleteSchedule("morning")) == again
    assert await engine.ask(ListSchedules()) == ()
    with pytest.raises(NotFound, match="there is no schedule 'morning'"):
        await engine.ask(DeleteSchedule("morning"))


async def test_run_now_leaves_a_report_that_can_be_read_marked_and_deleted(
    engine: Engine,
) -> None:
    await engine.ask(SaveSchedule("morning", BRIEF, DAILY))
    kept = await engine.ask(RunSchedule("morning"))
    assert (kept.id, kept.schedule, kept.symbol, kept.read) == ("r1", "morning", ACME, False)
    whole = await engine.ask(GetReport("r1"))
    assert whole.kept == kept
    assert (whole.report.title, whole.report.headline) == (kept.title, kept.headline)
    assert whole.report.sections
    assert await engine.ask(ListReports(unread=True)) == (kept,)
    marked = await engine.ask(MarkReport("r1"))
    assert marked == replace(kept, read=True)
    assert await engine.ask(ListReports(unread=True)) == ()
    assert await engine.ask(ListReports()) == (marked,)
    (told,) = await engine.ask(ListSchedules())
    assert told.last is not None
    assert (told.last.end, told.last.report) == (RunEnd.done, "r1")
    assert await engine.ask(DeleteReport("r1")) == marked
    of_it: tuple[Request[Any], ...] = GetReport("r1"), DeleteReport("r1"), MarkReport("r1")
    for asked in of_it:
        with pytest.raises(NotFound, match="there is no report 'r1'"):
            await engine.ask(asked)


async def test_the_view_of_a_report_by_schedule_is_held_against_the_price(engine: Engine) -> None:
    await engine.ask(SaveSchedule("morning", BRIEF, DAILY))
    kept = await engine.ask(RunSchedule("morning"))
    (view,) = await engine.ask(ListViews())
    assert (view.symbol, view.by, view.bias, view.chat) == (ACME, "rules", kept.bias, "")


async def test_reports_come_newest_first_and_as_many_as_asked(engine: Engine) -> None:
    await engine.ask(SaveSchedule("morning", BRIEF, DAILY))
    for _ in range(3):
        await engine.ask(RunSchedule("morning"))
    found = await engine.ask(ListReports(limit=2))
    assert [each.id for each in found] == ["r3", "r2"]


async def test_each_workflow_runs_by_schedule(engine: Engine) -> None:
    await engine.ask(SaveWatchlist("main", (ACME,)))
    await engine.ask(CreatePortfolio("growth", "USD"))
    wanted = {
        Workflow.why: Assignment(workflow=Workflow.why, symbols=(ACME,)),
        Workflow.morning: Assignment(workflow=Workflow.morning, name="main"),
        Workflow.portfolio: Assignment(workflow=Workflow.portfolio, name="growth"),
        Workflow.journal: Assignment(workflow=Workflow.journal, name="growth"),
    }
    for workflow, what in wanted.items():
        await engine.ask(SaveSchedule(workflow.value, what, DAILY))
        kept = await engine.ask(RunSchedule(workflow.value))
        assert kept.workflow is workflow
        assert kept.about


@pytest.mark.parametrize(
    ("what", "when", "error"),
    [
        (Assignment(workflow=Workflow.morning, name="nowhere"), DAILY, NotFound),
        (Assignment(workflow=Workflow.risk, name="nowhere"), DAILY, NotFound),
        (Assignment(workflow=Workflow.idea, name="i99"), DAILY, NotFound),
        (Assignment(workflow=Workflow.brief, symbols=("NOWHERE",)), DAILY, NotFound),
        (Assignment(workflow=Workflow.brief), DAILY, Invalid),
        (BRIEF, ReportTime(time="24:30"), Invalid),
        (BRIEF, ReportTime(time="08:30", zone="Moon/Base"), Invalid),
        (BRIEF, ReportTime(by=DueAt.open, venue="MOON"), Invalid),
    ],
)
async def test_what_cannot_be_made_is_refused_when_it_is_saved(
    engine: Engine, what: Assignment, when: ReportTime, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await engine.ask(SaveSchedule("morning", what, when))
    assert await engine.ask(ListSchedules()) == ()


async def test_writes_with_a_key_happen_once(engine: Engine) -> None:
    first = await engine.ask(SaveSchedule("morning", BRIEF, DAILY), key="s")
    assert await engine.ask(SaveSchedule("morning", BRIEF, DAILY), key="s") == first
    with pytest.raises(Conflict):
        await engine.ask(SaveSchedule("other", BRIEF, DAILY), key="s")
    ran = await engine.ask(RunSchedule("morning"), key="r")
    assert await engine.ask(RunSchedule("morning"), key="r") == ran
    assert await engine.ask(ListReports()) == (ran,)
    gone = await engine.ask(DeleteSchedule("morning"), key="d")
    assert await engine.ask(DeleteSchedule("morning"), key="d") == gone
    # What was made again meanwhile is not what the key took away.
    await engine.ask(SaveSchedule("morning", BRIEF, DAILY), key="s2")
    await engine.ask(DeleteSchedule("morning"), key="d")
    (_,) = await engine.ask(ListSchedules())


async def test_screens_are_told_of_each_change(engine: Engine) -> None:
    async with (
        asyncio.timeout(PATIENCE),
        engine.watch(Schedules()) as schedules,
        engine.watch(Reports()) as reports,
    ):
        assert (await anext(schedules)).value == ()
        assert (await anext(reports)).value == ()
        await engine.ask(SaveSchedule("morning", BRIEF, DAILY))
        (saved,) = (await anext(schedules)).value
        assert saved.name == "morning"
        kept = await engine.ask(RunSchedule("morning"))
        assert (await anext(reports)).value == (kept,)
        while saved.last is None or saved.running:
            (saved,) = (await anext(schedules)).value
        assert saved.last.report == kept.id
        await engine.ask(MarkReport(kept.id))
        assert (await anext(reports)).value == (replace(kept, read=True),)


async def test_schedules_and_reports_are_their_owners_alone(local: LocalEngine) -> None:
    await local.session().ask(SaveSchedule("morning", BRIEF, DAILY))
    await local.session().ask(RunSchedule("morning"))
    other = local.session(Principal("other"))
    assert await other.ask(ListSchedules()) == ()
    assert await other.ask(ListReports()) == ()
    of_it: tuple[Request[Any], ...] = RunSchedule("morning"), GetReport("r1"), DeleteReport("r1")
    for asked in of_it:
        with pytest.raises(NotFound):
            await other.ask(asked)
    viewer = local.session(Principal("owner", Role.viewer))
    (_,) = await viewer.ask(ListReports())
    with pytest.raises(NotAllowed):
        await viewer.ask(RunSchedule("morning"))


async def test_schedules_are_bounded_in_number(local: LocalEngine) -> None:
    engine = local.session()
    for number in range(MOST):
        await engine.ask(SaveSchedule(f"s{number}", BRIEF, DAILY))
    with pytest.raises(TooLarge, match=f"there are {MOST} schedules already"):
        await engine.ask(SaveSchedule("one more", BRIEF, DAILY))
    await engine.ask(SaveSchedule("s1", BRIEF, ReportTime(time="09:00")))


@pytest.mark.parametrize("door", DOORS)
async def test_what_came_due_while_tio_was_off_is_made_after_the_next_start(door: str) -> None:
    async with running() as first:
        await first.session().ask(SaveSchedule("morning", BRIEF, DAILY))
    late = datetime.fromisoformat("2026-11-22T08:00:00+00:00") - Afternoon().now()
    async with (
        running(late) as second,
        asyncio.timeout(PATIENCE),
        through(second, door) as engine,
        engine.watch(Reports()) as reports,
    ):
        found = (await anext(reports)).value
        while not found:
            found = (await anext(reports)).value
        (kept,) = found
        assert kept.due == datetime.fromisoformat("2026-11-22T07:30:00+00:00")
        assert kept.note.startswith("30 min late: tio was not running then")
        (told,) = await engine.ask(ListSchedules())
        assert told.missed == 1
