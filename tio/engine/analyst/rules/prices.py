"""Where the price stands: prior day and week, the year's range, swings, the session's levels."""

from typing import Any

import numpy as np

from tio.api.analyst import KeyLevel, ReportLine
from tio.api.charts import GetSessionLevels
from tio.api.contract import Request
from tio.api.errors import NotFound
from tio.api.market import Bars, Timeframe
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.activity import LENGTH, a_year, true_range_percent
from tio.engine.analyst.rules.scope import (
    Answers,
    Part,
    Scope,
    cite,
    known,
    line,
    number,
    opened_at,
    priced,
)


def asks(scope: Scope) -> tuple[Request[Any], ...]:
    return (scope.bars(Timeframe.d1), scope.bars(Timeframe.w1))


def session_asks(scope: Scope) -> tuple[Request[Any], ...]:
    return (GetSessionLevels(scope.symbol), scope.bars(Timeframe.d1))


def price_of(scope: Scope, bars: Bars) -> float:
    """The quote's last price now, at a past moment the last daily close; NotFound."""
    if scope.at is None and scope.quote is not None and scope.quote.last is not None:
        return scope.quote.last
    count = scope.closed(bars)
    if not count or not known(bars.close[count - 1]):
        raise NotFound(f"no price of {scope.symbol} is known then", "`tio bars` shows what is")
    return bars.close[count - 1]


def daily_range(scope: Scope, bars: Bars) -> float | None:
    """Average true range of 14 closed days in price units."""
    count = scope.closed(bars)
    if count <= LENGTH:
        return None
    found = float(true_range_percent(bars, count)[-1]) * bars.close[count - 1] / 100
    return found if known(found) and found > 0 else None


def write(scope: Scope, answers: Answers) -> Part:
    """Each level of closed days and weeks with its distance in daily ATR."""
    days, weeks = (answers.of(request) for request in asks(scope))
    price, atr = price_of(scope, days), daily_range(scope, days)
    found: list[tuple[str, float]] = []
    for name, bars in (("day", days), ("week", weeks)):
        if count := scope.closed(bars):
            found.append((f"prior {name} high", bars.high[count - 1]))
            found.append((f"prior {name} low", bars.low[count - 1]))
    found += swings(days, scope.closed(days))
    count = scope.closed(days)
    year = a_year(days, count)
    high, low = (np.asarray(each)[:count][-year:] for each in (days.high, days.low))
    whole = len(high) == year
    span = "52-week" if whole else f"{len(high)}-day"
    if len(high):
        found += [(f"{span} high", float(np.max(high))), (f"{span} low", float(np.min(low)))]
    levels = tuple(_level(name, at, price, atr) for name, at in found if known(at))
    as_of = opened_at(days, count - 1) if count else None
    lines = [_told(level, scope.bars(Timeframe.d1), days.source, as_of) for level in levels]
    if not whole:
        lines.append(line(f"Not enough bars for a year's range: {len(high)} of {year}."))
    return Part(lines=tuple(lines), levels=levels, known=int(atr is not None))


def swings(bars: Bars, count: int) -> list[tuple[str, float]]:
    """The newest high and low beyond the bars on either side, confirmed by those after."""
    high, low = bars.high, bars.low
    found: list[tuple[str, float]] = []
    inner = range(count - 1 - th.SWING, th.SWING - 1, -1)
    for name, column, sign in (("swing high", high, 1.0), ("swing low", low, -1.0)):
        for i in inner:
            around = [sign * column[j] for j in range(i - th.SWING, i + th.SWING + 1) if j != i]
            if all(sign * column[i] > other for other in around):
                found.append((name, column[i]))
                break
    return found


def session(scope: Scope, answers: Answers) -> Part:
    """The session's levels as the charts know them."""
    request, daily = session_asks(scope)
    days: Bars = answers.of(daily)
    price, atr = price_of(scope, days), daily_range(scope, days)
    found = answers.of(GetSessionLevels(scope.symbol))
    levels = tuple(
        _level(each.name.replace("_", " "), each.price, price, atr)
        for each in found
        if each.name not in ("prior_high", "prior_low")
    )
    if not levels:
        return Part(lines=(line("This session has no levels yet."),), known=0)
    lines = tuple(_told(level, request, days.source, scope.now) for level in levels)
    return Part(lines=lines, levels=levels)


def _level(name: str, at: float, price: float, atr: float | None) -> KeyLevel:
    return KeyLevel(name=name, price=at, distance=None if atr is None else (at - price) / atr)


def _told(level: KeyLevel, request: Request[Any], source: str, as_of: Any) -> ReportLine:
    price = cite(request, level.name, level.price, "price", source, as_of)
    name = level.name[0].upper() + level.name[1:]
    if level.distance is None:
        return line(f"{name} {priced(level.price)}.", price)
    side = "above" if level.distance > 0 else "below"
    near = " (near)" if abs(level.distance) <= th.NEAR_ATR else ""
    distance = cite(request, f"{level.name}.distance", level.distance, "ATR", source, as_of)
    away = f"{number(abs(level.distance), 1)} ATR {side} the price{near}"
    return line(f"{name} {priced(level.price)}, {away}.", price, distance)
