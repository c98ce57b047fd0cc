"""How a portfolio did, as lines: its growth drawn, figures, declines, who contributed."""

from collections.abc import Callable, Sequence
from math import isnan

import numpy as np

from tio.api.performance import Performance
from tio.api.series import moment
from tio.draw.amounts import MINUS
from tio.draw.canvas import Canvas, Pen
from tio.draw.lines import draw_series
from tio.draw.scale import scale_over
from tio.draw.table import cell_width
from tio.screens.widgets.book_lines import Table
from tio.screens.widgets.columned import Cell, Column, columned
from tio.screens.widgets.lines import Line
from tio.screens.widgets.position_lines import HIDDEN
from tio.screens.widgets.table_lines import Row

_CURVE = 7
"""Rows of the drawn growth."""
_LEAST = 34
"""Cells below which nothing is drawn."""
_LABEL = 9
_DECLINES = (
    Column("DEPTH"),
    Column("PEAK", right=False),
    Column("TROUGH", right=False),
    Column("RECOVERED", 1, right=False),
    Column("DAYS", 2),
)
_PARTS = (
    Column("SYMBOL", right=False),
    Column("GAIN"),
    Column("INCOME", 2),
    Column("SHARE OF RETURN", 1),
)


def performance_rows(told: Performance, width: int, hidden: bool) -> list[Row]:
    """Everything there is to tell, from above; one stands on none of it."""
    lines = [*curve(told, width), *figures(told, width, hidden)]
    for title, table in (
        contribution_table(told, width, hidden),
        decline_table(told, width),
    ):
        if table:
            lines += [[], title, *table]
    lines += [[(f"not known: {lack}", "muted")] for lack in told.lacks]
    if told.volatility is None and told.time_weighted is not None:
        lines.append([("measures of risk take ten returns at least", "muted")])
    if told.untold:
        lines.append([(f"{told.untold} days gained or lost on nothing put in", "muted")])
    return [(line, None) for line in lines]


def by_day(told: Performance) -> list[Sequence[object]]:
    """Each day's worth, flow, growth and drawdown, under a header."""
    columns = {
        "worth": told.nav,
        "flow": told.flow,
        "growth": told.growth,
        "drawdown": told.drawdown,
    }
    if told.benchmark_growth is not None:
        columns["benchmark"] = told.benchmark_growth
    days = [f"{moment(at):%Y-%m-%d}" for at in told.time]
    rows = zip(days, *columns.values(), strict=True)
    return [("date", *columns), *([day, *_kept(values)] for day, *values in rows)]


def _kept(values: Sequence[float]) -> list[object]:
    return ["" if isnan(value) else value for value in values]


def curve(told: Performance, width: int) -> list[Line]:
    """Growth since the start, a benchmark's beside it in blue; none where there is no room."""
    growth = np.asarray(told.growth)
    room = width - _LABEL
    if room + _LABEL < _LEAST or len(growth) < 2:
        return []
    other = None if told.benchmark_growth is None else np.asarray(told.benchmark_growth)
    every = growth if other is None else np.concatenate((growth, other))
    canvas = Canvas(room, _CURVE)
    scale = scale_over(every, every, _CURVE)
    if other is not None:
        draw_series(canvas, scale, other, Pen.blue)
    draw_series(canvas, scale, growth, Pen.accent)
    known = every[np.isfinite(every)]
    labels = {0: float(known.max()), _CURVE - 1: float(known.min())}
    lines: list[Line] = []
    for at, runs in enumerate(canvas.rows()):
        label = percent(labels[at]) if at in labels else ""
        parts = [(f"{label:>{_LABEL - 1}} ", "muted")]
        parts += [(text, look.ink.name if look.ink else "text") for text, look in runs]
        lines.append(parts)
    first, last = str(told.start), str(told.end)
    gap = " " * max(room - len(first) - len(last), 1)
    lines.append([(" " * _LABEL + first + gap + last, "muted")])
    return lines


def figures(told: Performance, width: int, hidden: bool) -> list[Line]:
    """Name and value, two or three pairs a line as they fit."""
    pairs: list[tuple[str, float | None, Callable[[float | None], str]]] = [
        ("time-weighted", told.time_weighted, percent),
        ("simple", told.simple, percent),
        ("money-weighted", told.money_weighted, percent),
        ("a year", told.annual, percent),
        ("volatility", told.volatility, percent),
        ("Sharpe", told.sharpe, number),
        ("Sortino", told.sortino, number),
        ("Calmar", told.calmar, number),
    ]
    if told.benchmark:
        pairs += [
            (told.benchmark, told.benchmark_return, percent),
            ("beta", told.beta, number),
            ("alpha", told.alpha, percent),
            ("tracking error", told.tracking_error, percent),
        ]
    cells = [(name, write(value), tone_of(value, write)) for name, value, write in pairs]
    cells.insert(0, ("gain", HIDDEN if hidden else amount(told.gain), tone_of(told.gain, percent)))
    name = max(cell_width(each[0]) for each in cells)
    value = max(cell_width(each[1]) for each in cells)
    across = max((width + 3) // (name + value + 4), 1)
    lines: list[Line] = []
    for start in range(0, len(cells), across):
        parts: list[tuple[str, str]] = []
        for title, text, ink in cells[start : start + across]:
            parts.append((f"{title:<{name}} ", "muted"))
            parts.append((f"{text:>{value}}   ", ink))
        lines.append(parts)
    return lines


def decline_table(told: Performance, width: int) -> Table:
    """The deepest falls, with their dates."""
    rows: list[Sequence[Cell]] = [
        (
            (percent(each.depth), "fall"),
            (str(each.peak), "text"),
            (str(each.trough), "text"),
            ("not yet" if each.recovered is None else str(each.recovered), "text"),
            (f"{each.days:,}", "text"),
        )
        for each in told.declines[:5]
    ]
    return columned(_DECLINES, rows, width)


def contribution_table(told: Performance, width: int, hidden: bool) -> Table:
    """What each instrument brought, the largest first; the shares add up to the return."""
    rows: list[Sequence[Cell]] = [
        (
            (each.symbol, "text"),
            (HIDDEN if hidden else amount(each.gain), tone_of(each.gain, percent)),
            (HIDDEN if hidden else amount(each.income), "text"),
            (percent(each.share), tone_of(each.share, percent)),
        )
        for each in told.contributions
    ]
    return columned(_PARTS, rows, width)


def percent(value: float | None) -> str:
    return "–" if value is None else f"{value:+.2%}".replace("-", MINUS)


def number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".replace("-", MINUS)


def amount(value: float | None) -> str:
    return "–" if value is None else f"{value:+,.2f}".replace("-", MINUS)


def tone_of(value: float | None, write: object) -> str:
    """Rise and fall of what is a gain or a loss; ratios are plain."""
    if not value or write is number:
        return "text"
    return "rise" if value > 0 else "fall"
