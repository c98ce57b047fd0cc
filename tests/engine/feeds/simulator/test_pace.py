import pytest

from tio.engine.feeds.simulator.pace import Pace
from tio.engine.feeds.simulator.sessions import SECOND


@pytest.mark.parametrize(("rate", "count"), [(1, 26), (50, 26), (2_000, 500), (20_000, 500)])
def test_a_minute_holds_the_rate(rate: float, count: int) -> None:
    pace = Pace(rate, count)
    slots = range(7_000_000, 7_000_000 + 60 * SECOND // pace.slot)
    ticks = sum(pace.free(slot) + len(pace.figures(slot)) for slot in slots)
    ticks += count * pace.corners // pace.turns
    assert ticks == pytest.approx(60 * rate, rel=0.05, abs=2)


def test_rate_that_allows_it_trades_all_four_corners() -> None:
    assert Pace(2_000, 500).corners == 4
    assert Pace(2_000, 500).turns == 1
    assert Pace(20, 500).corners == 1
    assert Pace(1, 500).turns > 1


def test_batches_are_short_at_high_rates() -> None:
    assert Pace(2_000, 500).slot == 50_000


@pytest.mark.parametrize("rate", [0.5, 20_001, float("nan")])
def test_impossible_rates_are_refused_with_the_number(rate: float) -> None:
    with pytest.raises(ValueError, match=f"was {rate:g}"):
        Pace(rate, 10)


def test_first_instruments_are_the_busiest() -> None:
    weights = Pace(100, 50).weights()
    assert weights[0] > weights[-1] - weights[-2]
    assert weights[-1] == 1.0
