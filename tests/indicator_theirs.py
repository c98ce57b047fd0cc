"""Reference answers reckoned the other program's way, where a difference of definition is named."""

from collections.abc import Callable

import numpy as np
from indicator_references import Compared, Reference, beside, loaded

from tio.engine.indicators.declare import Floats
from tio.engine.store.columns import Columns

CANCELLED = 1e-7
"""What the difference of two means that nearly meet keeps, of values near zero."""
Their = Callable[[Columns], Floats]


def smoothed(column: Floats, weight: float, seed: float, begin: int = 0) -> Floats:
    """An exponential mean that stands at `seed` at the bar `begin`."""
    answer = np.full(len(column), np.nan)
    answer[begin] = seed
    for at in range(begin + 1, len(column)):
        answer[at] = answer[at - 1] + weight * (column[at] - answer[at - 1])
    return answer


def from_first(column: Floats, length: int) -> Floats:
    return smoothed(column, 2 / (length + 1), float(column[0]))


def mean(column: Floats, length: int) -> Floats:
    return np.array(
        [column[at + 1 - length : at + 1].mean() if at + 1 >= length else np.nan
         for at in range(len(column))]
    )  # fmt: skip


def staged(column: Floats, length: int, stages: int, seed: float, begin: int) -> list[Floats]:
    """Averages of averages, every one standing at the same seed at the same bar."""
    answers = [column]
    for _ in range(stages):
        answers.append(smoothed(answers[-1], 2 / (length + 1), seed, begin))
    return answers[1:]


def _three(bars: Columns) -> list[Floats]:
    return staged(bars.close, 20, 3, float(bars.close[:20].mean()), 19)


def _dema(bars: Columns) -> Floats:
    once, twice, _ = _three(bars)
    return 2 * once - twice


def _tema(bars: Columns) -> Floats:
    once, twice, thrice = _three(bars)
    return 3 * once - 3 * twice + thrice


def _trix(bars: Columns) -> Floats:
    thrice = _three(bars)[2]
    return np.asarray(np.r_[np.nan, (thrice[1:] / thrice[:-1] - 1) * 100])


def _t3(bars: Columns) -> Floats:
    v = 0.7
    _, _, third, fourth, fifth, sixth = staged(bars.close, 5, 6, float(bars.close[0]), 0)
    return (
        -(v**3) * sixth
        + (3 * v**2 + 3 * v**3) * fifth
        + (-6 * v**2 - 3 * v - 3 * v**3) * fourth
        + (1 + 3 * v + v**3 + 3 * v**2) * third
    )


def _obv(bars: Columns) -> Floats:
    moves = np.sign(np.diff(bars.close)) * bars.volume[1:]
    return np.asarray(np.r_[0.0, np.cumsum(moves)])


def _apo(bars: Columns) -> Floats:
    return mean(bars.close, 5) - mean(bars.close, 10)


def _ppo(bars: Columns) -> Floats:
    return _apo(bars) / mean(bars.close, 10) * 100


def _first_ppo(bars: Columns) -> Floats:
    quick, slow = from_first(bars.close, 2), from_first(bars.close, 5)
    return (quick - slow) / slow * 100


def _first_macd(bars: Columns) -> Floats:
    return from_first(bars.close, 2) - from_first(bars.close, 5)


def _volatility(bars: Columns) -> Floats:
    returns: Floats = np.r_[np.nan, np.diff(bars.close) / bars.close[:-1]]
    deviations = [returns[at - 4 : at + 1].std() for at in range(5, len(returns))]
    return np.asarray(np.r_[np.full(5, np.nan), np.array(deviations) * np.sqrt(252)])


def _reversed(bars: Columns) -> Floats:
    weights = np.arange(5, 0, -1)
    windows = np.lib.stride_tricks.sliding_window_view(bars.close, 5)
    return np.asarray(np.r_[np.full(4, np.nan), (windows * weights).sum(axis=1) / 15])


def their_way(reference: Reference) -> Compared | None:
    """The reference beside the same reckoned its own way; None where that is not written here."""
    key = (reference.source, reference.sheet, reference.name)
    if key not in THEIRS:
        return None
    output, their = THEIRS[key]
    bars, answers, _ = loaded(reference)
    return beside(reference, output, their(bars), answers[reference.columns[output]])


THEIRS: dict[tuple[str, str, str], tuple[str, Their]] = {
    ("StockIndicators", "ToDema(20)", "dema"): ("dema", _dema),
    ("StockIndicators", "ToTema(20)", "tema"): ("tema", _tema),
    ("StockIndicators", "ToTrix(20)", "trix"): ("trix", _trix),
    ("StockIndicators", "ToT3()", "t3"): ("t3", _t3),
    ("StockIndicators", "obv", "obv"): ("obv", _obv),
    ("Tulip", "untest/31", "obv"): ("obv", _obv),
    ("Lean", "spy_apo", "apo"): ("apo", _apo),
    ("Lean", "spy_ppo", "ppo"): ("ppo", _ppo),
    ("Tulip", "untest/14", "ema"): ("ema", lambda bars: from_first(bars.close, 5)),
    ("Tulip", "untest/32", "ppo"): ("ppo", _first_ppo),
    ("Tulip", "untest/24", "macd"): ("macd", _first_macd),
    ("Tulip", "untest/46", "hv"): ("hv", _volatility),
    ("ta4j", "SMMA", "rma"): (
        "rma",
        lambda bars: smoothed(bars.close, 1 / 10, float(bars.close[0])),
    ),
    ("cinar", "trend/wma", "wma"): ("wma", _reversed),
    ("cinar", "trend/weighted_close", "wclprice"): ("wclprice", lambda bars: bars.close),
}
