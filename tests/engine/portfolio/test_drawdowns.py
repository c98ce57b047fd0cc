"""Falls below what wealth had been."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tio.engine.portfolio.drawdowns import (
    Drawdown,
    calmar,
    drawdowns,
    max_drawdown,
    underwater,
    wealth,
)
from tio.engine.portfolio.measures import annual_return
from tio.engine.portfolio.returns import Floats

BASIS_POINTS = st.integers(-5000, 5000).map(lambda points: points / 10_000)
MOVES = arrays(np.float64, st.integers(0, 60), elements=BASIS_POINTS)


def returns_of(*path: float) -> Floats:
    values = np.array(path)
    steps: Floats = values[1:] / values[:-1] - 1
    return steps


def told(found: Drawdown | None) -> tuple[object, ...]:
    """All but its depth, which is told to nine digits."""
    assert found is not None
    return round(found.depth, 9), found.peak, found.trough, found.recovery, found.length


def test_a_fall_tells_its_peak_trough_and_recovery() -> None:
    found = max_drawdown(returns_of(100, 120, 90, 60, 100, 120, 130))

    assert told(found) == (-0.5, 1, 3, 5, 4)


def test_a_fall_from_the_start_has_its_peak_before_the_first_return() -> None:
    assert told(max_drawdown(returns_of(100, 80, 90))) == (-0.2, 0, 1, None, 2)


def test_the_table_has_the_worst_first_and_none_overlapping() -> None:
    found = drawdowns(returns_of(100, 90, 101, 70, 80, 75, 102, 99, 103, 60), 3)

    assert [(each.peak, each.trough, each.recovery) for each in found] == [
        (8, 9, None),
        (2, 3, 6),
        (0, 1, 2),
    ]


def test_wealth_that_never_fell_has_no_fall() -> None:
    assert max_drawdown(np.array([0.01, 0.0, 0.02])) is None
    assert max_drawdown(np.empty(0)) is None
    assert drawdowns(returns_of(100, 50), 0) == ()
    assert np.isnan(calmar(np.array([0.01, 0.02])))


def test_a_day_that_tells_no_return_leaves_wealth_as_it_was() -> None:
    holed = np.array([0.1, np.nan, -0.2, np.nan])

    assert wealth(holed).tolist() == pytest.approx([1, 1.1, 1.1, 0.88, 0.88])
    assert told(max_drawdown(holed)) == (-0.2, 2, 3, None, 2)


def test_a_total_loss_is_never_recovered() -> None:
    found = max_drawdown(np.array([0.5, -1.5, 9.0]))

    assert found == Drawdown(-1.0, 1, 2, None, 2)


def test_calmar_is_growth_by_the_deepest_fall() -> None:
    returns = returns_of(100, 120, 90, 125)

    assert calmar(returns) == pytest.approx(annual_return(returns) / 0.25)


@given(MOVES)
def test_the_deepest_fall_is_the_worst_of_all_pairs_of_days(returns: Floats) -> None:
    path = wealth(returns).tolist()
    worst = min((later / earlier - 1 for earlier, later in combinations(path, 2)), default=0.0)
    found = max_drawdown(returns)

    assert (found.depth if found else 0.0) == pytest.approx(min(worst, 0.0), abs=1e-12)


@given(MOVES)
def test_falls_cover_every_day_below_a_peak_once(returns: Floats) -> None:
    depth = underwater(returns)
    found = drawdowns(returns, len(depth))
    below = [
        day
        for each in found
        for day in range(each.peak + 1, len(depth) if each.recovery is None else each.recovery)
    ]

    assert sorted(below) == np.flatnonzero(depth < 0).tolist()
    for each in found:
        assert depth[each.peak] == 0
        assert depth[each.trough] == each.depth
        assert each.recovery is None or depth[each.recovery] == 0
        end = len(depth) - 1 if each.recovery is None else each.recovery
        assert each.length == end - each.peak
    assert [each.depth for each in found] == sorted(each.depth for each in found)
