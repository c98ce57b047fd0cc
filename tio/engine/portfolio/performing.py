"""The figures of a portfolio's performance, from the course of its worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from tio.api.performance import Contribution, Decline, Performance, Rolled
from tio.api.portfolio import Portfolio
from tio.api.series import Series, Times
from tio.engine.portfolio import against, drawdowns, measures, rolling
from tio.engine.portfolio.contribution import contributions, with_rest
from tio.engine.portfolio.course import Course
from tio.engine.portfolio.returns import folded, simple_return, time_weighted, xirr
from tio.engine.portfolio.steps import Floats

_DAY = 86_400_000_000
_EPOCH = date(1970, 1, 1).toordinal()
LEAST = 10
"""Returns that measures of risk take; of fewer none is told."""
_CENT = 0.005
"""What is gained below this is what floats leave of nothing."""
_WEEKENDS_TOO = 300
"""More days of trading a year than this are those of a market that never rests."""


@dataclass(frozen=True, slots=True)
class Period:
    """What is asked: the course begins the day before `start` where there was something then."""

    course: Course
    start: date
    risk_free: float
    window: int
    benchmark: str = ""
    beside: Floats | None = None
    """The benchmark's price in the portfolio's currency on each day of the course."""


def performance(portfolio: Portfolio, period: Period) -> Performance:
    """Returns three ways, risk taken, declines and who contributed; numpy all through."""
    course = period.course
    skip = (period.start - course.days[0]).days
    days = course.days[skip:]
    opening = float(course.nav[skip - 1]) if skip else 0.0
    nav, flow = course.nav[skip:], course.flow[skip:]
    weighted = time_weighted(nav, flow, opening=opening)
    counted = _counted(weighted.daily, course.traded[skip:])
    returns = folded(weighted.daily, counted)
    periods = _periods(days, counted)
    free = period.risk_free
    # A ratio of a handful of days says nothing, however many digits it has.
    risk = returns if len(returns) >= LEAST else returns[:0]
    end = float(nav[-1])
    came, went = float(flow[flow > 0].sum()), float(np.abs(flow[flow < 0]).sum())
    told = Performance(
        portfolio=portfolio.name,
        currency=portfolio.currency,
        start=days[0],
        end=days[-1],
        time=Times([(day.toordinal() - _EPOCH) * _DAY for day in days]),
        nav=_series(nav),
        flow=_series(flow),
        growth=_series(drawdowns.wealth(weighted.daily)[1:] - 1),
        drawdown=_series(drawdowns.underwater(weighted.daily)[1:]),
        begin_value=_known(opening),
        end_value=_known(end),
        put_in=came,
        taken_out=went,
        gain=_known(end - opening - came + went),
        simple=_known(simple_return(opening, end, came, went)),
        time_weighted=_known(weighted.total),
        annual=_known(weighted.annual),
        money_weighted=_money_weighted(days, flow, opening, end),
        volatility=_known(measures.volatility(risk, periods)),
        sharpe=_known(measures.sharpe(risk, free, periods)),
        sortino=_known(measures.sortino(risk, free, periods)),
        calmar=_known(drawdowns.calmar(risk, periods)),
        omega=_known(measures.omega(risk, free, periods)),
        declines=_declines(weighted.daily, days),
        contributions=_contributions(course, skip),
        rolled=_rolled(weighted.daily, counted, None, period, periods),
        lacks=course.lacks,
        untold=weighted.untold,
    )
    return _compared(told, weighted.daily, counted, period, skip, periods)


def _compared(
    told: Performance,
    daily: Floats,
    counted: NDArray[np.bool_],
    period: Period,
    skip: int,
    periods: int,
) -> Performance:
    """The same with what a benchmark did, where one is named and was priced."""
    if period.beside is None:
        return told
    price = period.beside
    moved = np.full(len(price), np.nan)
    moved[1:] = price[1:] / price[:-1] - 1
    theirs = moved[skip:]
    # What it moved while the portfolio rested is told on the day that counts next.
    own, other, free = folded(daily, counted), folded(theirs, counted), period.risk_free
    if not np.isfinite(other).any():
        lacks = (*told.lacks, f"prices of the benchmark {period.benchmark}")
        return replace(told, benchmark=period.benchmark, lacks=lacks)
    if len(own) < LEAST:
        own, other = own[:0], other[:0]
    growth = drawdowns.wealth(theirs)[1:] - 1
    return replace(
        told,
        rolled=_rolled(daily, counted, theirs, period, periods),
        benchmark=period.benchmark,
        benchmark_growth=_series(growth),
        benchmark_return=float(growth[-1]),
        beta=_known(against.beta(own, other)),
        alpha=_known(against.alpha(own, other, free, periods)),
        correlation=_known(against.correlation(own, other)),
        tracking_error=_known(against.tracking_error(own, other, periods)),
        information_ratio=_known(against.information_ratio(own, other, periods)),
        up_capture=_known(against.up_capture(own, other)),
        down_capture=_known(against.down_capture(own, other)),
    )


def _counted(daily: Floats, traded: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Days whose return counts: those of trading, and any other that tells one that is not zero."""
    return np.asarray(np.isfinite(daily) & (traded | (daily != 0)))


