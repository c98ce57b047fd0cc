"""Each state turns exactly where the thresholds say."""

from math import nan

import pytest

from tio.engine.analyst.rules import judging
from tio.engine.analyst.rules.trend import Studied, momentum_state, trend_state


@pytest.mark.parametrize(
    ("close", "before", "state"),
    [(12.0, 8.9, 2), (12.0, 9.5, 1), (10.5, 9.5, 0), (10.5, 11.1, -1)],
)
def test_a_trend_needs_order_and_slope(close: float, before: float, state: int) -> None:
    values = {"ema": 11.0, "sma": 10.0, "atr": 2.0}
    assert trend_state(close, Studied(values, before)) == state


def test_a_falling_market_is_down() -> None:
    values = {"ema": 9.0, "sma": 10.0, "atr": 2.0}
    assert trend_state(8.0, Studied(values, 12.0)) == -2


@pytest.mark.parametrize(
    ("rsi", "histogram", "state"),
    [(55.0, 0.1, 2), (54.9, 0.1, 1), (45.0, -0.1, -2), (50.0, 0.0, 0), (nan, nan, 0)],
)
def test_momentum_is_rsi_and_macd(rsi: float, histogram: float, state: int) -> None:
    assert momentum_state({"rsi": rsi, "histogram": histogram}) == state


def test_without_evidence_the_view_is_neutral_and_confidence_low() -> None:
    view = judging.view_of([])
    assert (view.bias, view.score, view.bull, view.bear) == (0, 0.0, (), ())
    assert judging.confidence_of([], view, None, 0).level == "low"
