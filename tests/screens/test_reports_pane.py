"""The analyst on the Desk: what is new, what failed, what opens from there, why it is empty."""

from datetime import UTC, timedelta

import pytest
from desk_reports import KEPT, SCHEDULES, app_on, engine
from msgspec.structs import replace
from report_schedules import FRIDAY, kept_report
from textual.pilot import Pilot
from waiting import at_rest, seen, until

from tio.api.analyst import Brief, Workflow
from tio.api.errors import NotFound, SourceUnavailable, UnknownWord
from tio.api.schedules import DeleteReport, GetReport, MarkReport, Reports, Schedules
from tio.screens.kept_report import KeptReportPane, asked_of
from tio.screens.widgets.report_rows import Looks, rows_of
from tio.screens.widgets.reports_pane import ReportsPane
from tio.screens.widgets.watchlist import WatchlistPane

SIZES = [(60, 20), (80, 24), (120, 40), (200, 60)]


def pane(pilot: Pilot[None]) -> ReportsPane:
    return pilot.app.screen.query_one(ReportsPane)


async def shown(pilot: Pilot[None], told: str = " new ") -> str:
    await until(pilot, lambda: told in seen(pilot))
    return await at_rest(pilot)


async def stand(pilot: Pilot[None]) -> None:
    """In the pane, on its first row."""
    await shown(pilot)
    await pilot.press("tab")
    await until(pilot, lambda: pane(pilot).has_focus)


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_new_is_seen_at_every_size(size: tuple[int, int]) -> None:
    async with app_on(engine()).run_test(size=size) as pilot:
        text = await shown(pilot)
        assert "analyst · 2 new" in text
        assert "14:30" in text
        assert "AAPL leans up" in text
        assert all(len(line) <= size[0] for line in text.splitlines())
        tall = size[1] >= 30
        assert ("96% verified" in text) is tall
        assert ("morning main failed" in text) is tall


async def test_low_screens_leave_the_room_to_the_list_when_nothing_is_new() -> None:
    read = tuple(replace(each, read=True) for each in KEPT)
    fake = engine(read)
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: pilot.app.screen.query(ReportsPane))
        await until(pilot, lambda: not pane(pilot).display)
        await at_rest(pilot)
        await pilot.press("tab")
        await until(pilot, lambda: not pilot.app.screen.query_one(WatchlistPane).has_focus)
        fake.push(Reports, (kept_report(id="r9", made=FRIDAY), *read))
        await pilot.press("tab")
        assert "analyst · 1 new" in await shown(pilot)


@pytest.mark.parametrize("size", [(120, 40), (200, 60)])
async def test_without_any_it_is_said_how_one_comes_about(size: tuple[int, int]) -> None:
    async with app_on(engine(empty=True)).run_test(size=size) as pilot:
        text = await shown(pilot, "`tio analyst schedule`")
        assert "8 asks the analyst" in text


async def test_with_a_schedule_it_is_said_when_the_first_is_due() -> None:
    fake = engine(empty=True)
    fake.topics[Schedules] = SCHEDULES[:1]
    async with app_on(fake).run_test(size=(200, 60)) as pilot:
        text = await shown(pilot, "No report yet: AAPL daily is due Sat 2026-11-21 11:00.")
        assert "next Sat 11:00 AAPL daily" in text
        fake.push(Schedules, (replace(SCHEDULES[0], running=True),))
        await shown(pilot, "AAPL daily is being made")


async def test_an_engine_without_schedules_is_no_trouble_for_the_desk() -> None:
    fake = engine(empty=True)
    fake.topics[Reports] = UnknownWord("this engine has no topic Reports")
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot, "This engine has no topic Reports")


async def test_enter_opens_a_report_as_it_was_made_and_it_is_read_then() -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await stand(pilot)
        await pilot.press("enter")
        text = await shown(pilot, "Line 3 of it.")
        assert "brief · AAPL · 30 min old" in text
        assert "daily came 2 h 05 min late: tio was not running then." in text
        await until(pilot, lambda: MarkReport("r4") in fake.asked)
        await pilot.press("escape")
        assert "analyst · 1 new" in await shown(pilot)


