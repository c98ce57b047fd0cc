"""Our indicators beside the answers of other programs and of worked sheets."""

import pytest
from indicator_cases import REFERENCES
from indicator_differences import difference, named
from indicator_references import Reference, compared


def title(reference: Reference) -> str:
    return f"{reference.source}-{reference.file}-{reference.name}"


@pytest.mark.parametrize("reference", REFERENCES, ids=title)
def test_ours_is_theirs_or_the_difference_is_named(reference: Reference) -> None:
    known = difference(reference)

    for beside in compared(reference, known.after if known else 0):
        assert beside.values > 0
        assert beside.equal or (known and beside.relative <= known.limit), (
            f"{beside.output}: {beside.relative:.2g} apart over {beside.values} values"
        )


def test_no_difference_is_named_where_there_is_none() -> None:
    met = 0
    for reference in REFERENCES:
        if difference(reference):
            met += 1
            assert not all(beside.equal for beside in compared(reference)), title(reference)
    assert met == named()
