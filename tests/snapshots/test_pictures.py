"""What each screen looks like, kept as pictures beside this file.

After a change that is meant: `pytest tests/snapshots --snapshot-update`, then look at each picture.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Literal

import portfolio_scene
import pytest
import screen_market as market
from msgspec.structs import replace
from textual.pilot import Pilot
from waiting import seen, until

from tio.api.contract import Engine
from tio.api.market import AssetClass, SearchInstruments
from tio.api.sources import (
    LimitLeft,
    ListKeys,
    ListSources,
    SourceReport,
    SourceState,
    SourceStates,
)
from tio.api.system import Log, LogLine
from tio.api.watchlists import Watchlist, Watchlists
from tio.app import TioApp
from tio.config import Config, Ui
from tio.screens.log import LogPane
from tio.screens.stage import stage
from tio.screens.widgets.price_chart import PriceChart

from fakes import FakeClock, FakeEngine

Compare = Callable[..., bool]
Theme = Literal["dark", "light", "colour-blind", "16-colours"]
LOOKS: dict[str, tuple[int, int, Theme]] = {
    "60x20": (60, 20, "dark"),
    "80x24": (80, 24, "dark"),
    "120x40": (120, 40, "dark"),
    "200x60": (200, 60, "dark"),
    "light": (120, 40, "light"),
    "16-colours": (120, 40, "16-colours"),
}
SCREENS = {
    "desk": (),
    "chart": ("2",),
    "log": ("f3",),
    "settings": ("f2",),
    "keys": ("question_mark",),
}
LOGGED = (
    ("info", "local", "the engine of workspace main is ready"),
    ("info", "market.feeding", "coinbase is live with 10 symbols"),
    ("warning", "store.bars", "a chunk of SPY 1m does not match its sum and is left out"),
    ("error", "market.feeding", "kraken refused the connection (429); tried again in 48 s"),
    ("info", "session", "SaveWatchlist by owner: done"),
)


@pytest.fixture(autouse=True)
def _colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of all colours, whoever runs the tests: few would change the theme."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")


def _engine() -> FakeEngine:
    fake = market.engine()
    fake.topics[Log] = tuple(
        LogLine(at=market.NOW, level=level, origin=origin, message=message)
        for level, origin, message in LOGGED
    )
    return fake


def _app(fake: FakeEngine, theme: Theme = "dark") -> TioApp:
    async def open_engine() -> Engine:
        return fake

    config = Config(ui=Ui(time_zone="UTC", theme=theme))
    return TioApp(open_engine, config=config, clock=FakeClock())


async def _still(pilot: Pilot[None]) -> None:
    """Until nothing moved for longer than the slowest beat of a pane, a fifth of a second."""
    before, same = "", 0
    while same < 2:
        await pilot.pause(0.12)
        now = seen(pilot)
        before, same = now, same + 1 if now == before else 0


def _shown(*keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Goes to a screen once the Desk is full, and waits until it is."""

    async def go(pilot: Pilot[None]) -> None:
        def charted() -> bool:
            charts = pilot.app.screen.query(PriceChart)
            return bool(charts) and charts.first().history is not None

        def logged() -> bool:
            panes = pilot.app.screen.query(LogPane)
            return not panes or len(panes.first().lines) > 1

        await until(pilot, charted)
        await until(pilot, lambda: "BTC-USD" in stage(pilot.app.screen).quotes)
        fake = stage(pilot.app.screen).engine
        assert isinstance(fake, FakeEngine)
        # The top line then says how old the quote is, at once and not within a second.
        fake.push(SourceStates, fake.topics[SourceStates])
        await _still(pilot)
        if keys:
            await pilot.press(*keys)
            await until(pilot, charted if keys == SCREENS["chart"] else logged)
            await _still(pilot)

    return go


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("screen", SCREENS)
def test_the_screens_look_as_they_did(snap_compare: Compare, screen: str, look: str) -> None:
    width, height, theme = LOOKS[look]
    app = _app(_engine(), theme)
    assert snap_compare(app, terminal_size=(width, height), run_before=_shown(*SCREENS[screen]))


@pytest.mark.parametrize("size", [(60, 20), (120, 40)], ids=["60x20", "120x40"])
def test_the_desk_without_anything_known_looks_as_it_did(
    snap_compare: Compare, size: tuple[int, int]
) -> None:

    fake = _engine()
    fake.topics[Watchlists] = fake.topics[SourceStates] = ()
    fake.answers[SearchInstruments] = fake.answers[ListSources] = ()

    async def go(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: SearchInstruments(limit=24) in fake.asked)
        await _still(pilot)

    assert snap_compare(_app(fake), terminal_size=size, run_before=go)


def test_columns_of_choice_look_as_they_did(snap_compare: Compare) -> None:
    fake = _engine()
    chosen = ("last", "change", "low", "high", "volume", "name")
    fake.topics[Watchlists] = (Watchlist("main", tuple(market.PRICES), chosen),)
    assert snap_compare(_app(fake), terminal_size=(80, 24), run_before=_shown())


def test_the_colour_blind_desk_looks_as_it_did(snap_compare: Compare) -> None:
    app = _app(_engine(), "colour-blind")
    assert snap_compare(app, terminal_size=(120, 40), run_before=_shown())


def test_without_colour_the_desk_looks_as_it_did(
    snap_compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(_app(_engine()), terminal_size=(120, 40), run_before=_shown())


@pytest.mark.parametrize(
    ("screen", "look"),
    [
        *(("portfolio", look) for look in ("80x24", "120x40", "light", "16-colours")),
        *(("desk", look) for look in ("120x40", "200x60")),
    ],
)
def test_a_portfolio_looks_as_it_did(snap_compare: Compare, screen: str, look: str) -> None:
    width, height, theme = LOOKS[look]

    async def go(pilot: Pilot[None]) -> None:
        await _shown()(pilot)
        if screen == "portfolio":
            await pilot.press("6", "up")
            await until(pilot, lambda: "dividend" in seen(pilot))
            await _still(pilot)

    app = _app(portfolio_scene.engine(portfolio_scene.MAIN), theme)
    assert snap_compare(app, terminal_size=(width, height), run_before=go)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("state", ["health", "trouble"])
def test_the_sources_look_as_they_did(snap_compare: Compare, state: str, look: str) -> None:
    width, height, theme = LOOKS[look]
    fake = _engine()
    again = market.NOW + timedelta(seconds=48)
    live = SourceReport(
        name="kraken",
        state=SourceState.live,
        symbols=12,
        rate=140.0,
        last_message_at=market.NOW,
        latency_ms=18.0,
        latency_p95_ms=44.0,
        calls=7,
        assets=(AssetClass.crypto,),
        limits=(LimitLeft("requests a minute", 12.0, 60.0, again),),
    )
    failed = replace(
        live,
        state=SourceState.failed,
        reason="refused the connection (429)",
        errors=3,
        next_try_at=again,
    )
    idle = SourceReport(name="yahoo", state=SourceState.idle, unofficial=True)
    keyed = SourceReport(name="finnhub", state=SourceState.off, lacks_key=("key",))
    reports = (live if state == "health" else failed, idle, keyed)
    fake.topics[SourceStates] = fake.answers[ListSources] = reports
    fake.answers[ListKeys] = ()
    assert snap_compare(_app(fake, theme), terminal_size=(width, height), run_before=_shown("f5"))
