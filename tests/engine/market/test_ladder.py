import math
import random

from hypothesis import given
from hypothesis import strategies as st

from tio.api.market import Timeframe
from tio.engine.market.bars import InstrumentBars
from tio.engine.market.ladder import Room
from tio.engine.market.sessions import ALWAYS

SECOND = 1_000_000


def test_memory_is_bounded_and_what_was_let_go_is_handed_over_once() -> None:
    bars = InstrumentBars(ALWAYS, Room())
    for second in range(10_000):
        bars.fold(second * SECOND, 1.0, 1.0, second)
    ladder = bars.ladder(Timeframe.s1)
    assert Room.MOST <= len(ladder) <= Room.MOST * 5 // 4
    handed = ladder.take_closed(2**62)
    assert sorted(row.time for row in handed) == [n * SECOND for n in range(10_000)]
    assert ladder.take_closed(2**62) == []


def test_a_trade_before_all_that_is_kept_is_too_late() -> None:
    bars = InstrumentBars(ALWAYS, Room())
    for second in range(5_000):
        bars.fold(second * SECOND, 1.0, 1.0, second)
    bars.flush()
    floor = bars.ladders[Timeframe.s1].floor
    assert not bars.fold(floor, 9.0, 1.0, 9_999)
    assert bars.fold(floor + SECOND, 9.0, 1.0, 9_999)
    assert bars.ladder(Timeframe.mo1).columns(5).volume[0] == 5_001.0


def test_many_instruments_share_the_room() -> None:
    room = Room()
    room.divide(1)
    assert (room.base, room.derived) == (2_048, 2_048)
    room.divide(500)
    assert 14 * 500 * room.derived < 500 * (3 * room.base + 11 * room.derived) < 2 * Room.BARS


def test_many_instruments_remember_fewer_trades_each() -> None:
    room = Room()
    assert room.prints == 100
    room.divide(500)
    assert room.prints == 20
    room.divide(5_000)
    assert room.prints == Room.LEAST_PRINTS


def test_bars_come_out_of_a_ladder_by_column_row_and_close_alike() -> None:
    bars = InstrumentBars(ALWAYS, Room())
    for number, price in enumerate((3.0, 5.0, 2.0, 4.0)):
        bars.fold(number // 2 * SECOND + number % 2, price, 1.5, number)
    ladder = bars.ladder(Timeframe.s1)
    assert [tuple(row) for row in ladder.columns(9).rows()] == [
        (0, 3.0, 5.0, 3.0, 5.0, 3.0),
        (SECOND, 2.0, 4.0, 2.0, 4.0, 3.0),
    ]
    assert ladder.row(SECOND) == ladder.newest() == (SECOND, 2.0, 4.0, 2.0, 4.0, 3.0)
    assert list(ladder.closes(9)) == [5.0, 4.0]
    assert list(ladder.closes(1)) == [4.0]
    assert ladder.opened_at == SECOND


def test_a_late_bar_is_put_among_the_others_whole() -> None:
    bars = InstrumentBars(ALWAYS, Room())
    for second in (1, 5, 3):
        bars.fold(second * SECOND, float(second), 1.0, second)
    ladder = bars.ladder(Timeframe.s1)
    assert list(ladder.columns(9).time) == [SECOND, 3 * SECOND, 5 * SECOND]
    assert list(ladder.closes(9)) == [1.0, 3.0, 5.0]


@given(st.lists(st.floats(0.0, 1e12, allow_nan=False), min_size=1, max_size=50), st.integers(0, 99))
def test_volume_is_the_exact_sum_in_any_order(sizes: list[float], seed: int) -> None:
    bars = InstrumentBars(ALWAYS, Room())
    trades = [(n % 7 * SECOND + n, size, n) for n, size in enumerate(sizes)]
    random.Random(seed).shuffle(trades)
    for at, size, order in trades:
        bars.fold(at, 1.0, size, order)
    (volume,) = bars.ladder(Timeframe.d1).columns(1).volume
    assert math.isclose(volume, math.fsum(sizes), rel_tol=3e-16)


def test_a_bar_touched_again_is_handed_over_again() -> None:
    bars = InstrumentBars(ALWAYS, Room())
    bars.fold(0, 1.0, 1.0, 1)
    bars.fold(5 * SECOND, 1.0, 1.0, 2)
    ladder = bars.ladder(Timeframe.s1)
    assert [row.volume for row in ladder.take_closed(5 * SECOND)] == [1.0]
    bars.fold(1, 3.0, 2.0, 3)
    assert [row.volume for row in bars.ladder(Timeframe.s1).take_closed(5 * SECOND)] == [3.0]
