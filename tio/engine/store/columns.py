"""Bars in memory: six columns of one length, oldest first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Instants = NDArray[np.int64]
Row = tuple[int, float, float, float, float, float]
"""Time (µs UTC of the opening), open, high, low, close, volume (NaN where there is none)."""

WIDTH = 6


@dataclass(frozen=True, eq=False)
class Columns:
    """Bars as one block of int64, shape (6, n); the five price columns are float64 bits in it."""

    block: Instants

    @classmethod
    def of(
        cls,
        time: ArrayLike,
        open: ArrayLike,
        high: ArrayLike,
        low: ArrayLike,
        close: ArrayLike,
        volume: ArrayLike,
    ) -> "Columns":
        """From a column of µs UTC and five of numbers, all of one length."""
        instants = np.asarray(time, dtype=np.int64)
        block = np.empty((WIDTH, len(instants)), dtype=np.int64)
        block[0] = instants
        for number, column in enumerate((open, high, low, close, volume), start=1):
            block[number] = np.ascontiguousarray(column, dtype=np.float64).view(np.int64)
        return cls(block)

    @classmethod
    def of_rows(cls, rows: Iterable[Row]) -> "Columns":
        """From rows in any order; None is NaN."""
        listed = list(rows)
        return cls.of(*zip(*listed, strict=True)) if listed else cls.empty()

    @classmethod
    def empty(cls) -> "Columns":
        return cls(np.empty((WIDTH, 0), dtype=np.int64))

    @classmethod
    def joined(cls, parts: "list[Columns]") -> "Columns":
        """Several, one after the other."""
        if len(parts) == 1:
            return parts[0]
        return cls(np.concatenate([part.block for part in parts], axis=1)) if parts else cls.empty()

    @property
    def time(self) -> Instants:
        row: Instants = self.block[0]
        return row

    @property
    def open(self) -> Floats:
        return self._floats(1)

    @property
    def high(self) -> Floats:
        return self._floats(2)

    @property
    def low(self) -> Floats:
        return self._floats(3)

    @property
    def close(self) -> Floats:
        return self._floats(4)

    @property
    def volume(self) -> Floats:
        return self._floats(5)

    def __len__(self) -> int:
        return int(self.block.shape[1])

    def __getitem__(self, span: slice) -> "Columns":
        return Columns(self.block[:, span])

    def __eq__(self, other: object) -> bool:
        """Bit for bit, so NaN equals NaN."""
        return isinstance(other, Columns) and np.array_equal(self.block, other.block)

    __hash__ = None  # type: ignore[assignment]

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Row by row, as plain numbers."""
        columns = (self.time, self.open, self.high, self.low, self.close, self.volume)
        return zip(*(column.tolist() for column in columns), strict=True)

    def pick(self, numbers: Sequence[int]) -> "Columns":
        """Only these rows, in this order."""
        return Columns(self.block[:, np.asarray(numbers, dtype=np.intp)])

    def ordered(self) -> "Columns":
        """Oldest first, each time once: the last row given for a time is kept."""
        time = self.time
        if len(time) < 2 or bool(np.all(time[1:] > time[:-1])):
            return self
        block = self.block[:, np.argsort(time, kind="stable")]
        return Columns(block[:, np.append(block[0, 1:] != block[0, :-1], True)])

    def _floats(self, number: int) -> Floats:
        return np.ascontiguousarray(self.block[number]).view(np.float64)
