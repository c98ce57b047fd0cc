"""The catalogue of indicators as lines: a list by group, and one of them in full."""

from collections.abc import Sequence

from tio.api.indicators import IndicatorEntry, IndicatorSpec, Pane
from tio.draw.table import fit
from tio.screens.widgets.lines import Line
from tio.screens.widgets.studies_kept import ranged, said, value_of

NAME = 16
LABEL = 10
Row = IndicatorEntry | str
"""An indicator, or the heading of a group."""


def rows_of(entries: Sequence[IndicatorEntry], text: str, group: str) -> list[Row]:
    """Headings and entries, of one `group` where it is named, that have every word of a text."""
    words = text.lower().split()
    rows: list[Row] = []
    last = ""
    for each in sorted(entries, key=lambda entry: (entry.group, entry.name)):
        told = f"{each.name} {each.title} {each.meaning}".lower()
        if group in ("", each.group) and all(word in told for word in words):
            if each.group != last:
                rows.append(each.group)
                last = each.group
            rows.append(each)
    return rows


def row_line(row: Row) -> Line:
    """A row of the list."""
    if isinstance(row, str):
        return [(row, "accent")]
    return [("  " + fit(row.name, NAME) + " ", "text"), (row.title, "muted")]


def headed(entry: IndicatorEntry) -> str:
    """`momentum · warm-up 33 bars · repaints`."""
    warm_up = f"warm-up {entry.warm_up:,} bars" if entry.warm_up else "no warm-up"
    return " · ".join([entry.group, warm_up, *(["repaints"] if entry.repaints else [])])


def entry_lines(entry: IndicatorEntry, spec: IndicatorSpec, at: int) -> list[Line]:
    """An indicator in full, its parameters as `spec` has them, the one at `at` marked."""
    lines: list[Line] = [[(entry.title, "accent"), (f"  {entry.name}", "muted")]]
    for number, parameter in enumerate(entry.parameters):
        here = number == at
        now = value_of(spec, parameter)
        was = "" if now == parameter.default else f", first {said(parameter.default)}"
        lines.append(
            [
                (("› " if here else "  ") + fit(parameter.name, LABEL) + " ", "text"),
                (fit(said(now), 9) + " ", "accent" if here else "text"),
                (f"{ranged(parameter)}{was}", "muted"),
            ]
        )
    if not entry.parameters:
        lines.append([("  no parameters", "muted")])
    return [*lines, *_told(entry)]


def _told(entry: IndicatorEntry) -> list[Line]:
    """What it means, needs, gives, and where it comes from."""
    over = "over the prices" if entry.pane is Pane.overlay else "in a pane of its own"
    ahead = [f"{name} {by:+d} bars" for name, by in entry.drawn.items() if by]
    told = [
        ("meaning", entry.meaning),
        ("repaints", entry.repaints or "never"),
        ("gives", f"{', '.join(entry.outputs)}, {over}"),
        ("drawn", ", ".join(ahead).replace("-", "−")),
        ("of", ", ".join(entry.inputs)),
        ("source", f"{entry.source} ({entry.origin})".strip()),
    ]
    return [[(fit(name, LABEL) + "  ", "muted"), (words, "text")] for name, words in told if words]
