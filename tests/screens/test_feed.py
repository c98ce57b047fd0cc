"""FEED: sources in health and in trouble, at every size, live; keys that try and switch them."""

from datetime import timedelta
from typing import Any

import pytest
import screen_market as market
from msgspec.structs import replace
from textual.pilot import Pilot
from waiting import at_rest, until

from tio.api.contract import Engine
from tio.api.errors import NotAllowed, NotFound, SourceUnavailable
from tio.api.market import AssetClass
from tio.api.sources import (
    Ability,
    Attempt,
    KeyPlace,
    KeyReport,
    LimitLeft,
    ListKeys,
    ListRoutes,
    ListSources,
    Route,
    SourceReport,
    SourceState,
    SourceStates,
    SwitchSource,
    TrySource,
)
from tio.app import TioApp
from tio.config import Config, Ui
from tio.screens.feed import FeedPane, SourcePane

from fakes import FakeClock, FakeEngine

SIZES = [(60, 20), (80, 24), (120, 40), (200, 60)]
AGAIN = market.NOW + timedelta(seconds=48)
KRAKEN = SourceReport(
    name="kraken",
    state=SourceState.live,
    symbols=12,
    rate=140.0,
    last_message_at=market.NOW - timedelta(seconds=3),
    latency_ms=18.0,
    latency_p95_ms=44.0,
    calls=7,
    assets=(AssetClass.crypto, AssetClass.fx),
    abilities=(Ability(name="quotes"), Ability(name="history")),
    limits=(
        LimitLeft("requests a minute", 55.0, 60.0, AGAIN),
        LimitLeft("connections", 9.0, 10.0),
    ),
)
FAILED = replace(
    KRAKEN,
    state=SourceState.failed,
    reason="refused the connection (429)",
    errors=3,
    last_error="429 Too Many Requests",
    last_error_at=market.NOW,
    next_try_at=AGAIN,
)
YAHOO = SourceReport(
    name="yahoo",
    state=SourceState.live,
    abilities=(
        Ability(name="quotes"),
        Ability(name="events", resting=True, reason="403, its consent page", next_try_at=AGAIN),
    ),
    unofficial=True,
    attribution="Yahoo Finance, for personal use only",
)
ALPACA = SourceReport(
    name="alpaca",
    state=SourceState.off,
    needs_key=("key", "secret"),
    lacks_key=("key", "secret"),
)
ROUTE = Route(
    symbol="BTC-USD",
    asset_class=AssetClass.crypto,
    source="coinbase",
    since=market.NOW - timedelta(minutes=5),
    passed_over=(Attempt("kraken", "refused (429)"),),
    checked_by="binance",
    note="coinbase and binance 0.9 % apart",
)


def engine(*reports: SourceReport) -> FakeEngine:
    fake = market.engine()
    told = {report.name: report for report in reports or (KRAKEN, YAHOO, ALPACA)}
    fake.answers[ListSources] = lambda asked: tuple(told.values())
    fake.topics[SourceStates] = tuple(told.values())
    fake.answers[ListKeys] = (
        KeyReport("alpaca", "key", KeyPlace.absent, True),
        KeyReport("kraken", "key", KeyPlace.keyring),
    )
    fake.answers[ListRoutes] = (ROUTE,)
    fake.answers[TrySource] = lambda asked: told[asked.name]

    def switch(asked: SwitchSource) -> SourceReport:
        state = SourceState.idle if asked.on else SourceState.off
        told[asked.name] = replace(told[asked.name], state=state, reason="switched")
        return told[asked.name]

    fake.answers[SwitchSource] = switch
    return fake


def app_on(fake: FakeEngine, command: str = "FEED", **ui: Any) -> TioApp:
    async def open_engine() -> Engine:
        return fake

    config = Config(ui=Ui(time_zone="UTC", **ui))
    return TioApp(open_engine, config=config, clock=FakeClock(), command=command)


def seen(pilot: Pilot[None]) -> str:
    return "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())


