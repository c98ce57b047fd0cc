"""What bringing in a file and choosing the lots of a sale look like, kept as pictures beside this.

After a change that is meant: `pytest tests/snapshots --snapshot-update`, then look at each picture.
"""

from collections.abc import Callable
from typing import Literal

import import_scene
import pytest
import sale_scene
from portfolio_terminal import answer, shown
from textual.pilot import Pilot
from waiting import at_rest, seen, until

from tio.api.contract import Engine
from tio.app import TioApp
from tio.config import Config, Ui

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


def app(fake: FakeEngine, theme: Theme) -> TioApp:
    async def open_engine() -> Engine:
        return fake

    config = Config(ui=Ui(time_zone="UTC", theme=theme))
    return TioApp(open_engine, config=config, clock=FakeClock(), command="PORT")


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("state", ["rows", "columns"])
def test_a_file_brought_in_looks_as_it_did(snap_compare: Compare, state: str, look: str) -> None:
    width, height, theme = LOOKS[look]

    async def go(pilot: Pilot[None]) -> None:
        await shown(pilot)
        await pilot.press("i")
        await answer(pilot, "File to bring into main", "/x/own.csv")
        words = "no reader knows it" if state == "columns" else "will be entered"
        await until(pilot, lambda: words in seen(pilot))
        await pilot.press("down", "down")
        await at_rest(pilot)

    fake = import_scene.engine(mapped=state == "columns")
    assert snap_compare(app(fake, theme), terminal_size=(width, height), run_before=go)


@pytest.mark.parametrize("look", LOOKS)
def test_the_lots_of_a_sale_look_as_they_did(snap_compare: Compare, look: str) -> None:
    width, height, theme = LOOKS[look]

    async def go(pilot: Pilot[None]) -> None:
        await shown(pilot)
        await pilot.press("x")
        await until(pilot, lambda: "TAKE" in seen(pilot))
        await pilot.press("down", "down", "left")
        await until(pilot, lambda: "picked by hand" in seen(pilot))
        await at_rest(pilot)

    fake = sale_scene.engine()
    assert snap_compare(app(fake, theme), terminal_size=(width, height), run_before=go)
