"""What indicators are made of: pieces that see bars in columns, or one at a time.

Each piece is told once what it reckons; told of columns it answers with columns, told of a bar it
answers with that bar's numbers, and both are the same numbers.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from math import nan
from typing import Any, Protocol

import numpy as np

from tio.engine.indicators.declare import Floats, Outputs
from tio.engine.indicators.line import Line, Scalar

Rows = list[tuple[float, ...]]


class State(Protocol):
    """One piece on its way through bars; a number where it has one output, else a tuple."""

    def push(self, *values: float) -> Any: ...

    def peek(self, *values: float) -> Any:
        """What `push` would answer; nothing is remembered."""
        ...

    def fill(self, *columns: Floats) -> Outputs:
        """What pushing each would answer; only as the first thing."""
        ...


class Piece(Protocol):
    @property
    def outputs(self) -> int: ...
    @property
    def memory(self) -> int | None:
        """How many bars before its own decide a value; None: all, or all of a session."""
        ...

    @property
    def constant(self) -> bool:
        """Whether a bar costs the same whatever came before."""
        ...

    def over(self, *columns: Floats) -> Outputs: ...

    def begin(self) -> State: ...


def applied(piece: Piece, *columns: Floats) -> Outputs:
    """The piece over columns at once; over lines it becomes part of their plan."""
    for column in columns:
        if isinstance(column, Line):
            return column.plan.joined(piece, columns)
    return piece.over(*columns)


def plainly(array: Callable[..., Floats], number: Scalar, *columns: Floats) -> Floats:
    """A function of each bar's own numbers, told for columns and for one bar."""
    for column in columns:
        if isinstance(column, Line):
            return column.plan.plain(array, number, columns)
    return array(*columns)


@dataclass(frozen=True)
class Before:
    """The value so many bars earlier, NaN where there is none."""

    bars: int = 1
    outputs = 1
    constant = True

    @property
    def memory(self) -> int:
        return self.bars

    def over(self, *columns: Floats) -> Outputs:
        column = columns[0]
        moved = np.full(len(column), np.nan)
        if self.bars < len(column):
            moved[self.bars :] = column[: len(column) - self.bars]
        return (moved,)

    def begin(self) -> "_Earlier":
        return _Earlier(self)


class _Earlier:
    def __init__(self, piece: Before) -> None:
        self._piece = piece
        self._held = deque([nan] * piece.bars, piece.bars)

    def push(self, *values: float) -> float:
        answer = self._held[0]
        self._held.append(values[0])
        return answer

    def peek(self, *values: float) -> float:
        return self._held[0]

    def fill(self, *columns: Floats) -> Outputs:
        self._held.extend(columns[0][-self._piece.bars :].tolist())
        return self._piece.over(*columns)


@dataclass(frozen=True)
class Windowed:
    """A function of each bar's last `length` values: blocks (k, length) in, k values out."""

    function: Callable[..., Any]
    length: int
    outputs: int = 1
    constant = True

    @property
    def memory(self) -> int:
        return self.length - 1

    def over(self, *columns: Floats) -> Outputs:
        answers = np.full((self.outputs, len(columns[0])), np.nan)
        for at, *blocks in _blocks(self.length, columns):
            answers[:, at : at + len(blocks[0])] = self.function(*blocks)
        return tuple(answers)

    def begin(self) -> "_Window":
        return _Window(self)


_BLOCK = 1 << 15
"""How many numbers of windows are looked at together: what a processor keeps near."""


def _blocks(length: int, columns: Outputs) -> list[tuple[Any, ...]]:
    """Each the index of the last bar of its first window, and the windows of each column."""
    count = len(columns[0]) - length + 1
    if count <= 0:
        return []
    view = np.lib.stride_tricks.sliding_window_view
    views = [view(column, length) for column in columns]
    step = max(1, _BLOCK // length)
    return [
        (at + length - 1, *(each[at : at + step] for each in views)) for at in range(0, count, step)
    ]


class _Window:
    """The last values lie side by side; when the room is full they move to its beginning."""

    def __init__(self, piece: Windowed) -> None:
        self._piece, self._length = piece, piece.length
        self._room: Floats | None = None
        self._end = 0

    def push(self, *values: float) -> Any:
        answer = self.peek(*values)
        self._end += 1
        return answer

    def peek(self, *values: float) -> Any:
        room = self._room_for(len(values))
        room[:, self._end] = values
        begin = self._end + 1 - self._length
        if begin < 0:
            return nan if self._piece.outputs == 1 else (nan,) * self._piece.outputs
        with np.errstate(all="ignore"):
            seen = self._piece.function(*room[:, None, begin : self._end + 1])
        if self._piece.outputs == 1:
            return float(seen[0])
        return tuple(float(each[0]) for each in seen)

    def fill(self, *columns: Floats) -> Outputs:
        room = self._room_for(len(columns))
        self._end = min(self._length - 1, len(columns[0]))
        if self._end:
            room[:, : self._end] = [column[-self._end :] for column in columns]
        return self._piece.over(*columns)

    def _room_for(self, columns: int) -> Floats:
        if self._room is None:
            self._room = np.empty((columns, 2 * self._length + 8))
        if self._end == self._room.shape[1]:
            kept = self._length - 1
            self._room[:, :kept] = self._room[:, self._end - kept :].copy()
            self._end = kept
        return self._room


@dataclass(frozen=True)
class Folded:
    """What is carried from bar to bar: (carried, *values) → (carried, answer); never changed.

    `array` and `after` say the same of whole columns: the answers, and what is carried then.
    """

    step: Callable[..., tuple[Any, Any]]
    start: Any
    outputs: int = 1
    array: Callable[..., Outputs] | None = None
    after: Callable[..., Any] | None = None
    memory = None
    constant = True

    def over(self, *columns: Floats) -> Outputs:
        return self.array(*columns) if self.array else self.begin().fill(*columns)

    def begin(self) -> "_Fold":
        return _Fold(self)


class _Fold:
    __slots__ = ("_carried", "_piece", "_step")

    def __init__(self, piece: Folded) -> None:
        self._piece, self._step, self._carried = piece, piece.step, piece.start

    def push(self, *values: float) -> Any:
        self._carried, answer = self._step(self._carried, *values)
        return answer

    def peek(self, *values: float) -> Any:
        return self._step(self._carried, *values)[1]

    def fill(self, *columns: Floats) -> Outputs:
        if self._piece.array and self._piece.after:
            answers = self._piece.array(*columns)
            if len(columns[0]):
                self._carried = self._piece.after(columns, answers)
            return answers
        step, carried, told = self._step, self._carried, []
        for row in zip(*(each.tolist() for each in columns), strict=True):
            carried, answer = step(carried, *row)
            told.append(answer)
        self._carried = carried
        table = np.array(told, dtype=np.float64).reshape(len(told), self._piece.outputs)
        return tuple(np.ascontiguousarray(column) for column in table.T)
