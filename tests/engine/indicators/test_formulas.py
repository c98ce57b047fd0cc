"""Indicators without a reference are as their formulas, written out for one bar."""

import pytest
from indicator_bars import first, walk
from indicator_cases import REFERENCES
from indicator_spreads import FORMULAS

from tio.engine.indicators.catalogue import CATALOGUE
from tio.engine.indicators.compute import compute
from tio.engine.indicators.declare import Spec


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("seed", [1, 2])
def test_it_is_as_its_formula(name: str, seed: int) -> None:
    bars = walk(420, seed=seed)
    columns = compute(bars, Spec(name)).values()

    for at in (300, 333, 419):
        wanted = FORMULAS[name](first(bars, at + 1))
        found = [float(column[at]) for column in columns]
        assert found == pytest.approx(list(wanted), rel=1e-9, abs=1e-12)


def test_the_ratio_to_another_instrument_is_their_quotient() -> None:
    bars = walk(20)
    found = compute(bars, Spec("relative"), against=bars.open)["ratio"]

    assert found.tolist() == (bars.close / bars.open).tolist()


BY_HAND = {
    "pivots", "monthly_pivots", "prior_session", "opening_range", "vwap", "avwap", "rvwap", "twap",
    "volume_profile", "session_profile", "zigzag", "renko", "range_bars",
}  # fmt: skip
"""What test_levels, test_vwap, test_profile, test_swings and test_bricks reckon."""
CALLS = {"cvi", "inertia", "rvi"}
"""What is made of calls of TA-Lib and nothing else; test_regression has rocr."""


def test_every_indicator_has_a_reference_a_formula_or_is_a_function_of_talib() -> None:
    compared = (
        {each.name for each in REFERENCES} | set(FORMULAS) | BY_HAND | CALLS | {"relative", "rocr"}
    )
    untold = {
        name
        for name, each in CATALOGUE.items()
        if name not in compared and not each.compute.__qualname__.startswith("ta.")
    }

    assert untold == set()
