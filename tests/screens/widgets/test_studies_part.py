"""Indicators on a chart: added, changed, moved and closed by keys, kept, and drawn with care."""

import fake_indicators as indicators
import screen_market as market
from chart_scene import Scene, chart_scene
from msgspec.structs import replace
from textual.widgets import Input

from tio.api.indicators import ComputeIndicators, IndicatorSpec, IndicatorUpdates
from tio.api.market import BarUpdates, Hours, Timeframe
from tio.api.series import Series
from tio.screens.widgets.studies_kept import Study, as_text
from tio.screens.widgets.studies_part import StudiesPart


def part(scene: Scene) -> StudiesPart:
    found = scene.chart.parts["studies"]
    assert isinstance(found, StudiesPart)
    return found


def specs(scene: Scene) -> list[IndicatorSpec]:
    return [study.spec for study in part(scene).studies]


def _hours(scene: Scene) -> list[Hours]:
    """Of which hours bars and values are watched."""
    kinds = BarUpdates | IndicatorUpdates
    return [topic.hours for topic in scene.fake.watching if isinstance(topic, kinds)]


def _oldest(scene: Scene) -> int:
    """The first time the first study has a value of."""
    study = part(scene).studies[0]
    return part(scene)._shown[study.spec].oldest or 0


async def add(scene: Scene, text: str) -> None:
    """Add indicators by key, and see that there are more."""
    before = len(part(scene).studies)
    await scene.press("i")
    await scene.until(lambda: scene.app.screen.is_modal)
    await scene.type(text)
    await scene.until(lambda: len(part(scene).studies) > before)
    await scene.pilot.pause()


async def test_what_is_typed_stands_over_the_prices_and_below_them() -> None:
    async with chart_scene(indicators.engine()) as scene:
        await add(scene, "ema:50 rsi")
        assert specs(scene) == [IndicatorSpec("ema", {"length": 50}), IndicatorSpec("rsi")]
        await scene.until(lambda: "EMA 50" in scene.shown() and "RSI 14" in scene.shown())


async def test_what_is_typed_is_told_before_it_is_answered() -> None:
    async with chart_scene(indicators.engine()) as scene:
        await scene.press("i")
        await scene.until(lambda: scene.app.screen.is_modal)
        await scene.press("r", "s", "i")
        await scene.until(lambda: "length 14 (2 to 500)" in scene.shown())
        await scene.press("colon", "1")
        await scene.until(lambda: "Length is 2 to 500" in scene.shown())


async def test_a_name_there_is_not_tells_the_nearest() -> None:
    async with chart_scene(indicators.engine()) as scene:
        await scene.press("i")
        await scene.until(lambda: scene.app.screen.is_modal)
        await scene.type("rsu")
        await scene.until(lambda: "did you mean rsi" in scene.shown())
        await scene.press("escape")
        assert specs(scene) == []


async def test_keys_change_the_study_one_stands_on_within_its_bounds() -> None:
    async with chart_scene(indicators.engine()) as scene:
        await add(scene, "rsi")
        await scene.press("w", "plus")
        assert specs(scene) == [IndicatorSpec("rsi", {"length": 15})]
        await scene.press(*["minus"] * 4, *["pagedown"] * 3)
        assert specs(scene) == [IndicatorSpec("rsi", {"length": 2})]
        await scene.press("right", "plus")
        assert specs(scene) == [IndicatorSpec("rsi", {"length": 2, "price": "open"})]
        await scene.until(lambda: "‹price open›" in scene.title)


async def test_a_value_is_typed_and_one_out_of_bounds_refused() -> None:
    async with chart_scene(indicators.engine()) as scene:
        await add(scene, "rsi")
        await scene.press("w", "enter")
        await scene.type("21")
        assert specs(scene) == [IndicatorSpec("rsi", {"length": 21})]
        await scene.press("enter")
        await scene.type("999")
        assert specs(scene) == [IndicatorSpec("rsi", {"length": 21})]
        await scene.until(lambda: "Length is 2 to 500" in scene.shown())


async def test_studies_are_moved_resized_and_closed_where_one_stands() -> None:
    async with chart_scene(indicators.engine()) as scene:
        await add(scene, "rsi obv")
        await scene.press("w", "shift+down")
        assert [each.name for each in specs(scene)] == ["obv", "rsi"]
        share = part(scene).studies[1].share
        await scene.press("greater_than_sign")
        assert part(scene).studies[1].share > share
        await scene.press("delete")
        assert [each.name for each in specs(scene)] == ["obv"]
        await scene.press("escape")
        assert not part(scene).grabs
        zoom = scene.chart.window.zoom
        await scene.press("plus")
        assert scene.chart.window.zoom == zoom - 1


