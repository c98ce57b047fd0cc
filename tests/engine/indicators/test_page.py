"""docs/indicators.md is what its program writes."""

from math import isclose
from pathlib import Path

from indicator_references import EQUAL
from indicator_table import TRUTH, catalogue, truth

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "indicators.md").read_text("utf-8")
AGAIN = "run: PYTHONPATH=. python tests/indicator_table.py > docs/indicators.md"


def told(text: str) -> list[list[str]]:
    """The cells of each row of the table of differences."""
    rows = text.partition(TRUTH)[2].partition("\n\n")[0].splitlines()
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def agree(one: str, two: str) -> bool:
    """Both at most 1e-9 (what rounding makes of it is the machine's), or the same figure."""
    (ours, *printed), (theirs, *as_printed) = one.split(), two.split()
    if max(float(ours), float(theirs)) <= EQUAL:
        return True
    return printed == as_printed and isclose(float(ours), float(theirs), rel_tol=0.05)


def test_the_page_lists_the_catalogue_as_it_is() -> None:
    assert PAGE.startswith(catalogue()), AGAIN


def test_the_page_tells_the_differences_there_are() -> None:
    written = told(TRUTH + "\n".join(truth()) + "\n\n")

    assert len(told(PAGE)) == len(written), AGAIN
    for there, now in zip(told(PAGE), written, strict=True):
        assert [*there[:3], *there[4:]] == [*now[:3], *now[4:]], AGAIN
        assert agree(there[3], now[3]), AGAIN


def test_every_difference_told_is_small_or_below_print_or_has_a_reason() -> None:
    for name, reference, _, apart, why in told(PAGE):
        assert float(apart.split()[0]) <= EQUAL or "printed" in apart or why, (name, reference)
