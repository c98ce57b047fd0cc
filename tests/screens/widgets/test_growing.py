"""Values by time grow at both ends and are what joining them anew would make."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tio.screens.widgets.growing import Growing


def some(first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
    """Times from `first` on, before `last`, and two rows of numbers that tell them."""
    time = np.arange(first, last, dtype=np.int64)
    return time, np.array([time * 2.0, time + 0.5])


def test_a_tail_replaces_what_it_overlaps() -> None:
    held = Growing(2)
    assert held.take(*some(0, 10)) == 10
    time, rows = some(8, 12)
    assert held.take(time, rows * 10) == 2
    assert held.time.tolist() == list(range(12))
    assert held.rows[0].tolist() == [t * 2.0 * (10 if t > 7 else 1) for t in range(12)]
    assert held.same == 8


def test_older_values_are_put_before_without_doubling() -> None:
    held = Growing(2)
    held.take(*some(100, 110))
    assert held.put_before(*some(90, 105)) == 10
    assert held.put_before(*some(95, 105)) == 0
    assert held.time.tolist() == list(range(90, 110))


def test_the_arrays_are_others_after_every_change() -> None:
    held = Growing(2)
    held.take(*some(0, 5))
    before = held.time
    held.take(*some(4, 5))
    assert held.time is not before


@given(st.lists(st.tuples(st.booleans(), st.integers(-9, 9), st.integers(1, 3_000)), max_size=12))
def test_any_order_of_growing_is_as_a_table_by_time(steps: list[tuple[bool, int, int]]) -> None:
    held, table = Growing(2), dict[int, float]()
    for number, (older, offset, count) in enumerate(steps):
        times = sorted(table)
        if older:
            last = (times[0] if times else 0) + offset
            first = last - count
        else:
            first = (times[-1] if times else 0) + offset
            last = first + count
        time, rows = some(first, last)
        rows = rows + number
        if older:
            held.put_before(time, rows)
            new = dict(zip(time.tolist(), rows[1].tolist(), strict=True))
            table = {**{t: v for t, v in new.items() if not times or t < times[0]}, **table}
        else:
            held.take(time, rows)
            inside = {t for t in table if first <= t < last}
            table = {t: v for t, v in table.items() if t not in inside}
            table |= dict(zip(time.tolist(), rows[1].tolist(), strict=True))
    assert held.time.tolist() == sorted(table)
    assert held.rows[1].tolist() == [table[t] for t in sorted(table)]
