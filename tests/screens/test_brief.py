"""BRIEF, WHY, CMP, MORN, REVIEW: a report at every size, its lines opened, words where none is."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from analyst_words import NOW
from report_scene import REPORTS, app_on, engine
from textual.pilot import Pilot
from waiting import at_rest, seen, until

from tio.api.analyst import Brief, Depth, ExplainMove, Report, ReviewRisk
from tio.api.chats import ChipKind
from tio.api.errors import SourceUnavailable
from tio.app import TioApp
from tio.screens.brief import ReportPane

from fakes import FakeClock, FakeEngine

SIZES = [(60, 20), (80, 24), (120, 40), (200, 60)]


def pane(pilot: Pilot[None]) -> ReportPane:
    return pilot.app.screen.query_one(ReportPane)


def words(pilot: Pilot[None]) -> str:
    """The line the cursor stands on."""
    stand = pane(pilot).stand
    return "" if stand is None else stand.text


async def shown(pilot: Pilot[None], told: str = "not advice") -> str:
    """The screen's text once the words stand on it and it has come to rest."""
    await until(pilot, lambda: pilot.app.screen.query(ReportPane) and told in seen(pilot))
    return await at_rest(pilot)


def asked(fake: FakeEngine, report: Report) -> int:
    """How often a report like this one was asked for."""
    return sum(fake.answers.get(word) is report for word in fake.asked)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("command", REPORTS)
async def test_every_report_fits_every_size(command: str, size: tuple[int, int]) -> None:
    fake = await engine()
    report = fake.answers[REPORTS[command]]
    async with app_on(fake, command).run_test(size=size) as pilot:
        text = await shown(pilot)
        assert f"{report.workflow.value} · {report.about[:20]}" in text
        assert report.headline.split(" ")[0] in text
        assert all(len(line) <= size[0] for line in text.splitlines())
        await pilot.press("end")
        assert "advice." in await at_rest(pilot)


async def test_what_is_for_and_against_stands_side_by_side_where_there_is_room() -> None:
    fake = await engine()
    async with app_on(fake, "AAA BRIEF").run_test(size=(120, 40)) as pilot:
        rows = (await shown(pilot)).splitlines()
        assert any("For ─" in row and "Against ─" in row for row in rows)
    async with app_on(fake, "AAA BRIEF").run_test(size=(80, 40)) as pilot:
        rows = (await shown(pilot)).splitlines()
        assert not any("For ─" in row and "Against ─" in row for row in rows)
        assert any("Against ─" in row for row in rows)


async def test_keys_go_by_line_by_section_and_across() -> None:
    async with app_on(await engine(), "AAA BRIEF").run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("right_square_bracket")
        assert words(pilot).startswith("+1.00 1d momentum")
        await pilot.press("j")
        assert words(pilot).startswith("+0.50 1d trend")
        await pilot.press("l")
        assert words(pilot).startswith("\u2212")
        await pilot.press("h", "right_square_bracket", "right_square_bracket")
        assert words(pilot).startswith("a daily close below")
        await pilot.press("left_square_bracket")
        assert words(pilot).startswith("\u2212")
        await pilot.press("home")
        assert words(pilot).startswith("AAA is")


async def test_enter_on_a_level_opens_the_chart_and_on_a_sentence_its_sources() -> None:
    async with app_on(await engine(), "AAA BRIEF").run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        while not words(pilot).startswith("ATR 14"):
            await pilot.press("j")
        await pilot.press("enter")
        await until(pilot, lambda: "where it comes from" in seen(pilot))
        text = await at_rest(pilot)
        assert "GetBars" in text
        assert "2026-11-" in text
        await pilot.press("escape")
        while not words(pilot).startswith("swing high"):
            await pilot.press("k")
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.current_mode == "chart")
        app = pilot.app
        assert isinstance(app, TioApp)
        assert app.symbol == "AAA"


