"""How evenly a portfolio is spread, and what it holds of each class, currency or sector."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TypeVar

from tio.api.portfolio_risk import Concentration, ExposureLine

Held = TypeVar("Held")
TOP = (1, 3, 5, 10)


def concentration(values: Sequence[Decimal]) -> Concentration | None:
    """The spread of positions' values by their size, long or short; None when nothing is held.

    The sum of squared shares is Herfindahl's (1950) and Hirschman's (1945); its inverse, the number
    of equal positions that would be as concentrated, is Adelman's (1969).
    """
    sizes = sorted((abs(value) for value in values if value), reverse=True)
    if not sizes:
        return None
    gross = sum(sizes)
    shares = [float(size / gross) for size in sizes]
    squares = sum(share * share for share in shares)
    return Concentration(
        positions=len(sizes),
        herfindahl=squares,
        effective=1 / squares,
        top=tuple((count, float(sum(sizes[:count]) / gross)) for count in TOP),
    )


def exposure_by(
    held: Iterable[Held], key: Callable[[Held], str], value: Callable[[Held], Decimal]
) -> tuple[ExposureLine, ...]:
    """What is held long and short of each key, the largest gross first; nothing is rounded."""
    long: dict[str, Decimal] = {}
    short: dict[str, Decimal] = {}
    for each in held:
        amount = value(each)
        side = long if amount >= 0 else short
        side[key(each)] = side.get(key(each), Decimal(0)) + amount
    lines = [
        ExposureLine(key=name, long=bought, short=sold, gross=bought - sold, net=bought + sold)
        for name in long.keys() | short.keys()
        for bought, sold in [(long.get(name, Decimal(0)), short.get(name, Decimal(0)))]
    ]
    return tuple(sorted(lines, key=lambda line: (-line.gross, line.key)))
