"""A chart draws again only what moved, and says how bars come where there are none."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import screen_market as market
from msgspec.structs import replace
from textual.geometry import Region
from waiting import until

from tio.api.contract import Engine
from tio.api.errors import SourceUnavailable
from tio.api.market import Adjustment, Bars, Coverage, GetBars, Timeframe
from tio.api.past import ListStoredBars, StoredBars
from tio.app import TioApp
from tio.config import Config, Ui
from tio.draw.canvas import Pen, look
from tio.screens.themes import THEMES, Paint
from tio.screens.widgets.chart_picture import Segments
from tio.screens.widgets.price_chart import PriceChart

from fakes import FakeClock, FakeEngine


@asynccontextmanager
async def chart(**options: Any) -> AsyncIterator[PriceChart]:
    """A Desk's chart with its bars; the beat is called by hand."""
    fake = market.engine()

    async def open_engine() -> Engine:
        return fake

    config = Config(ui=Ui(time_zone="UTC"))
    app = TioApp(open_engine, config=config, clock=FakeClock(), **options)
    async with app.run_test(size=(120, 40)) as pilot:

        def drawn() -> bool:
            charts = app.screen.query(PriceChart)
            return any(each.history is not None and each._lines for each in charts)

        await until(pilot, drawn)
        shown = app.screen.query_one(PriceChart)
        for timer in shown._timers:
            timer.pause()
        yield shown


async def emptied(shown: PriceChart, answer: Any = None) -> str:
    """What the chart says once there are no bars of its symbol, and the sources were asked."""
    symbol, timeframe = shown.held
    none = Bars(symbol=symbol, timeframe=timeframe)
    engine = shown.stage.engine
    assert isinstance(engine, FakeEngine)
    engine.answers[GetBars] = none if answer is None else answer
    shown._take(none, True)
    assert "Fetching 1m bars of BTC-USD from coinbase …" in told(shown)
    for _ in range(50):
        await asyncio.sleep(0)
    return told(shown)


def told(shown: PriceChart) -> str:
    """The words in the chart's place."""
    shown.render_lines(Region(0, 0, *shown.region.size))
    return " ".join(" ".join(line.text.split()) for line in shown._lines if line.text.strip())


async def test_without_bars_it_says_how_they_come() -> None:
    async with chart() as shown:
        said = await emptied(shown)
        assert "There are no 1m bars of BTC-USD yet." in said
        for command in ("tio import bars FILE", "tio replay FILE", "tio demo"):
            assert command in said


async def test_bars_of_another_timeframe_are_offered() -> None:
    async with chart() as shown:
        engine = shown.stage.engine
        assert isinstance(engine, FakeEngine)
        engine.answers[ListStoredBars] = (_stored(Timeframe.d1), _stored(Timeframe.h1))
        said = await emptied(shown)
        assert "There are no 1m bars of BTC-USD, but of 1h, 1d. GP 1h shows them" in said


async def test_sources_that_fail_are_told_with_the_next_step() -> None:
    async with chart() as shown:
        error = SourceUnavailable("yahoo refused (429)", "Next try at 15:04.")
        assert "Yahoo refused (429). Next try at 15:04." in await emptied(shown, error)


async def test_bars_that_are_fetched_are_drawn() -> None:
    async with chart() as shown:
        assert "Fetching" not in await emptied(shown, market.bars(count=90))
        assert shown.history is not None
        assert len(shown.history) == 90


async def test_older_bars_adjusted_otherwise_are_told() -> None:
    async with chart() as shown:
        engine = shown.stage.engine
        assert isinstance(engine, FakeEngine)
        early = market.NOW - timedelta(days=30)
        older = replace(market.bars(end=early), adjusted=Adjustment.total)
        engine.answers[GetBars] = older
        shown.reached_the_oldest()
        for _ in range(50):
            await asyncio.sleep(0)
        assert shown.stage.said[0] == (
            "Older bars are adjusted for splits and dividends, these not adjusted:"
            " they are not joined."
        )


def _stored(timeframe: Timeframe) -> StoredBars:
    return StoredBars(
        symbol="BTC-USD",
        timeframe=timeframe,
        source="yahoo",
        bars=10,
        first=market.NOW,
        last=market.NOW,
        adjusted=Adjustment.raw,
        coverage=Coverage.single_venue,
    )


async def test_a_replay_without_bars_speaks_of_no_import() -> None:
    async with chart(workspace="replay") as shown:
        said = await emptied(shown)
        assert "There are no 1m bars" in said
        assert "tio import" not in said


async def test_a_tick_makes_only_the_lines_anew_on_which_something_moved() -> None:
    async with chart() as shown:
        assert shown.history is not None
        shown._draw()
        before = list(shown._lines)
        columns = shown.history.columns
        columns.close[-1] = (columns.high[-1] + columns.low[-1]) / 2
        shown.changed()
        shown._beat()
        kept = [old is new for old, new in zip(before, shown._lines, strict=True)]
        assert not all(kept)
        assert sum(kept) > len(kept) / 2


async def test_another_theme_draws_every_line_anew() -> None:
    async with chart() as shown:
        shown._draw()
        before = list(shown._lines)
        shown.repaint()
        shown._draw()
        assert not any(old is new for old, new in zip(before, shown._lines, strict=True))


async def test_what_is_kept_is_what_textual_would_show() -> None:
    async with chart() as shown:
        whole = Region(0, 0, *shown.region.size)
        shown.render_lines(whole)
        kept = shown.render_lines(whole)
        by_textual = [shown._by_textual(y) for y in range(shown.region.height)]
        for ours, theirs in zip(kept, by_textual, strict=True):
            assert ours.text == theirs.text
            assert list(ours.simplify()) == list(theirs.simplify())
        part = shown.render_lines(Region(3, 2, 20, 4))
        assert [line.text for line in part] == [line.text[3:23] for line in kept[2:6]]


async def test_a_frame_of_another_colour_is_seen_on_every_line() -> None:
    async with chart() as shown:
        whole = Region(0, 0, *shown.region.size)
        before = shown.render_lines(whole)
        shown.styles.border = ("round", "#123456")
        await shown.app.animator.wait_for_idle()
        after = shown.render_lines(whole)
        assert all(old.crop(0, 1) != new.crop(0, 1) for old, new in zip(before, after, strict=True))


def test_a_run_that_comes_again_is_the_same_segment() -> None:
    segments = Segments(Paint(THEMES[0].variables))
    row = [("█", look(Pen.rise)), ("x ", look(Pen.fall, bold=True)), ("█", look(Pen.rise))]
    first, second, third = list(segments.strip(row))
    assert first is third
    assert (first.text, second.text) == ("█", "x ")
    assert second.style == Paint(THEMES[0].variables).style("fall", bold=True)


def test_what_is_kept_of_runs_is_bounded() -> None:
    segments = Segments(Paint(THEMES[0].variables))
    for number in range(2 * Segments.MOST):
        segments.strip([(str(number), look(Pen.text))])
    assert len(segments) <= Segments.MOST
