"""What has closed is computed once, and again when it was not what it seemed."""

import numpy as np
from indicator_bars import walk
from numpy.testing import assert_array_equal

from tio.engine.indicators.compute import compute
from tio.engine.indicators.declare import Spec
from tio.engine.indicators.kept import Beside, Kept
from tio.engine.store.columns import Columns

RSI = Spec("rsi", {"length": 14})


def columns(count: int, seed: int = 1) -> tuple[Columns, Beside]:
    bars = walk(count, seed=seed)
    return bars, Beside(bars.time // 86_400_000_000)


async def test_the_same_bars_are_computed_once() -> None:
    kept, (bars, beside) = Kept(), columns(3_000)
    first = await kept.closed(RSI, bars, beside)
    again = await kept.closed(RSI, *columns(3_000))
    assert first is again
    assert kept.computed == 1
    assert_array_equal(first.outputs[0], compute(bars, RSI)["rsi"])


async def test_a_corrected_bar_another_parameter_or_another_comparison_is_computed_anew() -> None:
    kept, (bars, beside) = Kept(), columns(100)
    await kept.closed(RSI, bars, beside)
    corrected = Columns(bars.block.copy())
    corrected.close[50] += 0.01
    changed = await kept.closed(RSI, corrected, beside)
    assert_array_equal(changed.outputs[0], compute(corrected, RSI)["rsi"])
    await kept.closed(Spec("rsi", {"length": 15}), bars, beside)
    await kept.closed(RSI, bars, Beside(beside.session, np.ones(100)))
    assert kept.computed == 4


async def test_no_more_is_kept_than_there_is_room_for() -> None:
    kept = Kept(room=20_000)
    for seed in range(10):
        await kept.closed(RSI, *columns(500, seed))
    await kept.closed(RSI, *columns(500, 9))
    assert kept.computed == 10
    await kept.closed(RSI, *columns(500, 0))
    assert kept.computed == 11
