"""The minutes of one day: paths that meet the day's open, high, low and close exactly."""

from typing import NamedTuple

import numpy as np

from tio.engine.feeds.simulator.process import Days, Floats, Ints
from tio.engine.feeds.simulator.sessions import MINUTES

LEAST_LOTS = 4
"""Every minute has volume for one trade at each of its open, high, low and close."""
_TAIL = 5.0


class Minutes(NamedTuple):
    """Consecutive minutes of one instrument: prices in price steps, volume in lots."""

    open: Ints
    high: Ints
    low: Ints
    close: Ints
    volume: Ints

    def part(self, first: int, past: int) -> "Minutes":
        return Minutes(*(column[first:past] for column in self))


class Corners(NamedTuple):
    """What a path must meet; without high and low it finds its own. `sigma` is in price steps."""

    open: float
    high: float | None
    low: float | None
    close: float
    sigma: float


def minutes_of(
    draws: np.random.Generator, days: Days, at: int, session: tuple[int, int]
) -> Minutes:
    """All 1,440 minutes of the day at index `at`; those of `session` fold into its daily bar.

    A day without a session folds whole. Each minute opens where the one before closed.
    """
    first, past = session if session != (0, 0) else (0, MINUTES)
    sigma = float(days.sigma[at]) * float(days.open[at])
    corners = Corners(
        float(days.open[at]),
        float(days.high[at]),
        float(days.low[at]),
        float(days.close[at]),
        sigma,
    )
    activity = _activity(past - first)
    within = _path(draws, corners, activity)
    lots = int(days.volume[at])
    volume = _volumes(draws, activity, lots)
    if (first, past) == (0, MINUTES):
        return _columns([within], [volume])
    night = Corners(float(days.start[at]), None, None, corners.open, 0.4 * sigma)
    evening = Corners(corners.close, None, None, float(days.end[at]), 0.15 * sigma)
    before, after = np.ones(first), np.ones(MINUTES - past)
    quiet = lots // 40
    return _columns(
        [_path(draws, night, before), within, _path(draws, evening, after)],
        [_volumes(draws, before, quiet), volume, _volumes(draws, after, quiet // 2)],
    )


def _columns(paths: list[Ints], volumes: list[Ints]) -> Minutes:
    open_, high, low, close = np.concatenate(paths, axis=1)
    return Minutes(open_, high, low, close, np.concatenate(volumes))


def _activity(count: int) -> Floats:
    """How busy each minute is: a U over a stock's session, a slow wave over a whole day."""
    place = np.linspace(-1.0, 1.0, count)
    if count < MINUTES:
        return 0.45 + 1.3 * place**4 + 0.35 * (place < -0.9)
    return 1.0 + 0.45 * np.cos(np.pi * (place - 0.2))


def _path(draws: np.random.Generator, corners: Corners, activity: Floats) -> Ints:
    """Open, high, low and close of each minute (4 rows) of a bridge through its corners."""
    count = len(activity)
    shocks = draws.standard_t(_TAIL, count)
    clusters = np.exp(0.5 * _smooth(draws.standard_normal(count)))
    uniforms = draws.random((2, count))
    weights = activity * clusters**2
    share = np.cumsum(weights) / weights.sum()
    noise = np.cumsum(shocks * np.sqrt(weights))
    noise -= share * noise[-1]
    noise *= corners.sigma / np.sqrt(weights.sum() * _TAIL / (_TAIL - 2))
    line = corners.open + (corners.close - corners.open) * share
    noise, stretch = _fitted(noise, line, corners)
    close = line + noise
    open_ = np.concatenate(([corners.open], close[:-1]))
    move = close - open_
    spread = -2.0 * corners.sigma**2 * stretch**2 * weights / weights.sum()
    high = open_ + (move + np.sqrt(move**2 + spread * np.log1p(-uniforms[0]))) / 2
    low = open_ + (move - np.sqrt(move**2 + spread * np.log1p(-uniforms[1]))) / 2
    return _met(np.stack((open_, high, low, close)), corners)


def _fitted(noise: Floats, line: Floats, corners: Corners) -> tuple[Floats, float]:
    """The noise, turned over if that comes nearer to the corners, and stretched to their range."""
    if corners.high is None or corners.low is None:
        return noise, 1.0
    up, down = line + noise, line - noise
    misses = [
        abs(float(path.max()) - corners.high) + abs(float(path.min()) - corners.low)
        for path in (up, down)
    ]
    path = up if misses[0] <= misses[1] else down
    reach = max(float(path.max() - path.min()), 1.0)
    stretch = min(max((corners.high - corners.low) / reach, 0.6), 1.5)
    return (path - line) * stretch, stretch


def _met(path: Floats, corners: Corners) -> Ints:
    """On the price grid, with what lies beyond open and close bent to end at high and low."""
    _, high, low, _ = path
    top = max(corners.open, corners.close)
    bottom = min(corners.open, corners.close)
    highest, lowest = int(high.argmax()), int(low.argmin())
    if corners.high is not None and corners.low is not None:
        above = max(float(high[highest]) - top, 1e-9)
        below = max(bottom - float(low[lowest]), 1e-9)
        excess = np.maximum(path - top, 0.0) * ((corners.high - top) / above - 1.0)
        lack = np.maximum(bottom - path, 0.0) * ((bottom - corners.low) / below - 1.0)
        path = np.clip(path + excess - lack, corners.low, corners.high)
    steps = np.maximum(np.rint(path), 1.0).astype(np.int64)
    steps[3, -1] = round(corners.close)
    steps[0, 0] = round(corners.open)
    steps[0, 1:] = steps[3, :-1]
    if corners.high is not None and corners.low is not None:
        steps[1, highest] = round(corners.high)
        steps[2, lowest] = round(corners.low)
    steps[1] = steps.max(axis=0)
    steps[2] = steps.min(axis=0)
    return steps


def _volumes(draws: np.random.Generator, activity: Floats, lots: int) -> Ints:
    """`lots` divided over the minutes, lognormal around their activity; the sum is exact."""
    count = len(activity)
    weights = np.cumsum(activity * np.exp(0.55 * draws.standard_normal(count)))
    free = max(lots - LEAST_LOTS * count, 0)
    shares = np.rint(weights / weights[-1] * free).astype(np.int64)
    volumes: Ints = np.diff(shares, prepend=0) + LEAST_LOTS
    return volumes


def _smooth(noise: Floats) -> Floats:
    """A moving average over half an hour, of unit scale: busy minutes come together."""
    width = 30
    sums = np.cumsum(np.concatenate((np.zeros(width), noise)))
    average: Floats = (sums[width:] - sums[:-width]) / np.sqrt(width)
    return average
