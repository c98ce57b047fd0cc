"""Prices made of a bar's prices."""

from functools import partial

import numpy as np

from tio.engine.indicators.arithmetic import ta
from tio.engine.indicators.declare import (
    HL,
    HLC,
    OHLC,
    Floats,
    Group,
    Indicator,
    Inputs,
    Outputs,
    Pane,
)
from tio.engine.indicators.rolling import before, ratio

_price = partial(Indicator, group=Group.price, pane=Pane.overlay)


def _strength(bars: Inputs) -> Outputs:
    return (ratio(bars.close - bars.low, bars.high - bars.low),)


def _gap(bars: Inputs) -> Outputs:
    return (ratio(bars.open, before(bars.close)) * 100 - 100,)


def _parts(bars: Inputs) -> Outputs:
    """Body and wicks in percent of the range."""
    span = bars.high - bars.low
    top, bottom = np.maximum(bars.open, bars.close), np.minimum(bars.open, bars.close)

    def percent(part: Floats) -> Floats:
        return ratio(part, span) * 100

    return percent(bars.close - bars.open), percent(bars.high - top), percent(bottom - bars.low)


INDICATORS = (
    _price(
        "avgprice", "Average price", OHLC, (), ("avgprice",), "The mean of the four prices.",
        "TA-Lib AVGPRICE", ta("AVGPRICE", *OHLC), lambda: 0,
    ),
    _price(
        "medprice", "Median price", HL, (), ("medprice",), "The middle of high and low.",
        "TA-Lib MEDPRICE", ta("MEDPRICE", *HL), lambda: 0,
    ),
    _price(
        "typprice", "Typical price", HLC, (), ("typprice",), "The mean of high, low and close.",
        "TA-Lib TYPPRICE", ta("TYPPRICE", *HLC), lambda: 0,
    ),
    _price(
        "wclprice", "Weighted close", HLC, (), ("wclprice",),
        "The mean of high, low and twice the close.", "TA-Lib WCLPRICE", ta("WCLPRICE", *HLC),
        lambda: 0,
    ),
    _price(
        "heikin_ashi", "Heikin-Ashi candles", OHLC, (), OHLC,
        "Candles of averaged prices, each opening in the middle of the one before.",
        "Valcu (2004); TA-Lib HA", ta("HA", *OHLC), lambda: 0,
    ),
    _price(
        "ibs", "Internal bar strength", HLC, (), ("ibs",),
        "Where in its range the bar closed, 0 to 1.", "Pagonidis (2013)", _strength,
        lambda: 0, pane=Pane.own, sparse=True,
    ),
    _price(
        "gap", "Opening gap", ("open", "close"), (), ("gap",),
        "How many percent the open is off the close before.", "common practice", _gap,
        lambda: 1, pane=Pane.own, sparse=True,
    ),
    _price(
        "candle_parts", "Body and wicks", OHLC, (), ("body", "upper_wick", "lower_wick"),
        "The candle's parts in percent of its range; the body falls below zero.",
        "Nison (1991)", _parts, lambda: 0, pane=Pane.own, sparse=True,
    ),
)  # fmt: skip
