"""How a portfolio did: its course over days, returns three ways, risk taken, who contributed."""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from tio.api.contract import Request, word
from tio.api.portfolio import PortfolioName
from tio.api.series import Series, Times


class Decline(msgspec.Struct, frozen=True, kw_only=True):
    """A fall from a peak: `depth` is a fraction below zero; `recovered` None while it lasts."""

    depth: float
    peak: date
    trough: date
    recovered: date | None
    days: int


class Contribution(msgspec.Struct, frozen=True, kw_only=True):
    """What one instrument brought: `gain` in the portfolio's currency, income less its costs in
    it; `share` of the time-weighted return as a fraction, all of them adding up to it."""

    symbol: str
    gain: float
    income: float
    share: float | None = None


class Rolled(msgspec.Struct, frozen=True, kw_only=True):
    """Figures over a window of days ending at each `time`, NaN before it is full."""

    days: int
    growth: Series
    volatility: Series
    sharpe: Series
    beta: Series | None = None


class Performance(msgspec.Struct, frozen=True, kw_only=True):
    """A portfolio's performance from `start` to `end`, both included; fractions, not percent.

    time: each day at 00:00Z. nav and flow in `currency`. growth, benchmark_growth: the linked
    return since the start. drawdown: below the highest so far. simple: gain over what was put in;
    time_weighted: daily returns linked, flows counting from the start of their day;
    money_weighted: the yearly rate (XIRR). annual: the time-weighted return of a year, None under
    one. What too few days can tell is None, as measures of risk of fewer than ten returns; so are
    worth and gain where something held that day has no price or rate. `lacks`: days without a price
    or a rate, which no figure guesses. `untold`: days that gained or lost on nothing put in.
    """

    portfolio: str
    currency: str
    start: date
    end: date
    time: Times
    nav: Series
    flow: Series
    growth: Series
    drawdown: Series
    begin_value: float | None
    end_value: float | None
    put_in: float
    taken_out: float
    gain: float | None
    simple: float | None
    time_weighted: float | None
    annual: float | None
    money_weighted: float | None
    volatility: float | None
    sharpe: float | None
    sortino: float | None
    calmar: float | None
    omega: float | None
    declines: tuple[Decline, ...] = ()
    contributions: tuple[Contribution, ...] = ()
    rolled: Rolled | None = None
    benchmark: str = ""
    benchmark_growth: Series | None = None
    benchmark_return: float | None = None
    beta: float | None = None
    alpha: float | None = None
    correlation: float | None = None
    tracking_error: float | None = None
    information_ratio: float | None = None
    up_capture: float | None = None
    down_capture: float | None = None
    lacks: tuple[str, ...] = ()
    untold: int = 0


@word(tool=True)
class GetPerformance(Request[Performance], frozen=True):
    """How a portfolio did, by default since its first entry until today.

    `benchmark`: a symbol to compare with. `risk_free`: a yearly rate as a fraction. `window`: days
    that rolling figures span. Daily closes and rates of the days value it; today stands at the
    newest close.
    """

    portfolio: PortfolioName
    start: date | None = None
    end: date | None = None
    benchmark: Annotated[str, Meta(max_length=64)] = ""
    risk_free: Annotated[float, Meta(gt=-1, lt=10)] = 0.0
    window: Annotated[int, Meta(ge=5, le=5_000)] = 90
