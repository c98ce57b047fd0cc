"""Measures beside empyrical's on real prices."""

import csv
import json
from datetime import date
from typing import Any

import numpy as np
import pytest

from tio.engine.portfolio.against import alpha, beta
from tio.engine.portfolio.drawdowns import calmar, max_drawdown
from tio.engine.portfolio.measures import (
    annual_return,
    downside_deviation,
    omega,
    sharpe,
    sortino,
    stability,
    tail_ratio,
    volatility,
)
from tio.engine.portfolio.returns import Floats, linked

import recorded

METRICS = "6_portfolio/empyrical/metrics.shared.json"
OURS = {
    "cum_return": linked,
    "annual_return_252": annual_return,
    "annual_vol_252": volatility,
    "sharpe_rf0": sharpe,
    "sortino_mar0": sortino,
    "calmar": calmar,
    "omega_rf0": omega,
    "downside_risk": downside_deviation,
    "tail_ratio": tail_ratio,
    "stability": stability,
}
ELSEWHERE = {"var_5pct", "cvar_5pct"}
"""Value at risk is no measure of performance."""


def near(expected: float) -> object:
    return pytest.approx(expected, rel=1e-9, abs=1e-12)


def metrics() -> dict[str, dict[str, Any]]:
    known: dict[str, dict[str, Any]] = json.loads(recorded.read_text(METRICS))
    assert known
    return known


def daily(case: dict[str, Any]) -> dict[date, float]:
    """Simple returns of a file's column by date."""
    rows = list(csv.DictReader(recorded.lines(f"2_ohlcv/{case['input']}")))
    column = next(name for name in rows[0] if name.lower() == case["column"])
    dates = [day(row.get("date") or row["Date"]) for row in rows]
    price = np.array([float(row[column]) for row in rows])
    return dict(zip(dates[1:], (price[1:] / price[:-1] - 1).tolist(), strict=True))


def day(text: str) -> date:
    if "-" in text:
        return date.fromisoformat(text)
    month, number, year = map(int, text.split("/"))
    return date(year, month, number)


def series(returns: dict[date, float]) -> Floats:
    return np.array(list(returns.values()))


def test_measures_are_empyricals() -> None:
    for name, case in metrics().items():
        returns = series(daily(case))
        assert len(returns) == case["n"]
        for metric, measure in OURS.items():
            assert measure(returns) == near(case[metric]), (name, metric)
        deepest = max_drawdown(returns)
        assert deepest is not None
        assert deepest.depth == near(case["max_drawdown"])


def test_beta_and_alpha_against_the_market_are_empyricals() -> None:
    known = metrics()
    market = daily(known["spy"])
    for name, case in known.items():
        own = daily(case)
        both = sorted(own.keys() & market.keys())
        assert len(both) == case["n_overlap"]
        returns, benchmark = (np.array([each[day] for day in both]) for each in (own, market))
        assert beta(returns, benchmark) == near(case["beta_vs_spy"]), name
        assert alpha(returns, benchmark) == near(case["alpha_vs_spy"]), name


def test_every_metric_recorded_is_compared_or_named() -> None:
    told = {"input", "column", "returns", "n", "n_overlap"}
    compared = set(OURS) | {"max_drawdown", "beta_vs_spy", "alpha_vs_spy"}
    for case in metrics().values():
        assert set(case) - told == compared | ELSEWHERE
