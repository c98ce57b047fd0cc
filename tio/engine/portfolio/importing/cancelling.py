"""Rows that take others back, found together: neither is taken."""

from collections.abc import Callable, Sequence
from typing import TypeVar

Told = TypeVar("Told")


def undone(
    told: Sequence[Told],
    cancels: Callable[[Told], bool],
    undoes: Callable[[Told, Told], bool],
    line: Callable[[Told], int],
) -> dict[int, str]:
    """By place among `told`, why what is cancelled or cancels is not taken.

    `undoes(a, b)` is whether a cancellation `a` is one of `b`; the nearest line is taken for it.
    """
    why: dict[int, str] = {}
    kept = [place for place, each in enumerate(told) if not cancels(each)]
    for place, each in enumerate(told):
        if not cancels(each):
            continue
        mates = [n for n in kept if n not in why and undoes(each, told[n])]
        if mates:
            _, mate = min((abs(line(told[n]) - line(each)), n) for n in mates)
            why[mate] = f"cancelled by line {line(each)}"
            why[place] = f"cancels line {line(told[mate])}: neither is taken"
    return why
