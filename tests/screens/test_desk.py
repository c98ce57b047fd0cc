"""The Desk: the list, the chart, one current symbol; what a source says steers nothing."""

from datetime import timedelta
from typing import Any

import portfolio_scene
import pytest
import screen_market as market
from msgspec.structs import replace
from textual.pilot import Pilot
from waiting import at_rest, until

from tio.api.contract import Engine
from tio.api.errors import NotFound
from tio.api.ledger import Positions
from tio.api.market import (
    AssetClass,
    BarUpdates,
    GetBars,
    Instrument,
    Quote,
    Quotes,
    SearchInstruments,
    Sparks,
)
from tio.api.sources import ListSources, SourceReport, SourceState, SourceStates
from tio.api.system import GetSettings, Setting
from tio.api.watchlists import FIRST_SYMBOLS, SaveWatchlist, Watchlist, Watchlists
from tio.app import TioApp
from tio.config import Config, Desk, Ui
from tio.screens.widgets.price_chart import PriceChart
from tio.screens.widgets.watchlist import WatchlistPane

from fakes import FakeClock, FakeEngine

PAYLOADS = (
    "\x1b]0;owned\x07",
    "\x1b[2J",
    "\x9b31m",
    "\x1b]52;c;b3duZWQ=\x07",
    "[/nope]",
    "[@click=app.quit]x[/]",
    "[red",
)


def app_on(fake: FakeEngine, **options: Any) -> TioApp:
    async def open_engine() -> Engine:
        return fake

    return TioApp(open_engine, config=Config(ui=Ui(time_zone="UTC")), clock=FakeClock(), **options)


async def settled(pilot: Pilot[None]) -> TioApp:
    """The app once its list is shown and its chart has bars."""
    app = pilot.app
    assert isinstance(app, TioApp)
    await until(pilot, lambda: app.screen.query(PriceChart))
    await until(pilot, lambda: app.screen.query_one(PriceChart).history is not None)
    return app


