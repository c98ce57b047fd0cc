"""How a portfolio is spread, as it is shown everywhere."""

from collections import defaultdict
from decimal import Decimal

from tio.api.portfolio import Holdings

ZERO = Decimal(0)
_EIGHTHS = " ▏▎▍▌▋▊▉█"
Part = tuple[str, Decimal, bool]
"""A name, its value and whether that is stale."""


def by_position(told: Holdings) -> list[Part]:
    """Positions, then cash; the largest first, what is worth nothing left out."""
    parts = [(each.symbol, each.value or ZERO, each.stale) for each in told.positions]
    parts += [(f"cash {each.currency}", each.value or ZERO, each.stale) for each in told.cash]
    return sorted((part for part in parts if part[1]), key=lambda part: -abs(part[1]))


def by_currency(told: Holdings) -> list[Part]:
    """What is held in each currency, positions by what they are priced in, cash in its own."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    stale: defaultdict[str, bool] = defaultdict(bool)
    for each in told.positions:
        name = each.currency or "several"
        sums[name] += each.value or ZERO
        stale[name] |= each.stale
    for part in told.cash:
        sums[part.currency] += part.value or ZERO
        stale[part.currency] |= part.stale
    parts = [(name, value, stale[name]) for name, value in sums.items() if value]
    return sorted(parts, key=lambda part: -abs(part[1]))


def exposure(told: Holdings) -> dict[str, Decimal]:
    """Long, short (below zero), gross and net, in the portfolio's currency."""
    values = [each.value or ZERO for each in told.positions]
    long = sum((value for value in values if value > 0), ZERO)
    short = sum((value for value in values if value < 0), ZERO)
    return {"long": long, "short": short, "gross": long - short, "net": long + short}


def share(value: Decimal, nav: Decimal) -> str:
    """A part of net value in percent."""
    return f"{value / nav:.1%}".replace("-", "−")


def bar(amount: Decimal, most: Decimal, room: int) -> str:
    """A bar of so many eighths of a cell; anything at all is at least one."""
    if not amount or not most:
        return ""
    eighths = max(round(float(abs(amount) / most) * room * 8), 1)
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (_EIGHTHS[rest] if rest else "")
