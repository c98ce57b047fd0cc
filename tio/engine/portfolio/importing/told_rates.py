"""Rates of currencies that a file tells of its own days: what its broker reckoned with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol, runtime_checkable

from tio.engine.portfolio.money import ONE, ZERO, major, ratio, rounded


@dataclass(frozen=True, slots=True)
class ToldRate:
    """On a day one unit of `currency` was `rate` of `base`, above zero."""

    day: date
    currency: str
    base: str
    rate: Decimal


@runtime_checkable
class TellsRates(Protocol):
    """A reader of a kind of file that tells rates."""

    def rates(self, text: str, zone: str) -> Iterable[ToldRate]:
        """Those of the file, in no order; what cannot be read of them is left out."""


class ToldRates:
    """All a file tells; of several of one day the last one stands."""

    def __init__(self, told: Iterable[ToldRate] = ()) -> None:
        self._by_day: dict[date, dict[tuple[str, str], Decimal]] = {}
        for each in told:
            currency, base = major(each.currency)[0], major(each.base)[0]
            if each.rate > ZERO and currency != base:
                day = self._by_day.setdefault(each.day, {})
                day[currency, base] = each.rate

    def on(self, day: date, currency: str, base: str) -> Decimal | None:
        """Units of `base` for one of `currency`: as told, turned, or through one other currency."""
        rates = self._by_day.get(day)
        if rates is None:
            return None
        direct = _either_way(rates, currency, base)
        if direct is not None:
            return direct
        for middle in sorted({each for pair in rates for each in pair}):
            first = _either_way(rates, currency, middle)
            second = _either_way(rates, middle, base)
            if first is not None and second is not None:
                return rounded(first * second)
        return None


def _either_way(rates: dict[tuple[str, str], Decimal], one: str, other: str) -> Decimal | None:
    if (rate := rates.get((one, other))) is not None:
        return rate
    turned = rates.get((other, one))
    value = None if turned is None else ratio(ONE, turned)
    return None if value is None else rounded(value)
