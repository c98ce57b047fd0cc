"""Indicators over bars: columns in, full-length columns out."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tio.api.errors import Invalid
from tio.engine.indicators.catalogue import indicator
from tio.engine.indicators.declare import HL, HLC, OHLC, Floats, Indicator, Inputs, Instants, Spec

DAY = 86_400_000_000
_PRICES = ("open", "high", "low", "close")


class Bars(Protocol):
    """Columns of one length, oldest first; `time` is µs UTC."""

    @property
    def time(self) -> Instants: ...
    @property
    def open(self) -> Floats: ...
    @property
    def high(self) -> Floats: ...
    @property
    def low(self) -> Floats: ...
    @property
    def close(self) -> Floats: ...
    @property
    def volume(self) -> Floats: ...


def compute(
    bars: Bars,
    spec: Spec,
    *,
    session: Instants | None = None,
    against: Floats | None = None,
) -> dict[str, Floats]:
    """Each output as float64, aligned with the bars, NaN in warm-up and where there is no value.

    A bar that misses an input is passed over: NaN there, the others as if it were not. `session`
    numbers the trading sessions (without it the days in UTC); `against` is another instrument's
    close at the same bars. Raises NotFound for the name, Invalid for parameters and inputs.
    """
    found = indicator(spec.name)
    params = found.settings(spec.params)
    if "against" in found.inputs and against is None:
        raise Invalid(f"{found.name} compares with another instrument: none was given")
    inputs = inputs_of(bars, session, against)
    price = str(params.pop("price", "close"))
    whole = np.ones(len(inputs.time), dtype=np.bool_)
    for name in needed(found, price):
        whole &= np.isfinite(getattr(inputs, name))
    inputs = inputs._replace(close=priced(inputs, price))
    kept = inputs if whole.all() else inputs.where(whole)
    with np.errstate(all="ignore"):
        outputs = found.compute(kept, **params)
    return {
        name: spread(output, whole) for name, output in zip(found.outputs, outputs, strict=True)
    }


def inputs_of(bars: Bars, session: Instants | None, against: Floats | None) -> Inputs:
    """Columns of one length; without sessions the days in UTC. Raises Invalid."""
    time = np.asarray(bars.time, dtype=np.int64)
    open, high, low, close, volume = (
        np.asarray(getattr(bars, name), dtype=np.float64) for name in (*_PRICES, "volume")
    )
    other = np.full(len(time), np.nan) if against is None else np.asarray(against, np.float64)
    sessions = time // DAY if session is None else np.asarray(session, dtype=np.int64)
    for column in (open, high, low, close, volume, other, sessions):
        if len(column) != len(time):
            raise Invalid(f"columns must be of one length: {len(column)} beside {len(time)}")
    return Inputs(time, open, high, low, close, volume, sessions, other)


def priced(bars: Any, price: str) -> Any:
    """The column (of bars) or the number (of one bar) that takes the place of the close."""
    match price:
        case "hl2":
            return (bars.high + bars.low) / 2
        case "hlc3":
            return (bars.high + bars.low + bars.close) / 3
        case "ohlc4":
            return (bars.open + bars.high + bars.low + bars.close) / 4
    return getattr(bars, price)


def needed(found: Indicator, price: str) -> tuple[str, ...]:
    """The columns of a bar that must be there when `price` takes the place of the close."""
    made = _MADE_OF.get(price, (price,))
    names = [one for name in found.inputs for one in (made if name == "close" else (name,))]
    return tuple(dict.fromkeys(names))


def spread(output: Floats, whole: NDArray[np.bool_]) -> Floats:
    """The output of the whole bars at their places among all, NaN elsewhere; never infinite."""
    infinite = np.isinf(output)
    values = np.where(infinite, np.nan, output) if infinite.any() else output.copy()
    if len(values) == len(whole):
        return values
    among = np.full(len(whole), np.nan)
    among[whole] = values
    return among


_MADE_OF = {"hl2": HL, "hlc3": HLC, "ohlc4": OHLC}