async def shown(pilot: Pilot[None], words: str = "SOURCE") -> str:
    """The screen's text once the words stand on FEED and it has come to rest."""
    await until(pilot, lambda: pilot.app.screen.query(FeedPane) and words in seen(pilot))
    return await at_rest(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_in_trouble_every_size_says_who_fails_why_and_when_it_is_tried(
    size: tuple[int, int],
) -> None:
    async with app_on(engine(FAILED, YAHOO, ALPACA)).run_test(size=size) as pilot:
        text = await shown(pilot, "failed")
        row = next(line for line in text.splitlines() if line.startswith("│ kraken"))
        assert "failed" in row
        assert "48s" in row
        assert "refused the" in row
        assert "2 in trouble" in text
        assert "refused the connection (429)" in text
        assert "15:00:48, in 48s" in text
        assert all(len(line) <= size[0] for line in text.splitlines())


async def test_in_health_a_wide_line_holds_all_its_figures() -> None:
    async with app_on(engine()).run_test(size=(200, 60)) as pilot:
        text = await shown(pilot)
        row = next(line for line in text.splitlines() if line.startswith("│ kraken"))
        for words in ("140/s", "18/44", "3s", "12", "9 of 10"):
            assert words in row
        assert "55 of 60 left, resets 15:00:48" in text


async def test_one_source_is_told_as_one() -> None:
    async with app_on(engine(KRAKEN)).run_test(size=(80, 24)) as pilot:
        assert " 1 source · times in UTC" in await shown(pilot, "kraken")


async def test_what_rests_is_told_in_the_line_and_with_its_next_try_below() -> None:
    async with app_on(engine()).run_test(size=(120, 40)) as pilot:
        text = await shown(pilot, "events rests")
        assert "1 in trouble" in text
        await pilot.press("down")
        text = await shown(pilot, "personal use")
        assert "events: 403, its consent page · next try 15:00:48, in 48s" in text
        assert "unofficial" in text


async def test_a_missing_key_is_told_with_the_command_that_sets_it() -> None:
    async with app_on(engine()).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("down", "down")
        text = await shown(pilot, "tio keys set alpaca")
        assert "missing: key, secret" in text


async def test_a_change_is_shown_when_it_is_told() -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot, "140/s")
        fake.answers[ListSources] = (FAILED, YAHOO, ALPACA)
        fake.push(SourceStates, (FAILED,))
        assert "2 in trouble" in await shown(pilot, "refused the connection (429)")


async def test_t_tries_the_source_now() -> None:
    fake = engine(FAILED)
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        await shown(pilot, "kraken")
        await pilot.press("t")
        await until(pilot, lambda: TrySource("kraken") in fake.asked)


@pytest.mark.parametrize(("answer", "switched"), [("y", True), ("n", False)])
async def test_s_switches_a_source_only_after_asking(answer: str, switched: bool) -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        await shown(pilot, "kraken")
        await pilot.press("s")
        await until(pilot, lambda: "Switch kraken off? y or n" in seen(pilot))
        await pilot.press(answer, "enter")
        await until(pilot, lambda: "Switch kraken off?" not in seen(pilot))
        await at_rest(pilot)
        assert (SwitchSource("kraken", False) in fake.asked) is switched


async def test_a_refusal_to_switch_is_a_sentence() -> None:
    fake = engine()
    fake.answers[TrySource] = NotAllowed("only the owner may try a source", "Ask them.")
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        await shown(pilot, "kraken")
        await pilot.press("t")
        await shown(pilot, "Only the owner may try a source. Ask them.")


async def test_a_symbol_before_the_code_tells_who_serves_it_and_escape_its_source_again() -> None:
    fake = engine(FAILED, YAHOO)
    async with app_on(fake, "BTC-USD FEED").run_test(size=(120, 40)) as pilot:
        text = await shown(pilot, "who serves it")
        assert ListRoutes(("BTC-USD",)) in fake.asked
        assert "coinbase, since 14:55:00" in text
        assert "kraken: refused (429) · next try 15:00:48, in 48s" in text
        assert "binance" in text
        assert "0.9 % apart" in text
        await pilot.press("escape")
        assert "who serves it" not in await shown(pilot, "last error")


async def test_a_symbol_nobody_serves_is_told() -> None:
    fake = engine()
    fake.answers[ListRoutes] = ()
    async with app_on(fake, "SPY FEED").run_test(size=(120, 40)) as pilot:
        await shown(pilot, "No source can serve SPY.")


async def test_a_symbol_nobody_knows_is_told_in_the_pane_and_the_sources_stay() -> None:
    fake = engine()
    fake.answers[ListRoutes] = NotFound("nothing is known of the symbol 'SPY'")
    async with app_on(fake, "SPY FEED").run_test(size=(120, 40)) as pilot:
        text = await shown(pilot, "Nothing is known of the symbol 'SPY'")
        assert "kraken" in text


async def test_an_engine_that_cannot_tell_is_words_in_the_pane() -> None:
    fake = engine()
    fake.answers[ListSources] = fake.topics[SourceStates] = SourceUnavailable("the engine left")
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        await shown(pilot, "The engine left")


async def test_the_titles_stay_on_top_and_the_pane_below_can_be_scrolled() -> None:
    many = [replace(KRAKEN, name=f"s{number}") for number in range(20)]
    async with app_on(engine(*many)).run_test(size=(60, 20)) as pilot:
        await shown(pilot, "s1")
        for _ in range(19):
            await pilot.press("down")
        text = await shown(pilot, "s19")
        assert "SOURCE" in text.splitlines()[2]
        await pilot.press("tab")
        assert isinstance(pilot.app.screen.focused, SourcePane)


async def test_the_receipt_and_the_table_hold_what_is_shown() -> None:
    async with app_on(engine(FAILED, YAHOO)).run_test(size=(80, 24)) as pilot:
        await shown(pilot, "kraken")
        pane = pilot.app.screen.query_one(FeedPane)
        assert pane.receipt().startswith("kraken failed (refused the connection (429)) as of 2026")
        name, rows = pane.table()
        assert (name, len(rows)) == ("sources", 3)
