"""Indicators bar by bar: `push` what has closed, `peek` at what is forming."""

from collections.abc import Callable
from math import isfinite, nan
from typing import Any, NamedTuple, Protocol

import numpy as np

from tio.engine.indicators.arithmetic import library
from tio.engine.indicators.catalogue import indicator
from tio.engine.indicators.compute import Bars, compute, priced
from tio.engine.indicators.declare import Indicator, Spec
from tio.engine.indicators.streams import RECIPES
from tio.engine.store.columns import Columns

WINDOW = 2_000
"""How many bars an indicator without a stream is computed over again at every bar."""
Values = tuple[float, ...]


class Bar(NamedTuple):
    """One bar; `time` is µs UTC of its opening."""

    time: int
    open: float
    high: float
    low: float
    close: float
    volume: float


class Live(Protocol):
    """An indicator that is told of bars and answers with its outputs, NaN where there is none."""

    constant: bool
    """Whether a bar costs the same whatever came before."""

    def push(self, bar: Bar) -> Values: ...

    def peek(self, bar: Bar) -> Values:
        """What `push` would answer; nothing is remembered."""
        ...


def live(spec: Spec, history: Bars | None = None) -> Live:
    """A handle that has seen the history: O(1) a bar where there is a stream for the indicator."""
    found = indicator(spec.name)
    streamed = found.name in RECIPES
    handle: Live = _Streamed(found, spec) if streamed else _Recomputed(found, spec)
    if history is not None:
        columns = (getattr(history, name) for name in Bar._fields)
        for row in zip(*(column.tolist() for column in columns), strict=True):
            handle.push(Bar(*row))
    return handle


class _Streamed:
    """A recipe over TA-Lib's streams; each is opened when it has bars enough."""

    constant = True

    def __init__(self, found: Indicator, spec: Spec) -> None:
        self._inputs = found.inputs
        self._nothing = (nan,) * len(found.outputs)
        self._recipe: Callable[..., Values] = RECIPES[found.name]
        self._params = found.settings(spec.params)
        self._price = str(self._params.pop("price", "close"))
        self._pieces: dict[str, _Piece] = {}

    def push(self, bar: Bar) -> Values:
        return self._answer(bar, lambda piece, values: piece.push(values))

    def peek(self, bar: Bar) -> Values:
        return self._answer(bar, lambda piece, values: piece.peek(values))

    def _answer(self, bar: Bar, told: "Callable[[_Piece, Values], Values]") -> Values:
        bar = bar._replace(close=priced(bar, self._price))
        if not all(isfinite(getattr(bar, name)) for name in self._inputs):
            return self._nothing

        def step(key: str, function: str, lookback: int, *values: float, **options: Any) -> Values:
            piece = self._pieces.get(key)
            if piece is None:
                piece = self._pieces[key] = _Piece(function, lookback, options)
            return told(piece, values)

        answer = self._recipe(step, bar, **self._params)
        return tuple(value if isfinite(value) else nan for value in answer)


class _Piece:
    """One TA-Lib stream, fed from its first value that is one."""

    def __init__(self, function: str, lookback: int, options: dict[str, Any]) -> None:
        library()
        import talib.stream

        self._open = getattr(talib.stream, function)
        self._options, self._lookback = options, lookback
        self._held: list[Values] = []
        self._stream: Any = None

    def push(self, values: Values) -> Values:
        if not all(map(isfinite, values)):
            return (nan,) * 4
        if self._stream is not None:
            return _tuple(self._stream.update(*values))
        self._held.append(values)
        if len(self._held) <= self._lookback:
            return (nan,) * 4
        self._stream = self._opened(self._held)
        self._held = []
        return _tuple(self._stream.value)

    def peek(self, values: Values) -> Values:
        if not all(map(isfinite, values)):
            return (nan,) * 4
        if self._stream is not None:
            return _tuple(self._stream.peek(*values))
        if len(self._held) < self._lookback:
            return (nan,) * 4
        return _tuple(self._opened([*self._held, values]).value)

    def _opened(self, rows: list[Values]) -> Any:
        columns = np.array(rows, dtype=np.float64).T
        return self._open(*map(np.ascontiguousarray, columns), **self._options)


class _Recomputed:
    """Computed anew over the last `WINDOW` bars: what remembers more than them may differ."""

    constant = False

    def __init__(self, found: Indicator, spec: Spec) -> None:
        self._found, self._spec = found, spec
        self._rows: list[Bar] = []

    def push(self, bar: Bar) -> Values:
        answer = self.peek(bar)
        self._rows = [*self._rows[-WINDOW + 1 :], bar]
        return answer

    def peek(self, bar: Bar) -> Values:
        rows = [*self._rows[-WINDOW + 1 :], bar]
        outputs = compute(Columns.of(*zip(*rows, strict=True)), self._spec)
        return tuple(float(outputs[name][-1]) for name in self._found.outputs)


def _tuple(answer: Any) -> Values:
    return tuple(map(float, answer)) if isinstance(answer, tuple) else (float(answer),)
