"""What cancels what: the same as comparing every pair, found without doing so."""

from collections.abc import Hashable, Iterator

from hypothesis import given
from hypothesis import strategies as st

from tio.engine.portfolio.importing.cancelling import undone

Told = tuple[int, int, bool]
"""Line, size, whether it cancels the same size."""


def _undone(told: list[Told]) -> dict[int, str]:
    def mark(each: Told) -> Iterator[Hashable]:
        yield each[1]

    return undone(told, lambda each: each[2], mark, mark, lambda each: each[0])


def _by_pairs(told: list[Told]) -> dict[int, str]:
    why: dict[int, str] = {}
    for place, (line, size, cancels) in enumerate(told):
        free = [n for n, t in enumerate(told) if not t[2] and n not in why and t[1] == size]
        if cancels and free:
            mate = min(free, key=lambda n: (abs(told[n][0] - line), n))
            why[mate] = f"cancelled by line {line}"
            why[place] = f"cancels line {told[mate][0]}: neither is taken"
    return why


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 3), st.booleans()), max_size=30))
def test_each_cancellation_takes_the_nearest_line_that_is_left(told: list[Told]) -> None:
    lines = sorted({line for line, _, _ in told})
    told = [(line, size, cancels) for line, (_, size, cancels) in zip(lines, told, strict=False)]

    assert _undone(told) == _by_pairs(told)


def test_lines_out_of_order_are_as_near_as_they_are() -> None:
    told = [(9, 1, False), (3, 1, False), (4, 1, True), (8, 1, True)]

    assert _undone(told) == _by_pairs(told)


def test_a_cancellation_of_what_is_not_there_stands_alone() -> None:
    assert _undone([(1, 1, True), (2, 2, False)]) == {}
