"""DES: figures with their sources, dashes for what nobody gave, waiting and failing in words."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest
import screen_market as market
from textual.pilot import Pilot
from waiting import until

from tio.api.companies import CorporateEvent, EventKind, GetEvents, GetProfile, Profile
from tio.api.contract import Engine
from tio.api.errors import SourceUnavailable
from tio.api.market import AssetClass
from tio.app import TioApp
from tio.config import Config, Ui
from tio.screens.profile import ProfilePane

from fakes import FakeClock, FakeEngine

APPLE = Profile(
    symbol="AAPL",
    name="Apple Inc.",
    asset_class=AssetClass.equity,
    exchange="Nasdaq",
    mic="XNAS",
    sector="Technology",
    currency="USD",
    market_cap=3.1e12,
    dividend_yield=0.0044,
    pe=31.25,
    earnings_from=datetime(2027, 1, 28, 21, tzinfo=UTC),
    earnings_until=datetime(2027, 2, 1, 21, tzinfo=UTC),
    earnings_estimated=True,
    summary="Makes telephones. " * 20,
    as_of=market.NOW,
    told_by={"name": "yahoo", "market_cap": "finnhub", "earnings_from": "nasdaq"},
)
EVENTS = (
    CorporateEvent(symbol="AAPL", kind=EventKind.share_split, ex_date=date(2020, 8, 31), ratio=4.0),
    CorporateEvent(
        symbol="AAPL",
        kind=EventKind.dividend,
        ex_date=date(2027, 2, 9),
        amount=0.26,
        currency="USD",
        source="yahoo",
    ),
)


def engine(profile: Any = APPLE, events: Any = EVENTS) -> FakeEngine:
    fake = market.engine()
    fake.answers[GetProfile], fake.answers[GetEvents] = profile, events
    return fake


def app_on(fake: Any, command: str = "AAPL DES") -> TioApp:
    async def open_engine() -> Engine:
        return fake  # type: ignore[no-any-return]

    config = Config(ui=Ui(time_zone="UTC"))
    return TioApp(open_engine, config=config, clock=FakeClock(), command=command)


def seen(pilot: Pilot[None]) -> str:
    return "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())


async def shown(pilot: Pilot[None], words: str) -> str:
    await until(pilot, lambda: pilot.app.screen.query(ProfilePane) and words in seen(pilot))
    return seen(pilot)


def row(text: str, label: str) -> str:
    return next(line for line in text.splitlines() if label in line)


async def test_each_figure_stands_with_its_source_and_a_dash_where_nobody_gave_it() -> None:
    async with app_on(engine()).run_test(size=(120, 60)) as pilot:
        text = await shown(pilot, "Apple Inc.")
        assert "yahoo" in row(text, "Apple Inc.")
        assert "3.1T USD" in row(text, "market cap")
        assert "finnhub" in row(text, "market cap")
        assert "0.44%" in text
        assert "beta           —" in text
        assert "~2027-01-28 to 02-01" in text
        assert "nasdaq" in row(text, "earnings   ")


async def test_events_to_come_stand_before_those_that_have_been() -> None:
    async with app_on(engine()).run_test(size=(120, 60)) as pilot:
        text = await shown(pilot, "splits and dividends")
        assert text.index("2027-02-09") < text.index("2020-08-31")
        assert "dividend 0.26 USD" in text
        assert "split 4 for 1" in text


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 60)])
async def test_every_size_fits_and_scrolls_to_its_end(size: tuple[int, int]) -> None:
    async with app_on(engine()).run_test(size=size) as pilot:
        text = await shown(pilot, "Apple Inc.")
        assert all(len(line) <= size[0] for line in text.splitlines())
        for _ in range(8):
            await pilot.press("pagedown")
        await shown(pilot, "split 4 for 1")


class SlowEngine(FakeEngine):
    """Answers profiles only when it is let."""

    def __init__(self, of: FakeEngine) -> None:
        super().__init__(of.answers, of.topics)
        self.let = asyncio.Event()

    async def ask(self, request: Any, /, *, key: str = "") -> Any:
        if isinstance(request, GetProfile):
            await self.let.wait()
        return await super().ask(request, key=key)


async def test_while_sources_are_asked_the_screen_says_so_and_still_obeys() -> None:
    fake = SlowEngine(engine())
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot, "Asking the sources what AAPL is …")
        await shown(pilot, "dividend 0.26 USD")
        await pilot.press("escape")
        await pilot.pause()
        assert not pilot.app.screen.query(ProfilePane)
        await pilot.press("f6")
        fake.let.set()
        await shown(pilot, "Apple Inc.")


async def test_a_failure_is_a_sentence_with_the_next_step_and_hides_no_events() -> None:
    fake = engine(SourceUnavailable("yahoo refused (429)", "Next try at 15:04."))
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        text = await shown(pilot, "Yahoo refused (429). Next try at 15:04.")
        assert "r asks again." in text
        await shown(pilot, "dividend 0.26 USD")


async def test_another_symbol_is_another_profile() -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        await shown(pilot, "Apple Inc.")
        pilot.app.symbol = "SPY"  # type: ignore[attr-defined]
        await shown(pilot, "profile · SPY")
        await until(pilot, lambda: GetProfile("SPY") in fake.asked)


async def test_the_receipt_and_the_table_name_the_source() -> None:
    async with app_on(engine()).run_test(size=(80, 24)) as pilot:
        await shown(pilot, "Apple Inc.")
        pane = pilot.app.screen.query_one(ProfilePane)
        assert pane.receipt() == "AAPL Apple Inc. · yahoo · as of 2026-11-20T15:00:00+00:00"
        _, rows = pane.table()
        assert ("market_cap", 3.1e12, "finnhub") in rows
