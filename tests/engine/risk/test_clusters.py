"""The order of a heat map: scipy's linkage, blocks kept together, the same from any start."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.engine.risk.clusters import average_linkage, distances, heat_order
from tio.engine.risk.correlation import pearson
from tio.engine.risk.estimates import Floats


def blocks(seed: int, sizes: tuple[int, ...] = (4, 3, 5)) -> Floats:
    """Returns of groups that each follow a factor of their own, one group after the other."""
    rng = np.random.default_rng(seed)
    return np.column_stack(
        [
            factor + 0.4 * rng.normal(size=200)
            for size, factor in zip(sizes, rng.normal(size=(len(sizes), 200)), strict=True)
            for _ in range(size)
        ]
    )


def test_merges_are_scipys() -> None:
    rng = np.random.default_rng(11)
    common = rng.normal(size=(60, 1))
    returns = 0.01 * (common * np.array([0.9, 0.7, 0.5, 0.2]) + rng.normal(size=(60, 4)))
    merges = average_linkage(distances(pearson(returns)))
    assert [sorted(merge.left + merge.right) for merge in merges] == [
        [0, 2],
        [0, 1, 2],
        [0, 1, 2, 3],
    ]
    # scipy.cluster.hierarchy.linkage(…, "average"), 1.17
    wanted = [0.5674321553255692, 0.6060120029350909, 0.6949725581667323]
    assert [merge.distance for merge in merges] == pytest.approx(wanted, rel=1e-12)


def test_opposites_are_farthest_and_the_unknown_stands_between() -> None:
    found = distances(np.array([[1, -1, np.nan], [-1, 1, 1], [np.nan, 1, 1]]))
    assert found[0] == pytest.approx([0, 1, 0.5**0.5])
    assert found[1, 2] == 0


@given(st.integers(0, 2**32 - 1), st.permutations(range(12)))
def test_groups_stand_together_however_they_were_named(seed: int, named: list[int]) -> None:
    group = np.repeat([0, 1, 2], [4, 3, 5])[named]
    order = heat_order(pearson(blocks(seed)[:, named]))
    assert sorted(order) == list(range(12))
    turns = sum(group[one] != group[other] for one, other in pairwise(order))
    assert turns == 2


@given(st.integers(0, 2**32 - 1), st.permutations(range(12)))
def test_the_neighbours_are_the_same_from_any_start(seed: int, named: list[int]) -> None:
    matrix = pearson(blocks(seed))
    order = heat_order(matrix)
    mixed = [named[place] for place in heat_order(matrix[np.ix_(named, named)])]
    assert mixed in (list(order), list(order)[::-1])


@given(st.integers(2, 25), st.integers(0, 2**32 - 1))
def test_neighbours_are_more_alike_than_in_the_order_of_naming(size: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = pearson(rng.normal(size=(60, size)) + 2 * rng.normal(size=(60, 1)))
    between, order = distances(matrix), heat_order(matrix)
    ordered = np.mean([between[one, other] for one, other in pairwise(order)])
    assert ordered <= between[np.triu_indices(size, 1)].mean() + 1e-12


def test_one_and_none_have_an_order_too() -> None:
    assert heat_order(np.ones((1, 1))) == (0,)
    assert heat_order(np.ones((0, 0))) == ()


def test_a_hundred_are_ordered() -> None:
    order = heat_order(pearson(blocks(5, (10,) * 10)))
    assert sum(one // 10 != other // 10 for one, other in pairwise(order)) == 9
