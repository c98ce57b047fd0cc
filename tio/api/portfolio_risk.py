"""What is told of a portfolio's risk: its worst days, its parts, what shocks would cost.

Returns and losses are fractions, losses above zero. Money is exact, in the portfolio's currency.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import msgspec


class TailMethod(StrEnum):
    """How the worst days are foretold: from those seen, a normal distribution, a bent one."""

    historical = "historical"
    normal = "normal"
    cornish_fisher = "cornish_fisher"


class TailRisk(msgspec.Struct, frozen=True, kw_only=True):
    """Value at risk and expected shortfall, None with the reason in `note`.

    `returns` are those of one day it is made of; `independent` the horizons among them that do not
    overlap.
    """

    method: TailMethod
    confidence: float
    days: int
    value_at_risk: float | None
    expected_shortfall: float | None
    returns: int
    independent: int
    note: str = ""


class Kupiec(msgspec.Struct, frozen=True, kw_only=True):
    """Days that lost more than their value at risk, and how likely so odd a count is by chance."""

    exceedances: int
    days: int
    expected: float
    statistic: float
    p_value: float


class TailBacktest(msgspec.Struct, frozen=True, kw_only=True):
    """A one-day value at risk, made each day of the `window` before it, held against that day.

    `without`: days for which there was none. No day with one: `test` is None.
    """

    method: TailMethod
    confidence: float
    window: int
    test: Kupiec | None
    without: int = 0


class Concentration(msgspec.Struct, frozen=True, kw_only=True):
    """How unevenly weights are spread: the sum of their squares, and of how many equals it tells.

    `top` are the shares of the largest 1, 3, 5 and 10, of all that is held either way.
    """

    positions: int
    herfindahl: float
    effective: float
    top: tuple[tuple[int, float], ...] = ()


class ExposureLine(msgspec.Struct, frozen=True, kw_only=True):
    """What is held of one class, currency or sector; `short` is below zero, gross adds it up."""

    key: str
    long: Decimal
    short: Decimal
    gross: Decimal
    net: Decimal


class RiskPart(msgspec.Struct, frozen=True, kw_only=True):
    """One position's part in the value at risk: what one more unit of weight adds; its share."""

    symbol: str
    weight: float
    marginal: float
    component: float


class HistoricalWindow(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of the past to live through again, from the close of one day to that of another."""

    name: str
    title: str
    start: date
    end: date


class StressLine(msgspec.Struct, frozen=True, kw_only=True):
    """What one position loses; None where it cannot be told, `note` says why or what was assumed.

    `change` is that of its value, a fraction. `proxied`: by its beta to the benchmark.
    """

    symbol: str
    value: Decimal
    loss: Decimal | None
    change: float | None = None
    proxied: bool = False
    note: str = ""


class StressResult(msgspec.Struct, frozen=True, kw_only=True):
    """What shocks or a past window would cost today; `loss` is above zero where money is lost.

    `share` is the loss in parts of net value; `worst` the deepest loss on the way, by a day's
    close, and `worst_day` that day. `proxied_share` is the part of gross value that stands on a
    proxy, `lacks` what could not be told and is not in the loss.
    """

    title: str
    lines: tuple[StressLine, ...]
    loss: Decimal
    share: float | None = None
    worst: Decimal | None = None
    worst_day: date | None = None
    proxied_share: float = 0.0
    lacks: tuple[str, ...] = ()


class RiskReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a portfolio risks as it stands today."""

    portfolio: str
    currency: str
    at: datetime
    tails: tuple[TailRisk, ...] = ()
    backtests: tuple[TailBacktest, ...] = ()
    benchmark: str = ""
    beta: float | None = None
    parts: tuple[RiskPart, ...] = ()
    concentration: Concentration | None = None
    classes: tuple[ExposureLine, ...] = ()
    currencies: tuple[ExposureLine, ...] = ()
    sectors: tuple[ExposureLine, ...] = ()
    notes: tuple[str, ...] = ()
