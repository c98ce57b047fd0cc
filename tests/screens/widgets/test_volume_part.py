"""Volume and its profile: the bars in sight, point of control and value area told."""

from datetime import timedelta
from typing import Any

import screen_market as market
from chart_scene import Scene, chart_scene

from tio.api.errors import SourceUnavailable
from tio.api.indicators import GetVolumeProfile, VolumeProfile
from tio.api.series import Series, moment
from tio.draw.view import ChartView
from tio.screens.widgets.practice_part import PracticePart
from tio.screens.widgets.volume_part import VolumePart

from fakes import FakeEngine

FOUND = VolumeProfile(
    symbol="BTC-USD",
    edges=Series([63_000.0, 64_000.0, 65_000.0]),
    volume=Series([10.0, 30.0]),
    point_of_control=64_500.0,
    value_low=64_000.0,
    value_high=65_000.0,
    bars=100,
)
NONE = VolumeProfile(symbol="BTC-USD", edges=Series([]), volume=Series([]))


def engine(told: Any = FOUND) -> FakeEngine:
    fake = market.engine()
    fake.answers[GetVolumeProfile] = told
    return fake


def view(scene: Scene) -> ChartView:
    return scene.chart._view(scene.chart.plot_width)


def part(scene: Scene) -> VolumePart:
    found = scene.chart.parts["volume"]
    assert isinstance(found, VolumePart)
    return found


def asked(scene: Scene) -> list[GetVolumeProfile]:
    return [each for each in scene.fake.asked if isinstance(each, GetVolumeProfile)]


async def test_the_key_goes_through_volume_profile_both_and_none() -> None:
    async with chart_scene(engine()) as scene:
        assert (view(scene).volume, view(scene).profile) == (True, None)
        assert not asked(scene)
        await scene.press("v")
        await scene.until(lambda: view(scene).profile)
        assert not view(scene).volume
        await scene.press("v")
        assert view(scene).volume
        assert view(scene).profile
        await scene.press("v")
        assert (view(scene).volume, view(scene).profile) == (False, None)
        assert scene.app.recall("chart.volume", "") == "off"


async def test_point_of_control_and_value_area_are_told() -> None:
    async with chart_scene(engine()) as scene:
        await scene.press("v")
        await scene.until(lambda: "POC 64,500.00 VA 64,000.00 – 65,000.00" in scene.shown())
        profile = view(scene).profile
        assert profile is not None
        assert profile.volume.tolist() == [10.0, 30.0]


async def test_it_is_of_the_bars_in_sight_and_of_others_when_panned() -> None:
    async with chart_scene(engine()) as scene:
        await scene.press("v")
        await scene.until(lambda: asked(scene))
        await scene.until(lambda: not part(scene)._asking)
        times, shown = scene.chart.columns.time, view(scene)
        assert asked(scene)[-1].start == moment(int(times[shown.start]))
        assert asked(scene)[-1].end == moment(int(times[-1])) + timedelta(microseconds=1)
        await scene.press("shift+left")
        await scene.until(lambda: asked(scene)[-1].start == moment(first_time(scene)))
        end = asked(scene)[-1].end
        assert end is not None
        assert end < market.NOW


def first_time(scene: Scene) -> int:
    return int(scene.chart.columns.time[view(scene).start])


async def test_the_title_says_that_there_is_no_volume() -> None:
    async with chart_scene(engine(NONE)) as scene:
        await scene.press("v")
        await scene.until(lambda: "no profile: no volume" in scene.title)
        assert view(scene).profile is None


async def test_a_source_that_is_away_is_told_in_the_title_once() -> None:
    async with chart_scene(engine(SourceUnavailable("cboe refused"))) as scene:
        await scene.press("v")
        await scene.until(lambda: "no profile: Cboe refused" in scene.title)
        count = len(asked(scene))
        scene.chart.at_once()
        await scene.pilot.pause()
        assert len(asked(scene)) == count


async def test_it_is_kept_in_a_layout() -> None:
    async with chart_scene(engine()) as scene:
        assert part(scene).kept() == {}
        part(scene).restore({"shown": "both"})
        assert part(scene).kept() == {"shown": "both"}
        await scene.until(lambda: view(scene).profile)
        part(scene).restore({"shown": 7})
        part(scene).restore({"shown": "odd"})
        assert part(scene).kept() == {"shown": "both"}


async def test_practice_never_shows_the_volume_of_bars_it_hides() -> None:
    async with chart_scene(engine()) as scene:
        await scene.press("v")
        await scene.until(lambda: view(scene).profile and not part(scene)._asking)
        times = scene.chart.columns.time
        practice = scene.chart.parts["practice"]
        assert isinstance(practice, PracticePart)
        practice.begin(int(times[300]))
        assert view(scene).profile is None
        await scene.until(lambda: view(scene).profile)
        end = asked(scene)[-1].end
        assert end is not None
        assert end <= moment(int(times[300]))
