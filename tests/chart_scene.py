"""A chart over the whole screen with a fake engine, for the tests of its parts."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import screen_market as market
from textual.pilot import Pilot

from tio.api.contract import Engine
from tio.app import TioApp
from tio.config import Config, Ui
from tio.screens.widgets.price_chart import PriceChart

from fakes import FakeClock, FakeEngine


@dataclass
class Scene:
    """The app, its keys, its clock and the fake engine behind it."""

    pilot: Pilot[None]
    app: TioApp
    fake: FakeEngine
    clock: FakeClock

    @property
    def chart(self) -> PriceChart:
        """The chart one stands in."""
        pane = self.app.focused
        return pane if isinstance(pane, PriceChart) else self.app.screen.query(PriceChart).first()

    @property
    def title(self) -> str:
        return str(self.chart.border_title)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Write into the question that is open, in place of what stands there, and answer it."""
        await self.press("ctrl+u", *(KEYS.get(each, each) for each in text), "enter")

    async def until(self, true: Callable[[], Any]) -> None:
        """Let the app run until something is so; it fails when that never comes."""
        for _ in range(300):
            if true():
                return
            await self.pilot.pause()
        raise AssertionError("what was waited for never came")

    def shown(self) -> str:
        """Everything on the screen, as text."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())


KEYS = {" ": "space", "/": "slash", ".": "full_stop", "-": "minus", "=": "equals_sign"}


@asynccontextmanager
async def chart_scene(
    fake: FakeEngine | None = None,
    *,
    size: tuple[int, int] = (120, 40),
    symbol: str = "BTC-USD",
    **options: Any,
) -> AsyncIterator[Scene]:
    """The chart screen once the bars of its symbol are there."""
    fake = fake or market.engine()

    async def open_engine() -> Engine:
        return fake

    clock = FakeClock()
    options = {"screen": "chart", "config": Config(ui=Ui(time_zone="UTC")), **options}
    app = TioApp(open_engine, clock=clock, symbol=symbol, **options)
    async with app.run_test(size=size) as pilot:
        scene = Scene(pilot, app, fake, clock)
        await scene.until(lambda: app.screen.query(PriceChart))
        await scene.until(lambda: scene.chart.history is not None)
        yield scene
