"""How a portfolio's worth went, day by day: quantities times closes times rates, as floats."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from tio.engine.portfolio.steps import Floats, Steps

OLDEST = 10
"""Days a close stands for those without one: the longest rest of any exchange here."""


@dataclass(frozen=True, slots=True)
class Closes:
    """A unit's daily prices in one currency: `day` as ordinals, ascending; (n,) each."""

    day: Floats
    close: Floats
    currency: str
    oldest: int = OLDEST

    def on(self, days: Floats) -> Floats:
        """The last price told on or before each day, NaN beyond `oldest` days."""
        if not len(self.day):
            return np.full(len(days), np.nan)
        at = np.searchsorted(self.day, days, side="right") - 1
        told = self.close[np.maximum(at, 0)]
        return np.where((at >= 0) & (days - self.day[at] <= self.oldest), told, np.nan)


@dataclass(frozen=True, slots=True)
class Course:
    """Worth over days, all in the portfolio's currency, (len(days),) float64 each.

    nav: NaN on days when something held has no price or rate. value: of each symbol. flow: what
    came from outside that day. traded: whether anything held had a price of that very day; with
    nothing but cash, weekdays. lacks: what had no price or rate, with how many days.
    """

    days: tuple[date, ...]
    nav: Floats
    flow: Floats
    value: Mapping[str, Floats]
    bought: Mapping[str, Floats]
    income: Mapping[str, Floats]
    traded: NDArray[np.bool_]
    lacks: tuple[str, ...]


ClosesOf = Callable[[str, date, date], Awaitable[Closes]]
RatesOn = Callable[[str, tuple[date, ...]], Awaitable[Floats]]


async def course_of(
    steps: Steps, start: date, end: date, closes: ClosesOf, rates: RatesOn
) -> Course:
    """The course over the days from start to end, both included."""
    days = tuple(start + timedelta(days=i) for i in range((end - start).days + 1))
    ordinals = np.array([day.toordinal() for day in days], dtype=np.float64)
    held = {symbol: stair.at_end_of(days) for symbol, stair in steps.quantity.items()}
    held = {symbol: quantity for symbol, quantity in held.items() if quantity.any()}
    told = await asyncio.gather(*(closes(symbol, start, end) for symbol in held))
    prices = dict(zip(held, told, strict=True))
    money = {each.currency for each in told} | set(steps.cash)
    rate = {currency: await rates(currency, days) for currency in money}
    return await asyncio.to_thread(_reckoned, steps, days, ordinals, held, prices, rate)


def _reckoned(
    steps: Steps,
    days: tuple[date, ...],
    ordinals: Floats,
    held: Mapping[str, Floats],
    prices: Mapping[str, Closes],
    rate: Mapping[str, Floats],
) -> Course:
    lacks = []
    value = {}
    nav = np.zeros(len(days))
    for symbol, quantity in held.items():
        closes = prices[symbol]
        worth = quantity * closes.on(ordinals) * rate[closes.currency]
        value[symbol] = np.where(quantity == 0, 0.0, worth)
        nav += value[symbol]
        if missing := int(np.isnan(value[symbol]).sum()):
            lacks.append(f"a price of {symbol} on {_days(missing)}")
    for currency, stair in steps.cash.items():
        amount = stair.at_end_of(days)
        worth = np.where(amount == 0, 0.0, amount * rate[currency])
        nav += worth
        if missing := int(np.isnan(worth).sum()):
            lacks.append(f"a rate of {currency} on {_days(missing)}")
    return Course(
        days,
        nav,
        _by_day(steps.flow, days),
        value,
        {symbol: _by_day(steps.bought.get(symbol, {}), days) for symbol in value},
        {symbol: _by_day(steps.income.get(symbol, {}), days) for symbol in value},
        _traded(held, prices, ordinals),
        tuple(lacks),
    )


def _traded(
    held: Mapping[str, Floats], prices: Mapping[str, Closes], ordinals: Floats
) -> NDArray[np.bool_]:
    traded = np.zeros(len(ordinals), dtype=np.bool_)
    owned = np.zeros(len(ordinals), dtype=np.bool_)
    for symbol, quantity in held.items():
        traded |= (quantity != 0) & np.isin(ordinals, prices[symbol].day)
        owned |= quantity != 0
    # Ordinal 1 is a Monday.
    return np.asarray(np.where(owned, traded, (ordinals - 1) % 7 < 5))


def _days(count: int) -> str:
    return f"{count:,} day{'' if count == 1 else 's'}"


def _by_day(amounts: Mapping[date, Decimal], days: tuple[date, ...]) -> Floats:
    told = np.zeros(len(days))
    if days:
        for day, amount in amounts.items():
            at = (day - days[0]).days
            if 0 <= at < len(days):
                told[at] = float(amount)
    return told
