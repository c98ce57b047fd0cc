"""What RISK looks like, kept as pictures beside this file.

After a change that is meant: `pytest tests/snapshots --snapshot-update`, then look at each picture.
"""

from collections.abc import Callable
from typing import Literal

import portfolio_scene as scene
import pytest
from risk_answers import REPORT, STRESSES
from textual.pilot import Pilot
from waiting import at_rest, seen, until

from tio.api.contract import Engine
from tio.api.portfolio_risk import GetRisk
from tio.api.sources import SourceStates
from tio.api.stress import StressWindows
from tio.app import TioApp
from tio.config import Config, Ui
from tio.screens.risk import RiskPane

from fakes import FakeClock, FakeEngine

Compare = Callable[..., bool]
Theme = Literal["dark", "light", "16-colours"]
LOOKS: dict[str, tuple[int, int, Theme]] = {
    "80x24": (80, 24, "dark"),
    "120x40": (120, 40, "dark"),
    "light": (120, 40, "light"),
    "16-colours": (120, 40, "16-colours"),
}


@pytest.fixture(autouse=True)
def _colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of all colours, whoever runs the tests: few would change the theme."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")


def _engine() -> FakeEngine:
    fake = scene.engine(scene.MAIN)
    fake.answers[GetRisk] = REPORT
    fake.answers[StressWindows] = STRESSES
    return fake


@pytest.mark.parametrize("look", LOOKS)
def test_risk_looks_as_it_did(snap_compare: Compare, look: str) -> None:
    width, height, theme = LOOKS[look]
    fake = _engine()

    async def open_engine() -> Engine:
        return fake

    async def go(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: pilot.app.screen.query(RiskPane))
        await until(pilot, lambda: "LOSS AT MOST" in seen(pilot))
        if width >= 90:
            await until(pilot, lambda: "The pandemic" in seen(pilot))
        # The top line then says how old the quote is, at once and not within a second.
        fake.push(SourceStates, fake.topics[SourceStates])
        await at_rest(pilot)

    config = Config(ui=Ui(time_zone="UTC", theme=theme))
    app = TioApp(open_engine, config=config, clock=FakeClock(), command="RISK")
    assert snap_compare(app, terminal_size=(width, height), run_before=go)
