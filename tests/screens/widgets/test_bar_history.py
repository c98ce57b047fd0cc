"""Bars are folded in without doubling and without gaps."""

from datetime import timedelta

import numpy as np
import screen_market as market

from tio.api.market import Bars, Timeframe
from tio.api.series import Times
from tio.screens.widgets.bar_history import BarHistory


def _some(bars: Bars, start: int, end: int) -> Bars:
    from msgspec.structs import replace

    from tio.api.series import Series

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
