import tracemalloc
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from tio.api.ticks import Trade
from tio.engine.market.repeats import Repeats


def trade(number: int, symbol: str = "BTC-USD", kind: str = "") -> Trade:
    return Trade(symbol, 100.0, 1.0, 1_000 * number, id=f"{kind}{number}")


@given(
    st.lists(st.integers(0, 300), max_size=400),
    st.sampled_from(["", "agg-"]),
)
def test_whatever_the_order_each_number_is_new_once(numbers: list[int], kind: str) -> None:
    repeats = Repeats()
    known: set[int] = set()
    newest = -1
    for number in numbers:
        told = repeats.told(Trade("BTC-USD", 1.0, 1.0, number, id=f"{kind}{number}"))
        assert told == (number in known)
        known.add(number)
        newest = max(newest, number)


def test_numbers_in_a_row_are_known_for_ever() -> None:
    repeats = Repeats()
    assert not any(repeats.told(trade(number)) for number in range(3 * Repeats.KEPT))
    assert repeats.told(trade(0))
    assert repeats.told(trade(3 * Repeats.KEPT - 1))


def test_scattered_numbers_are_known_as_long_as_marks_are_kept() -> None:
    repeats = Repeats()
    numbers = [7 * n for n in range(20_000)]
    assert not any(repeats.told(trade(number)) for number in numbers)
    assert all(repeats.told(trade(number)) for number in numbers[-Repeats.KEPT :])


def test_a_venue_that_counts_from_one_again_is_believed() -> None:
    repeats = Repeats()
    for number in range(1, 100):
        assert not repeats.told(trade(number))
    tomorrow = [Trade("BTC-USD", 1.0, 1.0, 86_400_000_000 + n, id=str(n)) for n in range(1, 100)]
    assert not any(repeats.told(each) for each in tomorrow)
    assert all(repeats.told(each) for each in tomorrow)


def test_symbols_and_kinds_of_number_are_counted_apart() -> None:
    repeats = Repeats()
    assert not repeats.told(trade(5, "A"))
    assert not repeats.told(trade(5, "B"))
    assert not repeats.told(trade(5, "A", "agg-"))
    assert repeats.told(trade(5, "A"))


def test_five_minutes_of_two_thousand_trades_a_second_stay_small() -> None:
    clock = count()

    def peak(number: bool) -> int:
        repeats = Repeats()
        tracemalloc.start()
        for at in range(300_000):
            name = f"S{at % 500}"
            spelled = str(at // 500) if number else None
            repeats.told(Trade(name, 1.0, 1.0, next(clock), id=spelled))
        used, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return used

    assert peak(number=True) < 1_000_000
    assert peak(number=False) < 6_000_000
