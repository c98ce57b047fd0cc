from hypothesis import given
from hypothesis import strategies as st

from tio.engine.market.check import Repeats, Spikes


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


def test_a_new_level_is_a_spike_only_until_it_is_the_level() -> None:
    spikes = Spikes()
    for _ in range(40):
        spikes.odd(100.0)
    told = [spikes.odd(200.0) for _ in range(60)]
    assert told[0]
    assert not told[-1]
