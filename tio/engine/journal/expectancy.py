"""What trades prove: win rates and means with intervals, by group."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from math import sqrt
from zoneinfo import ZoneInfo

from tio.api.journal import By, Expectancy, Trade
from tio.engine.risk.distributions import NORMAL, student_quantile

CONFIDENCE = 0.95
LEAST = 10
"""Trades of which a mean's interval is told: with fewer its spread is not believed."""
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NONE = "–"

Key = Callable[[Trade], str]


def keyed(by: By, zone: ZoneInfo) -> Key:
    """What groups trades; hours and weekdays are of their opening."""
    keys: dict[By, Key] = {
        By.setup: lambda trade: trade.setup or _NONE,
        By.symbol: lambda trade: trade.symbol,
        By.side: lambda trade: "long" if trade.side.value == "buy" else "short",
        By.hour: lambda trade: f"{trade.opened_at.astimezone(zone):%H}:00",
        By.weekday: lambda trade: _DAYS[trade.opened_at.astimezone(zone).weekday()],
        By.month: lambda trade: f"{trade.opened_at.astimezone(zone):%Y-%m}",
        By.rating: lambda trade: "★" * trade.rating or _NONE,
    }
    return keys[by]


def by_group(trades: Iterable[Trade], by: By, zone: ZoneInfo) -> tuple[Expectancy, ...]:
    """Of each group: hours, days and months in their order, others the largest first."""
    key, groups = keyed(by, zone), defaultdict[str, list[Trade]](list)
    for trade in trades:
        groups[key(trade)].append(trade)
    told = [expectancy(name, group) for name, group in groups.items()]
    order: dict[By, Callable[[Expectancy], object]] = {
        By.hour: lambda each: each.group,
        By.month: lambda each: each.group,
        By.weekday: lambda each: _DAYS.index(each.group),
        By.rating: lambda each: -len(each.group) if each.group != _NONE else 1,
    }
    by_size: Callable[[Expectancy], object] = lambda each: (-each.trades, each.group)  # noqa: E731
    return tuple(sorted(told, key=order.get(by, by_size)))  # type: ignore[arg-type]


def expectancy(name: str, trades: Sequence[Trade]) -> Expectancy:
    """Of at least one closed trade."""
    gains = [float(trade.gain) for trade in trades]
    in_r = [trade.r for trade in trades if trade.r is not None]
    wins = [gain for gain in gains if gain > 0]
    losses = [-gain for gain in gains if gain < 0]
    low, high = wilson(len(wins), len(gains))
    mean_low, mean_high = interval(gains)
    r_low, r_high = interval(in_r)
    sure = (r_low, r_high) if r_low is not None else (mean_low, mean_high)
    return Expectancy(
        group=name,
        trades=len(gains),
        wins=len(wins),
        gain=sum((trade.gain for trade in trades), Decimal(0)),
        win_rate=len(wins) / len(gains),
        win_rate_low=low,
        win_rate_high=high,
        mean=sum(gains) / len(gains),
        mean_low=mean_low,
        mean_high=mean_high,
        with_r=len(in_r),
        mean_r=sum(in_r) / len(in_r) if in_r else None,
        mean_r_low=r_low,
        mean_r_high=r_high,
        payoff=(sum(wins) / len(wins)) / (sum(losses) / len(losses)) if wins and losses else None,
        profit_factor=sum(wins) / sum(losses) if losses else None,
        enough=sure[0] is not None and sure[1] is not None and (sure[0] > 0 or sure[1] < 0),
    )


def wilson(wins: int, trades: int) -> tuple[float, float]:
    """The score interval of a rate, of 95 %; Wilson (1927)."""
    z = NORMAL.inv_cdf((1 + CONFIDENCE) / 2)
    rate, spread = wins / trades, z * z / trades
    middle = (rate + spread / 2) / (1 + spread)
    reach = z / (1 + spread) * sqrt(rate * (1 - rate) / trades + spread / (4 * trades))
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


def interval(values: Sequence[float]) -> tuple[float | None, float | None]:
    """Student's interval of a mean, of 95 %; None of fewer than ten."""
    count = len(values)
    if count < LEAST:
        return None, None
    mean = sum(values) / count
    deviation = sqrt(sum((value - mean) ** 2 for value in values) / (count - 1))
    reach = student_quantile((1 + CONFIDENCE) / 2, count - 1) * deviation / sqrt(count)
    return mean - reach, mean + reach
