"""Indicators bar by bar answer as they do over all bars at once."""

from math import isnan

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from indicator_bars import first, odd, walk

from tio.engine.indicators.compute import compute
from tio.engine.indicators.declare import Spec
from tio.engine.indicators.live import Bar, live
from tio.engine.indicators.streams import RECIPES
from tio.engine.store.columns import Columns

NAMES = sorted(RECIPES)
FEW = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


def rows(bars: Columns) -> list[Bar]:
    columns = (getattr(bars, name).tolist() for name in Bar._fields)
    return [Bar(*row) for row in zip(*columns, strict=True)]


def same(ours: float, theirs: float) -> bool:
    return (isnan(ours) and isnan(theirs)) or abs(ours - theirs) <= 1e-9 * max(1.0, abs(theirs))


@pytest.mark.parametrize("name", NAMES)
@given(bars=odd(most=120))
@FEW
def test_each_bar_pushed_answers_as_the_batch_does(name: str, bars: Columns) -> None:
    batch, handle = compute(bars, Spec(name)), live(Spec(name))

    assert handle.constant
    for at, bar in enumerate(rows(bars)):
        seen = handle.peek(bar)
        told = handle.push(bar)
        wanted = [float(column[at]) for column in batch.values()]
        assert all(map(same, told, wanted)), (at, told, wanted)
        assert all(map(same, seen, told))
        assert len(told) == len(wanted)


@pytest.mark.parametrize("name", ["supertrend", "vwap", "keltner", "ichimoku"])
def test_what_has_no_stream_is_computed_anew_and_says_so(name: str) -> None:
    bars = walk(120)
    handle = live(Spec(name), first(bars, 119))
    wanted = [float(column[-1]) for column in compute(bars, Spec(name)).values()]

    assert not handle.constant
    assert all(map(same, handle.peek(rows(bars)[-1]), wanted))
    assert all(map(same, handle.push(rows(bars)[-1]), wanted))


@pytest.mark.parametrize("price", ["open", "hl2", "ohlc4"])
def test_another_price_takes_the_place_of_the_close(price: str) -> None:
    bars, spec = walk(80), Spec("ema", {"length": 5, "price": price})
    handle = live(spec, first(bars, 79))

    assert same(handle.push(rows(bars)[-1])[0], float(compute(bars, spec)["ema"][-1]))


def test_peeking_remembers_nothing() -> None:
    bars = walk(60)
    handle, quiet = live(Spec("rsi"), first(bars, 59)), live(Spec("rsi"), first(bars, 59))
    for price in np.linspace(50, 150, 20):
        handle.peek(rows(bars)[-1]._replace(close=float(price)))

    assert handle.push(rows(bars)[-1]) == quiet.push(rows(bars)[-1])
