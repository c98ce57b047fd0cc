"""What holds for every indicator there is."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from indicator_bars import brief, first, furthest, odd, other, walk

from tio.api.errors import NotFound
from tio.engine.indicators.catalogue import CATALOGUE, indicator
from tio.engine.indicators.compute import compute
from tio.engine.indicators.declare import Floats, Spec, Value
from tio.engine.store.columns import Columns

NAMES = sorted(CATALOGUE)
FEW = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


def run(name: str, bars: Columns, params: dict[str, Value]) -> dict[str, Floats]:
    return compute(bars, Spec(name, params), against=other(len(bars)))


def test_the_catalogue_holds_at_least_120_and_each_is_declared_whole() -> None:
    assert len(CATALOGUE) >= 120
    for name, each in CATALOGUE.items():
        assert name == name.lower()
        assert each.meaning.endswith(".")
        assert each.title
        assert each.source
        assert each.inputs
        assert len(set(each.outputs)) == len(each.outputs) > 0
        for parameter in each.parameters:
            assert parameter.checked(parameter.default) == parameter.default


def test_an_unknown_name_is_answered_with_near_ones() -> None:
    with pytest.raises(NotFound, match=r"did you mean .*macd"):
        indicator("mcad")


def test_naming_the_catalogue_loads_neither_talib_nor_pandas() -> None:
    code = (
        "import sys; import tio.engine.indicators.compute;"
        "print([m for m in ('talib', 'pandas', 'polars', 'numba') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)

    assert told.stdout.strip() == "[]"


def test_reckoning_and_following_one_loads_no_pandas() -> None:
    code = (
        "import sys; from indicator_bars import walk;"
        "from tio.engine.indicators.live import live;"
        "from tio.engine.indicators.declare import Spec;"
        "live(Spec('macd'), walk(90));"
        "print([m for m in ('talib', 'pandas', 'polars', 'numba') if m in sys.modules])"
    )
    path = os.pathsep.join(each for each in sys.path if each)
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True,
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip

    assert told.stdout.strip() == "['talib']"


@pytest.mark.parametrize("name", NAMES)
def test_the_warm_up_told_is_the_warm_up_had(name: str) -> None:
    bars, each = walk(400, seed=3), CATALOGUE[name]

    for params in ({}, brief(name)):
        outputs = run(name, bars, params)
        begin = each.warm_up_of(params)
        firsts = [np.flatnonzero(~np.isnan(column)) for column in outputs.values()]

        if each.sparse:
            assert all(not len(at) or at[0] >= 0 for at in firsts)
            assert all(not len(at) or begin <= at[-1] for at in firsts)
        else:
            assert max(int(at[0]) for at in firsts) == begin
            assert all(len(at) == len(bars) - at[0] for at in firsts)


@pytest.mark.parametrize("name", NAMES)
@given(bars=odd(), cut=st.floats(0, 1))
@FEW
def test_later_bars_change_nothing_said_before(name: str, bars: Columns, cut: float) -> None:
    count = int(cut * len(bars))
    params = brief(name)
    whole = run(name, bars, params)
    part = run(name, first(bars, count), params)

    for output, values in part.items():
        assert len(values) == count
        assert len(whole[output]) == len(bars)
        assert values.dtype == np.float64
        assert not np.isinf(whole[output]).any()
        if CATALOGUE[name].repaints and output == "zigzag":
            continue
        assert furthest(values, whole[output][:count]) <= 1e-12


@pytest.mark.parametrize("name", NAMES)
def test_no_bar_one_bar_flat_bars_and_none_whole_are_answered(name: str) -> None:
    nothing, flat = np.full(90, np.nan), np.full(90, 5.0)
    time = walk(90).time
    for bars in (
        Columns.empty(),
        walk(1),
        walk(2),
        Columns.of(time, flat, flat, flat, flat, flat),
        Columns.of(time, flat, flat, flat, flat, flat * 0),
        Columns.of(time, flat, flat, flat, flat, nothing),
        Columns.of(time, nothing, nothing, nothing, nothing, nothing),
    ):
        for values in run(name, bars, brief(name)).values():
            assert len(values) == len(bars)
            assert not np.isinf(values).any()


@pytest.mark.parametrize("name", NAMES)
def test_a_bar_that_misses_an_input_is_passed_over(name: str) -> None:
    bars = walk(300, seed=5)
    block = bars.block.copy()
    block[1:, 150] = np.full(5, np.nan).view(np.int64)
    kept = np.arange(300) != 150
    holed = compute(Columns(block), Spec(name), against=other(300))
    without = compute(Columns(bars.block[:, kept]), Spec(name), against=other(300)[kept])

    for output, values in holed.items():
        assert np.isnan(values[150])
        assert furthest(values[kept], without[output]) <= 1e-12
