"""What is told of a portfolio's risk: its worst days, its parts, what shocks would cost.

Returns and losses are fractions, losses above zero. Money is exact, in the portfolio's currency.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tio.api.contract import Request, word
from tio.api.limits import LimitState
from tio.api.portfolio import PortfolioName
from tio.api.stress import Benchmark


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


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """What has too little of a past to be in the figures; `share` is its part of gross value."""

    symbol: str
    share: float
    closes: int
    reason: str


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """The past today's holdings are held through: `returns` over days all that is in it share.

    `start` is the first close, `end` the last. `covered` is the part of gross value in it.
    """

    returns: int = 0
    start: date | None = None
    end: date | None = None
    covered: float = 0.0
    left_out: tuple[LeftOut, ...] = ()


class RiskReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a portfolio risks as it stands today.

    Fractions are parts of `capital`: the net value, or gross where that is not above zero. `long`,
    `short` (below zero) and `gross` are of positions; cash stands in classes and currencies too.
    `tails` are of today's holdings over the days of `sample`. `parts` are those of `parts_total`,
    the one-day normal value at risk at `confidence`, and add up to it. `stale_share` is the part
    of net value that stands on stale prices.
    """

    portfolio: str
    currency: str
    at: datetime
    net: Decimal | None = None
    capital: Decimal = Decimal(0)
    gross: Decimal = Decimal(0)
    long: Decimal = Decimal(0)
    short: Decimal = Decimal(0)
    cash: Decimal = Decimal(0)
    day_change: Decimal | None = None
    stale_share: float = 0.0
    confidence: float = 0.95
    sample: Sample = Sample()
    tails: tuple[TailRisk, ...] = ()
    backtests: tuple[TailBacktest, ...] = ()
    benchmark: str = ""
    beta: float | None = None
    beta_error: float | None = None
    explained: float | None = None
    parts: tuple[RiskPart, ...] = ()
    parts_total: float | None = None
    concentration: Concentration | None = None
    classes: tuple[ExposureLine, ...] = ()
    currencies: tuple[ExposureLine, ...] = ()
    sectors: tuple[ExposureLine, ...] = ()
    limits: tuple[LimitState, ...] = ()
    notes: tuple[str, ...] = ()


@word(tool=True)
class GetRisk(Request[RiskReport], frozen=True):
    """What a portfolio risks: exposure, concentration, tails with their back-test, parts, limits.

    Tails are at 95 and 99 %, over 1 and 10 days, and as asked; all of today's holdings, held
    through the newest `window` daily returns. `benchmark`: a symbol to tell a beta to.
    """

    portfolio: PortfolioName
    confidence: Annotated[float, Meta(gt=0.5, lt=1)] = 0.95
    horizon: Annotated[int, Meta(ge=1, le=250)] = 1
    window: Annotated[int, Meta(ge=30, le=5_000)] = 750
    benchmark: Benchmark = ""
