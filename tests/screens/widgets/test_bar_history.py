"""Bars are folded in without doubling and without gaps."""

from datetime import timedelta

import numpy as np
import screen_market as market
from msgspec.structs import replace

from tio.api.market import Adjustment, Bars, Timeframe
from tio.api.series import Series, Times
from tio.screens.widgets.bar_history import BarHistory


def _some(bars: Bars, start: int, end: int) -> Bars:
    columns = {
        n: Series(list(getattr(bars, n))[start:end]) for n in ("open", "high", "low", "close")
    }
    return replace(
        bars,
        time=Times(list(bars.time)[start:end]),
        volume=Series(list(bars.volume)[start:end]),
        **columns,
    )


def test_a_bar_of_a_known_time_replaces_it_and_a_new_one_is_added() -> None:
    bars, history = market.bars(count=50), BarHistory()
    assert history.take(_some(bars, 0, 40)) == 0
    assert history.take(_some(bars, 39, 40)) == 0
    assert history.take(_some(bars, 39, 42)) == 2
    assert history.columns.time.tolist() == list(bars.time)[:42]


def test_a_late_bar_takes_its_place_and_the_newer_ones_stay() -> None:
    bars, history = market.bars(count=50), BarHistory()
    history.take(bars)
    history.take(_some(bars, 10, 12))
    assert history.columns.time.tolist() == list(bars.time)


def test_older_history_is_put_before_without_doubling() -> None:
    history = BarHistory()
    history.take(market.bars(count=50))
    older = market.bars(count=80, end=market.NOW - timedelta(minutes=40))
    assert history.put_before(older) == 80 - 10
    assert np.all(np.diff(history.columns.time) == Timeframe.m1.step)


def test_no_older_bars_means_the_history_is_complete() -> None:
    history = BarHistory()
    history.take(market.bars(count=50))
    history.put_before(Bars(symbol="BTC-USD", timeframe=Timeframe.m1))
    assert history.complete


def test_a_snapshot_goes_on_from_what_is_held_only_where_it_meets_it() -> None:
    bars, history = market.bars(count=50), BarHistory()
    assert history.continued_by(bars)
    history.take(_some(bars, 10, 40))
    assert history.continued_by(_some(bars, 20, 50))
    assert not history.continued_by(_some(bars, 20, 30))
    assert not history.continued_by(_some(bars, 0, 50))
    assert not history.continued_by(_some(bars, 45, 50))
    assert not history.continued_by(_some(bars, 0, 0))


def test_older_bars_adjusted_otherwise_are_refused_and_named() -> None:
    history = BarHistory()
    history.take(replace(market.bars(count=50), adjusted=Adjustment.splits))
    held = history.columns.close.tolist()
    older = market.bars(count=80, end=market.NOW - timedelta(minutes=40))
    assert history.put_before(older) == 0
    assert (history.complete, history.refused) == (True, Adjustment.raw)
    assert history.columns.close.tolist() == held
    assert history.adjusted is Adjustment.splits


def test_older_bars_adjusted_alike_are_not_refused() -> None:
    history = BarHistory()
    history.take(replace(market.bars(count=50), adjusted=Adjustment.splits))
    older = market.bars(count=80, end=market.NOW - timedelta(minutes=40))
    assert history.put_before(replace(older, adjusted=Adjustment.splits)) == 70
    assert history.refused is None


def test_newer_bars_adjusted_otherwise_begin_the_history_anew() -> None:
    bars, history = market.bars(count=50), BarHistory()
    history.take(replace(_some(bars, 0, 40), adjusted=Adjustment.splits))
    history.put_before(market.bars(count=80, end=market.NOW - timedelta(minutes=40)))
    assert history.take(_some(bars, 38, 50)) == 0
    assert history.columns.time.tolist() == list(bars.time)[38:]
    assert (history.adjusted, history.complete, history.refused) == (Adjustment.raw, False, None)


def test_no_bars_say_nothing_about_those_held() -> None:
    history = BarHistory()
    history.take(replace(market.bars(count=50), adjusted=Adjustment.splits))
    history.take(Bars(symbol="BTC-USD", timeframe=Timeframe.m1))
    assert (len(history), history.adjusted, history.forming) == (50, Adjustment.splits, True)


def test_what_was_shown_before_stays_as_long_as_it_was() -> None:
    bars, history = market.bars(count=50), BarHistory()
    history.take(_some(bars, 0, 40))
    before = history.columns
    history.take(_some(bars, 39, 50))
    history.put_before(market.bars(count=80, end=market.NOW - timedelta(minutes=40)))
    assert len(before) == 40
    assert before.time.tolist() == list(bars.time)[:40]
    assert len(history) == 50 + 70
