"""Dividends and splits at a chart's foot, told where the crosshair stands."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
import screen_market as market
from chart_scene import Scene, chart_scene

from tio.api.companies import CorporateEvent, EventKind, GetEvents
from tio.api.errors import SourceUnavailable
from tio.api.hours import GetHours
from tio.api.market import Timeframe
from tio.draw.view import ChartView
from tio.screens.widgets.marks_part import MarksPart, mark_text, words

from fakes import FakeEngine


def dividend(on: date, amount: float = 0.25) -> CorporateEvent:
    return CorporateEvent(
        symbol="AAPL", kind=EventKind.dividend, ex_date=on, amount=amount, currency="USD"
    )


def split(on: date, ratio: float = 4.0) -> CorporateEvent:
    return CorporateEvent(symbol="AAPL", kind=EventKind.share_split, ex_date=on, ratio=ratio)


PAID, SPLIT = dividend(date(2026, 11, 9)), split(date(2026, 11, 16))


def engine(told: Any = (PAID, SPLIT)) -> FakeEngine:
    fake = market.engine()
    fake.answers[GetEvents] = told
    fake.answers[GetHours] = SimpleNamespace(zone="America/New_York")
    return fake


def view(scene: Scene) -> ChartView:
    return scene.chart._view(scene.chart.plot_width)


def part(scene: Scene) -> MarksPart:
    found = scene.chart.parts["marks"]
    assert isinstance(found, MarksPart)
    return found


async def daily(scene: Scene) -> None:
    scene.app.timeframe = Timeframe.d1
    await scene.until(lambda: scene.chart.held[1] is Timeframe.d1 and scene.chart.history)


async def test_marks_stand_at_the_foot_of_the_bars_of_their_days() -> None:
    async with chart_scene(engine(), symbol="AAPL") as scene:
        await daily(scene)
        await scene.until(lambda: view(scene).marks)
        marks = view(scene).marks
        assert [(each.text, each.price) for each in marks] == [("D0.25", None), ("S4:1", None)]
        newest = len(scene.chart.columns) - 1
        # The made-up daily bars open at 15:00: the date's own lies in the bar of the day before.
        assert [newest - each.bar for each in marks] == [12, 5]


async def test_one_key_hides_them_and_that_is_remembered() -> None:
    async with chart_scene(engine(), symbol="AAPL") as scene:
        await daily(scene)
        await scene.until(lambda: view(scene).marks)
        await scene.press("n")
        assert not view(scene).marks
        assert scene.app.recall("chart.marks", "") == "off"
        assert part(scene).kept() == {"on": False}
        part(scene).restore({})
        assert view(scene).marks


async def test_the_crosshair_tells_what_happened_in_its_bar() -> None:
    async with chart_scene(engine(), symbol="AAPL") as scene:
        await daily(scene)
        await scene.until(lambda: view(scene).marks)
        chart = scene.chart
        chart.window.point(chart.columns.time, view(scene).marks[0].bar, chart.plot_width)
        chart.at_once()
        await scene.until(lambda: "dividend 0.25 USD of 2026-11-09" in scene.shown())
        await scene.press("right")
        await scene.until(lambda: "dividend" not in scene.shown())


async def test_minute_bars_have_a_mark_where_the_venues_day_begins() -> None:
    async with chart_scene(engine((dividend(date(2026, 11, 20)),)), symbol="AAPL") as scene:
        await scene.until(lambda: part(scene).events)
        # 400 minutes before 15:00 UTC is after midnight in New York: that day began before.
        assert not view(scene).marks
        scene.app.timeframe = Timeframe.h1
        await scene.until(lambda: scene.chart.held[1] is Timeframe.h1 and scene.chart.history)
        await scene.until(lambda: view(scene).marks)
        assert len(scene.chart.columns) - 1 - view(scene).marks[0].bar == 10


async def test_events_before_and_after_all_bars_have_no_mark() -> None:
    told = (dividend(date(1999, 1, 4)), dividend(date(2027, 1, 4)), PAID)
    async with chart_scene(engine(told), symbol="AAPL") as scene:
        await daily(scene)
        await scene.until(lambda: view(scene).marks)
        assert [each.text for each in view(scene).marks] == ["D0.25"]


async def test_turned_on_where_there_are_none_the_status_line_says_why() -> None:
    away = SourceUnavailable("yahoo refused", "Next try at 15:04.")
    for told, said in ((away, "Yahoo refused. Next try"), ((), "No dividend or split of AAPL is")):
        async with chart_scene(engine(told), symbol="AAPL") as scene:
            await scene.until(lambda: part(scene)._told)
            assert "Yahoo" not in scene.title
            await scene.press("n", "n")
            assert said in scene.app.said[0]


@pytest.mark.parametrize(
    ("event", "mark", "told"),
    [
        (dividend(date(2024, 2, 9)), "D0.25", "dividend 0.25 USD of 2024-02-09"),
        (split(date(2020, 8, 31)), "S4:1", "split 4:1 of 2020-08-31"),
        (split(date(2020, 8, 31), 1.5), "S3:2", "split 3:2 of 2020-08-31"),
        (split(date(2020, 8, 31), 0.1), "S1:10", "split 1:10 of 2020-08-31"),
    ],
)
def test_figures_are_short_and_in_words(event: CorporateEvent, mark: str, told: str) -> None:
    assert mark_text(event, True) == mark
    assert mark_text(event, False) == mark[0]
    assert words(event) == told
