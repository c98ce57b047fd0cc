"""What a bar costs: as many calls, and as much memory, whatever came before."""

import gc
import sys
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

import numpy as np
import pytest
from indicator_bars import rows, sessions, walk

from tio.engine.indicators.catalogue import CATALOGUE
from tio.engine.indicators.declare import Spec
from tio.engine.indicators.live import Bar, Following, live

NAMES = sorted(CATALOGUE)
BARS = walk(1400, seed=11)
ROWS = rows(BARS, session=sessions(BARS))
EARLY, LATE, MANY = 660, 1300, 70
"""Two stretches of ten whole sessions of seven bars, after every warm-up."""


def calls(told: Callable[[Bar], object], bars: Iterable[Bar]) -> int:
    """How many functions are called, in Python and in C, while bars are told."""
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    gc.disable()  # Others have their functions called by each collection.
    sys.setprofile(counted)
    try:
        for bar in bars:
            told(bar)
    finally:
        sys.setprofile(None)
        gc.enable()
    return count


def weight(handle: Following) -> int:
    """How many numbers a handle keeps; what TA-Lib keeps in a stream is of one size."""
    return sum(_numbers(_kept(state)) for state in handle._states)


def _kept(state: object) -> dict[str, Any]:
    slots = {name: getattr(state, name) for name in getattr(state, "__slots__", ())}
    return getattr(state, "__dict__", {}) | slots


def _numbers(held: Any) -> int:
    match held:
        case np.ndarray():
            return int(held.size)
        case dict():
            return sum(_numbers(each) for name, each in held.items() if name != "_piece")
        case str() | bytes():
            return 0
    return sum(map(_numbers, held)) if isinstance(held, Iterable) else 1


@pytest.mark.parametrize("name", NAMES)
def test_a_bar_takes_as_many_steps_late_as_early(name: str) -> None:
    handle = live(Spec(name))
    for bar in ROWS[:EARLY]:
        handle.push(bar)
    early = calls(handle.push, ROWS[EARLY : EARLY + MANY])
    peeked = calls(handle.peek, ROWS[EARLY : EARLY + MANY])
    for bar in ROWS[EARLY + MANY : LATE]:
        handle.push(bar)

    assert calls(handle.push, ROWS[LATE : LATE + MANY]) <= 1.25 * early
    assert calls(handle.peek, ROWS[LATE : LATE + MANY]) <= 1.25 * peeked


@pytest.mark.parametrize("name", NAMES)
def test_what_is_remembered_does_not_grow(name: str) -> None:
    handle = live(Spec(name))
    for bar in ROWS[:EARLY]:
        handle.push(bar)
    early = weight(handle)
    for bar in ROWS[EARLY:]:
        handle.push(bar)

    assert weight(handle) <= early


def test_a_history_is_not_kept_either() -> None:
    for name in NAMES:
        handle = live(Spec(name), walk(5_000))
        handle.push(ROWS[0])
        assert weight(handle) < 1_700, name  # three columns of the widest window, with room
