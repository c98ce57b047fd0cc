"""Rows that take others back, found together: neither is taken."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar


class Placed(Protocol):
    """What stands in a line of a file."""

    @property
    def line(self) -> int: ...


Told = TypeVar("Told", bound=Placed)


def undone(
    told: Sequence[Told],
    cancels: Callable[[Told], bool],
    undoes: Callable[[Told, Told], bool],
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
            _, mate = min((abs(told[n].line - each.line), n) for n in mates)
            why[mate] = f"cancelled by line {each.line}"
            why[place] = f"cancels line {told[mate].line}: neither is taken"
    return why
