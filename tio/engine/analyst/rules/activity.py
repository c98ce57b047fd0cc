"""How lively the market is: volatility within its own year, volume beside its average."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tio.api.contract import Request
from tio.api.market import Bars, Timeframe
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.scope import Answers, Part, Scope, cite, line, number, opened_at

LENGTH = 14
REALISED = 20


def asks(scope: Scope) -> tuple[Request[Any], ...]:
    return (scope.bars(Timeframe.d1),)


def volatility(scope: Scope, answers: Answers) -> Part:
    """The percentile of ATR (percent of price) within a year of it, and realised volatility."""
    request = scope.bars(Timeframe.d1)
    bars = answers.of(request)
    count = scope.closed(bars)
    if count < LENGTH + REALISED:
        told = f"Not enough daily bars: {count} of {LENGTH + REALISED}."
        return Part(lines=(line(told),), known=0)
    ranges = true_range_percent(bars, count)[-th.YEAR :]
    ranges = ranges[np.isfinite(ranges)]
    if not len(ranges):
        return Part(lines=(line("Daily bars have no sound prices."),), known=0)
    newest = float(ranges[-1])
    place = 100.0 * float(np.mean(ranges <= newest))
    as_of = opened_at(bars, count - 1)
    figures = (
        cite(request, "atr_percent", newest, "percent", bars.source, as_of),
        cite(request, "atr_percentile", place, "percentile", bars.source, as_of),
    )
    text = (
        f"ATR {LENGTH} is {number(newest)} % of price, {regime(place)}: "
        f"percentile {place:.0f} of its last {len(ranges)} days."
    )
    lines = [line(text, *figures)]
    yearly = realised(np.asarray(bars.close)[:count], a_year(bars, count))
    if yearly is not None:
        cited = cite(request, "realised_volatility", yearly, "percent", bars.source, as_of)
        lines.append(
            line(
                f"Realised volatility over {REALISED} days is {number(yearly, 1)} % a year.", cited
            )
        )
    return Part(lines=tuple(lines), samples=(len(ranges),))


def regime(percentile: float) -> str:
    """What a percentile of ATR is called."""
    if percentile >= th.WILD:
        return "high for this symbol"
    return "low for this symbol" if percentile <= th.CALM else "ordinary for this symbol"


def true_range_percent(bars: Bars, count: int) -> NDArray[np.float64]:
    """The mean true range of 14 days in percent of the close, from the fourteenth range on."""
    high, low, close = (np.asarray(each)[:count] for each in (bars.high, bars.low, bars.close))
    before = close[:-1]
    ranges = np.maximum(high[1:], before) - np.minimum(low[1:], before)
    means = np.convolve(ranges, np.full(LENGTH, 1 / LENGTH), "valid")
    with np.errstate(divide="ignore", invalid="ignore"):
        percent: NDArray[np.float64] = 100.0 * means / close[LENGTH:]
    return percent


def a_year(bars: Bars, count: int) -> int:
    """Days it trades in a year: 365 where there are bars of weekends, else 252."""
    numbers = np.asarray(bars.time, dtype=np.int64)[:count] // Timeframe.d1.step
    # 1970 began on a Thursday.
    return 365 if np.any((numbers[-14:] + 3) % 7 > 4) else th.YEAR


def realised(close: NDArray[np.float64], year: int) -> float | None:
    """The deviation of the newest 20 logarithmic returns, percent a year of so many days."""
    with np.errstate(divide="ignore", invalid="ignore"):
        returns = np.diff(np.log(close[-REALISED - 1 :]))
    if not len(returns) or not np.all(np.isfinite(returns)):
        return None
    return float(np.std(returns, ddof=1) * np.sqrt(year) * 100) if len(returns) > 1 else None


def volume(scope: Scope, answers: Answers) -> Part:
    """The newest closed day's volume by the mean of the days before."""
    request = scope.bars(Timeframe.d1)
    bars = answers.of(request)
    count = scope.closed(bars)
    days = np.asarray(bars.volume)[:count][-th.VOLUME_BARS - 1 :]
    if len(days) <= th.VOLUME_BARS:
        told = f"Not enough daily bars: {len(days)} of {th.VOLUME_BARS + 1}."
        return Part(lines=(line(told),), known=0)
    mean = float(np.mean(days[:-1]))
    if not np.isfinite(days[-1]) or not np.isfinite(mean) or mean <= 0:
        return Part(lines=(line("The source tells no volume for all of these days."),), known=0)
    times = float(days[-1]) / mean
    said = "heavy" if times >= th.HEAVY else "thin" if times <= th.THIN else "ordinary"
    as_of = opened_at(bars, count - 1)
    text = (
        f"Volume of the last closed day was {said}: {number(float(days[-1]), 0)}, "
        f"{number(times)} times its {th.VOLUME_BARS}-day average."
    )
    figures = (
        cite(request, "volume", float(days[-1]), "count", bars.source, as_of),
        cite(request, "volume_by_average", times, "ratio", bars.source, as_of),
    )
    return Part(lines=(line(text, *figures),))
