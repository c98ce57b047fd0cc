"""What the first frame waits for: nothing that only its panes need."""

import subprocess
import sys

import screen_market as market

from tio.api.contract import Engine
from tio.app import TioApp

from fakes import FakeClock

LATER = [
    "numpy",
    "aiohttp",
    "tio.screens.desk_body",
    "tio.screens.widgets.watchlist",
    "tio.screens.widgets.price_chart",
]


def test_the_frame_of_the_desk_imports_no_pane() -> None:
    code = (
        f"import sys, tio.app, tio.screens.desk;print(sorted(sys.modules.keys() & set({LATER!r})))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


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
