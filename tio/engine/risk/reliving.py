"""What today's positions would have lost in a stretch of the past, held through it unchanged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from tio.api.stress import (
    HistoricalWindow,
    StressLine,
    StressResult,
)
from tio.engine.risk.estimates import Floats
from tio.engine.risk.exposure import Exposure
from tio.engine.risk.paired import Instants, Prices

DAY = 86_400_000_000
SLACK = 7
"""Days before a window's start within which a price must stand to begin it."""
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, eq=False)
class _Path:
    """The value of one unit by the days of the window, 1 at its start; or why there is none."""

    growth: Floats
    proxied: bool = False
    note: str = ""


def relived(
    exposures: Sequence[Exposure],
    window: HistoricalWindow,
    prices: Mapping[str, Prices],
    benchmark: Prices | None = None,
    net: Decimal | None = None,
) -> StressResult:
    """The loss by position and in all from the close of `window.start` to that of `window.end`.

    Prices are daily, by their date, adjusted. A symbol whose prices do not cover the window goes
    by its beta times the benchmark's daily returns (a beta of 1 where none is known) and is marked;
    without a benchmark it is among `lacks`. Currencies stand still unless prices are told in the
    portfolio's own. On a day without a price the last one holds. `worst` is by daily closes.
    """
    days = _days(window, [*prices.values(), *([benchmark] if benchmark is not None else [])])
    market = None if benchmark is None else _growth(benchmark, days)
    paths = [_path(each, prices.get(each.symbol), market, days) for each in exposures]
    lines = tuple(_line(each, path) for each, path in zip(exposures, paths, strict=True))
    told = [(each, path) for each, path in zip(exposures, paths, strict=True) if path is not None]
    losses = np.zeros(len(days))
    for each, path in told:
        losses -= float(each.value) * (path.growth - 1)
    deepest = int(np.argmax(losses)) if told else 0
    loss = sum((line.loss for line in lines if line.loss is not None), Decimal(0))
    gross = sum((abs(each.value) for each in exposures), Decimal(0))
    proxied = sum((abs(line.value) for line in lines if line.proxied), Decimal(0))
    return StressResult(
        title=f"{window.title}, {window.start} to {window.end}",
        lines=lines,
        loss=loss,
        share=float(loss / net) if net else None,
        worst=_money(losses[deepest]) if told else None,
        worst_day=EPOCH + timedelta(int(days[deepest]) // DAY) if told else None,
        proxied_share=float(proxied / gross) if gross else 0.0,
        lacks=tuple(line.symbol for line in lines if line.loss is None),
    )


def covers(prices: Prices, window: HistoricalWindow) -> bool:
    """Whether prices stand at both ends of a window, or a few days before."""
    ends = np.array([_at(window.start), _at(window.end)], np.int64)
    return _growth(prices, ends) is not None


def _days(window: HistoricalWindow, prices: Sequence[Prices]) -> Instants:
    """The window's ends, and every day between on which anything has a price."""
    start, end = _at(window.start), _at(window.end)
    seen = [each.time[(each.time > start) & (each.time <= end)] for each in prices]
    found: Instants = np.unique(np.concatenate([np.array([start, end], np.int64), *seen]))
    return found


def _at(day: date) -> int:
    return (day - EPOCH).days * DAY


def _path(
    exposure: Exposure, own: Prices | None, market: Floats | None, days: Instants
) -> _Path | None:
    growth = None if own is None else _growth(own, days)
    if growth is not None:
        return _Path(growth)
    if market is None:
        return None
    times = 1.0 if exposure.beta is None else exposure.beta
    steps = np.maximum(1 + times * (market[1:] / market[:-1] - 1), 0.0)
    note = f"no prices of then: {times:.2f} × the benchmark"
    if exposure.beta is None:
        note = "no prices of then and no beta: as the benchmark"
    return _Path(np.concatenate(([1.0], np.cumprod(steps))), True, note)


def _growth(prices: Prices, days: Instants) -> Floats | None:
    """A unit's value by day; None where prices do not cover the window."""
    known = prices.known()
    if not len(known.time):
        return None
    place = np.searchsorted(known.time, days, side="right") - 1
    if place[0] < 0 or days[0] - known.time[place[0]] > SLACK * DAY:
        return None
    if days[-1] - known.time[place[-1]] > SLACK * DAY:
        return None
    found: Floats = known.close[place] / known.close[place[0]]
    return found


def _line(exposure: Exposure, path: _Path | None) -> StressLine:
    if path is None:
        return StressLine(
            symbol=exposure.symbol,
            value=exposure.value,
            loss=None,
            note="no prices of then, and none of a benchmark",
        )
    change = float(path.growth[-1]) - 1
    return StressLine(
        symbol=exposure.symbol,
        value=exposure.value,
        loss=_money(-float(exposure.value) * change),
        change=change,
        proxied=path.proxied,
        note=path.note,
    )


def _money(amount: float) -> Decimal:
    """To the hundredth: prices of series are no exact money."""
    return Decimal(repr(float(amount))).quantize(Decimal("0.01"))
