"""TA: indicators are found, tried on the symbol, changed in place and put on the chart."""

import fake_indicators as indicators
import pytest
from chart_scene import Scene, chart_scene

from tio.api.indicators import IndicatorSpec, IndicatorUpdates
from tio.screens.indicators import IndicatorsPane
from tio.screens.widgets.preview_chart import PreviewChart
from tio.screens.widgets.studies_kept import studies_of


async def opened(scene: Scene) -> IndicatorsPane:
    """TA over the chart, once the catalogue is there."""
    await scene.press("f7")
    await scene.until(lambda: scene.app.screen.query(IndicatorsPane))
    pane = scene.app.screen.query_one(IndicatorsPane)
    await scene.until(lambda: pane.entry is not None)
    return pane


def tried(scene: Scene) -> list[IndicatorSpec]:
    """What the small chart shows."""
    chart = scene.app.screen.query_one(PreviewChart)
    return [study.spec for study in chart.studies.studies]


def _timeframes(scene: Scene) -> set[str]:
    """Of which bars indicators are watched."""
    watched = scene.fake.watching
    return {str(each.timeframe) for each in watched if isinstance(each, IndicatorUpdates)}


def _pane_titles(scene: Scene) -> str:
    """The titles of the panes below the prices, as their view has them."""
    view = scene.chart._view(80)
    return " ".join(pane.title for pane in view.panes).replace("RSI 13", "RSI")


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 60)])
async def test_it_is_read_at_every_size(size: tuple[int, int]) -> None:
    async with chart_scene(indicators.engine(), size=size) as scene:
        await opened(scene)
        await scene.press("down")
        await scene.until(lambda: "Relative strength index" in scene.shown())
        for words in ("momentum", "rsi", "length", "meaning", "15 bars"):
            assert words in scene.shown()


async def test_the_one_stood_on_is_drawn_on_the_symbol() -> None:
    async with chart_scene(indicators.engine()) as scene:
        await opened(scene)
        await scene.press("down")
        await scene.until(lambda: tried(scene) == [IndicatorSpec("rsi")])
        await scene.until(lambda: "RSI 14" in scene.shown())


async def test_parameters_are_changed_in_place_within_their_bounds() -> None:
    async with chart_scene(indicators.engine()) as scene:
        pane = await opened(scene)
        await scene.press("down", "plus", "plus", "right", "minus")
        assert pane.spec == IndicatorSpec("rsi", {"length": 16, "price": "open"})
        await scene.until(lambda: tried(scene) == [pane.spec])
        await scene.press("left", "c")
        await scene.type("1")
        await scene.until(lambda: "Length is 2 to 500" in scene.shown())
        assert pane.spec.params["length"] == 16


async def test_what_is_tried_is_kept_only_when_it_is_added() -> None:
    async with chart_scene(indicators.engine()) as scene:
        await opened(scene)
        await scene.press("plus")
        await scene.until(lambda: tried(scene) == [IndicatorSpec("ema", {"length": 21})])
        assert scene.app.recall("chart.studies", "") == ""
        await scene.press("enter", "escape")
        kept = studies_of(scene.app.recall("chart.studies", ""))
        assert [study.spec for study in kept] == [IndicatorSpec("ema", {"length": 21})]
        await scene.until(lambda: "EMA 21" in scene.shown())


async def test_words_and_groups_narrow_the_list_and_escape_widens_it() -> None:
    async with chart_scene(indicators.engine()) as scene:
        pane = await opened(scene)
        await scene.press("f")
        await scene.type("volume")
        assert pane.entry is not None
        assert pane.entry.name == "obv"
        await scene.press("escape", "g")
        assert pane.entry.group == "averages"
        await scene.press("g")
        assert pane.entry.name == "rsi"
        await scene.press("escape", "home")
        assert "4 indicators" in scene.shown()


async def test_what_repaints_is_said() -> None:
    async with chart_scene(indicators.engine()) as scene:
        await opened(scene)
        await scene.press("end", "up")
        await scene.until(lambda: "The last swing moves" in scene.shown())


async def test_indicators_after_gp_are_put_on_the_chart() -> None:
    async with chart_scene(indicators.engine()) as scene:
        scene.app.obey("GP 1h rsi:21 ema:20")
        await scene.until(lambda: "RSI 21" in scene.shown() and "EMA 20" in scene.shown())
        assert scene.app.timeframe == "1h"
        await scene.until(lambda: _timeframes(scene) == {"1h"})


async def test_one_put_by_command_is_changed_by_keys_like_any_other() -> None:
    async with chart_scene(indicators.engine()) as scene:
        scene.app.obey("GP rsi:13")
        await scene.until(lambda: "RSI · 13 is not computed" in _pane_titles(scene))
        await scene.press("w", "plus")
        await scene.until(lambda: "RSI 14" in scene.shown())


async def test_a_word_after_gp_that_is_nothing_is_told() -> None:
    async with chart_scene(indicators.engine()) as scene:
        scene.app.obey("GP rsu:21")
        await scene.until(lambda: "did you mean rsi" in scene.shown())


async def test_a_symbol_may_stand_after_the_code_too_and_an_error_goes_with_the_next_line() -> None:
    async with chart_scene(indicators.engine()) as scene:
        scene.app.obey("GP rsu:21")
        await scene.until(lambda: "did you mean rsi" in scene.shown())
        scene.app.obey("gp eth-usd 1h rsi:21")
        await scene.until(lambda: scene.app.symbol == "ETH-USD")
        await scene.until(lambda: "RSI 21" in scene.shown())
        assert "did you mean" not in scene.shown()
        assert scene.app.timeframe == "1h"
