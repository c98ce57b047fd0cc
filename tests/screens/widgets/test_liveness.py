"""A chart's title says how live its quote is, and no longer calls old what it called live."""

import pytest
import screen_market as market
from chart_scene import chart_scene

from tio.api.market import Delay, Session
from tio.screens.widgets.liveness import liveness


@pytest.mark.parametrize(
    ("changed", "waited", "said"),
    [
        ({"age": 0.038}, 0.0, "LIVE 38 ms"),
        ({"age": 0.038}, 1.5, "LIVE"),
        ({"age": 0.038}, 12.0, "LIVE 12s"),
        ({"age": 0.038}, 400.0, "6m old"),
        ({"age": 10_800.0}, 0.0, "3h old"),
        ({"age": 10_800.0, "session": Session.closed}, 0.0, "CLOSED 3h"),
        ({"age": 40.0, "stale": True}, 2.0, "STALE 42s"),
        ({"age": None}, 0.0, "age unknown"),
        ({"age": 1.0, "delay": Delay.delayed, "delay_minutes": 15}, 0.0, "D15"),
    ],
)
def test_it_is_called_live_only_while_it_is(
    changed: dict[str, object], waited: float, said: str
) -> None:
    assert liveness(market.quote("BTC-USD", **changed), waited) == said


async def test_a_quote_that_nothing_follows_grows_old_in_the_title() -> None:
    async with chart_scene() as scene:
        scene.app.quotes["BTC-USD"] = market.quote("BTC-USD")
        scene.chart._entitle()
        assert "LIVE 38 ms" in scene.title
        await scene.clock.advance(400)
        scene.chart._entitle()
        assert "6m old" in scene.title
