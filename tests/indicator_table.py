"""The page on indicators, from a run: `PYTHONPATH=. python tests/indicator_table.py > page`."""

from collections.abc import Iterator

from indicator_cases import REFERENCES
from indicator_differences import difference
from indicator_references import EQUAL, Compared, Difference, compared
from indicator_regression import rows, worst
from indicator_theirs import their_way

from tio.engine.indicators.catalogue import CATALOGUE
from tio.engine.indicators.declare import Group, Indicator

HEAD = """# Indicators

{count} indicators. Each value is made of its own bar and those before it, and is never changed by
later bars; what repaints says so. Bar by bar, at the forming bar too, the answers are those over
all bars at once. *Bars* is how many pass before every output may have a value, under the defaults
given; *chart* whether it is drawn over the prices or in a pane of its own.

## Catalogue
"""
NAMES = """| name | parameters | meaning | chart | bars | source |
|---|---|---|---|---|---|"""
TRUTH = """## Beside other programs

The largest relative difference after warm-up of the worst output, over every value both have;
relative to the value, or to a millionth of the largest where one is nearly zero. *Printed*: no
difference reaches half of the last digit the reference prints. Whatever is neither at most 1e-9
nor printed is a difference of definition, seed or input, and is named. *Both agree*: a test
reckons the reference the other way and finds it within these bounds, or within 1e-7 where means
that nearly meet are taken from each other. An indicator that is missing here is one function of
TA-Lib, or a test compares it with its formula written out for one bar, or with cases by hand.

| indicator | reference | values | largest difference | why |
|---|---|---|---|---|
"""
_CUT = "its values are cut off behind two to four decimals; its own test allows 0.01"
MADE = """
Made from the recorded data by `PYTHONPATH=. python tests/indicator_table.py > docs/indicators.md`;
a test compares this page with what the program writes.
"""


def page() -> str:
    """The whole page as Markdown."""
    return catalogue() + TRUTH + "\n".join(truth()) + "\n" + MADE


def catalogue() -> str:
    """What needs no recorded data: every indicator by group."""
    lines = [HEAD.format(count=len(CATALOGUE))]
    for group in Group:
        lines += [f"### {group.value.capitalize()}", "", NAMES]
        lines += [_entry(each) for each in CATALOGUE.values() if each.group is group]
        lines += [""]
    return "\n".join(lines) + "\n"


def truth() -> Iterator[str]:
    """A row for each indicator and reference, by name."""
    found = [*_sheets(), *_regression()]
    return (row for _, row in sorted(found, key=lambda each: each[0]))


def _sheets() -> Iterator[tuple[str, str]]:
    for reference in REFERENCES:
        known = difference(reference)
        outputs = list(compared(reference, known.after if known else 0))
        yield reference.name, _row(max(outputs, key=lambda each: each.relative), known)


def _regression() -> Iterator[tuple[str, str]]:
    for name, (values, relative) in worst(rows()).items():
        why = _CUT if relative > EQUAL else ""
        yield name, _cells(name, "TA-Lib regression", values, f"{relative:.1e}", why)


def _entry(each: Indicator) -> str:
    parameters = " ".join(
        f"{one.name}={one.default:g}" if isinstance(one.default, float) else
        f"{one.name}={one.default}" for one in each.parameters
    )  # fmt: skip
    told = f"{each.title}. {each.meaning} {each.repaints}".strip()
    given = f"`{parameters}`" if parameters else ""
    return (
        f"| `{each.name}` | {given} | {told} | {each.pane.value} | {each.warm_up_of({})} "
        f"| {each.source} |"
    )


def _row(beside: Compared, known: Difference | None) -> str:
    reference = beside.reference
    apart = f"{beside.relative:.1e}" + (" (printed)" if _printed(beside) else "")
    why = known.why + (f" (from bar {known.after} on)" if known.after else "") if known else ""
    if their_way(reference):
        why += "; reckoned so, both agree"
    where = f"{reference.source} {reference.sheet}"
    return _cells(reference.name, where, beside.values, apart, why)


def _cells(name: str, where: str, values: int, apart: str, why: str) -> str:
    return f"| {name} | {where} | {values} | {apart} | {why} |"


def _printed(beside: Compared) -> bool:
    return beside.within_print and beside.relative > EQUAL


if __name__ == "__main__":
    print(page(), end="")
