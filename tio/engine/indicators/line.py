"""Indicators followed through their own arithmetic: which number is made of which.

An indicator's `compute` is called once with lines in place of columns. NumPy asks a line what its
functions mean; a line notes the step in its plan. So the definition over columns is also the
definition bar by bar, and there is no second one to keep equal.
"""

from collections.abc import Callable, Sequence
from math import copysign, inf, isnan, nan, sqrt
from operator import add, and_, eq, ge, gt, le, lt, mul, ne, neg, not_, or_, sub
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from tio.engine.indicators.declare import Inputs, Outputs

if TYPE_CHECKING:
    from tio.engine.indicators.pieces import Piece

Scalar = Callable[..., Any]


class Step(NamedTuple):
    """One thing to reckon from earlier ones, by their places."""

    of: tuple[int, ...]
    array: Callable[..., Any] | None
    number: Scalar | None
    piece: "Piece | None"


class Plan:
    """Steps in order; places 0 to 7 are a bar's numbers, as in `Inputs`."""

    def __init__(self) -> None:
        self.steps: list[Step | float] = []
        """From place 8 on; a bare number stands for itself."""
        self._known: dict[Any, int] = {}

    def inputs(self) -> Inputs:
        lines: list[Any] = [Line(self, at) for at in range(len(Inputs._fields))]
        return Inputs(*lines)

    def plain(self, array: Callable[..., Any], number: Scalar, of: Sequence[Any]) -> Any:
        """A line of a function of each bar's own numbers."""
        return Line(self, self._place(Step(self._places(of), array, number, None)))

    def joined(self, piece: "Piece", of: Sequence[Any]) -> Outputs:
        """A line for each output of a piece."""
        whole = self._place(Step(self._places(of), None, None, piece))
        if piece.outputs == 1:
            return (_as_column(Line(self, whole)),)
        return tuple(_as_column(self._part(whole, at)) for at in range(piece.outputs))

    def _part(self, whole: int, at: int) -> "Line":
        step = Step((whole,), None, _TAKE[at], None)
        return Line(self, self._place(step))

    def _places(self, of: Sequence[Any]) -> tuple[int, ...]:
        return tuple(each.at if isinstance(each, Line) else self._place(float(each)) for each in of)

    def _place(self, step: Step | float) -> int:
        """Where it is reckoned: once, however often it is asked for."""
        key = ("number", step, copysign(1, step)) if isinstance(step, float) else step
        if key not in self._known:
            self.steps.append(step)
            self._known[key] = len(Inputs._fields) + len(self.steps) - 1
        return self._known[key]


class Line(NDArrayOperatorsMixin):
    """A column that is only spoken of: arithmetic on it is noted, not done."""

    __slots__ = ("at", "plan")

    def __init__(self, plan: Plan, at: int) -> None:
        self.plan, self.at = plan, at

    def __array_ufunc__(self, ufunc: Any, method: str, *of: Any, **options: Any) -> Any:
        if method != "__call__" or options or ufunc not in _NUMBERS:
            return NotImplemented
        return self.plan.plain(ufunc, _NUMBERS[ufunc], of)

    def __array_function__(self, function: Any, types: Any, of: Any, options: Any) -> Any:
        if function is not np.where or options:
            return NotImplemented
        return self.plan.plain(np.where, _chosen, of)


def _as_column(line: Line) -> Any:
    return line


def _taken(at: int) -> Scalar:
    return lambda whole: whole[at]


_TAKE = tuple(map(_taken, range(16)))


def _chosen(condition: bool, yes: float, no: float) -> float:
    return yes if condition else no


def _divided(above: float, below: float) -> float:
    try:
        return above / below
    except ZeroDivisionError:
        return nan if above == 0 or above != above else copysign(inf, above) * copysign(1, below)


def _powered(base: float, exponent: float) -> float:
    if exponent == 2:  # NumPy squares, and the last bit of a power is the machine's
        return base * base
    try:
        answer = base**exponent
    except (ZeroDivisionError, OverflowError):
        return inf
    return answer if isinstance(answer, float) else nan


def _exponential(value: float) -> float:
    return inf if value > 709 else float(np.exp(value))


def _logarithm(of: np.ufunc) -> Scalar:
    """NumPy's own, whose last bit is not that of `math`."""

    def logarithm(value: float) -> float:
        if value > 0:
            return float(of(value))
        return -inf if value == 0 else nan

    return logarithm


def _root(value: float) -> float:
    return sqrt(value) if value >= 0 else nan


def _larger(one: float, two: float) -> float:
    return one if one >= two or one != one else two


def _smaller(one: float, two: float) -> float:
    return one if one <= two or one != one else two


def _sign(value: float) -> float:
    return value if value != value else float((value > 0) - (value < 0))


_NUMBERS: dict[Any, Scalar] = {
    np.add: add, np.subtract: sub, np.multiply: mul, np.true_divide: _divided,
    np.negative: neg, np.absolute: abs, np.power: _powered, np.sqrt: _root, np.exp: _exponential,
    np.log: _logarithm(np.log), np.log10: _logarithm(np.log10), np.sign: _sign, np.isnan: isnan,
    np.maximum: _larger, np.minimum: _smaller, np.greater: gt, np.greater_equal: ge,
    np.less: lt, np.less_equal: le, np.equal: eq, np.not_equal: ne, np.bitwise_and: and_,
    np.bitwise_or: or_, np.invert: not_,
}  # fmt: skip
"""What NumPy does to columns, done to the numbers of one bar."""
