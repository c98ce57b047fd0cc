"""What CORR looks like, kept as pictures beside this file.

After a change that is meant: `pytest tests/snapshots --snapshot-update`, then look at each picture.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

import numpy as np
import pytest
import screen_market as market
from textual.pilot import Pilot
from waiting import at_rest, seen, until

from tio.api.contract import Engine
from tio.api.risk import CorrelationMatrix, GetCorrelation
from tio.api.sources import SourceStates
from tio.api.watchlists import ListWatchlists, Watchlist
from tio.app import TioApp
from tio.config import Config, Ui
from tio.screens.correlation import CorrelationPane

from fakes import FakeClock

Compare = Callable[..., bool]
Theme = Literal["dark", "light", "16-colours"]
LOOKS: dict[str, tuple[int, int, Theme]] = {
    "60x20": (60, 20, "dark"),
    "120x40": (120, 40, "dark"),
    "light": (120, 40, "light"),
    "16-colours": (120, 40, "16-colours"),
}


@pytest.fixture(autouse=True)
def _colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of all colours, whoever runs the tests: few would change the theme."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")


def matrix(asked: GetCorrelation) -> CorrelationMatrix:
    """Two blocks of likes, one against the other."""
    count = len(asked.symbols)
    side = np.where(np.arange(count) < count * 0.6, 1.0, -0.7)
    values = np.outer(side, side) * np.linspace(0.9, 0.2, count)[:, None]
    values = np.round((values + values.T) / 2, 2)
    np.fill_diagonal(values, 1.0)
    return CorrelationMatrix(
        symbols=asked.symbols,
        timeframe=asked.timeframe,
        method=asked.method,
        window=asked.window,
        values=tuple(map(tuple, values.tolist())),
        counts=((250,) * count,) * count,
        order=tuple(range(count)),
        mean=0.1,
        start=datetime(2025, 11, 3, tzinfo=UTC),
        end=datetime(2026, 11, 20, tzinfo=UTC),
    )


@pytest.mark.parametrize("look", LOOKS)
def test_correlations_look_as_they_did(snap_compare: Compare, look: str) -> None:
    width, height, theme = LOOKS[look]
    fake = market.engine()
    fake.answers[GetCorrelation] = matrix
    fake.answers[ListWatchlists] = (Watchlist("main", tuple(market.PRICES)),)

    async def open_engine() -> Engine:
        return fake

    async def go(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: pilot.app.screen.query(CorrelationPane))
        await until(pilot, lambda: "ρ " in seen(pilot))
        await pilot.press("down", "right", "right")
        # The top line then says how old the quote is, at once and not within a second.
        fake.push(SourceStates, fake.topics[SourceStates])
        await at_rest(pilot)

    config = Config(ui=Ui(time_zone="UTC", theme=theme))
    app = TioApp(open_engine, config=config, clock=FakeClock(), command="CORR")
    assert snap_compare(app, terminal_size=(width, height), run_before=go)
