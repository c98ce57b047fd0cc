"""Runs on the clock: each due moment once, late or missed, one at a time, in bounded time."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from report_schedules import (
    BRIEF,
    DAILY,
    EVENING,
    FRIDAY,
    Bench,
    PutClock,
    Writer,
    bench,
    report,
)

from tio.api.access import Principal
from tio.api.analyst import Brief
from tio.api.contract import Role
from tio.api.errors import Conflict, SourceUnavailable
from tio.api.schedules import (
    Assignment,
    DeleteSchedule,
    GetReport,
    ListSchedules,
    ReportTime,
    RunEnd,
    RunSchedule,
    ScheduleRun,
)
from tio.api.system import CancelJob, JobState, ListJobs
from tio.engine.analyst.schedules.runs import EVERY, LIMIT, MISSED, SETTLING

from fakes import settle


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(tmp_path) as made:
        yield made


async def test_what_is_due_is_made_once_and_kept(desk: Bench) -> None:
    saved = await desk.save()
    assert saved.next == FRIDAY.replace(hour=16)
    await desk.at(2026, 11, 20, 15, 59, 59)
    assert desk.writer.asked == []
    for _ in range(3):
        await desk.at(2026, 11, 20, 16, 0, 5)
    assert desk.writer.asked == [Brief("AAPL")]
    (kept,) = await desk.reports()
    assert (kept.id, kept.schedule, kept.note, kept.read) == ("r1", "daily", "", False)
    assert (kept.due, kept.made) == (FRIDAY.replace(hour=16), desk.clock.now())
    assert (kept.headline, kept.bias, kept.score) == ("AAPL rises.", 1, 0.6)
    assert (await desk.session.ask(GetReport("r1"))).report == report()
    told = await desk.listed()
    assert told.last == ScheduleRun(end=RunEnd.done, at=desk.clock.now(), due=kept.due, report="r1")
    assert (told.next, told.missed) == (FRIDAY.replace(day=21, hour=16), 0)


async def test_a_report_is_made_as_its_owner_who_may_only_read(desk: Bench) -> None:
    await desk.save()
    await desk.at(2026, 11, 20, 16)
    assert desk.writer.by == [Principal("owner", Role.viewer)]


async def test_the_view_of_a_report_is_remembered_once_it_is_kept(desk: Bench) -> None:
    await desk.save()
    await desk.at(2026, 11, 20, 16)
    await desk.session.ask(RunSchedule("daily"))
    assert desk.views == [("owner", "AAPL"), ("owner", "AAPL")]
    desk.writer.fault = SourceUnavailable("no bars of AAPL are known")
    await desk.at(2026, 11, 21, 16)
    assert len(desk.views) == 2


async def test_nothing_is_run_before_the_engine_has_settled_and_then_on_time(desk: Bench) -> None:
    await desk.save()
    desk.clock.put(FRIDAY.replace(hour=16) - timedelta(seconds=SETTLING + 40))
    await desk.clock.advance(SETTLING - 1)
    assert desk.writer.asked == []
    await desk.clock.advance(1)
    await desk.clock.advance(EVERY)
    assert desk.writer.asked == []
    await desk.clock.advance(10)
    await desk.writer.until(1)
    assert desk.clock.now() == FRIDAY.replace(hour=16)


async def test_what_was_missed_while_tio_was_off_is_run_once_and_said_to_be_late(
    tmp_path: Path,
) -> None:
    clock, writer = PutClock(), Writer()
    async with bench(tmp_path, clock, writer) as first:
        await first.save()
    clock.put(FRIDAY.replace(day=23, hour=18, minute=5))
    async with bench(tmp_path, clock, writer) as second:
        await second.desk.runs.look()
        await second.desk.runs.look()
        (kept,) = await second.reports()
        assert kept.note == "2 h 05 min late: tio was not running then"
        assert kept.due == FRIDAY.replace(day=23, hour=16)
        told = await second.listed()
        # Friday's, Saturday's and Sunday's.
        assert told.missed == 3
        assert told.next == FRIDAY.replace(day=24, hour=16)
    async with bench(tmp_path, clock, writer) as third:
        await third.desk.runs.look()
        assert len(writer.asked) == 1


async def test_what_is_too_late_is_missed_and_says_so(desk: Bench) -> None:
    await desk.save(when=EVENING)
    await desk.at(2026, 11, 21, 4, 0)
    assert desk.writer.asked == []
    told = await desk.listed()
    assert told.last == ScheduleRun(
        end=RunEnd.missed,
        at=desk.clock.now(),
        due=FRIDAY.replace(hour=21, minute=30),
        reason=MISSED,
    )
    assert told.missed == 1
    assert told.next == FRIDAY.replace(day=23, hour=21, minute=30)


async def test_a_machine_that_slept_is_late_too(desk: Bench) -> None:
    await desk.save()
    await desk.at(2026, 11, 20, 16, 40)
    (kept,) = await desk.reports()
    assert kept.note == "40 min late: the machine slept, or others went first"


async def test_a_clock_put_back_runs_nothing_twice(desk: Bench) -> None:
    await desk.save()
    await desk.at(2026, 11, 20, 16, 1)
    await desk.at(2026, 11, 20, 15, 30)
    await desk.at(2026, 11, 20, 16, 2)
    assert len(desk.writer.asked) == 1


async def test_a_clock_that_was_wrong_by_years_stops_no_schedule_for_years(desk: Bench) -> None:
    await desk.save()
    await desk.at(2030, 1, 1, 16, 0)
    assert len(desk.writer.asked) == 1
    await desk.at(2026, 11, 20, 16, 1)
    assert len(desk.writer.asked) == 1
    await desk.at(2026, 11, 21, 16, 1)
    assert len(desk.writer.asked) == 2


async def test_a_run_that_failed_says_why_and_the_next_is_tried(desk: Bench) -> None:
    await desk.save()
    desk.writer.fault = SourceUnavailable("no bars of AAPL are known")
    await desk.at(2026, 11, 20, 16)
    told = await desk.listed()
    assert told.last is not None
    assert (told.last.end, told.last.reason) == (RunEnd.failed, "no bars of AAPL are known")
    assert await desk.reports() == ()
    desk.writer.fault = None
    await desk.at(2026, 11, 20, 16, 30)
    assert len(desk.writer.asked) == 1
    await desk.at(2026, 11, 21, 16)
    assert len(await desk.reports()) == 1


async def test_a_fault_of_ours_is_one_sentence_and_keeps_no_other_waiting(desk: Bench) -> None:
    await desk.save("a")
    await desk.save("b", what=Assignment(workflow=BRIEF.workflow, symbols=("MSFT",)))
    desk.writer.fault = ZeroDivisionError()
    await desk.at(2026, 11, 20, 16)
    for name in ("a", "b"):
        last = (await desk.listed(name)).last
        assert last is not None
        assert last.reason == "Brief failed inside the engine: ZeroDivisionError"


async def test_a_run_takes_no_longer_than_its_limit(desk: Bench) -> None:
    await desk.save()
    desk.writer.held = asyncio.Event()
    desk.clock.put(FRIDAY.replace(hour=16))
    looking = asyncio.create_task(desk.desk.runs.look())
    await desk.writer.until(1)
    await desk.clock.advance(LIMIT - 1)
    assert (await desk.listed()).running
    await desk.clock.advance(1)
    await looking
    told = await desk.listed()
    assert told.last is not None
    assert (told.last.end, told.last.reason) == (RunEnd.failed, "it took longer than 3 minutes")
    assert (told.running, desk.writer.busy) == (False, 0)


async def test_a_run_is_a_job_that_can_be_cancelled(desk: Bench) -> None:
    await desk.save()
    desk.writer.held = asyncio.Event()
    desk.clock.put(FRIDAY.replace(hour=16))
    looking = asyncio.create_task(desk.desk.runs.look())
    await desk.writer.until(1)
    (job,) = await desk.session.ask(ListJobs())
    assert (job.title, job.state) == ("Report daily: brief AAPL", JobState.running)
    await desk.session.ask(CancelJob(job.id))
    await looking
    told = await desk.listed()
    assert told.last is not None
    assert told.last.end is RunEnd.cancelled
    await desk.desk.runs.look()
    assert len(desk.writer.asked) == 1


async def test_runs_go_one_after_another_the_longest_due_first(desk: Bench) -> None:
    await desk.save("later", ReportTime(time="15:30"))
    for symbol, name in (("MSFT", "first"), ("NVDA", "second")):
        what = Assignment(workflow=BRIEF.workflow, symbols=(symbol,))
        await desk.save(name, ReportTime(time="15:10"), what)
    desk.clock.put(FRIDAY.replace(hour=16))
    asking = asyncio.create_task(desk.session.ask(RunSchedule("later")))
    await settle()
    await asyncio.gather(asking, desk.desk.runs.look())
    await desk.desk.runs.look()
    assert desk.writer.crowd == 1
    made = [(each.schedule, each.due is None) for each in await desk.reports()][::-1]
    assert made == [("later", True), ("first", False), ("second", False), ("later", False)]


async def test_an_engine_that_ends_meanwhile_begins_again_but_not_for_ever(
    tmp_path: Path,
) -> None:
    clock, writer = PutClock(), Writer()
    writer.held = asyncio.Event()
    async with bench(tmp_path, clock, writer) as desk:
        await desk.save()
        clock.put(FRIDAY.replace(hour=16))
    for count in (1, 2):
        async with bench(tmp_path, clock, writer) as desk:
            await clock.advance(SETTLING)
            await desk.writer.until(count)
    async with bench(tmp_path, clock, writer) as desk:
        assert await desk.reports() == ()
        await desk.desk.runs.look()
        last = (await desk.listed()).last
        assert last is not None
        assert (last.end, last.reason) == (RunEnd.failed, "tio ended while it ran, 2 times")
    assert len(writer.asked) == 2


async def test_one_interrupted_run_is_made_after_the_next_start(tmp_path: Path) -> None:
    clock, writer = PutClock(), Writer()
    writer.held = asyncio.Event()
    async with bench(tmp_path, clock, writer) as desk:
        await desk.save()
        clock.put(FRIDAY.replace(hour=16))
        await clock.advance(SETTLING)
        await desk.writer.until(1)
    writer.held = None
    async with bench(tmp_path, clock, writer) as desk:
        await desk.desk.runs.look()
        (kept,) = await desk.reports()
        assert kept.due == FRIDAY.replace(hour=16)


@pytest.mark.parametrize("how", ["deleted", "saved anew"])
async def test_a_schedule_that_goes_or_changes_while_it_runs_leaves_no_report(
    desk: Bench, how: str
) -> None:
    await desk.save()
    desk.writer.held = asyncio.Event()
    desk.clock.put(FRIDAY.replace(hour=16))
    looking = asyncio.create_task(desk.desk.runs.look())
    await desk.writer.until(1)
    if how == "deleted":
        await desk.session.ask(DeleteSchedule("daily"))
    else:
        await desk.save(when=EVENING)
    await looking
    assert await desk.reports() == ()
    if how == "saved anew":
        told = await desk.listed()
        assert (told.when, told.missed) == (EVENING, 0)
        assert told.next == FRIDAY.replace(hour=21, minute=30)
    else:
        assert await desk.session.ask(ListSchedules()) == ()


async def test_one_taken_away_while_it_waits_for_its_turn_is_not_run(
    desk: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    await desk.save("first")
    await desk.save("second", ReportTime(time="16:01"))
    desk.writer.held = asyncio.Event()
    desk.clock.put(FRIDAY.replace(hour=15, minute=30))
    asking = asyncio.create_task(desk.session.ask(RunSchedule("first")))
    await desk.writer.until(1)
    desk.clock.put(FRIDAY.replace(hour=16, minute=5))
    looking = asyncio.create_task(desk.desk.runs.look())
    await settle()
    assert (await desk.listed("second")).running
    await desk.session.ask(DeleteSchedule("second"))
    desk.writer.held.set()
    await asyncio.gather(asking, looking)
    assert [each.schedule for each in await desk.reports()] == ["first"]
    assert not [each for each in caplog.records if each.levelname == "ERROR"]


async def test_run_now_leaves_the_due_moments_as_they_are(desk: Bench) -> None:
    await desk.save()
    made = await desk.session.ask(RunSchedule("daily"))
    assert (made.id, made.due) == ("r1", None)
    told = await desk.listed()
    assert told.next == FRIDAY.replace(hour=16)
    assert told.last is not None
    assert told.last.report == "r1"
    await desk.at(2026, 11, 20, 16)
    assert [each.id for each in await desk.reports()] == ["r2", "r1"]


async def test_a_repeat_of_run_now_is_the_first_report(desk: Bench) -> None:
    await desk.save()
    first = await desk.session.ask(RunSchedule("daily"), key="once")
    assert await desk.session.ask(RunSchedule("daily"), key="once") == first
    assert len(desk.writer.asked) == 1


async def test_a_schedule_that_is_being_run_is_not_run_beside_itself(desk: Bench) -> None:
    await desk.save()
    desk.writer.held = asyncio.Event()
    first = asyncio.create_task(desk.session.ask(RunSchedule("daily")))
    await desk.writer.until(1)
    with pytest.raises(Conflict, match="'daily' is being run"):
        await desk.session.ask(RunSchedule("daily"))
    desk.writer.held.set()
    assert (await first).id == "r1"


async def test_run_now_that_fails_tells_the_reason_to_both(desk: Bench) -> None:
    await desk.save(when=DAILY)
    desk.writer.fault = SourceUnavailable("no bars of AAPL are known")
    with pytest.raises(SourceUnavailable, match="no bars of AAPL"):
        await desk.session.ask(RunSchedule("daily"))
    last = (await desk.listed()).last
    assert last is not None
    assert (last.end, last.due) == (RunEnd.failed, None)