async def test_a_reason_opens_the_figures_of_its_timeframe() -> None:
    async with app_on(await engine(), "AAA BRIEF").run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("right_square_bracket")
        assert words(pilot).startswith("+1.00 1d momentum")
        await pilot.press("enter")
        await until(pilot, lambda: "where it comes from" in seen(pilot))
        assert "ComputeIndicators" in await at_rest(pilot)


async def test_enter_on_a_row_of_a_comparison_opens_that_symbol() -> None:
    async with app_on(await engine(), "AAA BBB CCC CMP").run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        while not words(pilot).startswith("CCC"):
            await pilot.press("j")
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.current_mode == "chart")
        app = pilot.app
        assert isinstance(app, TioApp)
        assert app.symbol == "CCC"


async def test_enter_on_a_position_of_a_review_opens_it() -> None:
    async with app_on(await engine(), "REVIEW").run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        while not words(pilot).startswith("NVDA: no stop"):
            await pilot.press("j")
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.current_mode == "chart")
        app = pilot.app
        assert isinstance(app, TioApp)
        assert app.symbol == "NVDA"


async def test_r_asks_anew_and_coming_back_does_not() -> None:
    fake = await engine()
    report = fake.answers[Brief("AAA", Depth.full)]
    async with app_on(fake, "AAA BRIEF").run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        assert asked(fake, report) == 1
        await pilot.press("r")
        await until(pilot, lambda: asked(fake, report) == 2)
        await pilot.press("f1")
        await pilot.press("escape")
        await at_rest(pilot)
        assert asked(fake, report) == 2


async def test_v_turns_to_the_other_report_of_the_same_matter() -> None:
    fake = await engine()
    async with app_on(fake, "AAA BRIEF").run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("v")
        await shown(pilot, "why · AAA")
        assert ExplainMove("AAA") in fake.asked
    async with app_on(fake, "REVIEW").run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("v")
        await shown(pilot, "risk · main")
        assert ReviewRisk("main") in fake.asked


async def test_another_current_symbol_is_another_brief() -> None:
    async with app_on(await engine(), "BRIEF").run_test(size=(120, 40)) as pilot:
        await shown(pilot, "brief · AAA")
        app = pilot.app
        assert isinstance(app, TioApp)
        app.symbol = "BBB"
        await shown(pilot, "brief · BBB")
        app.obey("AAA BRIEF")
        await shown(pilot, "brief · AAA")
        assert app.symbol == "AAA"
        assert len(app.screen_stack) == 2


async def test_what_stood_stays_when_asking_again_fails() -> None:
    fake = await engine()
    async with app_on(fake, "AAA BRIEF").run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        fake.answers[Brief("AAA", Depth.full)] = SourceUnavailable(
            "kraken is away", "r tries again."
        )
        await pilot.press("r")
        await shown(pilot, "As it was. Kraken is away. r tries again.")
        assert "Levels" in seen(pilot)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("NOSUCH BRIEF", "No source knows NOSUCH"),
        ("AAA CMP AAA", "a comparison needs two different symbols"),
        ("REVIEW other", "The fake engine has no answer for ReviewPortfolio"),
    ],
)
async def test_why_there_is_no_report_is_told(command: str, told: str) -> None:
    async with app_on(await engine(), command).run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: told.lower() in seen(pilot).lower())


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("AAA BBB BRIEF", "BRIEF takes one symbol"),
        ("AAA WHY 2026-11-02 2026-11-03 2026-11-04", "a first and a last day"),
        ("REVIEW main savings", "REVIEW takes a portfolio"),
    ],
)
async def test_a_line_that_means_no_report_is_told_below(command: str, told: str) -> None:
    async with app_on(await engine(), command).run_test(size=(160, 40)) as pilot:
        await until(pilot, lambda: told in seen(pilot))
        assert not pilot.app.screen.query(ReportPane)


@pytest.mark.parametrize("key", ["a", "8"])
async def test_the_report_goes_along_to_the_analyst(key: str) -> None:
    async with app_on(await engine(), "AAA BRIEF").run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press(key)
        await until(pilot, lambda: "with report brief AAA" in seen(pilot))
        app = pilot.app
        assert isinstance(app, TioApp)
        assert [each.kind for each in app.chips] == [ChipKind.report]
        assert app.current_mode == "analyst"


