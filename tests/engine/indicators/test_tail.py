"""pandas-ta's indicators: computed elsewhere, and whatever befalls that process is told."""

import subprocess
import sys
from collections.abc import AsyncIterator

import numpy as np
import pytest
from indicator_bars import walk

from tio.api.errors import Broken, Invalid, Misconfigured, NotFound
from tio.engine.indicators.compute import compute
from tio.engine.indicators.declare import Spec
from tio.engine.indicators.tail import Tail
from tio.engine.store.columns import Columns

pytest.importorskip("pandas_ta_classic", reason="pandas-ta-classic is not installed (extra pta)")


@pytest.fixture
async def tail() -> AsyncIterator[Tail]:
    made = Tail(patience=120.0)
    yield made
    await made.close()


def script(code: str) -> tuple[str, ...]:
    """A worker that does something else."""
    return (sys.executable, "-c", code)


async def test_each_is_listed_with_parameters_and_outputs(tail: Tail) -> None:
    catalogue = await tail.catalogue()
    assert len(catalogue) > 100
    bands = catalogue["pta.bbands"]
    assert bands.inputs == ("close",)
    assert {"bbl", "bbm", "bbu"} <= set(bands.outputs)
    assert {each.name for each in bands.parameters} >= {"length", "std"}
    assert all(name.startswith("pta.") and each.outputs for name, each in catalogue.items())


async def test_values_are_those_of_ours_where_both_compute_the_same(tail: Tail) -> None:
    bars = walk(300)
    found = await tail.indicator("pta.sma")
    (values,) = await tail.compute(found, found.settings({"length": 12}), bars)
    wanted = compute(bars, Spec("sma", {"length": 12}))["sma"]
    assert np.allclose(values, wanted, equal_nan=True, rtol=1e-9)


async def test_a_bar_that_misses_a_number_is_passed_over(tail: Tail) -> None:
    bars = walk(60)
    holed = Columns(bars.block.copy())
    holed.close[30] = np.nan
    found = await tail.indicator("pta.sma")
    (values,) = await tail.compute(found, found.settings({"length": 5}), holed)
    without = Columns(np.delete(bars.block, 30, axis=1))
    (expected,) = await tail.compute(found, found.settings({"length": 5}), without)
    assert np.isnan(values[30])
    assert np.array_equal(np.delete(values, 30), expected, equal_nan=True)


async def test_no_listed_one_looks_ahead(tail: Tail) -> None:
    bars = walk(260, seed=17)
    for name, found in (await tail.catalogue()).items():
        whole = await tail.compute(found, found.settings({}), bars)
        early = await tail.compute(found, found.settings({}), bars[:230])
        for one, other in zip(whole, early, strict=True):
            assert np.allclose(one[:230], other, equal_nan=True, rtol=1e-6, atol=1e-9), name


async def test_a_name_or_a_parameter_it_has_not_is_told(tail: Tail) -> None:
    with pytest.raises(NotFound, match=r"no indicator 'pta.ssma'"):
        await tail.indicator("pta.ssma")
    found = await tail.indicator("pta.sma")
    with pytest.raises(Invalid, match="no parameter 'moon'"):
        found.settings({"moon": 1})


async def test_no_bars_have_no_values(tail: Tail) -> None:
    found = await tail.indicator("pta.sma")
    (values,) = await tail.compute(found, found.settings({}), Columns.empty())
    assert len(values) == 0


async def test_a_worker_that_was_killed_is_told_and_begun_again(tail: Tail) -> None:
    found = await tail.indicator("pta.sma")
    assert tail._process is not None
    tail._process.kill()
    await tail._process.wait()
    (values,) = await tail.compute(found, found.settings({}), walk(50))
    assert np.isfinite(values).any()


async def test_a_worker_that_ends_amid_an_answer_is_told() -> None:
    tail = Tail(script("import sys; sys.stdin.buffer.read(4)"))
    with pytest.raises(Broken, match=r"computes pta.\* ended"):
        await tail.catalogue()


async def test_a_worker_without_an_answer_is_given_up() -> None:
    tail = Tail(script("import sys; sys.stdin.buffer.read()"), patience=0.05, first=0.05)
    with pytest.raises(Broken, match="no answer within"):
        await tail.catalogue()
    assert tail._process is None


async def test_without_the_library_the_way_to_it_is_told() -> None:
    code = (
        "import sys; sys.modules['pandas_ta_classic'] = None\n"
        "from tio.engine.indicators.tail_worker import main; main()"
    )
    tail = Tail(script(code), patience=60.0)
    with pytest.raises(Misconfigured, match="not installed") as refused:
        await tail.catalogue()
    assert "tio[pta]" in refused.value.next


def test_the_worker_ends_when_its_engine_does() -> None:
    worker = subprocess.run(
        [sys.executable, "-m", "tio.engine.indicators.tail_worker"],
        input=b"",
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert worker.returncode == 0


def test_the_engine_never_imports_pandas() -> None:
    code = """
import asyncio, sys
import numpy as np
from tio.engine.indicators.tail import Tail
from tio.engine.store.columns import Columns
async def main():
    tail = Tail(patience=120.0)
    found = await tail.indicator("pta.sma")
    column = np.arange(50.0) + 100
    bars = Columns.of(np.arange(50) * 60_000_000, column, column, column, column, column)
    (values,) = await tail.compute(found, found.settings({}), bars)
    assert np.isfinite(values).any()
    await tail.close()
asyncio.run(main())
print(sorted({"pandas", "numba", "pandas_ta_classic"} & sys.modules.keys()))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == "[]"
