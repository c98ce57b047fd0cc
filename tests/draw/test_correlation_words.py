"""A pair of a matrix in words: how sure its figure is, and when that is not told."""

from datetime import UTC, datetime

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from tio.api.market import Timeframe
from tio.api.risk import CorrelationMatrix, CorrelationMethod
from tio.draw.correlation_words import interval, pair, summary

FOUND = CorrelationMatrix(
    symbols=("AAPL", "SPY", "GOLD"),
    timeframe=Timeframe.d1,
    method=CorrelationMethod.pearson,
    window=250,
    values=((1.0, 0.62, 0.05), (0.62, 1.0, None), (0.05, None, 1.0)),
    counts=((250, 250, 103), (250, 250, 2), (103, 2, 103)),
    order=(2, 0, 1),
    mean=0.335,
    start=datetime(2025, 11, 3, tzinfo=UTC),
    end=datetime(2026, 11, 20, tzinfo=UTC),
)


def test_a_pair_tells_its_figure_how_many_returns_and_how_sure() -> None:
    assert pair(FOUND, 0, 1) == (
        "AAPL and SPY: ρ +0.62 · 250 returns · 95 % sure from +0.54 to +0.69"
    )


def test_what_may_be_none_is_said() -> None:
    assert pair(FOUND, 2, 0).endswith("from −0.14 to +0.24, may be none")


def test_what_is_not_known_says_what_they_share() -> None:
    assert pair(FOUND, 1, 2) == "SPY and GOLD: unknown, they share 2 returns"
    assert pair(FOUND, 1, 1) == "SPY with itself · 250 returns"


def test_no_interval_is_told_of_what_has_none() -> None:
    shrunk = replace(FOUND, method=CorrelationMethod.shrunk)
    assert pair(shrunk, 0, 1) == "AAPL and SPY: ρ +0.62 · 250 returns"
    assert interval(0.5, 3, CorrelationMethod.pearson) is None
    assert interval(1.0, 90, CorrelationMethod.pearson) is None


def ranked(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return values.argsort().argsort().astype(np.float64)


@pytest.mark.parametrize("method", [CorrelationMethod.pearson, CorrelationMethod.spearman])
def test_the_interval_holds_the_true_one_in_95_of_100_samples(method: CorrelationMethod) -> None:
    random, true, held, tries = np.random.default_rng(4), 0.5, 0, 2_000
    # The correlation of ranks of normal pairs; Pearson (1907).
    wanted = true if method is CorrelationMethod.pearson else 6 / np.pi * np.arcsin(true / 2)
    for _ in range(tries):
        one = random.normal(size=60)
        other = true * one + np.sqrt(1 - true**2) * random.normal(size=60)
        if method is CorrelationMethod.spearman:
            one, other = ranked(one), ranked(other)
        low, high = interval(float(np.corrcoef(one, other)[0, 1]), 60, method) or (0, 0)
        held += low <= wanted <= high
    assert held / tries == pytest.approx(0.95, abs=0.015)


def test_a_matrix_tells_what_it_is_made_of() -> None:
    assert summary(FOUND) == "pearson · 1d · 2–250 returns · 2025-11-03 to 2026-11-20 · mean +0.34"
