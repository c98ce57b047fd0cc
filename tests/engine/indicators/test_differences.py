"""A difference that is named explains the reference: reckoned their way, ours is theirs."""

import pytest
from indicator_cases import REFERENCES
from indicator_differences import difference
from indicator_references import Reference
from indicator_theirs import CANCELLED, THEIRS, their_way

PROVED = [each for each in REFERENCES if (each.source, each.sheet, each.name) in THEIRS]


@pytest.mark.parametrize("reference", PROVED, ids=lambda each: f"{each.source}-{each.sheet}")
def test_reckoned_their_way_ours_is_theirs(reference: Reference) -> None:
    found = their_way(reference)

    assert difference(reference)
    assert found
    assert found.values > 0
    assert found.equal or found.relative <= CANCELLED, found.relative


def test_each_that_is_reckoned_their_way_is_a_reference() -> None:
    assert len(PROVED) == len(THEIRS)
