"""Ten years of 200 positions, from quantities and closes to returns and measures, against pandas.

`python benchmarks/bench_performance.py`; without pandas its part is left out. Limit: 0.5 s.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import NamedTuple

import numpy as np

from tio.engine.portfolio.against import alpha, beta, correlation, down_capture, up_capture
from tio.engine.portfolio.against import information_ratio as information
from tio.engine.portfolio.against import tracking_error as tracking
from tio.engine.portfolio.contribution import contributions, with_rest
from tio.engine.portfolio.drawdowns import calmar, drawdowns
from tio.engine.portfolio.measures import annual_return, omega, sharpe, sortino, tail_ratio
from tio.engine.portfolio.measures import volatility as deviation
from tio.engine.portfolio.returns import Floats, time_weighted
from tio.engine.portfolio.rolling import (
    rolling_beta,
    rolling_return,
    rolling_sharpe,
    rolling_volatility,
)

DAYS, POSITIONS, WINDOW, ROUNDS, LIMIT = 2_520, 200, 252, 15, 0.5
Work = Callable[[], object]


class Book(NamedTuple):
    """Ten years: closes, quantities, rates and net purchases (days, positions); cash, flow."""

    close: Floats
    quantity: Floats
    rate: Floats
    bought: Floats
    cash: Floats
    flow: Floats
    market: Floats


def book() -> Book:
    """Random walks, monthly deposits and a trade a day, the same every time."""
    random = np.random.default_rng(1)
    shape = (DAYS, POSITIONS)
    market = random.normal(0.0003, 0.01, DAYS)
    close = 100 * np.exp(np.cumsum(market[:, None] + random.normal(0, 0.01, shape), axis=0))
    rate = np.exp(np.cumsum(random.normal(0, 0.003, shape), axis=0))
    trades = np.where(random.random(shape) < 1 / POSITIONS, random.integers(-5, 6, shape), 0)
    trades[0] = 50
    quantity = np.maximum(np.cumsum(trades, axis=0), 0).astype(np.float64)
    moved = np.diff(quantity, axis=0, prepend=0.0)
    bought = moved * close * rate
    flow = np.where(np.arange(DAYS) % 21 == 0, 1_000.0, 0.0)
    flow[0] = 2 * bought[0].sum()
    return Book(close, quantity, rate, bought, np.cumsum(flow - bought.sum(axis=1)), flow, market)


def valued(ten: Book) -> Floats:
    nav: Floats = (ten.quantity * ten.close * ten.rate).sum(axis=1) + ten.cash
    return nav


def returned(ten: Book) -> Floats:
    return time_weighted(valued(ten), ten.flow).daily


def measured(ten: Book) -> object:
    daily = returned(ten)
    alone = (annual_return, deviation, sharpe, sortino, calmar, omega, tail_ratio, drawdowns)
    beside = (beta, alpha, tracking, information, correlation, up_capture, down_capture)
    return [each(daily) for each in alone], [each(daily, ten.market) for each in beside]


def rolled(ten: Book) -> object:
    daily = returned(ten)
    own = (rolling_return, rolling_volatility, rolling_sharpe)
    return [each(daily, WINDOW) for each in own], rolling_beta(daily, ten.market, WINDOW)


def shared(ten: Book) -> object:
    value: Floats = ten.quantity * ten.close * ten.rate
    none = np.zeros_like(value)
    nav = value.sum(axis=1) + ten.cash
    return contributions(*with_rest(nav, ten.flow, value, ten.bought, none))


def in_pandas(ten: Book) -> Work:
    """NAV, daily returns and four measures as one writes them with pandas."""
    pandas = import_module("pandas")
    close, quantity, rate = map(pandas.DataFrame, (ten.close, ten.quantity, ten.rate))
    cash, flow, market = map(pandas.Series, (ten.cash, ten.flow, ten.market))

    def work() -> object:
        nav = (quantity * close * rate).sum(axis=1) + cash
        daily = nav / (nav.shift(1, fill_value=0) + flow) - 1
        path = (1 + daily).cumprod()
        return (
            path.iloc[-1] - 1,
            daily.std() * 252**0.5,
            (path / path.cummax() - 1).min(),
            daily.cov(market) / market.var(),
        )

    return work


def in_turns(works: Mapping[str, Work]) -> dict[str, float]:
    """Median ms of each over rounds in which all take turns, so a busy machine slows all."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work()
    for _ in range(ROUNDS):
        for name, work in works.items():
            start = time.perf_counter()
            work()
            taken[name].append((time.perf_counter() - start) * 1e3)
    return {name: statistics.median(each) for name, each in taken.items()}


def main() -> None:
    ten = book()
    works: dict[str, Work] = {
        "values": lambda: valued(ten),
        "returns": lambda: returned(ten),
        "measures": lambda: measured(ten),
        "rolling": lambda: rolled(ten),
        "contribution": lambda: shared(ten),
    }
    if find_spec("pandas"):
        works["pandas"] = in_pandas(ten)
    else:
        print("pandas is not installed: its part is left out")
    taken = in_turns(works)
    asked = taken["measures"]
    print(f"{DAYS:,} days × {POSITIONS} positions: values alone {taken['values']:.1f} ms")
    print(f"with returns {taken['returns']:.1f} ms, with 15 measures {asked:.1f} ms")
    print(f"values, returns and four rolling measures {taken['rolling']:.1f} ms")
    print(f"values and contribution by position {taken['contribution']:.1f} ms")
    print(f"limit {LIMIT * 1e3:.0f} ms: {'reached' if asked < LIMIT * 1e3 else 'NOT reached'}")
    if "pandas" in taken:
        print(
            f"pandas, with four measures {taken['pandas']:.1f} ms: {taken['pandas'] / asked:.1f}×"
        )


if __name__ == "__main__":
    main()
