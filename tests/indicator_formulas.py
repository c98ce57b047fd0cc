"""Formulas of indicators no reference is at hand for, written out for one bar, plainly and slowly.

Each is given the bars up to the one asked about, and answers with its outputs in order.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import exp, nan, pi, sin, sqrt

import numpy as np

from tio.engine.indicators.declare import Floats
from tio.engine.store.columns import Columns

Formula = Callable[[Columns], Sequence[float]]
FORMULAS: dict[str, Formula] = {}


def formula(function: Formula) -> Formula:
    FORMULAS[function.__name__] = function
    return function


def ranges(bars: Columns) -> Floats:
    """True ranges from the second bar on."""
    past = bars.close[:-1]
    high, low = np.maximum(bars.high[1:], past), np.minimum(bars.low[1:], past)
    return high - low


def smoothed(column: Floats, weight: float, length: int) -> float:
    """The exponential mean at the last value, seeded with the mean of the first `length`."""
    answer = float(column[:length].mean())
    for value in column[length:].tolist():
        answer += weight * (value - answer)
    return answer


def ema(column: Floats, length: int) -> float:
    return smoothed(column, 2 / (length + 1), length)


def line(column: Floats) -> tuple[float, float]:
    """The fitted straight line's value at the last point, and its rise."""
    slope, begin = np.polyfit(np.arange(len(column)), column, 1)
    return float(begin + slope * (len(column) - 1)), float(slope)


def returns(column: Floats) -> Floats:
    return column[1:] / column[:-1] - 1


@formula
def sinwma(bars: Columns) -> Sequence[float]:
    weights = [sin(pi * each / 15) for each in range(1, 15)]
    return (float(np.average(bars.close[-14:], weights=weights)),)


@formula
def vwma(bars: Columns) -> Sequence[float]:
    return (float(np.average(bars.close[-20:], weights=bars.volume[-20:])),)


@formula
def zlema(bars: Columns) -> Sequence[float]:
    lag = 19 // 2
    return (ema(2 * bars.close[lag:] - bars.close[:-lag], 20),)


@formula
def disparity(bars: Columns) -> Sequence[float]:
    mean = float(bars.close[-20:].mean())
    return mean, (float(bars.close[-1]) / mean - 1) * 100


@formula
def vidya(bars: Columns) -> Sequence[float]:
    price, answer = bars.close, nan
    for at in range(9, len(price)):
        moves = np.diff(price[at - 9 : at + 1])
        weight = abs(moves.sum()) / np.abs(moves).sum() * 2 / 15
        earlier = price[at] if answer != answer else answer
        answer = earlier + weight * (price[at] - earlier)
    return (float(answer),)


@formula
def gmma(bars: Columns) -> Sequence[float]:
    return [ema(bars.close, each) for each in (3, 5, 8, 10, 12, 15, 30, 35, 40, 45, 50, 60)]


@formula
def gator(bars: Columns) -> Sequence[float]:
    middle = (bars.high + bars.low) / 2
    jaw, teeth, lips = (
        smoothed(middle[:-ahead], 1 / each, each) for each, ahead in ((13, 8), (8, 5), (5, 3))
    )
    return abs(jaw - teeth), -abs(teeth - lips)


@formula
def regression_channel(bars: Columns) -> Sequence[float]:
    window = bars.close[-100:]
    end, slope = line(window)
    fitted = end - slope * np.arange(99, -1, -1)
    off = 2 * sqrt(float(((window - fitted) ** 2).mean()))
    return end + off, end, end - off


@formula
def squeeze(bars: Columns) -> Sequence[float]:
    def off(begin: int, end: int) -> float:
        part = slice(begin, end)
        centre = (bars.high[part].max() + bars.low[part].min()) / 2
        return float(bars.close[end - 1] - (centre + bars.close[part].mean()) / 2)

    count = len(bars)
    offs = [off(end - 20, end) for end in range(count - 19, count + 1)]
    on = 2 * bars.close[-20:].std() < 1.5 * ranges(bars)[-20:].mean()
    return line(np.array(offs))[0], float(on)


@formula
def kst(bars: Columns) -> Sequence[float]:
    def known(end: int) -> float:
        return sum(
            weight * float(np.mean([
                (bars.close[at] / bars.close[at - reach] - 1) * 100
                for at in range(end - smooth, end)
            ]))
            for weight, (reach, smooth) in enumerate(((10, 10), (15, 10), (20, 10), (30, 15)), 1)
        )  # fmt: skip

    lines = [known(end) for end in range(len(bars) - 8, len(bars) + 1)]
    return lines[-1], float(np.mean(lines))


@formula
def rsl(bars: Columns) -> Sequence[float]:
    return (float(bars.close[-1] / bars.close[-130:].mean()),)


@formula
def psy(bars: Columns) -> Sequence[float]:
    return (float((np.diff(bars.close[-13:]) > 0).sum()) * 100 / 12,)


