"""What the analyst's screen looks like, kept as pictures beside this file.

After a change that is meant: `pytest tests/snapshots --snapshot-update`, then look at each picture.
"""

from collections.abc import Callable
from typing import Literal

import pytest
import screen_market as market
from talk_scene import ASKED_MORE, AT, CHAT, MESSAGES, OTHER, WRITING
from textual.pilot import Pilot
from waiting import at_rest, seen, until

from tio.api.chat_events import ChatEvents, MessageWritten
from tio.api.chats import ListChats
from tio.app import TioApp
from tio.config import Config, Ui

from fakes import FakeClock, FakeEngine

Compare = Callable[..., bool]
Theme = Literal["dark", "light", "16-colours"]
LOOKS: dict[str, tuple[int, int, Theme, tuple[str, ...], str]] = {
    "60x20": (60, 20, "dark", ("home",), "How does AAPL stand?"),
    "80x24": (80, 24, "dark", ("home", "down", "down"), "187.20"),
    "120x40": (120, 40, "dark", (), "And now?"),
    "200x60": (200, 60, "dark", (), "And now?"),
    "light": (120, 40, "light", ("home", *("down",) * 7), "187.20"),
    "16-colours": (120, 40, "16-colours", ("home",), "187.20"),
    "list-80x24": (80, 24, "dark", ("c",), "Risk of main"),
    "empty-120x40": (120, 40, "dark", ("n", "escape"), "Ask of a symbol"),
}


@pytest.fixture(autouse=True)
def _colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of all colours, whoever runs the tests: few would change the theme."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")


def _app(theme: Theme) -> TioApp:
    fake = market.engine()
    fake.answers[ListChats] = (CHAT, OTHER)
    told = (*MESSAGES, ASKED_MORE, WRITING)
    fake.topics[ChatEvents] = tuple(MessageWritten(message=each) for each in told)

    async def opened() -> FakeEngine:
        return fake

    config = Config(ui=Ui(theme=theme, time_zone="UTC", reduced_motion=True))
    return TioApp(opened, config=config, clock=FakeClock(AT), screen="analyst", symbol="AAPL")


@pytest.mark.parametrize("look", LOOKS)
def test_the_talk_looks_as_it_did(look: str, snap_compare: Compare) -> None:
    width, height, theme, keys, words = LOOKS[look]

    async def before(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "analyst" in seen(pilot) and "qwen3" in seen(pilot))
        await at_rest(pilot)
        await pilot.press(*keys)
        await until(pilot, lambda: words in seen(pilot))
        await at_rest(pilot)

    assert snap_compare(_app(theme), terminal_size=(width, height), run_before=before)
