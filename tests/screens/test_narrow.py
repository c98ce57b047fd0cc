"""At 60×20 every screen still says all it has to say."""

import screen_market as market
from textual.pilot import Pilot
from waiting import at_rest

from tio.api.contract import Engine
from tio.api.system import Log, LogLine
from tio.app import TioApp
from tio.config import Config, Ui
from tio.screens.widgets.price_chart import PriceChart

from fakes import FakeClock, FakeEngine

LONG = "the source coinbase has not answered for five minutes and is asked again in twenty seconds"


def _app(fake: FakeEngine) -> TioApp:
    async def open_engine() -> Engine:
        return fake

    return TioApp(open_engine, config=Config(ui=Ui(time_zone="UTC")), clock=FakeClock())


async def _shown(pilot: Pilot[None], *keys: str) -> str:
    await at_rest(pilot)
    await pilot.press(*keys)
    return " ".join((await at_rest(pilot)).replace("│", " ").split())


async def test_the_chart_has_the_whole_screen() -> None:
    async with _app(market.engine()).run_test(size=(60, 20)) as pilot:
        await _shown(pilot, "2")
        chart = pilot.app.screen.query_one(PriceChart)
        assert chart.is_on_screen
        assert chart.size.height > 10


async def test_a_long_line_of_the_log_is_there_to_its_end() -> None:
    fake = market.engine()
    fake.topics[Log] = (LogLine(at=market.NOW, level="error", origin="feeds", message=LONG),)
    async with _app(fake).run_test(size=(60, 20)) as pilot:
        assert LONG in await _shown(pilot, "f3")


async def test_help_names_every_action_whole() -> None:
    async with _app(market.engine()).run_test(size=(60, 20)) as pilot:
        shown = await _shown(pilot, "question_mark")
        assert "show the list before (watchlist.previous_list)" in shown


async def test_a_setting_pointed_at_is_explained() -> None:
    async with _app(market.engine()).run_test(size=(60, 20)) as pilot:
        assert "the colours" in await _shown(pilot, "f2")
        assert "prices flash when they change" in await _shown(pilot, "down")