@formula
def laguerre_rsi(bars: Columns) -> Sequence[float]:
    filters = [float(bars.close[0])] * 4
    for price in bars.close.tolist():
        old, filters = filters, [0.5 * price + 0.5 * filters[0]]
        for at in range(3):
            filters.append(-0.5 * filters[at] + old[at] + 0.5 * old[at + 1])
    moves = -np.diff(filters)
    return (float(moves[moves > 0].sum() / np.abs(moves).sum() * 100),)


@formula
def rwi(bars: Columns) -> Sequence[float]:
    wide = ranges(bars)
    best = [-1e9, -1e9]
    for reach in range(2, 15):
        chance = wide[-1 - reach : -1].mean() * sqrt(reach)
        best[0] = max(best[0], (bars.high[-1] - bars.low[-1 - reach]) / chance)
        best[1] = max(best[1], (bars.high[-1 - reach] - bars.low[-1]) / chance)
    return best


@formula
def pmo(bars: Columns) -> Sequence[float]:
    first, second, known = nan, nan, []
    for move in (returns(bars.close) * 100).tolist():
        first = move if first != first else first + 2 / 35 * (move - first)
        second = 10 * first if second != second else second + 2 / 20 * (10 * first - second)
        known.append(second)
    return second, ema(np.array(known[34:]), 10)


@formula
def pvt(bars: Columns) -> Sequence[float]:
    return (float((returns(bars.close) * bars.volume[1:]).sum()),)


@formula
def rvol(bars: Columns) -> Sequence[float]:
    return (float(bars.volume[-1] / bars.volume[-21:-1].mean()),)


@formula
def vzo(bars: Columns) -> Sequence[float]:
    signed = np.sign(np.diff(bars.close)) * bars.volume[1:]
    return (ema(signed, 14) / ema(bars.volume[1:], 14) * 100,)


@formula
def twiggs(bars: Columns) -> Sequence[float]:
    past = bars.close[:-1]
    high, low = np.maximum(bars.high[1:], past), np.minimum(bars.low[1:], past)
    flow = (2 * bars.close[1:] - high - low) / (high - low) * bars.volume[1:]
    return (smoothed(flow, 1 / 21, 21) / smoothed(bars.volume[1:], 1 / 21, 21),)


@formula
def up_volume(bars: Columns) -> Sequence[float]:
    moves, volume = np.diff(bars.close[-21:]), bars.volume[-20:]
    return (float(volume[moves > 0].sum() / volume[moves != 0].sum() * 100),)


@formula
def supersmoother(bars: Columns) -> Sequence[float]:
    return (_super_smooth(bars.close.tolist()),)


def _super_smooth(column: list[float]) -> float:
    damp = exp(-(2**0.5) * pi / 10)
    second = 2 * damp * float(np.cos(2**0.5 * pi / 10))
    known = column[:2]
    for past, value in pairwise(column[1:]):
        mean = (past + value) / 2
        known.append((1 - second + damp**2) * mean + second * known[-1] - damp**2 * known[-2])
    return known[-1]


@formula
def decycler(bars: Columns) -> Sequence[float]:
    angle = 2 * pi / 125
    pace = float((np.cos(angle) + np.sin(angle) - 1) / np.cos(angle))
    answer = float(bars.close[0])
    for past, price in zip(bars.close[:-1].tolist(), bars.close[1:].tolist(), strict=True):
        answer = pace / 2 * (past + price) + (1 - pace) * answer
    return (answer,)


@formula
def td_setup(bars: Columns) -> Sequence[float]:
    run = 0
    for at in range(4, len(bars)):
        way = int(np.sign(bars.close[at] - bars.close[at - 4]))
        run = run + way if way * run > 0 and abs(run) < 9 else way
    return (float(run),)


@formula
def roofing(bars: Columns) -> Sequence[float]:
    angle = 0.707 * 2 * pi / 48
    pace = float((np.cos(angle) + np.sin(angle) - 1) / np.cos(angle))
    passed = [0.0, 0.0]
    for older, past, price in zip(
        bars.close[:-2].tolist(), bars.close[1:-1].tolist(), bars.close[2:].tolist(), strict=True
    ):
        bend = (1 - pace / 2) ** 2 * (price - 2 * past + older)
        passed.append(bend + 2 * (1 - pace) * passed[-1] - (1 - pace) ** 2 * passed[-2])
    return (_super_smooth(passed),)


@formula
def zlmacd(bars: Columns) -> Sequence[float]:
    def ahead(column: Floats, length: int) -> float:
        lag = (length - 1) // 2
        return ema(2 * column[lag:] - column[:-lag], length)

    begin = 26 + 12
    lines = [ahead(bars.close[:end], 12) - ahead(bars.close[:end], 26)
             for end in range(begin, len(bars) + 1)]  # fmt: skip
    signal = ema(np.array(lines), 9)
    return lines[-1], signal, lines[-1] - signal


@formula
def dollar_volume(bars: Columns) -> Sequence[float]:
    return (float((bars.close * bars.volume)[-20:].mean()),)


@formula
def marketfi(bars: Columns) -> Sequence[float]:
    return (float((bars.high[-1] - bars.low[-1]) / bars.volume[-1]),)
