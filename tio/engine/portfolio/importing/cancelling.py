"""Rows that take others back, found together: neither is taken."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

Told = TypeVar("Told")
Marks = Iterable[Hashable]
Place = tuple[int, int]
"""The line of a row, and its place among all."""


def undone(
    told: Sequence[Told],
    cancels: Callable[[Told], bool],
    marks: Callable[[Told], Marks],
    sought: Callable[[Told], Marks],
    line: Callable[[Told], int],
) -> dict[int, str]:
    """By place among `told`, why what is cancelled or cancels is not taken.

    A cancellation is one of a row that has a mark it seeks; the nearest line is taken for it.
    """
    kept: defaultdict[Hashable, list[Place]] = defaultdict(list)
    for place, each in enumerate(told):
        if not cancels(each):
            for mark in marks(each):
                insort(kept[mark], (line(each), place))
    why: dict[int, str] = {}
    for place, each in enumerate(told):
        if not cancels(each):
            continue
        at = line(each)
        near = [found for mark in sought(each) for found in _nearest(kept.get(mark, []), at, why)]
        if near:
            mate_line, mate = min(near, key=lambda found: (abs(found[0] - at), found[1]))
            why[mate] = f"cancelled by line {at}"
            why[place] = f"cancels line {mate_line}: neither is taken"
    return why


def _nearest(places: list[Place], line: int, gone: dict[int, str]) -> list[Place]:
    """The first of the nearest lines before and after one; what is gone is left out for good."""
    near = []
    after = bisect_left(places, (line, 0))
    while after < len(places) and places[after][1] in gone:
        del places[after]
    near += places[after : after + 1]
    while after and places[after - 1][1] in gone:
        after -= 1
        del places[after]
    near += places[max(after - 1, 0) : after]
    return near
