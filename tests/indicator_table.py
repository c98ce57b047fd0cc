"""The page on indicators, from a run: `PYTHONPATH=. python tests/indicator_table.py`."""

from indicator_cases import REFERENCES
from indicator_differences import difference
from indicator_references import Compared, Difference, compared

from tio.engine.indicators.catalogue import CATALOGUE
from tio.engine.indicators.declare import Group, Indicator

HEAD = """# Indicators

{count} indicators. Every value uses its own bar and those before it; what repaints says so.

## Catalogue
"""
TRUTH = """
## Beside other programs

The largest relative difference after warm-up, over every value both have. *printed* means: no
difference reaches half of the last digit the reference prints. A difference of definition is named.

| indicator | reference | values | largest difference | why |
|---|---|---|---|---|"""


def page() -> str:
    """The whole page as Markdown."""
    lines = [HEAD.format(count=len(CATALOGUE))]
    for group in Group:
        lines += [f"### {group.value.capitalize()}", "", "| name | what it says | source |"]
        lines += ["|---|---|---|"]
        lines += [_entry(each) for each in CATALOGUE.values() if each.group is group]
        lines += [""]
    lines += [TRUTH.strip("\n")]
    for reference in sorted(REFERENCES, key=lambda each: (each.name, each.source, each.file)):
        known = difference(reference)
        found = list(compared(reference, known.after if known else 0))
        lines += [_row(max(found, key=lambda each: each.relative), known)]
    return "\n".join(lines) + "\n"


def _entry(each: Indicator) -> str:
    parameters = " ".join(f"{one.name}={one.default}" for one in each.parameters)
    told = f"{each.title}. {each.meaning} {each.repaints}".strip()
    call = f"{each.name} {parameters}".strip()
    return f"| `{call}` | {told} | {each.source} |"


def _row(beside: Compared, known: Difference | None) -> str:
    reference = beside.reference
    apart = f"{beside.relative:.1e}" + (" (printed)" if _printed(beside) else "")
    why = known.why + (f" (from bar {known.after} on)" if known.after else "") if known else ""
    sheet = reference.file.partition("/")[2] if "." in reference.file else reference.file
    where = f"{reference.source} {(sheet or reference.file).partition('.')[0]}"
    return f"| {reference.name} | {where} | {beside.values} | {apart} | {why} |"


def _printed(beside: Compared) -> bool:
    return beside.within_print and beside.relative > 1e-9


if __name__ == "__main__":
    print(page(), end="")
