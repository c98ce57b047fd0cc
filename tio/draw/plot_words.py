"""The words above a printed chart and its panes: what is drawn, with its newest value."""

from __future__ import annotations

from itertools import groupby

import numpy as np

from tio.draw.canvas import Pen
from tio.draw.pane_scale import figure_label
from tio.draw.plot_figure import COLOURS
from tio.draw.scale import Floats, Scale
from tio.draw.table import MISSING, cell_width, fit, price, signed_percent
from tio.draw.view import ChartView, SubPane

Words = list[tuple[str, Pen]]
"""Each word with the pen of what it names."""


def head_words(view: ChartView, title: str) -> Words:
    """What is drawn over the prices, each with its newest value in its own colour."""
    words: Words = [(title, Pen.text)] if title else []
    words += [
        (f"{line.name} {_newest(line.values, view.decimals)}", line.pen)
        for line in view.overlays
        if line.name
    ]
    words += [
        (f"{each.name} {_change(each.values[view.start : view.end])}", each.pen)
        for each in view.compared
    ]
    words += [
        (f"{level.label} {price(level.price, view.decimals)}", level.pen)
        for level in view.levels
        if level.label
    ]
    return words + list(view.pieces)


def pane_words(pane: SubPane, scale: Scale) -> Words:
    """A pane's title, and its lines with their newest values."""
    words: Words = [(pane.title, Pen.text)]
    for line in pane.lines:
        known = line.values[np.isfinite(line.values)]
        value = figure_label(float(known[-1]), scale, 1) if len(known) else MISSING
        words.append((value if line.name == pane.title else f"{line.name} {value}", line.pen))
    return words


def _newest(values: Floats, decimals: int) -> str:
    known = values[np.isfinite(values)]
    return price(float(known[-1]), decimals) if len(known) else MISSING


def _change(values: Floats) -> str:
    """By how much a compared instrument rose since the first bar."""
    known = values[np.isfinite(values)]
    if not len(known) or not known[0]:
        return MISSING
    return signed_percent((float(known[-1]) / float(known[0]) - 1) * 100)


def wrapped(words: Words, width: int) -> list[Words]:
    """Lines of words two blanks apart."""
    lines: list[Words] = []
    used = width
    for word in words:
        size = cell_width(word[0]) + 2
        if used + size - 2 > width or not lines:
            lines.append([])
            used = 0
        lines[-1].append(word)
        used += size
    return lines


def line_text(words: Words, width: int, colour: bool) -> str:
    """One line of words, each in its pen's colour."""
    out: list[str] = []
    used = 0
    for pen, group in groupby(words, key=lambda word: word[1]):
        text = "  ".join(word for word, _ in group)
        if used >= width:
            break
        text = fit(text, min(cell_width(text), width - used))
        used += cell_width(text) + 2
        number = COLOURS.get(pen)
        out.append(f"\x1b[38;5;{number}m{text}\x1b[0m" if colour and number is not None else text)
    return "  ".join(out) + " " * max(width - max(used - 2, 0), 0)
