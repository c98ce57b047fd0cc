"""Where a chart's parts stand: bars, prices, times and panes are found from cells and back."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tio.api.market import Timeframe
from tio.draw.columns import Columns
from tio.draw.layout import lay_out
from tio.draw.scale import Kind
from tio.draw.view import ChartView, Compared, Overlay, Stroke, SubPane

STEP = Timeframe.d1.step


def walk(count: int) -> Columns:
    random = np.random.default_rng(11)
    close = 100 * np.exp(np.cumsum(random.normal(0, 0.01, count)))
    time = np.arange(count, dtype=np.int64) * STEP
    volume = random.random(count) * 1e6
    return Columns(time, close, close * 1.01, close * 0.99, close, volume)


def pane(count: int, share: float = 0.25, **more: object) -> SubPane:
    swing = 50 + 40 * np.sin(np.arange(count) / 7)
    return SubPane("RSI 14", (Overlay("RSI 14", swing),), share, guides=(30.0, 70.0), **more)  # type: ignore[arg-type]


@settings(max_examples=80, deadline=None)
@given(
    st.integers(1, 4000),
    st.integers(24, 200),
    st.integers(8, 60),
    st.integers(0, 3),
    st.sampled_from(["linear", "log", "percent"]),
)
def test_cells_and_bars_find_each_other_at_every_size(
    count: int, width: int, height: int, panes: int, scale: Kind
) -> None:
    bars = walk(count)
    view = ChartView(width, height, scale=scale, panes=(pane(count),) * panes)
    layout = lay_out(bars, view)
    for column in layout.columns.tolist():
        bar = layout.bar_at(column)
        assert bar is not None
        assert layout.column_of(bar) == column
        assert layout.time_at(column) == bars.time[bar]
        assert int(layout.x_of(bar)) == column
    assert sum(layout.rows.panes) + layout.price_rows <= height
    taken = [row for place in layout.places for row in range(place.top, place.top + place.rows)]
    assert len(taken) == len(set(taken))
    assert max(taken) < layout.times_row + 1


def test_a_row_has_the_price_it_is_drawn_at() -> None:
    layout = lay_out(walk(80), ChartView(100, 40, panes=(pane(80),)))
    for row in range(layout.top, layout.top + layout.price_rows):
        price = layout.price_at(row)
        assert price is not None
        assert layout.scale.row(price) == row - layout.top
    prices, volume, below = layout.places
    assert (prices.name, volume.name, below.name) == ("prices", "volume", "pane")
    assert below.title == below.top - 1
    assert layout.pane_at(below.title) is below
    assert layout.price_at(below.title) is None
    value = layout.price_at(below.top)
    assert value is not None
    assert 70 < value < 91
    assert layout.pane_at(layout.times_row) is None


def test_places_beyond_the_newest_bar_count_on() -> None:
    bars = walk(60)
    ahead = Overlay("ahead", bars.close, shift=10)
    layout = lay_out(bars, ChartView(100, 30, overlays=(ahead,)))
    newest = layout.column_of(59)
    assert newest is not None
    assert newest < layout.plot_width - 9
    assert layout.index_at(newest + 5) == 64
    assert layout.time_at(newest + 5) == bars.time[-1] + 5 * STEP
    assert layout.bar_at(newest + 5) == 59
    assert layout.x_of(64.0) == newest + 5.5


def test_a_shift_of_many_bars_takes_at_most_a_sixth_of_the_plot() -> None:
    bars = walk(300)
    view = ChartView(120, 30, start=200, overlays=(Overlay("a", bars.close, shift=200),))
    layout = lay_out(bars, view)
    assert layout.plot_width - 1 - int(layout.columns[-1]) <= layout.plot_width // 6
    # Bars are left out at the left for it, none is drawn half.
    assert layout.columns[0] >= 0


def test_overlays_widen_the_scale_a_little_and_outliers_do_not_flatten_the_bars() -> None:
    bars = walk(80)
    bare = lay_out(bars, ChartView(100, 30)).scale
    near = Overlay("near", np.full(80, bare.hi + (bare.hi - bare.lo) * 0.1))
    far = Overlay("far", np.full(80, bare.hi * 10))
    assert lay_out(bars, ChartView(100, 30, overlays=(near,))).scale.hi == near.values[0]
    limit = bare.hi + (bare.hi - bare.lo) * 0.3
    assert lay_out(bars, ChartView(100, 30, overlays=(far,))).scale.hi == pytest.approx(limit)


def test_what_is_compared_is_wholly_in_sight_in_percent_of_its_first_bar() -> None:
    bars = walk(80)
    other = Compared("X", np.linspace(10.0, 30.0, 80))
    scale = lay_out(bars, ChartView(100, 30, compared=(other,))).scale
    assert scale.kind == "percent"
    assert scale.base == bars.close[0]
    assert scale.hi == pytest.approx(3 * bars.close[0])


def test_zero_lies_on_a_rows_edge_under_a_histogram() -> None:
    values = np.linspace(-1.3, 4.1, 80)
    own = SubPane("MACD", (Overlay("hist", values, stroke=Stroke.histogram),), 0.5)
    scale = lay_out(walk(80), ChartView(100, 40, panes=(own,))).places[-1].scale
    assert float(scale.place(0.0)) == pytest.approx(round(float(scale.place(0.0))))
    assert scale.lo <= -1.3
    assert scale.hi >= 4.1


def test_the_axis_is_wide_enough_for_every_pane() -> None:
    bars = walk(80)
    huge = SubPane("OBV", (Overlay("OBV", np.linspace(10_000.0, 10_001.0, 80)),))
    bare = lay_out(bars, ChartView(100, 30))
    wide = lay_out(bars, ChartView(100, 30, panes=(huge,)))
    assert wide.axis_width > bare.axis_width
    assert lay_out(bars, replace(ChartView(100, 30), axis_width=20)).axis_width == 20


def test_a_pane_that_finds_no_room_has_no_place() -> None:
    layout = lay_out(walk(80), ChartView(100, 12, panes=(pane(80), pane(80, focused=True))))
    assert [place.index for place in layout.places if place.name == "pane"] == [1]
