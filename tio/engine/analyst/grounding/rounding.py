"""How far a value may be from what is written and still be what is meant."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from tio.engine.analyst.grounding.figures import Bound, Figure, Form

HALF = Decimal("0.5")
ABOUT = Decimal("0.02")
"""`about 190` may be 2 % off, at most half a unit of its last digit that is no zero."""
BEYOND = Decimal("0.05")
"""`over 180` may be said of what is up to 5 % more, when 180 is round."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The magnitudes a figure may stand for: both ends belong to it."""

    low: Decimal
    high: Decimal

    def holds(self, value: Decimal) -> bool:
        return self.low <= abs(value) <= self.high


def reach(figure: Figure) -> Reach:
    """What the digits written, and the words before them, imply."""
    value = figure.value
    half = figure.quantum * HALF
    low, high = value - half, value + half
    unit = _unit(figure)
    whole = figure.quantum == 1 and "." not in figure.text
    if whole and unit >= 1000 and figure.digits >= 2 and figure.form is not Form.percent:
        off = min(unit * HALF, value * ABOUT)
        low, high = min(low, value - off), max(high, value + off)
    coarse = figure.digits <= 2 and (unit > figure.quantum or figure.digits == 1)
    if figure.bound is Bound.about:
        off = max(figure.quantum, min(unit * HALF, value * ABOUT))
        low, high = min(low, value - off), max(high, value + off)
    elif figure.bound is Bound.over and coarse:
        high = max(high, value + min(unit, value * BEYOND))
    elif figure.bound is Bound.under and coarse:
        low = min(low, value - min(unit, value * BEYOND))
    return Reach(max(low, Decimal(0)), high)


def _unit(figure: Figure) -> Decimal:
    """One unit of the last digit that is no zero: 10 for 190, 1,000,000 for 54 million."""
    if not figure.value:
        return figure.quantum
    last = figure.value.normalize()
    unit = Decimal(1).scaleb(int(last.as_tuple().exponent))
    return max(unit, figure.quantum).to_integral_value(ROUND_CEILING) if unit >= 1 else unit
