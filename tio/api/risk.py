"""The values of risk: what moves together, how much to take, and what is told of a portfolio.

Returns and losses are fractions, losses above zero. Money is exact, in the currency of the equity
or portfolio it belongs to.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from tio.api.market import Timeframe
from tio.api.series import Series, Times


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


class CorrelationMethod(StrEnum):
    """Of returns; of their ranks; shrunk to the mean of all; with older ones forgotten."""

    pearson = "pearson"
    spearman = "spearman"
    shrunk = "shrunk"
    ewma = "ewma"


class RollingCorrelation(msgspec.Struct, frozen=True, kw_only=True):
    """The correlation of two symbols over the `window` returns up to each `time`."""

    window: int
    time: Times
    values: Series


class CorrelationMatrix(msgspec.Struct, frozen=True, kw_only=True):
    """How returns move together: `values[i][j]` of symbols i and j, None where too few are common.

    `counts` are the returns both have. `order` tells symbols such that like stand beside like.
    `mean` is that of all pairs. `shrinkage` is the weight of the mean in the shrunk one. `start`
    and `end` are the first and last bar a return is made of. `notes` say what to beware of.
    """

    symbols: tuple[str, ...]
    timeframe: Timeframe
    method: CorrelationMethod
    window: int
    values: tuple[tuple[float | None, ...], ...]
    counts: tuple[tuple[int, ...], ...]
    order: tuple[int, ...]
    mean: float | None = None
    shrinkage: float | None = None
    start: datetime | None = None
    end: datetime | None = None
    rolling: RollingCorrelation | None = None
    notes: tuple[str, ...] = ()


class SizingMethod(StrEnum):
    """By what is lost at the stop, a share of equity, a volatility to have, an edge shown."""

    risk = "risk"
    fraction = "fraction"
    volatility = "volatility"
    kelly = "kelly"


class Edge(msgspec.Struct, frozen=True, kw_only=True):
    """What a record of trades shows, in multiples of what one risks (R).

    `mean` is what a trade brought; `low` what it brings at least, with the `confidence` given.
    `fraction` is the share of equity to risk on `low`, zero where that is not above zero.
    """

    trades: int
    win_rate: float
    payoff: float
    mean: float
    low: float
    confidence: float
    fraction: float


class SizedPosition(msgspec.Struct, frozen=True, kw_only=True):
    """How much to take. Money is in the currency of the equity.

    `limited_by`: what set the size (the method, `buying_power`, or `lot`: not one lot fits).
    `value` is the position's; `risk` what is lost at the stop (one R), `gap_risk` what is lost
    when the price jumps one average true range beyond it. `unrounded` is the quantity before it
    was cut to whole lots. Without a stop risks are None.
    """

    quantity: Decimal
    unrounded: Decimal
    limited_by: str
    value: Decimal
    share: Decimal
    unit_risk: Decimal | None = None
    risk: Decimal | None = None
    risk_share: Decimal | None = None
    gap_risk: Decimal | None = None
    edge: Edge | None = None
    notes: tuple[str, ...] = ()


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
