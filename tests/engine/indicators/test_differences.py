"""A difference that is named explains the reference: reckoned their way, ours is theirs."""

import numpy as np
import pytest
from indicator_cases import REFERENCES
from indicator_differences import INPUTS, difference
from indicator_references import Reference, loaded
from indicator_theirs import CANCELLED, THEIRS, their_way

from tio.engine.indicators.compute import compute
from tio.engine.indicators.declare import Floats, Spec
from tio.engine.store.columns import Columns

PROVED = [each for each in REFERENCES if (each.source, each.sheet, each.name) in THEIRS]

BY_INPUTS = [
    each for each in REFERENCES
    if (known := difference(each)) and known.why == INPUTS and each.name != "obv"
]  # fmt: skip
"""Not OBV: its volumes are printed with three digits, which move it by millions."""


@pytest.mark.parametrize("reference", PROVED, ids=lambda each: f"{each.source}-{each.sheet}")
def test_reckoned_their_way_ours_is_theirs(reference: Reference) -> None:
    found = their_way(reference)

    assert difference(reference)
    assert found
    assert found.values > 0
    assert found.equal or found.relative <= CANCELLED, found.relative


def test_each_that_is_reckoned_their_way_is_a_reference() -> None:
    assert len(PROVED) == len(THEIRS)


@pytest.mark.parametrize("reference", BY_INPUTS, ids=lambda each: f"{each.source}-{each.sheet}")
def test_inputs_printed_with_fewer_digits_make_as_large_a_difference(reference: Reference) -> None:
    """Half of the last printed digit, either way, on every price moves ours as far or farther."""
    bars, answers, _ = loaded(reference)
    random = np.random.default_rng(1)
    spec = Spec(reference.name, reference.params)
    ours, moved = compute(bars, spec), dict.fromkeys(reference.columns, 0.0)
    for _ in range(10):
        open, high, low, close = (
            _within_print(random, each) for each in (bars.open, bars.high, bars.low, bars.close)
        )
        again = compute(Columns.of(bars.time, open, high, low, close, bars.volume), spec)
        for output in moved:
            farthest = float(np.nanmax(np.abs(again[output] - ours[output])))
            moved[output] = max(moved[output], farthest)

    for output, column in reference.columns.items():
        theirs = np.array([float(text or "nan") for text in answers[column]])
        assert np.nanmax(np.abs(ours[output] - theirs)) <= 3 * moved[output], output


def _within_print(random: np.random.Generator, prices: Floats) -> Floats:
    decimals = next(each for each in range(12) if np.allclose(prices, prices.round(each), rtol=0,
                    atol=1e-12))  # fmt: skip
    return prices + random.uniform(-0.5, 0.5, len(prices)) * 10.0**-decimals