async def test_a_study_that_cannot_be_computed_says_why_and_the_others_stay() -> None:
    async with chart_scene(indicators.engine()) as scene:
        await add(scene, "rsi:13 ema")
        await scene.until(lambda: "RSI 13 · 13 is not computed here" in scene.shown())
        assert "EMA 20" in scene.shown()


async def test_a_study_of_volume_says_when_there_is_none() -> None:
    fake = indicators.engine()
    bars = replace(market.bars(), volume=Series())
    fake.topics[BarUpdates] = bars
    async with chart_scene(fake) as scene:
        await add(scene, "obv")
        await scene.until(lambda: "BTC-USD has no volume" in scene.shown())


async def test_the_choice_is_kept_and_shown_again() -> None:
    async with chart_scene(indicators.engine()) as scene:
        await add(scene, "rsi:21")
        kept = scene.app.recall("chart.studies", "")
        assert kept == as_text([Study(IndicatorSpec("rsi", {"length": 21}))])
        part(scene).studies = ()
        part(scene)._read = ""
        scene.chart.renew()
        await scene.until(lambda: "RSI 21" in scene.shown())


async def test_a_layout_holds_the_studies() -> None:
    async with chart_scene(indicators.engine()) as scene:
        await add(scene, "rsi:21 ema")
        kept = part(scene).kept()
        part(scene).restore({})
        assert specs(scene) == []
        part(scene).restore(kept)
        assert [each.name for each in specs(scene)] == ["rsi", "ema"]
        part(scene).restore({"list": ["odd", {"spec": 3}]})
        assert specs(scene) == []


async def test_a_new_value_of_a_forming_bar_is_told_in_the_legend() -> None:
    async with chart_scene(indicators.engine()) as scene:
        await add(scene, "rsi")
        await scene.until(lambda: "RSI 14" in scene.shown())
        told = indicators.values(IndicatorSpec("rsi"), market.bars(count=1))
        scene.fake.push(IndicatorUpdates, (replace(told, outputs={"rsi": Series([43.21])}),))
        await scene.until(lambda: "RSI 14 43.2" in scene.shown())


async def test_older_bars_bring_older_values() -> None:
    async with chart_scene(indicators.engine()) as scene:
        await add(scene, "rsi")
        await scene.press(*["minus"] * 3)
        asked = scene.fake.asked
        await scene.until(lambda: any(isinstance(each, ComputeIndicators) for each in asked))
        await scene.until(lambda: _oldest(scene) < int(market.bars().time[0]))


async def test_another_timeframe_keeps_the_studies_and_follows_it() -> None:
    async with chart_scene(indicators.engine()) as scene:
        await add(scene, "rsi")
        await scene.press("right_square_bracket")
        await scene.until(
            lambda: any(
                isinstance(topic, IndicatorUpdates) and topic.timeframe is not Timeframe.m1
                for topic in scene.fake.watching
            )
        )
        assert specs(scene) == [IndicatorSpec("rsi")]


async def test_regular_hours_are_asked_of_bars_and_studies_alike() -> None:
    async with chart_scene(indicators.engine()) as scene:
        await add(scene, "rsi")
        await scene.press("x")
        await scene.until(lambda: _hours(scene) == [Hours.regular] * 2)


async def test_another_part_takes_the_keys_once_it_is_begun() -> None:
    async with chart_scene(indicators.engine()) as scene:
        await add(scene, "rsi")
        await scene.press("w")
        assert part(scene).grabs
        await scene.press("v")
        assert not part(scene).grabs


async def test_help_tells_the_keys_of_the_study_stood_on() -> None:
    async with chart_scene(indicators.engine()) as scene:
        await add(scene, "rsi")
        await scene.press("w", "question_mark")
        await scene.until(lambda: "study.much_more" in scene.shown())


async def test_a_line_that_cannot_be_read_stays_to_be_mended() -> None:
    async with chart_scene(indicators.engine()) as scene:
        await scene.press("i")
        await scene.type("ema:20 rs")
        await scene.until(lambda: "did you mean rsi" in scene.shown().lower())
        assert scene.app.screen.query_one(Input).value == "ema:20 rs"
        await scene.press("i", "enter")
        await scene.until(
            lambda: [s.spec.name for s in scene.chart.studies.studies] == ["ema", "rsi"]
        )
