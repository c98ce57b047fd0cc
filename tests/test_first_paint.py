"""What the first frame waits for: nothing that only its panes need."""

import gc
import subprocess
import sys

import pytest
import screen_market as market

from tio.api.contract import Engine
from tio.app import TioApp
from tio.commands import running

from fakes import FakeClock

LATER = [
    "numpy",
    "aiohttp",
    "click",
    "sqlite3",
    "tio.commands.app",
    "tio.connect",
    "tio.screens.desk_body",
    "tio.screens.widgets.portfolio_card",
    "tio.screens.widgets.watchlist",
    "tio.screens.widgets.price_chart",
]


WORDS = {
    f"tio.api.{name}"
    for name in ("clean", "codec", "contract", "errors", "market", "series", "system")
}
"""Of the api, what a frame is made of; all other words come with the panes that say them."""


def _imported() -> set[str]:
    """What `tio attach` has imported when its frame is painted."""
    code = (
        "import sys, tio.commands.running, tio.commands.asking, tio.commands.workspace\n"
        "import tio.commands.desk, tio.commands.opening, tio.screens.desk\n"
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_frame_of_the_desk_imports_no_pane_and_no_words_of_one() -> None:
    imported = _imported()

    assert "tio.screens.frame" in imported
    assert sorted(imported & set(LATER)) == []
    assert {name for name in imported if name.startswith("tio.api.")} <= WORDS
    assert [name for name in imported if name.startswith(("tio.engine", "tio.wire"))] == []


def test_a_terminal_begins_without_looking_for_garbage(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(running, "_demo", lambda: seen.append(gc.isenabled()))
    try:
        assert running.run(["demo"]) == 0
    finally:
        gc.enable()

    assert seen == [False]


async def test_the_styles_are_parsed_once_and_again_only_for_other_colours() -> None:
    async def open_engine() -> Engine:
        return market.engine()

    app = TioApp(open_engine, clock=FakeClock())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        rules = app.stylesheet.rules
        app.refresh_css()
        assert app.stylesheet.rules is rules
        app.theme = "light"
        await pilot.pause()
        assert app.stylesheet.rules is not rules