async def test_asking_again_makes_it_anew() -> None:
    fake = engine()
    fake.answers[Brief] = NotFound("AAPL is not known any more")
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await stand(pilot)
        await pilot.press("enter")
        await shown(pilot, "Line 3 of it.")
        await pilot.press("r")
        await shown(pilot, "AAPL is not known any more")
        assert any(isinstance(each, Brief) for each in fake.asked)
        assert sum(isinstance(each, GetReport) for each in fake.asked) == 1


async def test_a_report_that_cannot_be_had_says_why() -> None:
    fake = engine()
    fake.answers[GetReport] = SourceUnavailable("the store is away")
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await stand(pilot)
        await pilot.press("enter")
        await shown(pilot, "The store is away")
        assert not any(isinstance(each, MarkReport) for each in fake.asked)


async def test_a_kept_report_is_exported_as_it_was() -> None:
    async with app_on(engine()).run_test(size=(120, 40)) as pilot:
        await stand(pilot)
        await pilot.press("enter")
        await shown(pilot, "Line 3 of it.")
        kept = pilot.app.screen.query_one(KeptReportPane)
        assert kept.document(".md").startswith("# Brief of AAPL")


async def test_enter_on_a_chat_opens_it_and_on_a_failed_run_says_why() -> None:
    async with app_on(engine()).run_test(size=(120, 40)) as pilot:
        await stand(pilot)
        await pilot.press("j", "j", "enter")
        await shown(pilot, "Failed: no source of main answered")
        await pilot.press("j", "enter")
        await shown(pilot, "analyst · How does NVDA stand?")


async def test_a_report_is_marked_and_deleted_where_it_stands() -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await stand(pilot)
        await pilot.press("m")
        await shown(pilot, "analyst · 1 new")
        assert MarkReport("r4", True) in fake.asked
        await pilot.press("home", "delete")
        await shown(pilot, "Delete 'Review of main' for good?")
        await pilot.press("n", "enter")
        await at_rest(pilot)
        assert not any(isinstance(each, DeleteReport) for each in fake.asked)
        await pilot.press("delete", "y", "enter")
        await until(pilot, lambda: DeleteReport("r3") in fake.asked)
        await until(pilot, lambda: "new" not in seen(pilot))


async def test_discreet_hides_what_reports_say_of_amounts() -> None:
    async with app_on(engine()).run_test(size=(200, 60)) as pilot:
        await stand(pilot)
        assert "123,456.78" in seen(pilot)
        await pilot.press("z")
        await until(pilot, lambda: "123,456.78" not in seen(pilot))
        assert "Review of main" in seen(pilot)


async def test_hostile_headlines_steer_nothing() -> None:
    bad = kept_report(id="r1", made=FRIDAY, headline="\x1b[2J[red]boo[/]\x07", schedule="\x1b]0;")
    async with app_on(engine((bad,))).run_test(size=(120, 40)) as pilot:
        text = await shown(pilot, "[red]boo[/]")
        assert "\x1b" not in text
        assert "\x07" not in text


def test_a_failed_run_is_shown_for_a_day_and_read_reports_after_the_unread() -> None:
    looks = Looks(60, FRIDAY, UTC)
    things = [thing for _, thing in rows_of(KEPT[::-1], SCHEDULES, (), looks)]
    assert things == [KEPT[1], KEPT[0], SCHEDULES[1], KEPT[2]]
    later = Looks(60, FRIDAY + timedelta(days=1), UTC)
    assert SCHEDULES[1] not in [thing for _, thing in rows_of((), SCHEDULES, (), later)]


def test_what_would_ask_for_a_kept_report_names_what_it_is_of() -> None:
    two = kept_report(workflow=Workflow.compare, about="AAPL, MSFT", symbol="")
    assert asked_of(two).names == ("AAPL", "MSFT")
    assert asked_of(kept_report(workflow=Workflow.risk, about="my, own")).names == ("my, own",)


async def test_at_a_past_moment_reports_of_later_are_not_shown() -> None:
    fake = engine()
    app = app_on(fake)
    async with app.run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        app.as_of = FRIDAY - timedelta(days=3)
        pane(pilot).start(fake)
        text = await shown(pilot, "Reports are made now; NOW goes back")
        assert "AAPL leans up" not in text
        assert "morning main" not in text
