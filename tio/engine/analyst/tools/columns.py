"""Columns of numbers in few words: how many, first, last, least, greatest, and the newest rows."""

import math
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np

from tio.api.series import Series, Times, moment

_DIGITS = 8


def number(value: float) -> float | int | None:
    """With eight digits that mean something; None for what is no number."""
    if not math.isfinite(value):
        return None
    short = float(f"{value:.{_DIGITS}g}")
    return int(short) if short.is_integer() and abs(short) < 1e15 else short


def instants(times: Times, first: int, after: int) -> list[str]:
    """Moments as texts, days alone where all begin at midnight."""
    told = [moment(times[place]) for place in range(first, after)]
    if all(not (each.hour or each.minute or each.second) for each in told):
        return [f"{each:%Y-%m-%d}" for each in told]
    return [each.isoformat(timespec="seconds").replace("+00:00", "Z") for each in told]


def summary(column: Series) -> dict[str, Any]:
    """What a column comes to; `count` are the values that are numbers."""
    values = np.asarray(column)
    numbers = values[np.isfinite(values)]
    if not len(numbers):
        return {"count": 0}
    return {
        "count": len(numbers),
        "first": number(float(numbers[0])),
        "last": number(float(numbers[-1])),
        "min": number(float(numbers.min())),
        "max": number(float(numbers.max())),
    }


def columns(value: msgspec.Struct) -> tuple[Times, dict[str, Series]] | None:
    """The times of a value and the columns as long as they are; None where it is no table."""
    times = next((each for _, each in _fields(value) if isinstance(each, Times)), None)
    if times is None:
        return None
    found = {
        name: each
        for name, each in _named(value)
        if isinstance(each, Series) and len(each) == len(times)
    }
    return (times, found) if found else None


def rows(times: Times, told: dict[str, Series], first: int, after: int) -> dict[str, Any]:
    """The rows of a table from one place to before another."""
    first, after = max(0, first), min(len(times), after)
    cells: list[list[Any]] = [instants(times, first, after)]
    cells += [[number(each[i]) for i in range(first, after)] for each in told.values()]
    return {"columns": ["time", *told], "rows": [list(row) for row in zip(*cells, strict=True)]}


def _fields(value: msgspec.Struct) -> Iterator[tuple[str, Any]]:
    for name in value.__struct_fields__:
        yield name, getattr(value, name)


def _named(value: msgspec.Struct) -> Iterator[tuple[str, Any]]:
    for name, each in _fields(value):
        if isinstance(each, dict):
            yield from ((str(key), inner) for key, inner in each.items())
        else:
            yield name, each