def _periods(days: Sequence[date], counted: NDArray[np.bool_]) -> int:
    """Days of trading a year: 252, or 365 of what trades on weekends too."""
    a_year = float(counted.sum()) / len(days) * 365
    return 365 if a_year > _WEEKENDS_TOO else 252


def _money_weighted(days: Sequence[date], flow: Floats, opening: float, end: float) -> float | None:
    if not isfinite(opening + end):
        return None
    moved: list[int] = np.flatnonzero(flow).tolist()
    dates = [days[0] - timedelta(days=1), *(days[at] for at in moved), days[-1]]
    amounts = [-opening, *(-flow[moved]), end]
    if not opening:
        dates, amounts = dates[1:], amounts[1:]
    return xirr(dates, np.array(amounts))


def _contributions(course: Course, skip: int) -> tuple[Contribution, ...]:
    """Every symbol's part, the largest first; cash is what is left of the flows."""
    symbols = list(course.value)
    shape = len(symbols), len(course.nav)
    value, bought, income = (
        np.array([told[symbol] for symbol in symbols]).reshape(shape).T
        for told in (course.value, course.bought, course.income)
    )
    every, spent, earned = with_rest(course.nav, course.flow, value, bought, income)
    opening = np.nan_to_num(every[skip - 1]) if skip else None
    parts = contributions(every[skip:], spent[skip:], earned[skip:], opening)
    before = opening if opening is not None else np.zeros(every.shape[1])
    ends = every[skip:][-1]
    gains = ends - before - spent[skip:].sum(axis=0) + earned[skip:].sum(axis=0)
    told = [
        Contribution(
            symbol=symbol,
            gain=float(gains[at]),
            income=float(earned[skip:, at].sum()),
            share=_known(float(parts.linked[at])),
        )
        for at, symbol in enumerate([*symbols, "cash"])
        if isfinite(gains[at]) and (abs(gains[at]) >= _CENT or earned[skip:, at].any())
    ]
    return tuple(sorted(told, key=lambda each: -abs(each.gain)))


def _declines(daily: Floats, days: Sequence[date]) -> tuple[Decline, ...]:
    def day(at: int) -> date:
        return days[0] - timedelta(days=1) + timedelta(days=at)

    return tuple(
        Decline(
            depth=each.depth,
            peak=day(each.peak),
            trough=day(each.trough),
            recovered=None if each.recovery is None else day(each.recovery),
            days=each.length,
        )
        for each in drawdowns.drawdowns(daily, 10)
    )


def _rolled(
    daily: Floats,
    counted: NDArray[np.bool_],
    theirs: Floats | None,
    period: Period,
    periods: int,
) -> Rolled | None:
    returns = folded(daily, counted)
    if len(returns) < period.window:
        return None

    def spread(values: Floats) -> Series:
        told = np.full(len(daily), np.nan)
        told[counted] = values
        return _series(told)

    window = period.window
    return Rolled(
        days=window,
        growth=spread(rolling.rolling_return(returns, window)),
        volatility=spread(rolling.rolling_volatility(returns, window, periods)),
        sharpe=spread(rolling.rolling_sharpe(returns, window, period.risk_free, periods)),
        beta=None
        if theirs is None
        else spread(rolling.rolling_beta(returns, folded(theirs, counted), window)),
    )


def _known(value: float | None) -> float | None:
    return None if value is None or not isfinite(value) else value


def _series(values: Floats) -> Series:
    return Series.wrap(np.ascontiguousarray(values, dtype=np.float64))
