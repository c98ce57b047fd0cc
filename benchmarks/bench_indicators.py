"""Ten indicators against pandas-ta-classic, and a tick's values against reckoning 500 bars anew.

`python benchmarks/bench_indicators.py`; without pandas-ta-classic its part is left out.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from tio.engine.indicators.catalogue import CATALOGUE
from tio.engine.indicators.compute import compute
from tio.engine.indicators.declare import Spec
from tio.engine.indicators.live import Bar, live
from tio.engine.store.columns import Columns

BARS, WINDOW, ROUNDS = 10_000, 500, 15
TEN = ("sma", "ema", "rsi", "macd", "bbands", "atr", "adx", "stoch", "cci", "obv")
Work = Callable[[], object]


def walk(count: int) -> Columns:
    """A random walk of minute bars, the same every time."""
    random = np.random.default_rng(1)
    close = 100 * np.exp(np.cumsum(random.normal(0, 0.004, count)))
    open_ = np.concatenate((close[:1], close[:-1]))
    high = np.maximum(open_, close) * (1 + random.random(count) * 0.003)
    low = np.minimum(open_, close) * (1 - random.random(count) * 0.003)
    at = np.arange(count, dtype=np.int64) * 60_000_000
    return Columns.of(at, open_, high, low, close, random.random(count) * 1e6)


def in_turns(works: Mapping[str, Work], times: int = 1) -> dict[str, float]:
    """Median µs of each over rounds in which all take turns, so a busy machine slows all."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work()
    for _ in range(ROUNDS):
        for name, work in works.items():
            start = time.perf_counter()
            for _ in range(times):
                work()
            taken[name].append((time.perf_counter() - start) * 1e6 / times)
    return {name: statistics.median(each) for name, each in taken.items()}


def theirs(bars: Columns) -> dict[str, Work]:
    """The ten in pandas-ta-classic as its defaults have them: without TA-Lib beneath."""
    pandas, pta = import_module("pandas"), import_module("pandas_ta_classic")
    names = ("open", "high", "low", "close", "volume")
    _, high, low, close, volume = (pandas.Series(getattr(bars, name).copy()) for name in names)
    asked: dict[str, tuple[Any, ...]] = {
        "sma": (close, 20), "ema": (close, 20), "rsi": (close, 14), "macd": (close, 12, 26, 9),
        "bbands": (close, 20, 2), "atr": (high, low, close, 14), "adx": (high, low, close, 14),
        "stoch": (high, low, close, 14, 3, 3), "cci": (high, low, close, 20),
        "obv": (close, volume),
    }  # fmt: skip

    def call(name: str) -> Work:
        function = getattr(pta, name)
        return lambda: function(*asked[name])

    return {name: call(name) for name in TEN}


def ours(bars: Columns, names: tuple[str, ...] = TEN) -> dict[str, Work]:
    def call(name: str) -> Work:
        return lambda: compute(bars, Spec(name), against=bars.open)

    return {name: call(name) for name in names}


def told(bars: Columns) -> None:
    """A chart's history: ten indicators over all bars."""
    if find_spec("pandas_ta_classic") is None:
        print("pandas-ta-classic is not installed: its part is left out")
        return
    own = {f"own {name}": work for name, work in ours(bars).items()}
    taken = in_turns(own | theirs(bars))
    ratios = {name: taken[name] / taken[f"own {name}"] for name in TEN}
    mine = sum(taken[f"own {name}"] for name in TEN)
    other = sum(taken[name] for name in TEN)
    print(f"ten over {BARS:,} bars: own {mine / 1000:.2f} ms, theirs {other / 1000:.1f} ms")
    print(f"together {other / mine:.0f}×; each, in the geometric mean {_mean(ratios):.1f}×:")
    print(", ".join(f"{name} {ratio:.1f}×" for name, ratio in ratios.items()))


def _mean(ratios: Mapping[str, float]) -> float:
    return math.exp(statistics.mean(map(math.log, ratios.values())))


def ticked(bars: Columns) -> None:
    """A tick of the forming bar: ten values, by peeking and by reckoning the window anew."""
    window = Columns(bars.block[:, -WINDOW:])
    last = Bar(*(column[-1].item() for column in (
        window.time, window.open, window.high, window.low, window.close, window.volume,
    )))  # fmt: skip
    before = Columns(window.block[:, :-1])
    handles = [live(Spec(name), before) for name in TEN]
    again = list(ours(window).values())
    works: dict[str, Work] = {
        "peek": lambda: [handle.peek(last) for handle in handles],
        "anew": lambda: [work() for work in again],
    }
    taken = in_turns(works, 50)
    print(
        f"a tick for ten: peek {taken['peek']:.1f} µs, {WINDOW} bars anew {taken['anew']:.0f} µs: "
        f"{taken['anew'] / taken['peek']:.1f}×"
    )


def warmed(bars: Columns) -> None:
    """Ten handles begun from a history, at once in columns and bar by bar."""
    columns = (bars.time, bars.open, bars.high, bars.low, bars.close, bars.volume)
    rows = [Bar(*row) for row in zip(*(each.tolist() for each in columns), strict=True)]

    def one_by_one() -> None:
        for name in TEN:
            handle = live(Spec(name))
            for row in rows:
                handle.push(row)

    works: dict[str, Work] = {
        "columns": lambda: [live(Spec(name), bars) for name in TEN],
        "bars": one_by_one,
    }
    taken = in_turns(works)
    print(
        f"ten handles begun from {BARS:,} bars: {taken['columns'] / 1000:.1f} ms, bar by bar "
        f"{taken['bars'] / 1000:.0f} ms: {taken['bars'] / taken['columns']:.0f}×"
    )


def whole(bars: Columns) -> None:
    """Everything there is, to find what is slow."""
    taken = in_turns(ours(bars, tuple(CATALOGUE)))
    slowest = sorted(taken, key=lambda name: -taken[name])[:5]
    shown = ", ".join(f"{name} {taken[name] / 1000:.1f}" for name in slowest)
    print(f"all {len(taken)} over {BARS:,} bars: {sum(taken.values()) / 1000:.0f} ms; slowest")
    print(f"{shown} ms; median {statistics.median(taken.values()) / 1000:.2f} ms")


def main() -> None:
    bars = walk(BARS)
    told(bars)
    ticked(bars)
    warmed(bars)
    whole(bars)


if __name__ == "__main__":
    main()
