"""Practice tells nothing of what came after: not the bars, the title, the axis or a file."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import screen_market as market
from chart_scene import Scene, chart_scene
from hypothesis import given
from hypothesis import strategies as st

from tio.api.market import Bars, BarUpdates, GetBars
from tio.api.series import Series, Times, instant, moment
from tio.draw.view import ChartView, Cloud, Level, Mark, Overlay, SubPane
from tio.screens.widgets.practice_part import PracticePart, end_of, ended_by

MINUTE = 60_000_000


def practice(scene: Scene) -> PracticePart:
    part = scene.chart.parts["practice"]
    assert isinstance(part, PracticePart)
    return part


def view(scene: Scene) -> ChartView:
    return scene.chart._view(scene.chart.plot_width)


async def begun(scene: Scene, back: int = 10) -> None:
    """Practice begins at a crosshair some bars back: the last shown is that one."""
    await scene.until(lambda: scene.chart._lines)
    await scene.press(*["left"] * (back + 1), "b")
    assert practice(scene).known is not None


async def test_it_begins_at_the_crosshair_and_hides_what_came_after() -> None:
    async with chart_scene() as scene:
        whole = scene.chart.columns
        await begun(scene)
        columns = scene.chart.columns
        assert len(columns) == len(whole) - 10
        assert np.array_equal(columns.close, whole.close[:-10])
        shown = view(scene)
        assert shown.last == whole.close[-11]
        assert shown.end == len(columns)
        assert shown.crosshair is None


async def test_the_title_says_practice_and_nothing_of_now() -> None:
    async with chart_scene() as scene:
        scene.app.quotes["BTC-USD"] = market.quote("BTC-USD")
        scene.chart.told_anew()
        assert "LIVE" in scene.title
        await begun(scene)
        assert "PRACTICE 2026-11-20 14:50" in scene.title
        assert "LIVE" not in scene.title
        assert "15:00" not in str(scene.chart.border_subtitle)
        await scene.press("b")
        assert "LIVE" in scene.title
        assert "PRACTICE" not in scene.title


async def test_nothing_after_that_moment_is_drawn_told_or_exported() -> None:
    fake = market.engine()
    made = market.bars()
    # What comes after is of another magnitude, so that a trace of it could be seen.
    jumped = [c if n < 390 else 777_777.0 for n, c in enumerate(made.close)]
    fake.topics[BarUpdates] = market_bars(made, jumped)
    async with chart_scene(fake) as scene:
        await begun(scene)
        await scene.until(lambda: "777" not in scene.shown())
        _, rows = scene.chart.table()
        assert len(rows) == 1 + 390
        assert all(float(str(row[4])) < 700_000 for row in rows[1:])
        await scene.press("end", "left")
        assert "777" not in scene.chart.receipt()
        assert "forming" not in scene.chart.receipt()
        await scene.press(*["full_stop"] * 2)
        assert scene.chart.columns.close[-1] == 777_777.0


def market_bars(made: Bars, closes: list[float]) -> Bars:
    from msgspec.structs import replace as changed

    column = Series(closes)
    return changed(made, open=column, high=column, low=column, close=column)


async def test_a_point_goes_a_bar_on_and_a_comma_back() -> None:
    async with chart_scene() as scene:
        await begun(scene)
        count = len(scene.chart.columns)
        await scene.press("full_stop", "full_stop", "full_stop")
        assert len(scene.chart.columns) == count + 3
        await scene.press("comma")
        assert len(scene.chart.columns) == count + 2


async def test_it_ends_with_the_last_bar_that_is_over() -> None:
    async with chart_scene() as scene:
        await begun(scene, back=2)
        await scene.press("full_stop", "full_stop", "full_stop")
        assert len(scene.chart.columns) == 399
        assert "no further bar" in scene.app.said[0]


async def test_it_plays_by_the_clock_at_the_speed_that_is_set() -> None:
    async with chart_scene() as scene:
        await begun(scene, back=100)
        part, count = practice(scene), len(scene.chart.columns)
        await scene.press("enter")
        assert "▶ 2/s" in scene.title
        await scene.clock.advance(3.0)
        part.beat()
        assert len(scene.chart.columns) == count + 6
        await scene.press("greater_than_sign")
        assert "▶ 5/s" in scene.title
        await scene.clock.advance(1.0)
        part.beat()
        part.beat()
        assert len(scene.chart.columns) == count + 11
        await scene.press("enter")
        await scene.clock.advance(5.0)
        part.beat()
        assert len(scene.chart.columns) == count + 11


async def test_speeds_end_at_both_sides() -> None:
    async with chart_scene() as scene:
        await begun(scene)
        await scene.press(*["less_than_sign"] * 9)
        assert practice(scene).speed == 0.5
        await scene.press(*["greater_than_sign"] * 9)
        assert practice(scene).speed == 25


async def test_escape_takes_the_crosshair_first_and_then_leaves() -> None:
    async with chart_scene() as scene:
        await begun(scene)
        await scene.press("left", "escape")
        assert practice(scene).known is not None
        assert scene.chart.window.crosshair is None
        await scene.press("escape")
        assert practice(scene).known is None
        assert len(scene.chart.columns) == 400


async def test_a_live_bar_moves_nothing_in_sight() -> None:
    async with chart_scene() as scene:
        await begun(scene)
        before = scene.chart.columns
        later = market.bars(count=3, end=market.NOW + timedelta(minutes=3))
        scene.fake.push(BarUpdates, later)
        await scene.until(lambda: len(scene.chart.history or ()) == 403)
        assert np.array_equal(scene.chart.columns.time, before.time)
        assert scene.chart.window.hidden == 0


async def test_without_a_crosshair_it_asks_for_a_date_and_loads_what_is_older() -> None:
    async with chart_scene() as scene:
        await scene.press("b")
        await scene.type("2026-11-20 05:00")
        await scene.until(lambda: "PRACTICE 2026-11-20 04:59" in scene.title)
        assert any(isinstance(asked, GetBars) for asked in scene.fake.asked)
        assert moment(int(scene.chart.columns.time[-1])).hour == 4


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "99999-01-01"])
async def test_what_is_no_date_is_told(text: str) -> None:
    async with chart_scene() as scene:
        await scene.press("b")
        await scene.type(text)
        assert "That is no day" in scene.app.said[0]
        assert practice(scene).known is None


async def test_a_day_to_come_is_refused() -> None:
    async with chart_scene() as scene:
        await scene.press("b")
        await scene.type("2027-01-01")
        assert scene.app.said[0] == "That day is still to come."


async def test_a_date_before_every_bar_is_told_and_practice_does_not_begin() -> None:
    fake = market.engine()
    fake.answers[GetBars] = lambda asked: Bars(symbol=asked.symbol, timeframe=asked.timeframe)
    async with chart_scene(fake) as scene:
        await scene.press("b")
        await scene.type("2020-01-01")
        await scene.until(lambda: practice(scene).known is None)
        await scene.until(lambda: "The oldest bar held is of 2026-11-20" in scene.app.said[0])


async def test_another_timeframe_shows_only_what_was_over_by_then() -> None:
    async with chart_scene() as scene:
        await begun(scene)
        known = practice(scene).known
        assert known is not None
        await scene.press("right_square_bracket", "right_square_bracket")
        await scene.until(lambda: scene.chart.held[1] == "5m" and scene.chart.history)
        await scene.until(lambda: "PRACTICE" in scene.title)
        assert int(scene.chart.columns.time[-1]) + 5 * MINUTE <= known


async def test_marks_levels_and_values_of_hidden_bars_are_left_out() -> None:
    async with chart_scene() as scene:
        await begun(scene)
        columns = scene.chart.columns
        count = len(columns)
        values = np.arange(400.0)
        crowded = replace(
            view(scene),
            marks=(Mark(count - 1, None, "D"), Mark(count, None, "S")),
            levels=(Level(1.0, since=count - 1), Level(2.0, since=count)),
            overlays=(Overlay("EMA 20", values),),
            clouds=(Cloud(values, values),),
            panes=(SubPane("RSI", (Overlay("", values),)),),
        )
        drawn = practice(scene).draw(crowded, columns)
        assert [mark.text for mark in drawn.marks] == ["D"]
        assert [level.price for level in drawn.levels] == [1.0]
        lengths = [drawn.overlays[0].values, drawn.clouds[0].upper, drawn.panes[0].lines[0].values]
        assert [len(each) for each in lengths] == [count] * 3


@given(gaps=st.lists(st.integers(1, 9), min_size=1, max_size=40), known=st.integers(-20, 400))
def test_a_bar_is_shown_when_it_was_over_and_not_before(gaps: list[int], known: int) -> None:
    times = np.cumsum(gaps)
    count = ended_by(times, 5, known)
    ends = [end_of(times, 5, bar) for bar in range(len(times))]
    assert all(end <= known for end in ends[:count])
    assert all(end > known for end in ends[count:])


def test_a_bar_cut_short_by_the_next_is_over_when_that_begins() -> None:
    start = instant(datetime(2024, 3, 1, 20, 30, tzinfo=UTC))
    times = np.asarray(Times([start, start + 30 * MINUTE]))
    assert end_of(times, 60 * MINUTE, 0) == start + 30 * MINUTE
    assert end_of(times, 60 * MINUTE, 1) == start + 90 * MINUTE
