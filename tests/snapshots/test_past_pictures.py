"""What a terminal that looks back looks like, kept as pictures beside this file.

After a change that is meant: `pytest tests/snapshots --snapshot-update`, then look at each picture.
"""

from collections.abc import Callable
from typing import Literal

import pytest
from past_terminal import THEN, say, terminal
from textual.pilot import Pilot
from waiting import at_rest, seen, until

Compare = Callable[..., bool]
Theme = Literal["dark", "light", "16-colours"]
LOOKS: dict[str, tuple[int, int, Theme, str]] = {
    "80x24": (80, 24, "dark", "desk"),
    "120x40": (120, 40, "dark", "desk"),
    "200x60": (200, 60, "dark", "desk"),
    "light": (120, 40, "light", "desk"),
    "16-colours": (120, 40, "16-colours", "desk"),
    "refused": (120, 40, "dark", "portfolio"),
}


@pytest.fixture(autouse=True)
def _colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of all colours, whoever runs the tests: few would change the theme."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")


@pytest.mark.parametrize("look", LOOKS)
def test_the_past_looks_as_it_did(look: str, snap_compare: Compare) -> None:
    width, height, theme, screen = LOOKS[look]
    app, _ = terminal(screen, theme)

    async def before(pilot: Pilot[None]) -> None:
        await at_rest(pilot)
        await say(pilot, f"AS-OF {THEN}")
        words = "77.77" if screen == "desk" else "tells of now alone"
        await until(pilot, lambda: words in seen(pilot))
        await at_rest(pilot)

    assert snap_compare(app, terminal_size=(width, height), run_before=before)