async def test_a_model_is_offered_only_where_there_is_one() -> None:
    async with app_on(await engine(), "AAA BRIEF").run_test(size=(120, 40)) as pilot:
        assert "m model" not in await shown(pilot)
    async with app_on(await engine(model=True), "AAA BRIEF").run_test(size=(120, 40)) as pilot:
        await shown(pilot, "m model")
        await pilot.press("m")
        await until(pilot, lambda: pilot.app.current_mode == "analyst")
        app = pilot.app
        assert isinstance(app, TioApp)
        assert app.chips == ()


@pytest.mark.parametrize("ending", ["md", "json", "csv"])
async def test_e_writes_it_as_the_name_ends(ending: str, tmp_path: Path) -> None:
    fake = await engine()
    report = fake.answers[Brief("AAA", Depth.full)]
    file = tmp_path / f"brief.{ending}"
    async with app_on(fake, "AAA BRIEF").run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("e")
        await until(pilot, lambda: "brief-AAA.md" in seen(pilot))
        await pilot.press("ctrl+u", *str(file), "enter")
        await until(pilot, lambda: "written to" in seen(pilot))
    text = file.read_text(encoding="utf-8")
    if ending == "json":
        assert msgspec.json.decode(text, type=Report) == report
    else:
        assert text.startswith("# Brief on AAA" if ending == "md" else "section,line,symbol")
        assert "GetBars" in text or ending == "md"


async def test_y_copies_the_line_with_its_source() -> None:
    async with app_on(await engine(), "AAA BRIEF").run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        while not words(pilot).startswith("ATR 14"):
            await pilot.press("j")
        assert "GetBars test" in pane(pilot).receipt()
        assert "as of 2026-11-20T15:00:00Z" in pane(pilot).receipt()


class Slow(FakeEngine):
    """A fake whose briefs wait until they may come."""

    def __init__(self, of: FakeEngine) -> None:
        super().__init__(of.answers, of.topics)
        self.may = asyncio.Event()

    async def ask(self, request: Any, /, *, key: str = "") -> Any:
        if isinstance(request, Brief):
            await self.may.wait()
        return await super().ask(request, key=key)


async def test_nothing_waits_for_a_report_and_what_stood_is_shown_meanwhile() -> None:
    slow = Slow(await engine())
    app = app_on(slow, "AAA BRIEF")
    async with app.run_test(size=(120, 40)) as pilot:
        await shown(pilot, "Asking for the brief …")
        await pilot.press("escape")
        await until(pilot, lambda: not app.screen.query(ReportPane))
        slow.may.set()
        app.obey("AAA BRIEF")
        await shown(pilot, "AAA · now")
        await pilot.press("escape")
        slow.may.clear()
        app.obey("AAA BRIEF")
        text = await shown(pilot, "AAA · asking …")
        assert "leaning bullish" in text
        slow.may.set()
        await shown(pilot, "AAA · now")


async def test_the_title_tells_how_old_it_is() -> None:
    app = app_on(await engine(), "AAA BRIEF")
    async with app.run_test(size=(120, 40)) as pilot:
        await shown(pilot, "AAA · now")
        clock = app.clock
        assert isinstance(clock, FakeClock)
        await clock.advance(240)
        pane(pilot)._entitle()
        await shown(pilot, "AAA · 4 min old, r asks again")


async def test_at_a_past_moment_nothing_of_now_is_shown() -> None:
    fake = await engine()
    app = app_on(fake, "AAA BRIEF")
    async with app.run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("escape")
        word = Brief("AAA", Depth.full)
        report = fake.answers.pop(word)
        app.as_of = NOW - timedelta(days=3)
        app.obey("BRIEF")
        await until(pilot, lambda: "no answer for Brief" in seen(pilot))
        assert report.headline not in seen(pilot)
