"""A trader's session by keys alone, on the demo's market; after a restart all is as it was left."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from both_engines import Afternoon
from textual.pilot import Pilot
from waiting import seen, until

from tio.api.charts import ListDrawings, ListLayouts
from tio.api.contract import Engine
from tio.app import TioApp
from tio.config import Config, Demo, Ui
from tio.engine.local import LocalEngine
from tio.paths import Paths
from tio.screens.questions import Question
from tio.screens.widgets.levels_part import LevelsPart
from tio.screens.widgets.price_chart import PriceChart
from tio.wire.client import RemoteEngine
from tio.wire.server import Server
from tio.wire.socket_door import Door

CONFIG = Config(demo=Demo(symbols=4, rate=100.0), ui=Ui(time_zone="UTC"))
KEYS = {" ": "space", ":": "colon", "/": "slash", ".": "full_stop", "-": "minus", ",": "comma"}


class Trader:
    """Somebody at the keyboard."""

    def __init__(self, pilot: Pilot[Any], app: TioApp) -> None:
        self.pilot, self.app = pilot, app

    @property
    def charts(self) -> list[PriceChart]:
        return list(self.app.screen.query(PriceChart))

    @property
    def chart(self) -> PriceChart:
        focused = self.app.focused
        return focused if isinstance(focused, PriceChart) else self.charts[0]

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def sees(self, *words: str) -> None:
        await until(self.pilot, lambda: all(word in seen(self.pilot) for word in words))

    async def knows(self, true: Callable[[], Any]) -> None:
        await until(self.pilot, true)

    async def command(self, line: str) -> None:
        await self.press("colon", *(KEYS.get(each, each) for each in line), "enter")

    async def answer(self, key: str, text: str) -> None:
        """Open a question by its key and answer it."""
        await self.press(key)
        await self.knows(lambda: isinstance(self.app.screen, Question))
        await self.press("ctrl+u", *(KEYS.get(each, each) for each in text), "enter")
        await self.knows(lambda: not isinstance(self.app.screen, Question))


@asynccontextmanager
async def terminal(engine: Engine) -> AsyncIterator[Trader]:
    """A terminal of 120×40 on an engine, with its chart's bars there."""

    async def open_engine() -> Engine:
        return engine

    app = TioApp(open_engine, config=CONFIG, screen="chart", workspace="demo", symbol="SIM:ACME")
    async with app.run_test(size=(120, 40)) as pilot:
        trader = Trader(pilot, app)
        await trader.knows(lambda: app.screen.query(PriceChart) and trader.chart.history)
        yield trader


@asynccontextmanager
async def demo() -> AsyncIterator[LocalEngine]:
    engine = LocalEngine(Paths.find().workspace("demo"), CONFIG, wall=Afternoon())
    await engine.start()
    try:
        yield engine
    finally:
        await engine.close()


def levels(trader: Trader) -> LevelsPart:
    part = trader.chart.parts["levels"]
    assert isinstance(part, LevelsPart)
    return part


async def arranged(trader: Trader) -> None:
    """Switch, add, draw, compare and save, by keys."""
    await trader.command("SIM:BTC-USD GP 5m")
    await trader.knows(lambda: trader.chart.held == ("SIM:BTC-USD", "5m") and trader.chart.history)
    await trader.answer("i", "rsi:21 ema:20")
    await trader.sees("RSI 21", "EMA 20")
    await trader.press("s")
    await trader.knows(lambda: levels(trader).is_on)
    await trader.press("d", "v", "enter")
    await trader.knows(lambda: "drawing" in str(trader.chart.border_title))
    await trader.press("escape", "escape", "escape")
    await trader.answer("c", "sim:eurusd")
    await trader.knows(lambda: "SIM:EURUSD" in str(trader.chart.border_title))
    await trader.answer("f", "save swing")
    await trader.knows(lambda: "swing" in trader.app.said[0])


async def test_a_session_by_keys_alone_is_there_again_after_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with demo() as local:
        engine = local.session()
        async with terminal(engine) as trader:
            await arranged(trader)
            await trader.press("m")
            await trader.knows(lambda: len(trader.charts) == 4)
            await trader.knows(lambda: all(each.history for each in trader.charts))
            await trader.press("m")
            await trader.knows(lambda: len(trader.charts) == 1 and trader.chart.history)
            await trader.press(*["left"] * 5, "b")
            await trader.sees("PRACTICE")
            await trader.press("full_stop", "b")
            await trader.knows(lambda: trader.chart.known is None)
            await trader.answer("e", "btc.svg")
            await trader.knows((tmp_path / "btc.svg").exists)
        (drawing,) = await engine.ask(ListDrawings())
        assert drawing.symbol == "SIM:BTC-USD"

    async with demo() as local, terminal(local.session()) as trader:
        await trader.command("SIM:BTC-USD GP 5m")
        await trader.sees("RSI 21", "EMA 20")
        await trader.knows(lambda: levels(trader).is_on)
        await trader.knows(lambda: "SIM:EURUSD" in str(trader.chart.border_title))
        assert await local.session().ask(ListDrawings()) == (drawing,)
        await trader.answer("f", "swing")
        await trader.knows(lambda: trader.chart.held[1] == "5m")


async def test_another_terminal_that_attaches_finds_it_as_it_is() -> None:
    async with demo() as local:
        server = Server(local, Door.open(local.place.socket))
        await server.start()
        try:
            async with asyncio.timeout(60):
                first = await RemoteEngine.open(local.place.socket)
            async with terminal(first) as trader:
                await arranged(trader)
            await first.close()
            second = await RemoteEngine.open(local.place.socket)
            async with terminal(second) as trader:
                await trader.command("SIM:BTC-USD GP 5m")
                await trader.sees("RSI 21", "EMA 20")
                await trader.knows(lambda: levels(trader).is_on)
                assert [each.name for each in await second.ask(ListLayouts())] == ["swing"]
                drawn = await second.ask(ListDrawings("SIM:BTC-USD"))
                assert len(drawn) == 1
            await second.close()
        finally:
            await server.close()
