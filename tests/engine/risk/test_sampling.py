"""Which holdings are in the sample, who is left out and why, what unchanged holdings return."""

import numpy as np
import pytest

from tio.engine.risk.paired import Prices
from tio.engine.risk.sampling import held_through, past_of

DAY = 86_400_000_000


def prices(count: int, last: int = 1_000, every: int = 1) -> Prices:
    """Rising closes whose newest is on day `last`."""
    days = last - every * np.arange(count - 1, -1, -1)
    return Prices(days * DAY, np.arange(100.0, 100.0 + count))


def test_all_that_have_a_long_past_are_in() -> None:
    past = past_of({"A": 1.0, "B": 3.0}, {"A": prices(400), "B": prices(300)}, 750)
    assert past.symbols == ("A", "B")
    assert past.shared.returns.shape == (299, 2)
    assert (past.covered, past.left_out) == (1.0, ())


def test_a_small_young_holding_is_left_out_and_told() -> None:
    past = past_of({"A": 95.0, "B": 5.0}, {"A": prices(400), "B": prices(40)}, 750)
    assert past.symbols == ("A",)
    (out,) = past.left_out
    assert (out.symbol, out.share, out.closes) == ("B", 0.05, 40)
    assert out.reason == "only 40 daily closes"


def test_a_large_young_holding_is_worth_a_shorter_past() -> None:
    past = past_of({"A": 60.0, "B": 40.0}, {"A": prices(400), "B": prices(120)}, 750)
    assert past.symbols == ("A", "B")
    assert len(past.shared.time) == 119


def test_what_ended_before_the_others_began_is_left_out_whichever_is_smaller() -> None:
    closes = {"A": prices(300), "B": prices(300), "OLD": prices(300, last=500)}
    past = past_of({"A": 5.0, "B": 5.0, "OLD": 4.0}, closes, 750)
    assert past.symbols == ("A", "B")
    assert past.left_out[0].reason == "it shares too few days with the rest"


def test_nothing_with_a_past_is_an_empty_sample() -> None:
    past = past_of({"A": 1.0}, {"A": Prices(np.empty(0, np.int64), np.empty(0))}, 750)
    assert past.symbols == ()
    assert past.left_out[0].reason == "no daily closes are known"
    assert len(past.shared.time) == 0


def test_holdings_left_alone_return_what_their_prices_did() -> None:
    closes = np.array([[100.0, 50.0], [110.0, 40.0], [121.0, 60.0]])
    logs = np.diff(np.log(closes), axis=0)
    weights = np.array([2.0, -0.5])
    assert held_through(logs, weights) == pytest.approx([0.2 + 0.1, 0.2 - 0.25])
    assert held_through(logs, weights, 2) == pytest.approx([2 * 0.21 - 0.5 * 0.2])
    assert len(held_through(logs, weights, 3)) == 0
