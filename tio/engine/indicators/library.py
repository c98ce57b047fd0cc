"""TA-Lib behind one door: imported on first use, without what it would drag in."""

import sys
from dataclasses import dataclass
from functools import cache
from math import nan
from threading import Lock
from types import ModuleType
from typing import Any

import numpy as np

from tio.engine.indicators.declare import Floats, Outputs, Value

_HIDDEN = ("pandas", "polars")
_absent: Any = None
_once = Lock()
_ENDLESS = frozenset({
    "AD", "ADOSC", "ADX", "ADXR", "APO", "ATR", "CMO", "CVI", "DEMA", "DX", "EMA", "ERI", "HA",
    "HT_DCPERIOD", "HT_DCPHASE", "HT_PHASOR", "HT_SINE", "HT_TRENDLINE", "HT_TRENDMODE", "KAMA",
    "KDJ", "MACD", "MAMA", "MINUS_DI", "MINUS_DM", "NVI", "OBV", "PLUS_DI", "PLUS_DM", "PPO",
    "PVI", "RMA", "RSI", "RVI", "SAR", "SUPERTREND", "T3", "TEMA", "TRIX", "TSI", "WAD", "ZLEMA",
})  # fmt: skip
"""Functions that carry something on from bar to bar for ever."""


@cache
def library() -> ModuleType:
    """TA-Lib; pandas and polars are hidden while it loads, since it would wrap itself for both."""
    with _once:
        held = {name: sys.modules[name] for name in _HIDDEN if name in sys.modules}
        try:
            for name in _HIDDEN:
                sys.modules[name] = _absent
            import talib
        finally:
            for name in _HIDDEN:
                sys.modules.pop(name, None)
            sys.modules.update(held)
    return talib


@dataclass(frozen=True)
class Function:
    """A TA-Lib function as a piece; a bar where an input is missing is passed over."""

    name: str
    options: tuple[tuple[str, Value], ...] = ()
    constant = True

    @property
    def outputs(self) -> int:
        return _outputs(self.name)

    @property
    def memory(self) -> int | None:
        return None if self.name in _ENDLESS else self.lookback

    @property
    def lookback(self) -> int:
        """How many bars pass before the first value."""
        return _lookback(self)

    def over(self, *columns: Floats) -> Outputs:
        function = getattr(library(), self.name)
        return _passing(self, columns, lambda *kept: function(*kept, **dict(self.options)))

    def begin(self) -> "_Stream":
        return _Stream(self)


class _Stream:
    """One TA-Lib stream, opened when there are bars enough."""

    __slots__ = ("_held", "_lookback", "_nothing", "_open", "_options", "_piece", "_stream")

    def __init__(self, piece: Function) -> None:
        library()
        import talib.stream

        self._open = getattr(talib.stream, piece.name)
        self._piece, self._options, self._lookback = piece, dict(piece.options), piece.lookback
        self._held: list[tuple[float, ...]] = []
        self._nothing: Any = nan if piece.outputs == 1 else (nan,) * piece.outputs
        self._stream: Any = None

    def push(self, *values: float) -> Any:
        for value in values:
            if value - value != 0:
                return self._nothing
        if self._stream is not None:
            return self._stream.update(*values)
        self._held.append(values)
        if len(self._held) <= self._lookback:
            return self._nothing
        self._stream = self._opened(self._held)
        self._held = []
        return self._stream.value

    def peek(self, *values: float) -> Any:
        for value in values:
            if value - value != 0:
                return self._nothing
        if self._stream is not None:
            return self._stream.peek(*values)
        if len(self._held) < self._lookback:
            return self._nothing
        return self._opened([*self._held, values]).value

    def fill(self, *columns: Floats) -> Outputs:
        return _passing(self._piece, columns, self._filled)

    def _filled(self, *columns: Floats) -> Any:
        if len(columns[0]) > self._lookback:
            self._stream, answer = self._open.open_and_fill(*columns, **self._options)
            return answer
        self._held = list(zip(*(column.tolist() for column in columns), strict=True))
        return (np.full(len(columns[0]), np.nan),) * self._piece.outputs

    def _opened(self, rows: list[tuple[float, ...]]) -> Any:
        columns = np.array(rows, dtype=np.float64).T
        return self._open(*map(np.ascontiguousarray, columns), **self._options)


def _passing(piece: Function, columns: Outputs, function: Any) -> Outputs:
    """The function over those bars where no column misses a number."""
    whole = np.isfinite(columns[0])
    for column in columns[1:]:
        whole &= np.isfinite(column)
    every = bool(whole.all())
    kept = columns if every else tuple(column[whole] for column in columns)
    answer = function(*(np.ascontiguousarray(column, dtype=np.float64) for column in kept))
    outputs = []
    for output in answer if isinstance(answer, tuple | list) else (answer,):
        if output.dtype != np.float64:
            output = output.astype(np.float64)
            output[: piece.lookback] = np.nan
        if not every:
            values = np.full(len(whole), np.nan)
            values[whole] = output
            output = values
        outputs.append(output)
    return tuple(outputs)


@cache
def _outputs(name: str) -> int:
    return len(_abstract(name).output_names)


@cache
def _lookback(function: Function) -> int:
    described = _abstract(function.name)
    described.parameters = dict(function.options)
    return int(described.lookback)


def _abstract(name: str) -> Any:
    library()
    from talib import abstract

    described: Any = getattr(abstract, "Function")  # noqa: B009 - it is not exported
    return described(name)
