"""What reports look like, kept as pictures beside this file.

After a change that is meant: `pytest tests/snapshots --snapshot-update`, then look at each picture.
"""

import asyncio
from collections.abc import Callable

import pytest
from report_scene import app_on, engine
from textual.pilot import Pilot
from waiting import at_rest, seen, until

from tio.api.sources import SourceStates

Compare = Callable[..., bool]
LOOKS: dict[str, tuple[int, int, str, str, tuple[str, ...]]] = {
    "brief-60x20": (60, 20, "dark", "AAA BRIEF", ("j",) * 9),
    "brief-80x24": (80, 24, "dark", "AAA BRIEF", ()),
    "brief-120x40": (120, 40, "dark", "AAA BRIEF", ("right_square_bracket", "l", "j")),
    "brief-200x60": (200, 60, "dark", "AAA BRIEF", ()),
    "brief-light": (120, 40, "light", "AAA BRIEF", ("j",)),
    "brief-16-colours": (120, 40, "16-colours", "AAA BRIEF", ("j",)),
    "compare-80x24": (80, 24, "dark", "AAA BBB CCC CMP", ("j", "j")),
    "compare-120x40": (120, 40, "dark", "AAA BBB CCC CMP", ("j", "j")),
    "why-120x40": (120, 40, "dark", "AAA WHY", ()),
    "morning-120x40": (120, 40, "dark", "MORN", ()),
    "review-120x40": (120, 40, "dark", "REVIEW", ()),
    "review-200x60": (200, 60, "dark", "REVIEW", ()),
    "review-discreet-120x40": (120, 40, "dark", "REVIEW", ("z",)),
    "risk-120x40": (120, 40, "light", "REVIEW risk", ()),
    "journal-120x40": (120, 40, "dark", "REVIEW journal", ()),
    "none-80x24": (80, 24, "dark", "NOSUCH BRIEF", ()),
    "sources-120x40": (120, 40, "dark", "AAA WHY", ("right_square_bracket", "f1")),
}


@pytest.fixture(autouse=True)
def _colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of all colours, whoever runs the tests: few would change the theme."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")


@pytest.mark.parametrize("look", LOOKS)
def test_reports_look_as_they_did(look: str, snap_compare: Compare) -> None:
    width, height, theme, command, keys = LOOKS[look]
    fake = asyncio.run(engine(model=True))

    async def go(pilot: Pilot[None]) -> None:
        told = "No source knows" if "NOSUCH" in command else "not advice"
        await until(pilot, lambda: told in seen(pilot))
        await until(pilot, lambda: "m model" in seen(pilot) or width < 80)
        await pilot.press(*keys)
        # The top line then says how old the quote is, at once and not within a second.
        fake.push(SourceStates, fake.topics[SourceStates])
        await at_rest(pilot)

    app = app_on(fake, command, theme=theme)
    assert snap_compare(app, terminal_size=(width, height), run_before=go)
