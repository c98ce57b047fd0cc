"""Four charts of one symbol: their timeframes are kept, the crosshair is one by time."""

from datetime import UTC, datetime

import pytest
import screen_market as market
from chart_scene import Scene, chart_scene

from tio.api.market import BarUpdates, Timeframe
from tio.api.series import instant
from tio.api.system import GetSettings, SaveSetting, Setting
from tio.screens.chart import ChartScreen
from tio.screens.chart_grid import GridChart, holding
from tio.screens.widgets.price_chart import PriceChart

HOUR = Timeframe.h1.step


def charts(scene: Scene) -> list[GridChart]:
    return list(scene.app.screen.query(GridChart))


async def grid(scene: Scene) -> list[GridChart]:
    """Four charts, each with its bars drawn."""
    await scene.press("m")
    await scene.until(lambda: len(charts(scene)) == 4)
    await scene.until(lambda: all(each.history is not None for each in charts(scene)))
    await scene.until(lambda: isinstance(scene.app.focused, GridChart))
    return charts(scene)


async def test_m_shows_four_timeframes_and_again_the_one_stood_in() -> None:
    async with chart_scene() as scene:
        four = await grid(scene)
        assert [each.held for each in four] == [
            ("BTC-USD", each) for each in ("5m", "15m", "1h", "1d")
        ]
        assert scene.app.focused is four[0]
        await scene.press("tab", "tab", "m")
        await scene.until(lambda: not charts(scene) and scene.chart.history is not None)
        assert scene.chart.held == ("BTC-USD", "1h")
        assert scene.app.timeframe == "1h"
        watched = [t.timeframe for t in scene.fake.watching if isinstance(t, BarUpdates)]
        assert watched == ["1h"]


async def test_what_practice_hides_stays_hidden_in_four_and_in_one_again() -> None:
    async with chart_scene() as scene:
        await scene.until(lambda: scene.chart._lines)
        await scene.press(*["left"] * 11, "b")
        known = scene.chart.known
        assert known is not None
        four = await grid(scene)
        assert [each.known for each in four] == [known] * 4
        await scene.press("m")
        await scene.until(lambda: not charts(scene) and scene.chart.history is not None)
        assert scene.chart.known == known
        assert "PRACTICE" in scene.title


async def test_a_timeframe_is_of_its_chart_alone_and_is_kept() -> None:
    async with chart_scene() as scene:
        four = await grid(scene)
        await scene.press("tab", "right_square_bracket")
        await scene.until(lambda: four[1].held == ("BTC-USD", "30m"))
        assert [each.held[1] for each in four] == ["5m", "30m", "1h", "1d"]
        kept = [asked for asked in scene.fake.asked if isinstance(asked, SaveSetting)]
        assert SaveSetting(key="chart.grid.1", value='"30m"') in kept


async def test_what_was_remembered_is_shown_when_the_screen_opens() -> None:
    fake = market.engine()
    kept = {"chart.grid": "on", "chart.grid.0": "1m", "chart.grid.3.symbol": "SPY"}
    fake.answers[GetSettings] = tuple(Setting(key=k, value=f'"{v}"') for k, v in kept.items())
    async with chart_scene(fake) as scene:
        await scene.until(lambda: len(charts(scene)) == 4)
        four = charts(scene)
        await scene.until(lambda: four[3].history is not None)
        assert (four[0].held, four[3].held) == (("BTC-USD", "1m"), ("SPY", "1d"))


async def test_the_crosshair_of_one_shows_the_bar_of_that_time_in_all() -> None:
    async with chart_scene() as scene:
        four = await grid(scene)
        await scene.until(lambda: all(each._lines for each in four))
        await scene.press("left", "left", "left")
        pointed = four[0].window.crosshair
        assert pointed is not None
        await scene.until(lambda: all(each.window.crosshair for each in four[:3]))
        for each in four[1:3]:
            at = each.window.crosshair
            assert at is not None
            assert at <= pointed < at + each.held[1].step
        await scene.press("escape")
        await scene.until(lambda: all(each.window.crosshair is None for each in four))


async def test_a_day_is_pointed_at_by_its_first_hour() -> None:
    times = [instant(datetime(2024, 3, day, 14, 30, tzinfo=UTC)) for day in (1, 4)]
    hours = [time + HOUR * n for time in times for n in range(7)]
    monday = instant(datetime(2024, 3, 4, tzinfo=UTC))
    assert holding(hours, HOUR, monday, Timeframe.d1.step) == 7
    sunday = instant(datetime(2024, 3, 3, tzinfo=UTC))
    assert holding(hours, HOUR, sunday - 1, Timeframe.m5.step) is None


@pytest.mark.parametrize(("offset", "bar"), [(0, 0), (HOUR - 1, 0), (HOUR, 1), (-1, None)])
async def test_a_moment_is_held_by_the_bar_it_is_in(offset: int, bar: int | None) -> None:
    assert holding([10 * HOUR, 11 * HOUR], HOUR, 10 * HOUR + offset, 1) == bar


async def test_a_chart_is_pinned_to_a_symbol_and_let_go() -> None:
    async with chart_scene() as scene:
        four = await grid(scene)
        await scene.press("g")
        await scene.type("spy")
        await scene.until(lambda: four[0].held == ("SPY", "5m"))
        scene.app.symbol = "ETH-USD"
        await scene.until(lambda: four[1].held == ("ETH-USD", "15m"))
        assert four[0].held == ("SPY", "5m")
        await scene.press("g")
        await scene.type("zzzz")
        await scene.until(lambda: "No source knows ZZZZ" in scene.app.said[0])
        assert four[0].held == ("SPY", "5m")
        await scene.press("g")
        await scene.type("")
        await scene.until(lambda: four[0].held == ("ETH-USD", "5m"))


async def test_one_chart_cannot_be_pinned_and_says_so() -> None:
    async with chart_scene() as scene:
        await scene.press("g")
        assert "m shows four" in scene.app.said[0]


async def test_where_it_is_narrow_one_of_the_four_is_shown_and_tab_walks() -> None:
    async with chart_scene(size=(80, 24)) as scene:
        four = await grid(scene)
        await scene.until(lambda: [each.display for each in four] == [True, False, False, False])
        await scene.press("tab")
        await scene.until(lambda: [each.display for each in four] == [False, True, False, False])
        assert scene.app.focused is four[1]
        assert four[1].size.height > 15


async def test_a_timeframe_asked_for_by_command_goes_to_the_chart_stood_in() -> None:
    async with chart_scene() as scene:
        four = await grid(scene)
        scene.app.obey("gp 4h")
        await scene.until(lambda: four[0].held == ("BTC-USD", "4h"))
        assert len(charts(scene)) == 4


async def test_m_on_the_desk_opens_the_four() -> None:
    async with chart_scene(screen="desk") as scene:
        scene.app.screen.query_one(PriceChart).focus()
        await scene.press("m")
        await scene.until(lambda: len(charts(scene)) == 4)
        assert isinstance(scene.app.screen, ChartScreen)
