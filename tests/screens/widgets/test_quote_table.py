"""Rows say what the engine knows now, flash once, and are painted when a key is pressed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import screen_market as market
from msgspec.structs import replace
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widget import Widget

from tio.api.contract import Engine
from tio.api.market import Quote, Spark
from tio.api.series import Series
from tio.app import TioApp
from tio.config import Config, Ui
from tio.screens.widgets.framed import spans
from tio.screens.widgets.quote_table import FLASH, QuoteTable
from tio.screens.widgets.watchlist import WatchlistPane

from fakes import FakeClock

SYMBOLS = ("BTC-USD", "ETH-USD", "SPY")


@asynccontextmanager
async def desk() -> AsyncIterator[tuple[Pilot[None], QuoteTable]]:
    """A Desk whose list has its quotes; the beat is called by hand."""
    fake = market.engine(*SYMBOLS)

    async def open_engine() -> Engine:
        return fake

    app = TioApp(open_engine, config=Config(ui=Ui(time_zone="UTC")), clock=FakeClock())
    async with app.run_test(size=(120, 40)) as pilot:
        for _ in range(200):
            await pilot.pause()
            found = app.screen.query(WatchlistPane)
            if found and all(found.first().rows.get(s) for s in SYMBOLS):
                table = found.first()
                if all(row.quote for row in table.rows.values()) and table._columns:
                    break
        for beat in table._beats:
            beat.pause()
        yield pilot, table


def quote(symbol: str, last: float) -> Quote:
    return Quote(symbol=symbol, last=last, change_percent=1.0, price_decimals=2, source="test")


async def test_a_snapshot_takes_away_the_quotes_that_are_no_longer_known() -> None:
    async with desk() as (_, table):
        table.take_quotes((quote("SPY", 1.0),), snapshot=True)
        assert table.rows["SPY"].quote == quote("SPY", 1.0)
        assert [s for s, row in table.rows.items() if row.quote is None] == ["BTC-USD", "ETH-USD"]
        assert set(table.stage.quotes) == {"SPY"}


async def test_a_snapshot_of_nothing_leaves_no_figure_on_the_screen() -> None:
    async with desk() as (pilot, table):
        before = "\n".join(table.render_line(y).text for y in range(4))
        assert "64,210.5" in before
        table.take_quotes((), snapshot=True)
        table.take_sparks((), snapshot=True)
        await pilot.pause()
        after = "\n".join(table.render_line(y).text for y in range(4))
        assert "64,210.5" not in after
        assert not set(after) & set("▁▂▃▄▅▆▇█")


async def test_news_leave_what_they_do_not_name() -> None:
    async with desk() as (_, table):
        table.take_sparks((Spark(symbol="BTC-USD", closes=Series([1.0, 2.0])),))
        known = {symbol: row.quote for symbol, row in table.rows.items()}
        table.take_quotes((quote("SPY", 1.0),))
        table.take_sparks((Spark(symbol="SPY", closes=Series([1.0, 3.0])),))
        assert table.rows["ETH-USD"].quote == known["ETH-USD"]
        assert list(table.rows["BTC-USD"].closes) == [1.0, 2.0]


async def test_a_snapshot_takes_away_the_sparklines_that_are_no_longer_known() -> None:
    async with desk() as (_, table):
        table.take_sparks((Spark(symbol="BTC-USD", closes=Series([1.0, 2.0])),))
        table.take_sparks((Spark(symbol="SPY", closes=Series([1.0, 3.0])),), snapshot=True)
        assert not len(table.rows["BTC-USD"].closes)
        assert table.rows["BTC-USD"].spark == ""
        assert list(table.rows["SPY"].closes) == [1.0, 3.0]


async def test_a_flash_fades_a_step_with_each_beat_and_then_rests() -> None:
    async with desk() as (_, table):
        known = table.rows["SPY"].quote
        assert known is not None
        assert known.last is not None
        table.take_quotes((replace(known, last=known.last + 1),))
        seen = []
        for _ in range(FLASH + 1):
            table._paint_changes()
            seen.append(table.rows["SPY"].flash)
        assert seen == [2, 1, 0, 0]
        assert not table._dirty | table._fading


async def test_only_the_rows_that_changed_are_made_again() -> None:
    async with desk() as (pilot, table):
        table._paint_changes()
        await pilot.pause()
        before = table.render_lines(Region(0, 0, *table.region.size))
        table.take_quotes((quote("ETH-USD", 7.0),))
        table._paint_changes()
        after = table.render_lines(Region(0, 0, *table.region.size))
        assert [y for y, line in enumerate(after) if line is not before[y] and 0 < y < 6] == [3]
        assert "7.00" in after[3].text


async def test_a_key_is_painted_without_waiting_for_a_frame() -> None:
    async with desk() as (pilot, table):
        screen, painted = table.screen, []

        def paint() -> None:
            painted.append(table.symbol)

        screen._on_timer_update = paint  # type: ignore[method-assign]
        screen._update_timer.pause()
        table._painted = float("-inf")
        table.focus()
        await pilot.press("down")
        assert "ETH-USD" in painted


async def test_timers_are_started_once() -> None:
    async with desk() as (_, table):
        assert isinstance(table, Widget)
        names = [timer._callback for timer in table._timers]
        assert names.count(table._paint_changes) == 1
        assert names.count(table._pass_a_second) == 1


def test_neighbouring_rows_are_one_region() -> None:
    assert spans([1, 2, 3, 7, 9, 10], 20) == [
        Region(0, 1, 20, 3),
        Region(0, 7, 20, 1),
        Region(0, 9, 20, 2),
    ]
    assert spans([], 20) == []
