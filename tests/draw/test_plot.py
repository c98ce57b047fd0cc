"""Printed charts: their size, what lies over and below them, and colour only where wanted."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from tio.draw.canvas import Pen
from tio.draw.columns import Columns
from tio.draw.plot import plot_chart
from tio.draw.scale import Kind
from tio.draw.table import cell_width
from tio.draw.view import ChartKind, ChartView, Compared, Level, Overlay, Stroke, SubPane

NAN = float("nan")
PLAIN = ChartView(60, 12, empty="no bars to draw")


def bars(count: int) -> Columns:
    close = 100 + np.sin(np.arange(count) / 5) * 10
    open_ = np.concatenate((close[:1], close[:-1]))
    time = np.arange(count, dtype=np.int64) * 86_400_000_000
    return Columns(time, open_, np.maximum(open_, close), np.minimum(open_, close), close, close)


def plain(columns: Columns, view: ChartView, title: str = "") -> list[str]:
    lines = plot_chart(columns, view, title=title, colour=False).splitlines()
    assert {cell_width(line) for line in lines} == {view.width}
    assert len(lines) == view.height
    return lines


@pytest.mark.parametrize("kind", list(ChartKind))
def test_the_size_is_the_one_asked_for(kind: ChartKind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("LINES", "10")
    lines = plain(bars(80), replace(PLAIN, width=100, height=20, kind=kind), "SPY")
    assert lines[0].startswith("SPY")
    assert any("100.00┤" in line for line in lines)
    assert "Feb" in lines[-1]


def test_without_colour_there_is_no_escape() -> None:
    assert "\x1b" not in plot_chart(bars(30), PLAIN, colour=False)
    assert "\x1b" in plot_chart(bars(30), PLAIN)


def test_the_terminals_ground_is_left_alone() -> None:
    view = replace(PLAIN, levels=(Level(100.0, label="PDC"),))
    assert "\x1b[48" not in plot_chart(bars(30), view)


def test_more_bars_than_columns_are_grouped_with_what_lies_over_them() -> None:
    columns = bars(5000)
    view = replace(PLAIN, height=24, overlays=(Overlay("EMA 9", columns.close, Pen.violet),))
    assert "EMA 9 " in plain(columns, view)[0]


def test_no_bars_say_so() -> None:
    assert plot_chart(bars(0), PLAIN) == "no bars to draw"
    hole = bars(1)
    hole.close[0] = np.nan
    assert plot_chart(hole, PLAIN) == "no bars to draw"


def test_a_column_with_gaps_and_shorter_than_the_bars_is_drawn_where_it_is_known() -> None:
    # A NaN that reached plotext would end the process.
    values = np.array([NAN, 101.0, 102.0, NAN, NAN, np.inf, 99.0, NAN])
    view = replace(PLAIN, overlays=(Overlay("ours", values),), height=16)
    assert plain(bars(30), view)[0].startswith("ours 99.00")


def test_a_pane_stands_below_with_its_guides_and_newest_value() -> None:
    columns = bars(40)
    pane = SubPane("RSI 14", (Overlay("RSI 14", columns.close - 50),), guides=(30.0, 70.0))
    lines = plain(columns, replace(PLAIN, height=30, panes=(pane,)))
    at = next(number for number, line in enumerate(lines) if line.startswith("RSI 14  "))
    below = "".join(lines[at:])
    assert "30┤" in below
    assert "70┤" in below
    assert lines[at - 1].strip()


def test_a_histogram_stands_on_zero() -> None:
    columns = bars(40)
    line = Overlay("histogram", columns.close - 100, Pen.muted, Stroke.histogram)
    lines = plain(columns, replace(PLAIN, height=30, panes=(SubPane("MACD", (line,)),)))
    at = next(n for n, text in enumerate(lines) if text.lstrip().startswith("0┤"))
    assert {"▌", "▐"} & {*lines[at - 1]}
    assert {"▘", "▝"} & {*lines[at + 1]}


def test_panes_that_find_no_room_are_left_out() -> None:
    columns = bars(40)
    panes = tuple(SubPane(f"P{n}", (Overlay(f"P{n}", columns.close),)) for n in range(4))
    lines = plain(columns, replace(PLAIN, height=20, panes=panes))
    assert any(line.startswith("P0") for line in lines)
    assert not any(line.startswith("P3") for line in lines)
    assert "+2 more below" in lines[0]


def test_what_is_drawn_ahead_has_room_at_the_right() -> None:
    columns = bars(20)
    lead = Overlay("lead", columns.close, Pen.blue, shift=20)
    lines = plain(columns, replace(PLAIN, height=14, kind=ChartKind.line, overlays=(lead,)))
    right = [line[40:59] for line in lines[2:-2]]
    assert any(set(text) & set(map(chr, range(0x2801, 0x2900))) for text in right)


def test_prices_on_a_logarithmic_scale_stand_evenly_by_ratio() -> None:
    close = np.array([1.0, 10.0, 100.0, 1000.0])
    columns = Columns(bars(4).time, close, close, close, close, close)
    lines = plain(columns, replace(PLAIN, height=23, scale="log"))
    rows = {
        label: n
        for n, line in enumerate(lines)
        for label in ("10.00┤", "100.00┤")
        if f" {label}" in line
    }
    first, last = 1, len(lines) - 2
    assert rows["10.00┤"] - rows["100.00┤"] == pytest.approx((last - first) / 3, abs=1.5)


def test_another_instrument_is_rebased_and_told_by_its_change() -> None:
    columns = bars(30)
    other = Compared("SPY", np.linspace(10.0, 11.0, 30), Pen.blue)
    view = replace(PLAIN, scale="percent", compared=(other,))
    lines = plain(columns, view, "AAPL")
    assert "SPY +10.00%" in lines[0]
    assert any("0.00%┤" in line for line in lines)


def test_a_level_is_a_dotted_line_with_its_name_above() -> None:
    lines = plain(bars(30), replace(PLAIN, levels=(Level(104.0, label="PDH"),)))
    assert "PDH 104.00" in lines[0]
    assert any("┈┈┈" in line for line in lines)


def test_plotext_is_imported_on_first_use_only() -> None:
    code = "import sys, tio.draw.plot, tio.draw.chart; sys.exit('plotext' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("scale", ["linear", "log", "percent"])
@pytest.mark.parametrize("kind", [ChartKind.candles, ChartKind.area])
@pytest.mark.parametrize(
    "prices",
    [
        [0.0],
        [5.0] * 9,
        [-3.0, 0.0, 4.0],
        [1e299, 2e299, -1e299, 1e308],
        [1e-12, 3e-12],
        [1.0, NAN, 3.0, np.inf, 2.0],
    ],
)
def test_whatever_a_source_sends_ends_in_a_chart_or_a_sentence(
    prices: list[float], kind: ChartKind, scale: Kind
) -> None:
    close = np.array(prices)
    time = np.arange(len(close), dtype=np.int64) * 86_400_000_000
    columns = Columns(time, close, close, close, close, close)
    far = Overlay("far", np.full(len(close), 1e308), shift=26)
    pane = SubPane("P", (Overlay("P", close, stroke=Stroke.histogram), far))
    view = replace(
        PLAIN, height=30, kind=kind, scale=scale, overlays=(far,), panes=(pane,),
        levels=(Level(1e200, label="PDH"),),
    )  # fmt: skip
    text = plot_chart(columns, view, colour=False)
    assert text == "no bars to draw" or len(text.splitlines()) == 30


def test_all_axes_end_in_one_column_and_no_line_is_cut_short() -> None:
    columns = bars(40)
    names = ("macd", "signal", "histogram")
    pane = SubPane("MACD 12 26 9", tuple(Overlay(n, columns.close - 100) for n in names))
    for height in range(14, 24):
        lines = plain(columns, replace(PLAIN, width=40, height=height, panes=(pane,)), "SPY")
        ends = {line.index("┤") for line in lines if "┤" in line[:12]}
        assert len(ends) == 1
