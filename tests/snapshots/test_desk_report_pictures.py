"""What the analyst's pane on the Desk looks like, kept as pictures beside this file.

After a change that is meant: `pytest tests/snapshots --snapshot-update`, then look at each picture.
"""

from collections.abc import Callable

import pytest
from desk_reports import app_on, engine
from textual.pilot import Pilot
from waiting import at_rest, seen, until

from tio.api.sources import SourceStates

Compare = Callable[..., bool]
LOOKS: dict[str, tuple[int, int, str, tuple[str, ...]]] = {
    "80x24": (80, 24, "dark", ()),
    "120x40": (120, 40, "dark", ("tab",)),
    "200x60": (200, 60, "dark", ("tab", "j")),
    "light": (120, 40, "light", ("tab",)),
    "16-colours": (120, 40, "16-colours", ("tab",)),
    "report-120x40": (120, 40, "dark", ("tab", "enter")),
}


@pytest.fixture(autouse=True)
def _colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of all colours, whoever runs the tests: few would change the theme."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")


@pytest.mark.parametrize("look", LOOKS)
def test_reports_on_the_desk_look_as_they_did(look: str, snap_compare: Compare) -> None:
    width, height, theme, keys = LOOKS[look]
    fake = engine()

    async def go(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "2 new" in seen(pilot) and "LIVE" in seen(pilot))
        await until(pilot, lambda: "BTC-USD" in seen(pilot) and "64,210.50" in seen(pilot))
        for key in keys:
            await at_rest(pilot)
            await pilot.press(key)
        if "enter" in keys:
            await until(pilot, lambda: "Line 3" in seen(pilot))
        # The top line then says how old the quote is, at once and not within a second.
        fake.push(SourceStates, fake.topics[SourceStates])
        await at_rest(pilot)

    app = app_on(fake, theme=theme)
    assert snap_compare(app, terminal_size=(width, height), run_before=go)


def test_a_desk_without_reports_looks_as_it_did(snap_compare: Compare) -> None:
    fake = engine(empty=True)

    async def go(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "tio analyst schedule" in seen(pilot) and "LIVE" in seen(pilot))
        await until(pilot, lambda: "64,210.50" in seen(pilot))
        fake.push(SourceStates, fake.topics[SourceStates])
        await at_rest(pilot)

    app = app_on(fake)
    assert snap_compare(app, terminal_size=(120, 40), run_before=go)
