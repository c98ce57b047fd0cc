"""@ on a screen: what one stands on goes with the next question."""

import screen_market as market
from textual.pilot import Pilot
from waiting import at_rest, seen, until

from tio.api.chats import Chip, ChipKind
from tio.api.contract import Engine
from tio.app import TioApp
from tio.config import Config, Ui
from tio.screens.widgets.price_chart import PriceChart

from fakes import FakeClock


def chips(pilot: Pilot[None]) -> tuple[Chip, ...]:
    app = pilot.app
    assert isinstance(app, TioApp)
    return app.chips


async def test_the_window_of_a_chart() -> None:
    fake = market.engine()

    async def open_engine() -> Engine:
        return fake

    app = TioApp(
        open_engine,
        config=Config(ui=Ui(time_zone="UTC")),
        clock=FakeClock(),
        screen="chart",
        symbol="SPY",
    )
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: any(each.history for each in pilot.app.screen.query(PriceChart)))
        await at_rest(pilot)
        chart = pilot.app.screen.query(PriceChart).first()
        await pilot.press("at")
        (chip,) = chips(pilot)
        first, end = chart.window.span(chart.plot_width, len(chart.columns))
        assert (chip.kind, chip.about, chip.timeframe) == (ChipKind.chart, *chart.held)
        assert chip.start is not None
        assert chip.end is not None
        assert chip.start < chip.end or end - first == 1
        await pilot.press("at")
        assert chips(pilot) == ()
        assert "is left here" in seen(pilot)
