"""Other symbols beside a chart: rebased or as a ratio, aligned by time, told in words."""

from datetime import timedelta

import numpy as np
import screen_market as market
from chart_scene import Scene, chart_scene
from msgspec.structs import replace

from tio.api.errors import SourceUnavailable
from tio.api.market import Adjustment, BarUpdates, GetBars, Instrument, SearchInstruments
from tio.api.series import Series, Times
from tio.draw.view import ChartView
from tio.screens.widgets.compare_part import ComparePart


def compare(scene: Scene) -> ComparePart:
    part = scene.chart.parts["compare"]
    assert isinstance(part, ComparePart)
    return part


def view(scene: Scene) -> ChartView:
    return scene.chart._view(scene.chart.plot_width)


async def ask(scene: Scene, text: str) -> None:
    await scene.press("c")
    await scene.type(text)
    await scene.pilot.pause()


async def test_two_symbols_are_drawn_beside_the_chart_and_named_in_its_title() -> None:
    async with chart_scene() as scene:
        await ask(scene, "eth-usd SPY")
        await scene.until(lambda: len(view(scene).compared) == 2)
        assert [each.name for each in view(scene).compared] == ["ETH-USD", "SPY"]
        assert "vs ETH-USD, SPY" in scene.title
        closes = market.bars("ETH-USD").close
        assert np.array_equal(view(scene).compared[0].values, np.asarray(closes))


async def test_an_empty_answer_ends_it_and_nothing_more_is_watched() -> None:
    async with chart_scene() as scene:
        await ask(scene, "ETH-USD")
        await scene.until(lambda: view(scene).compared)
        await ask(scene, "")
        await scene.until(lambda: not view(scene).compared)
        await scene.until(lambda: [t.symbol for t in bar_topics(scene)] == ["BTC-USD"])
        assert "vs" not in scene.title


def bar_topics(scene: Scene) -> list[BarUpdates]:
    return [topic for topic in scene.fake.watching if isinstance(topic, BarUpdates)]


async def test_a_symbol_nobody_knows_is_one_sentence_and_changes_nothing() -> None:
    async with chart_scene() as scene:
        await ask(scene, "ETH-USD")
        await scene.until(lambda: compare(scene).symbols)
        await ask(scene, "ETH-USD ZZZZ")
        await scene.until(lambda: "No source knows ZZZZ" in scene.app.said[0])
        assert compare(scene).symbols == ("ETH-USD",)


async def test_the_ratio_has_bars_of_its_own_and_hides_what_belongs_to_the_symbol() -> None:
    async with chart_scene() as scene:
        await ask(scene, "/eth-usd")
        await scene.until(lambda: compare(scene).is_shown_as_ratio)
        close = np.asarray(market.bars().close) / np.asarray(market.bars("ETH-USD").close)
        assert np.allclose(scene.chart.columns.close, close, rtol=0)
        assert "÷ ETH-USD ratio of closes" in scene.title
        assert view(scene).kind == "line"
        assert view(scene).last == scene.chart.columns.close[-1]
        assert not view(scene).compared
        await ask(scene, "")
        await scene.until(lambda: scene.chart.columns.close[-1] == market.bars().close[399])


async def test_a_ratio_to_two_symbols_is_refused_in_words() -> None:
    async with chart_scene() as scene:
        await ask(scene, "/ETH-USD SPY")
        await scene.until(lambda: "A ratio takes one symbol" in scene.app.said[0])
        assert not compare(scene).symbols


async def test_the_other_symbol_goes_on_as_its_bars_come() -> None:
    async with chart_scene() as scene:
        await ask(scene, "ETH-USD")
        await scene.until(lambda: view(scene).compared)
        newest = replace(
            market.bars("ETH-USD", count=1), close=Series([4000.0]), time=Times([last_time(scene)])
        )
        for watch in scene.fake._watches:
            if isinstance(watch.topic, BarUpdates) and watch.topic.symbol == "ETH-USD":
                watch.queue.put_nowait(newest)
        await scene.until(lambda: view(scene).compared[0].values[-1] == 4000.0)


def last_time(scene: Scene) -> int:
    return int(scene.chart.columns.time[-1])


async def test_older_bars_of_the_other_come_as_the_chart_shows_older_ones() -> None:
    fake = market.engine()
    short = market.bars("ETH-USD", count=50)
    fake.topics[BarUpdates] = lambda t: short if t.symbol == "ETH-USD" else market.bars(t.symbol)
    async with chart_scene(fake) as scene:
        await ask(scene, "ETH-USD")
        await scene.until(lambda: view(scene).compared)
        await scene.until(lambda: not np.isnan(view(scene).compared[0].values[view(scene).start]))
        asked = [a for a in fake.asked if isinstance(a, GetBars) and a.symbol == "ETH-USD"]
        assert asked[0].end is not None
        assert asked[0].end < market.NOW - timedelta(minutes=48)


async def test_another_currency_and_another_adjustment_stand_in_the_title() -> None:
    fake = market.engine()
    total = replace(market.bars("VOD.LSE"), adjusted=Adjustment.total)
    fake.topics[BarUpdates] = lambda t: total if t.symbol == "VOD.LSE" else market.bars(t.symbol)
    fake.answers[SearchInstruments] = lambda asked: (
        Instrument(symbol=asked.query, currency="GBP" if asked.query == "VOD.LSE" else "USD"),
    )
    async with chart_scene(fake) as scene:
        await ask(scene, "VOD.LSE")
        await scene.until(lambda: "vs VOD.LSE (GBP, total return)" in scene.title)


async def test_a_source_that_is_away_is_told_and_the_chart_stays() -> None:
    fake = market.engine()
    away = SourceUnavailable("cboe refused", "Next try at 15:04.")
    fake.topics[BarUpdates] = lambda t: away if t.symbol == "SPY" else market.bars(t.symbol)
    async with chart_scene(fake) as scene:
        await ask(scene, "SPY")
        await scene.until(lambda: scene.app.said[0] == "Cboe refused. Next try at 15:04.")
        assert len(scene.chart.columns) == 400


async def test_what_is_compared_is_kept_and_another_symbol_is_compared_with_the_same() -> None:
    async with chart_scene() as scene:
        compare(scene).restore({"symbols": ["ETH-USD", 7, "SPY"], "ratio": False})
        await scene.until(lambda: len(view(scene).compared) == 2)
        assert compare(scene).kept() == {"symbols": ["ETH-USD", "SPY"], "ratio": False}
        scene.app.symbol = "SPY"
        await scene.until(lambda: scene.chart.held[0] == "SPY" and scene.chart.history)
        await scene.until(lambda: [e.name for e in view(scene).compared] == ["ETH-USD"])
        compare(scene).restore({})
        assert compare(scene).kept() == {}


async def test_what_is_compared_is_remembered_for_the_next_time() -> None:
    async with chart_scene() as scene:
        await scene.press("c")
        await scene.type("eth-usd")
        await scene.until(lambda: "ETH-USD" in scene.title)
        assert scene.app.recall("chart.compare", "") == "ETH-USD"
        await scene.press("c")
        await scene.type("/eth-usd")
        await scene.until(lambda: scene.app.recall("chart.compare", "") == "/ETH-USD")
        await scene.press("c")
        await scene.type("")
        await scene.until(lambda: scene.app.recall("chart.compare", "") == "")
