"""A pane below the prices has its title with live values, its guides and its own axis."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from tio.api.market import Timeframe
from tio.draw.canvas import REVERSE, Pen
from tio.draw.chart import draw_chart, lay_out
from tio.draw.columns import Columns
from tio.draw.pane_scale import figure_label
from tio.draw.scale import Scale
from tio.draw.view import ChartView, Overlay, Stroke, SubPane

COUNT = 60
RSI = SubPane(
    "RSI 14", (Overlay("RSI 14", np.linspace(20, 80, COUNT), Pen.violet),), 0.4, guides=(70.0, 30.0)
)
MACD = SubPane(
    "MACD 12 26 9",
    (
        Overlay("macd", np.linspace(-2, 2, COUNT), Pen.blue),
        Overlay("signal", np.linspace(-1, 1, COUNT), Pen.accent),
        Overlay("hist", np.linspace(-1, 1, COUNT), Pen.text, Stroke.histogram),
    ),
    0.4,
)
VIEW = ChartView(80, 40, volume=False, panes=(RSI, MACD))


def bars() -> Columns:
    close = np.linspace(100.0, 120.0, COUNT)
    time = np.arange(COUNT, dtype=np.int64) * Timeframe.d1.step
    return Columns(time, close, close + 1, close - 1, close, close)


def test_titles_tell_values_of_the_newest_bar_or_under_the_crosshair() -> None:
    rsi, macd = (place.title for place in lay_out(bars(), VIEW).places[1:])
    lines = draw_chart(bars(), VIEW).text()
    assert lines[rsi].startswith("RSI 14 80.0 ")
    assert lines[macd].startswith("MACD 12 26 9 macd 2.00 signal 1.00 hist 1.00 ")
    lines = draw_chart(bars(), replace(VIEW, crosshair=0)).text()
    assert lines[rsi].startswith("RSI 14 20.0 ")
    assert lines[macd].startswith("MACD 12 26 9 macd −2.00 ")


def test_a_title_never_leaves_the_plot() -> None:
    lines = tuple(Overlay(f"line {n}", np.full(COUNT, 1234.5)) for n in range(9))
    view = replace(VIEW, width=40, panes=(SubPane("Many", lines),))
    layout = lay_out(bars(), view)
    title = draw_chart(bars(), view).text()[layout.places[1].title]
    assert title[layout.plot_width - 1 :].strip("─ ") == ""
    assert "line 0" in title


def test_the_focused_pane_says_so() -> None:
    view = replace(VIEW, panes=(RSI, replace(MACD, focused=True)))
    titles = [
        draw_chart(bars(), view).text()[place.title] for place in lay_out(bars(), view).places[1:]
    ]
    assert [title.startswith("▸ ") for title in titles] == [False, True]


def test_guides_are_lines_with_their_values_on_the_axis() -> None:
    layout, canvas = lay_out(bars(), VIEW), draw_chart(bars(), VIEW)
    place = layout.places[1]
    for guide in (70.0, 30.0):
        row = place.scale.row(guide)
        assert row is not None
        line = canvas.text()[place.top + row]
        assert line.count("┈") > 40
        assert line[layout.plot_width :].strip() == f"{guide:.0f}"


def test_a_histogram_goes_up_and_down_from_zero_and_dims_where_it_weakens() -> None:
    values = np.concatenate((np.linspace(-4, -1, 30), np.linspace(1, 4, 30)))
    own = SubPane("H", (Overlay("h", values, Pen.text, Stroke.histogram),), 1.0)
    view = replace(VIEW, panes=(own,))
    layout, canvas = lay_out(bars(), view), draw_chart(bars(), view)
    place = layout.places[1]
    pane = canvas.pane(0, place.top, layout.plot_width, place.rows)
    zero = round(float(place.scale.place(0.0)))
    first, last = int(layout.columns[1]), int(layout.columns[-1])
    assert pane.ink[zero, first] == Pen.fall_dim
    assert pane.ink[zero - 1, last] == Pen.rise
    assert not pane.blocks()[:zero, first].any()
    assert not pane.blocks()[zero:, last].any()
    lowest = np.flatnonzero(pane.blocks()[:, int(layout.columns[0])])[-1]
    assert lowest == place.rows - 1 or pane.flags[lowest, int(layout.columns[0])] & REVERSE


def test_a_histogram_of_absurd_values_is_drawn() -> None:
    values = np.array([sys.float_info.max, -1.0])
    own = SubPane("H", (Overlay("h", values, Pen.text, Stroke.histogram),), 1.0)
    assert draw_chart(bars(), replace(VIEW, panes=(own,))).height == VIEW.height


@pytest.mark.parametrize(
    ("value", "lo", "hi", "text"),
    [
        (61.234, 20.0, 80.0, "61.2"),
        (0.00012345, 0.0001, 0.0002, "0.000123"),
        (1_234_567.0, 0.0, 2e6, "1.2M"),
        (np.nan, 0.0, 1.0, "·"),
    ],
)
def test_values_are_told_a_decimal_finer_than_the_axis(
    value: float, lo: float, hi: float, text: str
) -> None:
    assert figure_label(value, Scale(lo, hi, 10), 1) == text
