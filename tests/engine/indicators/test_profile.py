"""Volume by price: by hand, and as a session grows against all of it at once."""

import numpy as np
import pytest
from indicator_bars import first, rows, sessions, walk

from tio.engine.indicators.compute import compute
from tio.engine.indicators.declare import Spec
from tio.engine.indicators.live import live
from tio.engine.indicators.profile import Profile, profile
from tio.engine.store.columns import Columns


def of(high: list[float], low: list[float], volume: list[float], rows: int = 4) -> Profile:
    found = profile(np.array(high), np.array(low), np.array(volume), rows, 0.7)
    assert found
    return found


def test_a_bars_volume_is_spread_over_the_rows_it_covers() -> None:
    found = of([4.0, 2.0, 1.5], [0.0, 1.0, 1.5], [40.0, 10.0, 5.0])

    assert found.edges.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert found.volume.tolist() == [10.0, 25.0, 10.0, 10.0]
    assert found.point_of_control == 1.5


def test_the_value_area_grows_by_the_fuller_neighbour_and_upwards_from_equal_ones() -> None:
    found = of([4.0, 2.0], [0.0, 1.0], [40.0, 10.0])

    assert (found.value_low, found.value_high) == (1.0, 4.0)


def test_all_volume_at_one_price_is_there_and_nothing_traded_is_no_profile() -> None:
    found = of([5.0, 5.0], [5.0, 5.0], [1.0, 2.0])
    assert (found.point_of_control, found.value_low, found.value_high) == (5.0, 5.0, 5.0)
    assert found.volume.tolist() == [3.0]

    nothing = np.zeros(2)
    assert profile(nothing + 2, nothing + 1, nothing, 4, 0.7) is None
    assert profile(nothing[:0], nothing[:0], nothing[:0], 4, 0.7) is None


def test_many_bars_are_spread_part_by_part_and_lose_nothing() -> None:
    bars = walk(30_000, step=0.001)
    found = of(bars.high.tolist(), bars.low.tolist(), bars.volume.tolist(), rows=50)

    assert found.volume.sum() == pytest.approx(bars.volume.sum(), rel=1e-12)
    inside = (bars.low >= found.edges[20]) & (bars.high <= found.edges[21])
    assert found.volume[20] >= bars.volume[inside].sum() > 0


def told(bars: Columns, at: int, begin: int) -> tuple[float, float, float]:
    part = slice(begin, at + 1)
    found = profile(bars.high[part], bars.low[part], bars.volume[part], 24, 0.7)
    assert found
    return found.point_of_control, found.value_high, found.value_low


@pytest.mark.parametrize("seed", range(5))
def test_a_session_that_grows_is_as_all_its_bars_at_once(seed: int) -> None:
    bars = walk(150, seed=seed)
    session = sessions(bars) // 6
    begins = [int(np.flatnonzero(session == each)[0]) for each in session]
    columns = compute(bars, Spec("session_profile"), session=session).values()

    for at, row in enumerate(zip(*columns, strict=True)):
        assert row == pytest.approx(told(bars, at, begins[at]), rel=1e-12)


def test_the_rolling_profile_is_that_of_its_window() -> None:
    bars = walk(130)
    columns = compute(bars, Spec("volume_profile")).values()

    for at in (99, 100, 129):
        row = [float(column[at]) for column in columns]
        assert row == pytest.approx(told(bars, at, at - 99), rel=1e-12)


def test_looking_at_a_new_session_leaves_the_one_before_as_it_was() -> None:
    bars = walk(90)
    row = rows(bars, session=np.zeros(90, dtype=np.int64))
    looked, quiet = live(Spec("session_profile")), live(Spec("session_profile"))
    for bar in row:
        looked.peek(bar._replace(session=1, high=bar.high * 9))
        looked.peek(bar._replace(high=bar.high * 9))
        assert looked.push(bar) == quiet.push(bar)
    assert quiet.push(row[-1]._replace(session=1)) == live(
        Spec("session_profile"), first(Columns(bars.block[:, -1:]), 0)
    ).push(row[-1]._replace(session=1))
