"""Layouts: what a chart is arranged like, kept under a name, and taken again by it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import fake_indicators as indicators
import pytest
from chart_scene import Scene, chart_scene
from msgspec.structs import replace

from tio.api.charts import DeleteLayout, Layout, ListLayouts, SaveLayout
from tio.api.errors import Broken
from tio.screens.questions import name_completions
from tio.screens.widgets.price_chart import PriceChart

from fakes import FakeEngine

NOW = datetime(2026, 11, 20, tzinfo=UTC)


class Shelf:
    """Keeps layouts as the engine does; `engine` answers for them."""

    def __init__(self, *saved: Layout) -> None:
        self.saved = {(each.kind, each.name): each for each in saved}
        self.engine: FakeEngine = indicators.engine()
        self.engine.answers |= {
            ListLayouts: self._list,
            SaveLayout: self._save,
            DeleteLayout: lambda asked: self.saved.pop((asked.kind, asked.name)),
        }

    def settings(self, name: str, kind: str = "layout") -> dict[str, str]:
        found: dict[str, str] = json.loads(self.saved[kind, name].content)["settings"]
        return found

    def _list(self, asked: ListLayouts) -> tuple[Layout, ...]:
        return tuple(each for each in self.saved.values() if asked.kind in ("", each.kind))

    def _save(self, asked: SaveLayout) -> Layout:
        made = Layout(name=asked.name, kind=asked.kind, content=asked.content, saved_at=NOW)
        self.saved[asked.kind, asked.name] = made
        return made


def layout(
    name: str = "swing", settings: Mapping[str, str] | None = None, version: int = 1
) -> Layout:
    told = {"version": version, "timeframe": "1h", "settings": dict(settings or {})}
    return Layout(name=name, kind="layout", content=json.dumps(told), saved_at=NOW)


async def say(scene: Scene, line: str) -> str:
    """Answer the question of layouts; what the status line says then."""
    await scene.press("f")
    await scene.until(lambda: "Layout" in scene.shown())
    scene.app.said = ("", "muted")
    await scene.type(line)
    await scene.until(lambda: scene.app.said[0])
    return scene.app.said[0]


async def add(scene: Scene, text: str) -> None:
    await scene.press("i")
    await scene.type(text)
    await scene.until(lambda: scene.chart.studies.studies)


async def test_a_layout_brings_back_indicators_timeframe_and_how_bars_are_drawn() -> None:
    shelf = Shelf()
    async with chart_scene(shelf.engine) as scene:
        await add(scene, "rsi")
        await scene.press("t", "o", "right_square_bracket")
        await scene.until(lambda: scene.chart.held[1] == "3m")
        assert await say(scene, "save swing") == "layout swing is saved"
        assert shelf.settings("swing").keys() >= {"chart.studies", "chart.type", "chart.scale"}

        await scene.press("i")
        await scene.type("ema:20")
        await scene.until(lambda: len(scene.chart.studies.studies) == 2)
        await scene.press("t", "o", "left_square_bracket")
        await scene.until(lambda: scene.chart.held[1] == "1m")
        assert await say(scene, "swing") == "layout swing"
        await scene.until(lambda: scene.chart.held[1] == "3m")
        await scene.until(lambda: [s.spec.name for s in scene.chart.studies.studies] == ["rsi"])
        assert scene.app.recall("chart.type", "candles") == "hollow"
        assert scene.app.recall("chart.scale", "linear") == "log"
        assert scene.chart.held[0] == "BTC-USD"


async def test_a_layout_of_four_charts_shows_four() -> None:
    shelf = Shelf(layout("four", {"chart.grid": "on", "chart.grid.0": "30m"}))
    async with chart_scene(shelf.engine) as scene:
        await say(scene, "four")
        await scene.until(lambda: len(scene.app.screen.query(PriceChart)) == 4)
        assert scene.app.screen.query(PriceChart).first().wanted[1] == "30m"
        await scene.until(lambda: scene.chart.history is not None)
        shelf.saved["layout", "one"] = layout("one")
        await say(scene, "one")
        await scene.until(lambda: len(scene.app.screen.query(PriceChart)) == 1)


async def test_an_indicator_set_leaves_all_else_as_it_is() -> None:
    shelf = Shelf()
    async with chart_scene(shelf.engine) as scene:
        await add(scene, "rsi")
        assert await say(scene, "set momentum") == "indicator set momentum is saved"
        await scene.press("t")
        await scene.press("i")
        await scene.type("ema:20")
        await scene.until(lambda: len(scene.chart.studies.studies) == 2)
        assert await say(scene, "momentum") == "indicator set momentum"
        await scene.until(lambda: len(scene.chart.studies.studies) == 1)
        assert scene.app.recall("chart.type", "candles") == "hollow"


async def test_what_a_chart_is_compared_with_is_kept_too() -> None:
    shelf = Shelf(layout("pair", {"chart.compare": "ETH-USD"}), layout("alone"))
    async with chart_scene(shelf.engine) as scene:
        await say(scene, "pair")
        await scene.until(lambda: "ETH-USD" in scene.title)
        await say(scene, "alone")
        await scene.until(lambda: "ETH-USD" not in scene.title)


async def test_saving_over_one_is_told_and_one_can_be_deleted() -> None:
    shelf = Shelf(layout("swing"))
    async with chart_scene(shelf.engine) as scene:
        assert await say(scene, "save swing") == "layout swing is replaced"
        assert await say(scene, "delete swing") == "layout swing is deleted"
        assert not shelf.saved


async def test_the_question_tells_what_is_saved_and_completes_it() -> None:
    saved = (layout("swing"), replace(layout("trend"), kind="indicators"))
    async with chart_scene(Shelf(*saved).engine) as scene:
        await scene.press("f")
        await scene.until(lambda: "layouts: swing · indicator sets: trend" in scene.app.said[0])
        await scene.press("escape")
    async with chart_scene(Shelf().engine) as scene:
        await scene.press("f")
        await scene.until(lambda: "nothing is saved yet" in scene.app.said[0])
    complete = name_completions(("save ", "delete "), ("swing", "my day"))
    assert await complete.get_suggestion("sw") == "swing"
    assert await complete.get_suggestion("delete my") == "delete my day"
    assert await complete.get_suggestion("del") == "delete "
    assert await complete.get_suggestion("") is None


@pytest.mark.parametrize(
    ("saved", "said"),
    [
        (layout("swing", {"chart.type": "bars", "chart.moon": "full"}), "but not chart.moon"),
        (layout("swing", {"chart.type": "bars", "chart.scale": "cubic"}), "but not chart.scale"),
        (layout("swing", {"chart.type": "bars", "ui.theme": "light"}), "but not ui.theme"),
        (layout("swing", {"chart.type": "bars"}, version=9), "saved by a newer tio"),
    ],
)
async def test_what_is_not_known_of_a_layout_is_told_and_the_rest_taken(
    saved: Layout, said: str
) -> None:
    async with chart_scene(Shelf(saved).engine) as scene:
        assert said in await say(scene, "swing")
        assert scene.app.recall("chart.type", "candles") == "bars"
        assert scene.app.recall("ui.theme", "dark") == "dark"


@pytest.mark.parametrize("content", ["[]", "3", '{"version":1}', '{"version":1,"settings":[]}'])
async def test_a_layout_that_cannot_be_read_changes_nothing(content: str) -> None:
    shelf = Shelf(replace(layout(), content=content))
    async with chart_scene(shelf.engine) as scene:
        await scene.press("t")
        assert "cannot be read" in await say(scene, "swing")
        assert scene.app.recall("chart.type", "candles") == "hollow"


async def test_a_name_that_is_not_there_and_an_engine_that_is_gone_are_told() -> None:
    shelf = Shelf()
    async with chart_scene(shelf.engine) as scene:
        assert "No layout and no indicator set 'nope'" in await say(scene, "nope")
        shelf.engine.answers[ListLayouts] = Broken("the engine is gone")
        await scene.press("f")
        await scene.until(lambda: "The engine is gone" in scene.app.said[0])