def shown(app: TioApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def test_choosing_a_symbol_moves_the_chart_with_it() -> None:
    fake = market.engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        app = await settled(pilot)
        await pilot.press("down")
        await until(pilot, lambda: "ETH-USD" in {getattr(t, "symbol", "") for t in fake.watching})
        assert app.screen.query_one(PriceChart).held == ("ETH-USD", "1m")
        assert [t.symbol for t in fake.watching if isinstance(t, BarUpdates)] == ["ETH-USD"]


async def test_a_symbol_is_added_moved_and_removed_and_each_change_is_saved() -> None:
    fake = market.engine("SPY", "AAPL")
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        app = await settled(pilot)
        table = app.screen.query_one(WatchlistPane)

        def saved() -> list[tuple[str, ...]]:
            return [asked.symbols for asked in fake.asked if isinstance(asked, SaveWatchlist)]

        await pilot.press("plus", *"tsla", "enter")
        await until(pilot, lambda: table.shown == ["SPY", "AAPL", "TSLA"])
        await pilot.press("shift+up")
        await until(pilot, lambda: table.shown == ["SPY", "TSLA", "AAPL"])
        await pilot.press("home", "delete")
        await until(pilot, lambda: table.shown == ["TSLA", "AAPL"])
        await until(pilot, lambda: len(saved()) == 3)
        await at_rest(pilot)
        assert table.shown == ["TSLA", "AAPL"]
        assert saved() == [("SPY", "AAPL", "TSLA"), ("SPY", "TSLA", "AAPL"), ("TSLA", "AAPL")]


async def test_sorting_goes_through_the_orders_and_back_to_ones_own() -> None:
    async with app_on(market.engine()).run_test(size=(120, 40)) as pilot:
        app = await settled(pilot)
        table = app.screen.query_one(WatchlistPane)
        own = list(table.shown)
        await pilot.press("s")
        assert table.shown == sorted(own)
        await pilot.press("s")
        assert table.shown[0] == "TSLA"
        await pilot.press("s")
        assert table.shown[0] == "^VIX"
        await pilot.press("s", "s")
        assert table.shown == own


async def test_a_filter_narrows_the_list_and_escape_takes_it_away() -> None:
    async with app_on(market.engine()).run_test(size=(120, 40)) as pilot:
        app = await settled(pilot)
        table = app.screen.query_one(WatchlistPane)
        await pilot.press("f", *"usd", "enter")
        assert table.shown == ["BTC-USD", "ETH-USD", "EURUSD"]
        await pilot.press("escape")
        assert len(table.shown) == len(market.PRICES)


async def test_the_next_list_is_shown_with_an_arrow() -> None:
    async with app_on(market.engine()).run_test(size=(120, 40)) as pilot:
        app = await settled(pilot)
        await pilot.press("l")
        await pilot.pause()
        assert app.screen.query_one(WatchlistPane).shown == ["GC=F"]


async def test_without_a_list_what_the_sources_offer_is_listed() -> None:
    fake = market.engine()
    fake.topics[Watchlists] = ()
    fake.answers[SearchInstruments] = (Instrument(symbol="SPY"), Instrument(symbol="TSLA"))
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        app = await settled(pilot)
        assert app.screen.query_one(WatchlistPane).shown == ["SPY", "TSLA"]


async def test_an_empty_list_says_what_to_do_and_an_unknown_symbol_that_it_has_no_source() -> None:
    fake = market.engine()
    fake.topics[Watchlists] = (Watchlist("bare"),)
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        app = pilot.app
        assert isinstance(app, TioApp)
        await until(pilot, lambda: "+ adds a symbol" in shown(app))
        fake.push(Watchlists, (Watchlist("bare", ("XYZ",)),))
        await until(pilot, lambda: "no source" in shown(app))


async def test_a_chart_without_bars_says_why_in_its_pane() -> None:
    fake = market.engine("SPY")
    fake.topics[BarUpdates] = NotFound("nobody has bars of SPY", "Import a file of them.")
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        app = pilot.app
        assert isinstance(app, TioApp)
        await until(pilot, lambda: "Nobody has bars" in shown(app))
        assert "Nobody has bars of SPY. Import a file of them." in shown(app)


async def test_the_chart_asks_for_older_bars_when_panned_to_the_oldest() -> None:
    fake = market.engine()
    async with app_on(fake, screen="chart", symbol="SPY").run_test(size=(120, 40)) as pilot:
        app = await settled(pilot)
        chart = app.screen.query_one(PriceChart)
        assert not any(isinstance(asked, GetBars) for asked in fake.asked)
        await pilot.press("home")
        await until(pilot, lambda: any(isinstance(asked, GetBars) for asked in fake.asked))
        await until(pilot, lambda: chart.history is not None and len(chart.history) > 400)


async def test_narrow_terminals_show_one_pane_and_tab_the_other() -> None:
    async with app_on(market.engine()).run_test(size=(60, 20)) as pilot:
        app = await settled(pilot)
        chart, table = app.screen.query_one(PriceChart), app.screen.query_one(WatchlistPane)
        assert (table.is_on_screen, chart.is_on_screen) == (True, False)
        await pilot.press("tab")
        await until(pilot, lambda: chart.has_focus and chart.is_on_screen)
        assert not table.is_on_screen


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_what_sources_say_is_never_markup(payload: str) -> None:
    """The api cleans control characters where text enters; brackets come through and stay text."""
    from tio.api.clean import clean

    text = clean(payload)
    fake = market.engine("SPY", text)
    fake.topics[Quotes] = (market.quote("SPY", name=text, source=text),)
    fake.topics[Sparks] = ()
    fake.answers[SearchInstruments] = (Instrument(symbol=text, name=text),)
    async with app_on(fake).run_test(size=(160, 40)) as pilot:
        app = await settled(pilot)
        for keys in (("space",), ("escape",), ("slash", "s"), ("escape",), ("ctrl+p", "s")):
            await pilot.press(*keys)
            await pilot.pause()
        picture = shown(app) + app.export_screenshot()
        assert not set(picture) & {chr(code) for code in (*range(10), *range(11, 32), 127, 0x9B)}
        assert app.is_running


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_an_error_full_of_controls_leaves_none_in_the_picture(payload: str) -> None:
    fake = market.engine("SPY")
    fake.topics[BarUpdates] = NotFound(f"bars {payload} are missing")
    fake.topics[Sparks] = NotFound(payload)
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        app = pilot.app
        assert isinstance(app, TioApp)
        text = await at_rest(pilot)
        assert not any((ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 for c in text)


async def shows(app: TioApp, pilot: Pilot[None], words: str) -> bool:
    await until(pilot, lambda: words in shown(app))
    return True


async def test_where_nothing_is_known_the_desk_says_how_prices_come() -> None:
    fake = market.engine()
    fake.topics[Watchlists] = ()
    fake.answers[SearchInstruments] = ()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        app = pilot.app
        assert isinstance(app, TioApp)
        assert await shows(app, pilot, "In a shell: tio demo,")
        assert await shows(app, pilot, "tio import bars FILE or tio replay FILE.")


async def test_where_live_sources_can_be_asked_a_first_list_is_shown_and_kept_once_edited() -> None:
    fake = market.engine()
    fake.topics[Watchlists] = ()
    live = SourceReport(name="kraken", state=SourceState.idle, assets=(AssetClass.crypto,))
    fake.answers[ListSources] = (live,)
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        app = await settled(pilot)
        table = app.screen.query_one(WatchlistPane)
        assert tuple(table.rows) == FIRST_SYMBOLS
        fake.push(Watchlists, ())
        await pilot.pause()
        assert tuple(table.rows) == FIRST_SYMBOLS
        assert not [asked for asked in fake.asked if isinstance(asked, SaveWatchlist)]
        await pilot.press("delete")
        await until(pilot, lambda: any(isinstance(asked, SaveWatchlist) for asked in fake.asked))
        saved = [asked.symbols for asked in fake.asked if isinstance(asked, SaveWatchlist)]
        assert saved == [FIRST_SYMBOLS[1:]]


async def test_the_symbols_of_the_configuration_win_over_the_first_list() -> None:
    fake = market.engine()
    fake.topics[Watchlists] = ()

    async def open_engine() -> Engine:
        return fake

    config = Config(ui=Ui(time_zone="UTC"), desk=Desk(symbols=("SPY", "TSLA")))
    app = TioApp(open_engine, config=config, clock=FakeClock())
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert app.screen.query_one(WatchlistPane).shown == ["SPY", "TSLA"]
        assert not [asked for asked in fake.asked if isinstance(asked, SaveWatchlist)]


async def test_the_demo_lists_what_its_market_has() -> None:
    fake = market.engine()
    fake.topics[Watchlists] = ()
    live = SourceReport(name="kraken", state=SourceState.idle, assets=(AssetClass.crypto,))
    fake.answers[ListSources] = (live,)
    fake.answers[SearchInstruments] = (Instrument(symbol="SPY"),)
    async with app_on(fake, workspace="demo").run_test(size=(120, 40)) as pilot:
        app = await settled(pilot)
        assert app.screen.query_one(WatchlistPane).shown == ["SPY"]


async def test_a_failing_source_of_what_is_shown_is_a_line_until_it_is_well() -> None:
    fake = market.engine()
    failed = SourceReport(
        name="kraken",
        state=SourceState.failed,
        reason="refused (429)",
        next_try_at=market.NOW + timedelta(seconds=200),
        assets=(AssetClass.crypto,),
    )
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        app = await settled(pilot)
        assert await shows(app, pilot, "coinbase · one venue")
        assert "failed" not in shown(app)
        fake.push(SourceStates, (failed, replace(failed, name="nobody", assets=(AssetClass.rate,))))
        assert await shows(app, pilot, "kraken failed: refused (429), next 15:03:20")
        fake.push(SourceStates, (replace(failed, state=SourceState.live),))
        await until(pilot, lambda: "failed" not in shown(app))


async def test_without_a_network_the_bar_says_offline() -> None:
    fake = market.engine()
    off = SourceReport(name="kraken", state=SourceState.off, reason="offline (TIO_OFFLINE is set)")
    fake.topics[SourceStates] = fake.answers[ListSources] = (off,)
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        app = await settled(pilot)
        assert await shows(app, pilot, "OFFLINE · 15:00:00 UTC")


async def test_a_list_nobody_quotes_has_no_live_symbols_and_says_how_prices_come() -> None:
    fake = market.engine("SPY")
    fake.topics[Quotes] = (Quote(symbol="SPY", currency="USD"),)
    fake.topics[SourceStates] = fake.answers[ListSources] = ()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        app = pilot.app
        assert isinstance(app, TioApp)
        assert await shows(app, pilot, "tio import bars FILE or tio replay FILE.")
        assert "1 symbol · 0 live" in shown(app)
        assert "no quote" in shown(app)


async def test_a_list_keeps_the_columns_chosen_for_it() -> None:
    fake = market.engine("SPY", "AAPL")
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        app = await settled(pilot)
        assert "HIGH" not in shown(app)
        await pilot.press("c", "ctrl+u", *"last, hig", "enter")
        await pilot.pause()
        assert app.said == ("There is no column hig; did you mean high?", "fall")
        await pilot.press("c", "ctrl+u", *"last, high LOW", "enter")
        assert await shows(app, pilot, "LAST      HIGH       LOW ")
        await pilot.press("plus", *"tsla", "enter")
        assert await shows(app, pilot, "TSLA added")
        saved = [asked for asked in fake.asked if isinstance(asked, SaveWatchlist)]
        assert [asked.columns for asked in saved] == [("last", "high", "low")] * 2
        assert saved[-1].symbols == ("SPY", "AAPL", "TSLA")
        await pilot.press("c", "ctrl+u", "enter")
        assert await shows(app, pilot, "CLOSE %")


async def test_columns_chosen_elsewhere_are_shown() -> None:
    fake = market.engine("SPY")
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        app = await settled(pilot)
        fake.push(Watchlists, (Watchlist("main", ("SPY",), ("bid", "name")),))
        assert await shows(app, pilot, "NAME")
        assert "SPY of the tests" in shown(app)


async def test_the_desk_tells_what_the_portfolio_is_worth_and_its_largest_positions() -> None:
    async with app_on(portfolio_scene.engine(portfolio_scene.MAIN)).run_test(
        size=(120, 40)
    ) as pilot:
        app = await settled(pilot)
        await until(pilot, lambda: "NAV ~71,766.37" in shown(app))
        # The pane grows to what it tells with the next layout.
        await until(pilot, lambda: "~808.77" in shown(app))
        text = shown(app)
        assert "portfolio · main" in text
        assert "unrealised +7,940.88" in text
        values = [text.index(value) for value in ("25,488.00", "22,473.68", "~808.77")]
        assert values == sorted(values)


async def test_without_a_portfolio_the_desk_says_one_line() -> None:
    async with app_on(market.engine()).run_test(size=(120, 40)) as pilot:
        app = await settled(pilot)
        await until(pilot, lambda: "No portfolio yet: 6, then n makes one." in shown(app))


async def test_a_portfolio_nobody_sees_is_not_followed() -> None:
    fake = portfolio_scene.engine(portfolio_scene.MAIN)
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await at_rest(pilot)
        assert not [topic for topic in fake.watching if isinstance(topic, Positions)]
        await pilot.resize_terminal(120, 40)
        await until(pilot, lambda: [t for t in fake.watching if isinstance(t, Positions)])
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: not [t for t in fake.watching if isinstance(t, Positions)])


async def test_amounts_hidden_on_the_portfolios_screen_are_hidden_on_the_desk() -> None:
    fake = portfolio_scene.engine(portfolio_scene.MAIN)
    fake.answers[GetSettings] = (Setting("portfolio.discreet", '"on"'),)
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        app = await settled(pilot)
        await until(pilot, lambda: "NAV ~•••" in shown(app))
        assert "25,488" not in shown(app)
