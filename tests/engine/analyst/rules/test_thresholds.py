"""Each state turns exactly where the thresholds say."""

from datetime import UTC, datetime
from math import nan

import pytest
from msgspec.structs import replace

from tio.api.market import Flag, Quote
from tio.engine.analyst.rules import judging
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.scope import Scope
from tio.engine.analyst.rules.trend import Studied, momentum_state, trend_state

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


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


def test_a_stale_or_flagged_quote_lowers_what_a_report_is_worth() -> None:
    fresh = Quote(symbol="X", last=1.0)
    assert judging.heard((scope(fresh),))[1] == 1.0
    for odd in (replace(fresh, stale=True), replace(fresh, flags=(Flag.spike,)), None):
        assert judging.heard((scope(odd),))[1] < th.MEDIUM
    several = judging.heard((scope(fresh), scope(None)))
    assert several[0] == "1 of 2 quotes are fresh and unflagged"
    assert th.UNHEARD < several[1] < 1.0
    assert judging.heard((Scope("X", NOW, NOW),))[1] == 1.0


def scope(quote: Quote | None) -> Scope:
    return Scope("X", NOW, None, quote)
