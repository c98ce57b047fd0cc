from math import nan
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.engine.market.check import Repeats, Sizes, Spikes, split_between


def test_repeats_are_known_for_a_whole_generation_and_memory_is_bounded() -> None:
    repeats = Repeats()
    count = 3 * Repeats.KEPT
    assert not any(repeats.seen(mark) for mark in range(count))
    assert all(repeats.seen(mark) for mark in range(count - Repeats.KEPT, count))
    assert not repeats.seen(0)


@given(st.floats(0.0001, 1e6), st.integers(1, 60))
def test_a_hundredfold_price_is_a_spike_and_a_steady_one_is_not(price: float, steps: int) -> None:
    spikes = Spikes()
    for step in range(Spikes.LEAST + steps):
        assert not spikes.odd(price * (1 + (step % 3) / 1_000))
    assert spikes.odd(price * 100)
    assert spikes.odd(price / 100)
    assert not spikes.odd(price)


def test_a_spike_below_zero_is_measured_alike() -> None:
    spikes = Spikes()
    for step in range(30):
        assert not spikes.odd(-37.0 - (step % 3) / 1_000)
    assert spikes.odd(-370.0)


def test_a_new_level_is_a_spike_only_until_it_is_the_level() -> None:
    spikes = Spikes()
    for _ in range(40):
        spikes.odd(100.0)
    told = [spikes.odd(200.0) for _ in range(60)]
    assert told[0]
    assert not told[-1]


@given(st.floats(0.5, 500.0), st.floats(0.0005, 0.02), st.integers(0, 9))
def test_a_spike_is_measured_by_what_the_instrument_usually_moves(
    price: float, step: float, seed: int
) -> None:
    random = Random(seed)
    spikes = Spikes()
    for number in range(200):
        price *= 1 + step * random.choice((-1, 1))
        assert not spikes.odd(price) or number < Spikes.KEPT
    assert spikes.odd(price * (1 + 60 * step + 0.01))


def test_a_size_far_beyond_the_usual_is_odd_and_an_unknown_one_is_not() -> None:
    sizes = Sizes()
    assert not any(sizes.odd(1.0 + n % 5) for n in range(100))
    assert not sizes.odd(500.0)
    assert not sizes.odd(nan)
    assert sizes.odd(50_000.0)


@pytest.mark.parametrize(
    ("last", "previous", "ratio"),
    [
        (50.4, 100.0, 2.0),
        (24.8, 100.0, 4.0),
        (1_003.0, 100.0, 0.1),
        (67.0, 100.0, 1.5),
        (100.0, 101.0, None),
        (56.0, 100.0, None),
    ],
)
def test_a_split_is_suspected_only_near_a_usual_ratio(
    last: float, previous: float, ratio: float | None
) -> None:
    assert split_between(last, previous) == ratio
