"""What every engine promises of indicators, in this process and across the socket."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from math import isnan

import numpy as np
import pytest
from both_engines import DOORS, running, through

from tio.api.contract import Engine
from tio.api.errors import Invalid, NotFound
from tio.api.indicators import (
    Computed,
    ComputeIndicators,
    GetVolumeProfile,
    IndicatorSpec,
    IndicatorUpdates,
    ListIndicators,
    Pane,
)
from tio.api.market import Bars, BarUpdates, GetBars, Timeframe
from tio.api.series import Series, Times, instant, moment
from tio.engine.indicators.compute import compute
from tio.engine.indicators.declare import Spec
from tio.engine.local import LocalEngine
from tio.engine.market.answers import columns_of

PATIENCE = 20.0
ACME, BITCOIN = "SIM:ACME", "SIM:BTC-USD"
NOON = datetime(2026, 11, 19, 18, 0, tzinfo=UTC)
"""Within a session that is over: its bars change no more."""
RSI, EMA = IndicatorSpec("rsi"), IndicatorSpec("ema", {"length": 9})
MINUTE, HOUR = Timeframe.m1, Timeframe.h1


@pytest.fixture
async def local() -> AsyncIterator[LocalEngine]:
    async with running() as made:
        yield made


@pytest.fixture(params=DOORS)
async def engine(request: pytest.FixtureRequest, local: LocalEngine) -> AsyncIterator[Engine]:
    async with through(local, request.param) as opened:
        yield opened


def values(computed: Computed, name: str) -> list[float]:
    return list(computed.outputs[name])


def walk(count: int, timeframe: Timeframe = MINUTE) -> Bars:
    """Bars of a walk, from the midnight of a Monday on."""
    first = instant(datetime(2026, 3, 2, tzinfo=UTC))
    steps = np.random.default_rng(7).normal(0, 0.3, count)
    close = 100 + np.cumsum(steps)
    return Bars(
        symbol="BTC-USD",
        timeframe=timeframe,
        time=Times(range(first, first + count * timeframe.step, timeframe.step)),
        open=Series(close - steps),
        high=Series(np.maximum(close, close - steps) + 0.1),
        low=Series(np.minimum(close, close - steps) - 0.1),
        close=Series(close),
        volume=Series(np.arange(count) % 7 + 1.0),
    )


async def test_the_catalogue_is_listed_by_group_and_found_by_words(engine: Engine) -> None:
    every = await engine.ask(ListIndicators())
    assert len(every) >= 120
    assert len({each.name for each in every}) == len(every)
    assert all(each.title and each.meaning and each.source and each.outputs for each in every)

    found = await engine.ask(ListIndicators(query="relative strength"))
    assert "rsi" in {each.name for each in found}
    momentum = await engine.ask(ListIndicators(group="momentum"))
    assert {each.group for each in momentum} == {"momentum"}
    with pytest.raises(Invalid, match="no group 'nope'"):
        await engine.ask(ListIndicators(group="nope"))


async def test_an_entry_tells_parameters_with_their_bounds(engine: Engine) -> None:
    (rsi,) = [each for each in await engine.ask(ListIndicators(query="rsi")) if each.name == "rsi"]
    length, price = rsi.parameters
    assert (length.name, length.kind, length.default, length.low) == ("length", "int", 14, 2)
    assert (price.kind, price.default) == ("text", "close")
    assert "hl2" in price.choices
    assert (rsi.warm_up, rsi.guides, rsi.pane) == (14, (30.0, 70.0), Pane.own)


async def test_outputs_align_with_the_bars_of_the_range(engine: Engine) -> None:
    start, end = NOON - timedelta(minutes=40), NOON
    bars = await engine.ask(GetBars(ACME, MINUTE, start, end))
    rsi, ema = await engine.ask(ComputeIndicators((RSI, EMA), ACME, MINUTE, start=start, end=end))
    assert list(rsi.time) == list(bars.time)
    assert len(bars) == 40
    assert not any(map(isnan, values(rsi, "rsi")))
    assert (rsi.label, ema.label, ema.pane) == ("RSI 14", "EMA 9", Pane.overlay)
    assert rsi.params == {"length": 14, "price": "close"}


async def test_values_do_not_hang_on_how_many_are_asked_for(engine: Engine) -> None:
    (few,) = await engine.ask(ComputeIndicators((RSI,), ACME, MINUTE, limit=5, end=NOON))
    (many,) = await engine.ask(ComputeIndicators((RSI,), ACME, MINUTE, limit=300, end=NOON))
    assert len(few.time) == 5
    assert values(few, "rsi") == pytest.approx(values(many, "rsi")[-5:], rel=1e-9)


async def test_bars_that_are_given_are_computed_over_as_they_are(engine: Engine) -> None:
    bars = walk(200)
    (rsi,) = await engine.ask(ComputeIndicators((RSI,), bars=bars))
    wanted = compute(columns_of(bars), Spec("rsi"))["rsi"]
    assert np.array_equal(np.array(values(rsi, "rsi")), wanted, equal_nan=True)
    (few,) = await engine.ask(ComputeIndicators((RSI,), bars=bars, limit=3))
    assert values(few, "rsi") == list(wanted[-3:])
    (none,) = await engine.ask(ComputeIndicators((RSI,), bars=walk(0)))
    assert len(none.time) == 0


async def test_a_longer_timeframes_value_steps_when_its_bar_has_closed(engine: Engine) -> None:
    bars = walk(60 * 9)
    spec = IndicatorSpec("sma", {"length": 3}, HOUR)
    (hourly,) = await engine.ask(ComputeIndicators((spec,), bars=bars, limit=1_000))
    assert hourly.label == "SMA 3 · 1h"

    closes = list(bars.close)[59::60]
    seen = values(hourly, "sma")
    assert all(map(isnan, seen[: 3 * 60]))
    for hour in range(3, 9):
        (value,) = set(seen[hour * 60 : hour * 60 + 60])
        assert value == pytest.approx(sum(closes[hour - 3 : hour]) / 3)


async def test_a_longer_timeframe_sees_nothing_of_the_bar_it_is_in(engine: Engine) -> None:
    spec = IndicatorSpec("ema", {"length": 5}, HOUR)
    asked = ComputeIndicators((spec,), ACME, MINUTE, limit=90, end=NOON)
    (whole,) = await engine.ask(asked)
    early = NOON - timedelta(minutes=17)
    (then,) = await engine.ask(ComputeIndicators((spec,), ACME, MINUTE, limit=73, end=early))
    assert values(then, "ema") == pytest.approx(values(whole, "ema")[:73], rel=1e-9)
    steps = [
        moment(at).minute
        for at, before, value in zip(
            list(whole.time)[1:], values(whole, "ema"), values(whole, "ema")[1:], strict=False
        )
        if value != before
    ]
    assert steps == [0]


async def test_two_instruments_are_compared_bar_by_bar(engine: Engine) -> None:
    spec = IndicatorSpec("correlation", {"length": 30}, against="btc-usd")
    (told,) = await engine.ask(ComputeIndicators((spec,), ACME, MINUTE, limit=50, end=NOON))
    assert told.against == BITCOIN
    assert told.label == "CORRELATION 30 / SIM:BTC-USD"
    assert all(-1 <= value <= 1 for value in values(told, "correlation"))


async def test_the_bar_still_forming_has_a_value_too(engine: Engine) -> None:
    async with asyncio.timeout(PATIENCE), engine.watch(BarUpdates(BITCOIN, HOUR)) as items:
        async for item in items:
            if item.value.forming:
                break
    bars = await engine.ask(GetBars(BITCOIN, HOUR, limit=1))
    (ema,) = await engine.ask(ComputeIndicators((EMA,), BITCOIN, HOUR, limit=3))
    assert bars.forming
    assert list(ema.time)[-1] == list(bars.time)[-1]
    assert not isnan(values(ema, "ema")[-1])


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        (ComputeIndicators((IndicatorSpec("rsj"),), ACME), NotFound, "no indicator 'rsj'"),
        (
            ComputeIndicators((IndicatorSpec("rsi", {"length": 1}),), ACME),
            Invalid,
            "length must be 2 to 5000, was 1",
        ),
        (
            ComputeIndicators((IndicatorSpec("rsi", {"size": 3}),), ACME),
            Invalid,
            "rsi has no parameter 'size'",
        ),
        (ComputeIndicators((RSI,), "NOPE:X"), NotFound, "NOPE:X"),
        (ComputeIndicators((RSI,)), Invalid, "over a symbol or over bars"),
        (ComputeIndicators((RSI,), ACME, bars=walk(3)), Invalid, "over a symbol or over bars"),
        (ComputeIndicators((IndicatorSpec("beta"),), ACME), Invalid, "none was given"),
        (
            ComputeIndicators((IndicatorSpec("rsi", against=BITCOIN),), ACME),
            Invalid,
            "compares with no other instrument",
        ),
        (
            ComputeIndicators((IndicatorSpec("rsi", timeframe=MINUTE),), ACME, HOUR),
            Invalid,
            "rsi over 1m does not fit bars of 1h",
        ),
    ],
)
async def test_what_cannot_be_computed_is_told_in_a_sentence(
    engine: Engine, asked: ComputeIndicators, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        await engine.ask(asked)


async def test_volume_by_price_holds_all_that_was_traded(engine: Engine) -> None:
    start, end = NOON - timedelta(hours=2), NOON
    bars = await engine.ask(GetBars(ACME, MINUTE, start, end))
    told = await engine.ask(GetVolumeProfile(ACME, MINUTE, start, end, rows=12))
    assert (len(told.edges), len(told.volume), told.bars) == (13, 12, len(bars))
    assert sum(told.volume) == pytest.approx(sum(bars.volume))
    assert (told.edges[0], told.edges[12]) == (min(bars.low), max(bars.high))
    assert told.value_low is not None
    assert told.point_of_control is not None
    assert told.value_high is not None
    assert told.value_low <= told.point_of_control <= told.value_high


async def test_a_range_without_bars_has_an_empty_profile(engine: Engine) -> None:
    start = datetime(1950, 1, 1, tzinfo=UTC)
    told = await engine.ask(GetVolumeProfile(ACME, MINUTE, start, start + timedelta(hours=1)))
    assert (len(told.edges), len(told.volume), told.bars) == (0, 0, 0)
    assert told.point_of_control is None


async def test_indicators_are_told_as_bars_come(engine: Engine) -> None:
    topic = IndicatorUpdates(BITCOIN, (RSI, EMA), MINUTE, limit=30)
    async with asyncio.timeout(PATIENCE), engine.watch(topic) as items:
        first = await anext(items)
        later = await anext(items)
    assert first.snapshot
    assert not later.snapshot
    assert [len(each.time) for each in first.value] == [30, 30]
    assert [each.label for each in later.value] == ["RSI 14", "EMA 9"]
    assert list(later.value[0].time)[-1] >= list(first.value[0].time)[-1]
    assert not isnan(values(later.value[0], "rsi")[-1])


async def test_what_cannot_be_followed_is_told_in_a_sentence(engine: Engine) -> None:
    with pytest.raises(NotFound, match="no indicator 'rsj'"):
        async with engine.watch(IndicatorUpdates(BITCOIN, (IndicatorSpec("rsj"),))) as items:
            await anext(items)


@pytest.fixture
def _pandas_ta() -> None:
    pytest.importorskip("pandas_ta_classic", reason="pandas-ta-classic is not installed")


@pytest.mark.usefixtures("_pandas_ta")
async def test_the_long_tail_is_listed_and_computed_when_it_is_asked_for(engine: Engine) -> None:
    few, all_of_them = (
        await engine.ask(ListIndicators()),
        await engine.ask(ListIndicators(tail=True)),
    )
    assert len(all_of_them) > len(few) + 100
    assert {each.origin for each in all_of_them} == {"talib", "tio", "pandas-ta"}
    bars = walk(200)
    ours, theirs = await engine.ask(
        ComputeIndicators(
            (IndicatorSpec("sma", {"length": 9}), IndicatorSpec("pta.sma", {"length": 9})),
            bars=bars,
        )
    )
    assert values(theirs, "sma")[9:] == pytest.approx(values(ours, "sma")[9:])
    (hourly,) = await engine.ask(
        ComputeIndicators(
            (IndicatorSpec("pta.kst", timeframe=HOUR),), ACME, MINUTE, limit=5, end=NOON
        )
    )
    assert len(hourly.time) == 5
    with pytest.raises(NotFound, match=r"no indicator 'pta.nope'"):
        await engine.ask(ComputeIndicators((IndicatorSpec("pta.nope"),), ACME))


@pytest.mark.usefixtures("_pandas_ta")
async def test_the_long_tail_is_told_anew_with_each_bar(engine: Engine) -> None:
    topic = IndicatorUpdates(BITCOIN, (IndicatorSpec("pta.sma"), EMA), Timeframe.s1, limit=30)
    async with asyncio.timeout(60.0), engine.watch(topic) as items:
        first, second = await anext(items), await anext(items)
    assert first.snapshot
    assert second.snapshot
    assert len(second.value) == 2
    assert list(second.value[0].time)[-1] > list(first.value[0].time)[-1]
