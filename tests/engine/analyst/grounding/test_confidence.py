from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from tio.api.grounding import Level
from tio.engine.analyst.grounding.confidence import (
    Grounds,
    confidence,
    cut_off_sentence,
    stale_sentence,
)

GOOD = Grounds(coverage=1.0, age=60.0, span=86_400.0, sources=2, apart=0.0, samples=120)


def test_good_evidence_is_of_high_confidence() -> None:
    found = confidence(GOOD)

    assert (found.level, found.score) == (Level.high, 1.0)
    assert found.reason == "Every figure is verified and its data are fresh."


def test_the_weakest_part_is_the_reason() -> None:
    assert confidence(replace(GOOD, coverage=0.5)).reason == "50% of its figures are unverified."
    assert confidence(replace(GOOD, age=86_400.0 * 9)).reason == "Its newest data are 9 days old."
    assert confidence(replace(GOOD, apart=0.03)).reason == "Its sources differ by 3.0%."
    assert confidence(replace(GOOD, samples=3)).reason == "It is made of 3 cases."
    assert confidence(replace(GOOD, hits=2, told=20)).reason == "2 of 20 earlier answers held."
    assert confidence(replace(GOOD, coverage=0.5)).level is Level.low


def test_an_answer_without_figures_is_not_relied_on() -> None:
    assert confidence(Grounds()).level is Level.low


@given(st.floats(0, 1), st.floats(0, 1e8), st.integers(0, 400), st.integers(0, 50), st.floats(0, 1))
def test_less_coverage_never_raises_confidence(
    coverage: float, age: float, samples: int, told: int, part: float
) -> None:
    grounds = Grounds(coverage=coverage, age=age, samples=samples, hits=told // 2, told=told)
    less = confidence(replace(grounds, coverage=coverage * part))

    assert 0 <= less.score <= confidence(grounds).score <= 1


def test_stale_data_and_the_models_cut_off_are_said() -> None:
    at, now = datetime(2026, 11, 10, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)

    assert stale_sentence(at, now, 86_400.0) == (
        "The newest data are of 10 Nov 2026 00:00 UTC, 10 days old."
    )
    assert stale_sentence(at, now, 7 * 86_400.0) == ""
    assert "ends on 31 Dec 2024" in cut_off_sentence(date(2024, 12, 31), date(2026, 11, 20))
    assert cut_off_sentence(date(2026, 12, 31), date(2026, 11, 20)) == ""
