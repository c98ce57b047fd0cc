"""How indicators print: the catalogue, one entry, figures over bars."""

import shutil
import sys
from collections.abc import Iterable, Sequence
from itertools import groupby
from math import isfinite, log10
from textwrap import fill

from tio.api.clean import clean
from tio.api.errors import NotFound
from tio.api.indicators import Computed, IndicatorEntry, IndicatorParameter
from tio.api.series import moment
from tio.commands.printing import print_csv, print_table, say
from tio.draw.table import cell_width, fit, price

_DIGITS = 6
"""Digits of the largest figure in a column that are printed; --json and --csv tell all."""
_LABEL = 12

Column = tuple[str, Sequence[float]]


def print_entries(entries: Sequence[IndicatorEntry], *, csv: bool = False) -> None:
    """One line an indicator, by group; NotFound when there is none."""
    if not entries:
        raise NotFound("no indicator is called so", "`tio indicators list` has them all")
    if csv:
        print_csv(
            ("name", "group", "parameters", "outputs", "pane", "title", "meaning"),
            [
                (e.name, e.group, _parameters(e), " ".join(e.outputs), e.pane, e.title, e.meaning)
                for e in entries
            ],
        )
        return
    ordered = sorted(entries, key=lambda each: (each.group, each.name))
    rows = []
    for group, members in groupby(ordered, key=lambda each: each.group):
        rows += [
            [group if first else "", entry.name, _defaults(entry), entry.title]
            for first, entry in zip([True, *[False] * len(ordered)], members, strict=False)
        ]
    if sys.stdout.isatty():
        before = sum(max(cell_width(row[at]) for row in rows) + 2 for at in range(3))
        rows = [[*row[:3], _cut(row[3], max(_width() - before, 12))] for row in rows]
    print_table(("GROUP", "NAME", "DEFAULTS", "WHAT IT IS"), rows)
    say(f"{len(entries)} indicators; `tio indicators show NAME` tells about one")


def print_entry(entry: IndicatorEntry) -> None:
    """All there is to know of one, and how it is written."""
    print(clean(f"{entry.name} · {entry.title} · {entry.group}"))
    if entry.meaning:
        print(fill(clean(entry.meaning, prose=True), _width()))
    for parameter in entry.parameters:
        _told(parameter.name, _range(parameter))
    _told("outputs", ", ".join(_output(name, entry) for name in entry.outputs))
    _told("drawn", "over the prices" if entry.pane == "overlay" else "in a pane of its own")
    if entry.guides:
        _told("guides", ", ".join(f"{guide:g}" for guide in entry.guides))
    _told("warm-up", f"{entry.warm_up} bars" if entry.warm_up else "none")
    _told("repaints", entry.repaints or "never: a value once given stays")
    if not entry.constant:
        _told("live", "computed again over its window as bars come")
    _told("source", entry.source)
    _told("written", _written(entry))


def print_computed(found: Sequence[Computed], *, csv: bool = False) -> None:
    """A row a bar, a column an output; too many for the terminal stand below one another."""
    times = found[0].time if found else ()
    columns = [column for each in found for column in _columns(each)]
    if csv:
        header = ("time", *(name for name, _ in columns))
        figures = [_numbers(values) for _, values in columns]
        print_csv(header, zip(_stamps(times), *figures, strict=True))
        return
    if not len(times):
        raise NotFound("there are no bars to compute over", "`tio bars` and `tio sources` say why")
    stamps = _stamps(times)
    if all(stamp.endswith("T00:00:00Z") for stamp in stamps):
        stamps = [stamp[:10] for stamp in stamps]
    cells = [(name, _cells(values)) for name, values in columns]
    for number, block in enumerate(_blocks(len(stamps[0]), cells)):
        if number:
            print()
        names = [name for name, _ in block]
        rows = [list(row) for row in zip(stamps, *(texts for _, texts in block), strict=True)]
        print_table(("TIME", *names), rows, right=names)


def _columns(computed: Computed) -> list[Column]:
    """Its outputs under names that tell them apart from those of others."""
    label = computed.label or computed.name
    one = len(computed.outputs) == 1
    return [
        (label if one else f"{label} {name}", list(values))
        for name, values in computed.outputs.items()
    ]


def _stamps(times: Iterable[int]) -> list[str]:
    return [moment(at).strftime("%Y-%m-%dT%H:%M:%SZ") for at in times]


def _numbers(values: Sequence[float]) -> list[float | None]:
    return [value if isfinite(value) else None for value in values]


def _cells(values: Sequence[float]) -> list[str]:
    """Figures with as many decimals as the largest leaves room for; none of whole numbers."""
    known = [abs(value) for value in values if isfinite(value)]
    largest = max(known, default=0.0)
    whole = all(value == int(value) for value in known)
    before = int(log10(largest)) + 1 if largest >= 1 else 1
    decimals = 0 if whole else max(_DIGITS - before, 0)
    return [price(value, decimals) for value in values]


def _blocks(
    stamp: int, columns: Sequence[tuple[str, list[str]]]
) -> list[list[tuple[str, list[str]]]]:
    """The columns in as many tables as the terminal's width asks for; one where there is none."""
    room = _width() if sys.stdout.isatty() else sys.maxsize
    blocks: list[list[tuple[str, list[str]]]] = [[]]
    used = stamp
    for name, texts in columns:
        width = max(map(cell_width, (name, *texts))) + 2
        if blocks[-1] and used + width > room:
            blocks.append([])
            used = stamp
        blocks[-1].append((name, texts))
        used += width
    return blocks


def _parameters(entry: IndicatorEntry) -> str:
    """`fast=12,slow=26,signal=9`: without the price, which is the close."""
    shown = [each for each in entry.parameters if each.name != "price"]
    return ",".join(f"{each.name}={each.default}" for each in shown)


def _defaults(entry: IndicatorEntry) -> str:
    """`12,26,9`, as they are written by place."""
    shown = [each for each in entry.parameters if each.name != "price"]
    return ",".join(f"{each.default}" for each in shown)


def _cut(text: str, width: int) -> str:
    return fit(text, min(cell_width(text), width))


def _range(parameter: IndicatorParameter) -> str:
    told = f"{parameter.default}"
    if parameter.choices:
        return f"{told}, one of {' '.join(map(str, parameter.choices))}"
    if parameter.low is None or parameter.high is None:
        return told
    return f"{told}, {parameter.low:g} to {parameter.high:g}"


def _output(name: str, entry: IndicatorEntry) -> str:
    """An output's name, and by how many bars it is drawn ahead or back."""
    by = entry.drawn.get(name, 0)
    if not by:
        return name
    return f"{name} (drawn {abs(by)} bars {'ahead' if by > 0 else 'back'})"


def _written(entry: IndicatorEntry) -> str:
    """How a person would write it with all its numbers, and by name."""
    numbers = [f"{each.default}" for each in entry.parameters if not each.choices]
    other = "/SPY" if "against" in entry.inputs else ""
    return entry.name + (f":{','.join(numbers)}" if numbers else "") + other


def _told(name: str, text: str) -> None:
    if text:
        head = f"  {name:<{_LABEL}}"
        print(
            fill(
                clean(text, prose=True),
                _width(),
                initial_indent=head,
                subsequent_indent=" " * len(head),
            )
        )


def _width() -> int:
    return max(shutil.get_terminal_size((100, 30)).columns, 40)
