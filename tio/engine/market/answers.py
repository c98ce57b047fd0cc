"""Columns as the answer they become, and back."""

from typing import Any, cast

import numpy as np
from msgspec.structs import replace

from tio.api.market import Adjustment, Bars, Coverage, Delay, Seam, Timeframe
from tio.api.series import Series, Times
from tio.engine.store.bars import Terms
from tio.engine.store.columns import Columns
from tio.plugin import Traits


def told(
    symbol: str,
    timeframe: Timeframe,
    bars: Columns,
    *,
    forming: bool,
    source: str,
    terms: Terms,
    seams: tuple[Seam, ...] = (),
) -> Bars:
    """Columns as the answer they become."""
    return Bars(
        symbol=symbol,
        timeframe=timeframe,
        time=Times.wrap(bars.time),
        open=Series.wrap(bars.open),
        high=Series.wrap(bars.high),
        low=Series.wrap(bars.low),
        close=Series.wrap(bars.close),
        volume=Series.wrap(bars.volume),
        forming=forming,
        source=source,
        delay=Delay(terms.delay),
        coverage=Coverage(terms.coverage),
        adjusted=Adjustment(terms.adjusted),
        seams=seams,
    )


def in_columns(bars: Bars, columns: Columns) -> Bars:
    """The answer with other columns."""
    return replace(
        bars,
        time=Times.wrap(columns.time),
        open=Series.wrap(columns.open),
        high=Series.wrap(columns.high),
        low=Series.wrap(columns.low),
        close=Series.wrap(columns.close),
        volume=Series.wrap(columns.volume),
    )


def terms_of(origin: Traits) -> Terms:
    """What the bars folded from a source's ticks are."""
    return Terms(origin.coverage, origin.delay, origin.adjusted)


def columns_of(bars: Bars) -> Columns:
    """An answer's columns, oldest first."""
    time, *prices = (
        np.asarray(cast(Any, column))
        for column in (bars.time, bars.open, bars.high, bars.low, bars.close, bars.volume)
    )
    return Columns.of(time, *prices).ordered()
