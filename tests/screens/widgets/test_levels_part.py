"""Session levels on a chart: drawn with names, looked at again, explained when there are none."""

from datetime import timedelta
from typing import Any

import pytest
import screen_market as market
from chart_scene import Scene, chart_scene

from tio.api.charts import GetSessionLevels, SessionLevel
from tio.api.errors import SourceUnavailable
from tio.api.market import Timeframe
from tio.draw.canvas import Pen
from tio.draw.view import ChartView
from tio.screens.widgets import levels_part
from tio.screens.widgets.levels_part import LevelsPart

from fakes import FakeEngine

SINCE = market.NOW - timedelta(minutes=30)
PDH = SessionLevel("prior_high", "PDH", 64_300.0, SINCE)
VWAP = SessionLevel("session_vwap", "VWAP", 64_100.0, SINCE + timedelta(seconds=10), forming=True)


def engine(told: Any = (PDH, VWAP)) -> FakeEngine:
    fake = market.engine()
    fake.answers[GetSessionLevels] = told
    return fake


def view(scene: Scene) -> ChartView:
    return scene.chart._view(scene.chart.plot_width)


def part(scene: Scene) -> LevelsPart:
    found = scene.chart.parts["levels"]
    assert isinstance(found, LevelsPart)
    return found


async def test_one_key_shows_levels_by_name_from_the_bar_they_hold_from() -> None:
    async with chart_scene(engine()) as scene:
        assert not view(scene).levels
        await scene.press("s")
        await scene.until(lambda: view(scene).levels)
        high, vwap = view(scene).levels
        assert (high.label, high.price, high.pen) == ("PDH", 64_300.0, Pen.violet)
        assert (vwap.label, vwap.pen) == ("VWAP", Pen.blue)
        assert high.since == vwap.since == 400 - 1 - 30
        await scene.until(lambda: "PDH" in scene.shown())
        await scene.press("s")
        assert not view(scene).levels
        assert scene.app.recall("chart.levels", "") == "off"


async def test_a_daily_chart_has_them_from_the_bar_of_the_session() -> None:
    async with chart_scene(engine()) as scene:
        scene.app.timeframe = Timeframe.d1
        await scene.until(lambda: scene.chart.held[1] is Timeframe.d1 and scene.chart.history)
        await scene.press("s")
        await scene.until(lambda: view(scene).levels)
        times = scene.chart.columns.time
        assert times[view(scene).levels[0].since] <= SINCE.timestamp() * 1e6
        assert view(scene).levels[0].since >= len(times) - 2


async def test_levels_are_looked_at_again_as_time_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levels_part, "AGAIN", 0.0)
    prices = iter(range(64_000, 65_000))

    def grown(asked: GetSessionLevels) -> tuple[SessionLevel, ...]:
        return (SessionLevel("session_vwap", "VWAP", float(next(prices, 65_000)), SINCE, True),)

    async with chart_scene(engine(grown)) as scene:
        await scene.press("s")
        await scene.until(lambda: part(scene).levels and part(scene).levels[0].price > 64_002)
        await scene.press("s")


async def test_the_title_says_why_there_are_none() -> None:
    async with chart_scene(engine(())) as scene:
        await scene.press("s")
        await scene.until(lambda: "no levels: they need bars of one minute" in scene.title)
        await scene.press("s")
        assert "no levels" not in scene.title


async def test_a_source_that_is_away_is_told_in_the_title() -> None:
    async with chart_scene(engine(SourceUnavailable("cboe refused", "Next try at 15:04."))) as s:
        await s.press("s")
        await s.until(lambda: "no levels: Cboe refused. Next try at 15:04." in s.title)


async def test_another_symbol_has_its_own_levels() -> None:
    def told(asked: GetSessionLevels) -> tuple[SessionLevel, ...]:
        return (PDH,) if asked.symbol == "BTC-USD" else ()

    async with chart_scene(engine(told)) as scene:
        await scene.press("s")
        await scene.until(lambda: view(scene).levels)
        scene.app.symbol = "SPY"
        await scene.until(lambda: scene.chart.held[0] == "SPY" and scene.chart.history)
        await scene.until(lambda: "no levels" in scene.title)
        assert not view(scene).levels


async def test_bars_held_back_have_the_levels_of_their_own_moment() -> None:
    async with chart_scene(engine()) as scene:
        chart = scene.chart
        part(scene).bars = lambda columns: columns[:300]  # type: ignore[method-assign]
        await scene.press("s")
        await scene.until(lambda: view(scene).levels)
        part(scene).bars = lambda columns: columns[:200]  # type: ignore[method-assign]
        assert not view(scene).levels
        await scene.until(lambda: view(scene).levels)
        asked = [each for each in scene.fake.asked if isinstance(each, GetSessionLevels)]
        assert asked[-1].at is not None
        assert asked[-1].at.timestamp() * 1e6 == chart.columns.time[-1] + Timeframe.m1.step


async def test_they_are_kept_in_a_layout() -> None:
    async with chart_scene(engine()) as scene:
        assert part(scene).kept() == {}
        part(scene).restore({"on": True})
        await scene.until(lambda: view(scene).levels)
        assert part(scene).kept() == {"on": True}
        part(scene).restore({"on": "odd"})
        assert part(scene).kept() == {}
