"""PORT in a terminal of the tests: opened, come to rest, its questions answered."""

from typing import Any

from textual.pilot import Pilot
from waiting import at_rest, seen, until

from tio.api.contract import Engine
from tio.app import TioApp
from tio.config import Config, Ui
from tio.screens.widgets.positions_pane import PositionsPane

from fakes import FakeClock, FakeEngine

SIZES = [(60, 20), (80, 24), (120, 40), (200, 60)]
NAMES = {" ": "space", ".": "full_stop", "-": "minus", "/": "slash"}


def app_on(fake: FakeEngine, command: str = "PORT", **options: Any) -> TioApp:
    async def open_engine() -> Engine:
        return fake

    config = Config(ui=Ui(time_zone="UTC"))
    return TioApp(open_engine, config=config, clock=FakeClock(), command=command, **options)


async def shown(pilot: Pilot[None], words: str = "AAPL · lots") -> str:
    """The screen's text once the words stand on PORT and it has come to rest."""
    await until(pilot, lambda: pilot.app.screen.query(PositionsPane) and words in seen(pilot))
    return await at_rest(pilot)


async def answer(pilot: Pilot[None], question: str, text: str) -> None:
    """Answer a question in place of what it proposes."""
    await until(pilot, lambda: question in seen(pilot))
    await pilot.press("home", "ctrl+k", *(NAMES.get(c, c) for c in text), "enter")


def row(text: str, name: str) -> str:
    """The first line that begins with a name, inside its pane."""
    return next(line for line in text.splitlines() if line.lstrip("│ ").startswith(name))
