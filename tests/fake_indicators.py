"""A made-up catalogue and values, for the screens' tests: what each study shows is its own."""

from typing import Any

import numpy as np
import screen_market as market

from tio.api.errors import Invalid, TioError
from tio.api.indicators import (
    Computed,
    ComputeIndicators,
    IndicatorEntry,
    IndicatorParameter,
    IndicatorSpec,
    IndicatorUpdates,
    ListIndicators,
    Pane,
)
from tio.api.market import Bars, GetBars
from tio.api.series import Series, Times

from fakes import FakeEngine


def _length(default: int) -> IndicatorParameter:
    return IndicatorParameter(name="length", kind="int", default=default, low=2, high=500)


CATALOGUE = (
    IndicatorEntry(
        name="ema",
        title="Exponential moving average",
        group="averages",
        inputs=("close",),
        parameters=(_length(20),),
        outputs=("ema",),
        pane=Pane.overlay,
        warm_up=20,
        meaning="An average that weighs the newest most.",
        source="The usual one.",
    ),
    IndicatorEntry(
        name="rsi",
        title="Relative strength index",
        group="momentum",
        inputs=("close",),
        parameters=(
            _length(14),
            IndicatorParameter(
                name="price", kind="text", default="close", choices=("close", "open")
            ),
        ),
        outputs=("rsi",),
        warm_up=15,
        meaning="How much of the movement was upward.",
        source="Wilder 1978.",
        guides=(30.0, 70.0),
    ),
    IndicatorEntry(
        name="obv",
        title="On-balance volume",
        group="volume",
        inputs=("close", "volume"),
        outputs=("obv",),
        meaning="Volume added on rises and taken off on falls.",
        source="Granville 1963.",
    ),
    IndicatorEntry(
        name="zigzag",
        title="Zigzag",
        group="trend",
        parameters=(
            IndicatorParameter(name="percent", kind="float", default=5.0, low=0.1, high=50.0),
        ),
        outputs=("zigzag",),
        pane=Pane.overlay,
        meaning="Swings of at least so many percent.",
        source="Common.",
        repaints="The last swing moves until it is confirmed.",
    ),
)
BY_NAME = {entry.name: entry for entry in CATALOGUE}


def engine(*symbols: str, **changed: Any) -> FakeEngine:
    """The fake engine of the made-up market, which computes these too."""
    fake = market.engine(*symbols)
    fake.answers[ListIndicators] = CATALOGUE
    fake.answers[ComputeIndicators] = _computed
    fake.topics[IndicatorUpdates] = _updates
    return fake


def values(spec: IndicatorSpec, bars: Bars) -> Computed:
    """Something of every bar: over prices the close, else its place in the hour as percent."""
    entry = BY_NAME[spec.name]
    if spec.params.get("length") == 13:
        raise Invalid("13 is not computed here", "Take another.")
    close = np.asarray(bars.close, np.float64)
    column = close if entry.pane is Pane.overlay else np.asarray(bars.time) / 60e6 % 60 + 20
    if spec.name == "obv":
        column = np.full(len(close), np.nan)
    length = spec.params.get("length", entry.parameters[0].default if entry.parameters else "")
    return Computed(
        name=spec.name,
        params=spec.params,
        label=f"{spec.name.upper()} {length}".strip(),
        timeframe=spec.timeframe,
        against=spec.against,
        pane=entry.pane,
        time=Times(list(bars.time)),
        outputs={entry.outputs[0]: Series(column.tolist())},
        guides=entry.guides,
    )


def _updates(topic: IndicatorUpdates) -> tuple[Computed, ...] | TioError:
    try:
        return tuple(
            values(spec, market.bars(topic.symbol, topic.timeframe)) for spec in topic.specs
        )
    except TioError as error:
        return error


def _computed(asked: ComputeIndicators) -> tuple[Computed, ...]:
    bars = market._older(GetBars(asked.symbol, asked.timeframe, None, asked.end, asked.limit))
    return tuple(values(spec, bars) for spec in asked.specs)
