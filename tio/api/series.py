"""Columns of numbers and of moments: float64 and int64 inside, JSON lists on the wire."""

from array import array
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from math import isnan, nan
from typing import Any, Protocol, Self

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def instant(moment: datetime) -> int:
    """Microseconds since 1970-01-01 UTC of an aware moment."""
    return (moment - EPOCH) // _MICROSECOND


def moment(instant: int) -> datetime:
    """The aware UTC moment of microseconds since 1970-01-01 UTC."""
    return EPOCH + timedelta(microseconds=instant)


class Contiguous(Protocol):
    """What numpy arrays and `array.array` share: their items as bytes."""

    def tobytes(self) -> bytes: ...


class Series:
    """A column of float64, NaN where there is no value; `numpy.asarray(series)` does not copy."""

    __slots__ = ("_items",)

    def __init__(self, values: Iterable[float | None] = ()) -> None:
        self._items = array("d", [nan if value is None else value for value in values])

    @classmethod
    def wrap(cls, values: Contiguous) -> Self:
        """From a contiguous float64 array, without a Python loop."""
        return cls.of(values.tobytes())

    @classmethod
    def of(cls, values: Iterable[float] | bytes) -> Self:
        """From numbers, NaN where there is no value, or from their float64 bytes."""
        series = cls.__new__(cls)
        series._items = array("d", values)
        return series

    @property
    def __array_interface__(self) -> dict[str, Any]:
        return _interface(self._items, "<f8")

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[float]:
        return iter(self._items)

    def __getitem__(self, index: int) -> float:
        return self._items[index]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Series) or len(self) != len(other):
            return False
        return all(a == b or (isnan(a) and isnan(b)) for a, b in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(self._items.tobytes())

    def __repr__(self) -> str:
        return f"Series({self.listed()!r})"

    def listed(self) -> list[float | None]:
        """As JSON knows it: NaN and the infinities are null."""
        return [value if value - value == 0 else None for value in self._items]


class Times:
    """A column of moments: int64 microseconds since 1970 UTC inside, ISO-8601 `Z` on the wire."""

    __slots__ = ("_items",)

    def __init__(self, instants: Iterable[int] = ()) -> None:
        self._items = array("q", instants)

    @classmethod
    def wrap(cls, instants: Contiguous) -> Self:
        """From a contiguous int64 array of microseconds."""
        times = cls()
        times._items.frombytes(instants.tobytes())
        return times

    @classmethod
    def parsed(cls, texts: Iterable[str]) -> Self:
        """From ISO-8601 texts; one without a zone raises ValueError."""
        return cls(_instant_of(text) for text in texts)

    @property
    def __array_interface__(self) -> dict[str, Any]:
        return _interface(self._items, "<i8")

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[int]:
        return iter(self._items)

    def __getitem__(self, index: int) -> int:
        return self._items[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Times) and self._items == other._items

    def __hash__(self) -> int:
        return hash(self._items.tobytes())

    def __repr__(self) -> str:
        return f"Times({self.listed()!r})"

    def listed(self) -> list[str]:
        return [moment(item).isoformat().replace("+00:00", "Z") for item in self._items]


def _interface(items: "array[Any]", kind: str) -> dict[str, Any]:
    # An empty array has no address numpy would accept, so it lends its buffer instead.
    data: object = (items.buffer_info()[0], True) if items else b"\0" * 8
    return {"version": 3, "shape": (len(items),), "typestr": kind, "data": data}


def _instant_of(text: str) -> int:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"expected a time with a zone, was {text!r}")
    return instant(at)
