"""A chart has its parts in their places at every size."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tio.api.market import Timeframe
from tio.draw.canvas import REVERSE, Pen
from tio.draw.chart import draw_chart, lay_out
from tio.draw.columns import Columns
from tio.draw.scale import Kind
from tio.draw.view import ChartKind, ChartView, Level, Mark, Overlay

START = int(datetime(2020, 11, 2, tzinfo=UTC).timestamp() * 1e6)

GOLDEN = [
    "┈┈┈┈┈┈┈┈┈┈┈┈┈█◀ 20.00 ",
    "             █        ",
    "         ▆ ▆ █        ",
    "         █ ▆ ▆        ",
    "       ▅ ▅            ",
    "┈┈┈┈┈┈┈█┈┈┈┈┈┈  15.00 ",
    "     ▃ ▃              ",
    "     █                ",
    "   ▂ ▂                ",
    "   █                  ",
    "┈┈┈█┈┈┈┈┈┈┈┈┈┈  10.00 ",
    "   3 Nov   6          ",
]


def walk(count: int, timeframe: Timeframe = Timeframe.d1) -> Columns:
    """A wandering price, the same every time."""
    random = np.random.default_rng(7)
    close = 100 * np.exp(np.cumsum(random.normal(0, 0.01, count)))
    open_ = np.concatenate((close[:1], close[:-1]))
    high = np.maximum(open_, close) * 1.004
    volume = random.integers(1, 99, count).astype(np.float64) * 1000
    low = np.minimum(open_, close) * 0.996
    time = START + np.arange(count, dtype=np.int64) * timeframe.step
    return Columns(time, open_, high, low, close, volume)


def staircase() -> Columns:
    """Six candles without wicks, the fifth falling."""
    open_ = np.array([10.0, 12.0, 14.0, 16.0, 18.0, 17.0])
    close = np.array([12.0, 14.0, 16.0, 18.0, 17.0, 20.0])
    time = START + np.arange(6, dtype=np.int64) * Timeframe.d1.step
    high, low = np.maximum(open_, close), np.minimum(open_, close)
    return Columns(time, open_, high, low, close, np.arange(1, 7, dtype=np.float64))


def test_a_small_chart_exactly() -> None:
    bars = staircase()
    view = ChartView(22, 12, volume=False, legend=False, last=20.0, last_change=3.0)
    assert draw_chart(bars, view).text() == GOLDEN


def test_says_why_it_is_empty() -> None:
    view = ChartView(30, 7, empty="no bars yet\nasking coinbase")
    lines = draw_chart(walk(0), view).text()
    assert lines[2].strip() == "no bars yet"
    assert lines[3].strip() == "asking coinbase"


def test_the_last_price_is_marked_on_its_row() -> None:
    bars = walk(50)
    last = float(bars.close[-1])
    canvas = draw_chart(bars, ChartView(80, 20, last=last, last_change=-1.0))
    rows = [row for row, line in enumerate(canvas.text()) if "◀" in line]
    layout = lay_out(bars, ChartView(80, 20, last=last))
    row = layout.scale.row(last)
    assert row is not None
    assert rows == [layout.top + row]
    marker = canvas.text()[rows[0]].index("◀")
    assert canvas.ink[rows[0], marker] == Pen.marker_fall
    assert canvas.flags[rows[0], marker] & REVERSE
    assert f"{last:.2f}" in canvas.text()[rows[0]]


def test_a_last_price_outside_the_window_is_not_marked() -> None:
    canvas = draw_chart(walk(50), ChartView(80, 20, last=1e6))
    assert not any("◀" in line for line in canvas.text())


def test_the_scale_is_of_the_visible_bars() -> None:
    bars = walk(300)
    layout = lay_out(bars, ChartView(80, 20, start=100, end=150))
    assert layout.scale.hi == bars.high[100:150].max()
    assert layout.scale.lo == bars.low[100:150].min()


def test_the_newest_bar_stands_at_the_right_edge() -> None:
    for count in (3, 30, 40, 71, 500):
        layout = lay_out(walk(count), ChartView(80, 20))
        assert layout.columns[-1] + layout.body // 2 == layout.plot_width - 1
        assert layout.columns[0] - layout.body // 2 >= 0


def test_columns_and_bars_find_each_other() -> None:
    layout = lay_out(walk(500), ChartView(80, 20, start=20, end=480))
    assert layout.columns[0] <= 1
    for column in (int(layout.columns[0]), 33, layout.plot_width - 1):
        bar = layout.bar_at(column)
        assert bar is not None
        assert layout.column_of(bar) == column
    assert layout.column_of(19) is None
    assert lay_out(walk(0), ChartView(80, 20)).bar_at(3) is None


def test_the_crosshair_names_its_bar() -> None:
    bars = walk(60)
    canvas = draw_chart(
        bars,
        ChartView(80, 20, crosshair=30, overlays=(Overlay("EMA20", np.linspace(99, 101, 60)),)),
    )
    lines = canvas.text()
    assert f"C {bars.close[30]:.2f}" in lines[0]
    assert f"EMA20 {np.linspace(99, 101, 60)[30]:.2f}" in lines[0]
    assert "Wed 02 Dec 2020" in lines[-1]
    assert sum("┆" in line for line in lines) > 10


def test_volume_has_its_own_rows_and_can_be_off() -> None:
    on = draw_chart(walk(60), ChartView(80, 20)).text()
    off = draw_chart(walk(60), ChartView(80, 20, volume=False)).text()
    assert any(line.rstrip().endswith("vol") for line in on)
    assert not any("vol" in line for line in off)


def test_sessions_are_parted_by_a_faint_line() -> None:
    bars = walk(40, Timeframe.h1)
    time = bars.time.copy()
    time[20:] += 18 * 3_600_000_000
    bars = Columns(time, bars.open, bars.high, bars.low, bars.close, bars.volume)
    view = ChartView(60, 20, timeframe=Timeframe.h1)
    canvas = draw_chart(bars, view)
    column = lay_out(bars, view).columns[20]
    broken = [line[column] for line in canvas.text()]
    assert broken.count("┊") > 5


def test_overlays_leave_the_candles() -> None:
    bars = walk(60)
    view = ChartView(80, 20)
    bare = draw_chart(bars, view)
    line = Overlay("close", bars.close, Pen.blue)
    drawn = draw_chart(bars, replace(view, overlays=(line,)))
    body = bare.blocks() & (bare.ink != Pen.rise_dim) & (bare.ink != Pen.fall_dim)
    level = bare.glyph - 0x2580
    filled = np.where(bare.flags & REVERSE, 8 - level, level)
    covered = body & (drawn.ink == Pen.blue) & (filled >= 4)
    assert covered.any()
    assert np.isin(drawn.ground[covered], [Pen.rise_dim, Pen.fall_dim]).all()


def test_an_overlay_that_lags_its_bars_ends_early() -> None:
    bars = walk(60)
    view = ChartView(80, 20, overlays=(Overlay("x", bars.close[:40], Pen.violet),))
    drawn = draw_chart(bars, view)
    inked = np.flatnonzero((drawn.ink[1:15] == Pen.violet).any(axis=0))
    layout = lay_out(bars, view)
    assert layout.columns[0] <= inked[0]
    assert inked[-1] <= layout.columns[40]
    assert not np.isin(drawn.ink, Pen.violet)[1:, layout.columns[40] :].any()


def test_marks_and_levels_stand_at_their_prices() -> None:
    bars = walk(60)
    price = float(bars.high.max())
    view = ChartView(
        80, 20, marks=(Mark(10, price, "▼ sold"),), levels=(Level(float(bars.low.min())),)
    )
    lines = draw_chart(bars, view).text()
    assert "▼ sold" in lines[1]
    assert sum("┄┄┄" in line for line in lines) == 1


def test_a_narrow_chart_drops_its_axis_and_legend() -> None:
    lines = draw_chart(walk(60), ChartView(14, 6, decimals=5)).text()
    assert all(len(line) == 14 for line in lines)
    assert not any("." in line for line in lines)


@pytest.mark.parametrize("kind", list(ChartKind))
@pytest.mark.parametrize("scale", ["linear", "log", "percent"])
def test_every_kind_on_every_scale(kind: ChartKind, scale: Kind) -> None:
    for count in (1, 2, 40, 900):
        view = ChartView(60, 16, kind=kind, scale=scale)
        assert any(line.strip() for line in draw_chart(walk(count), view).text()[1:13])


ANY = st.floats(allow_nan=True, allow_infinity=True)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(ANY, ANY, ANY, ANY, ANY), max_size=40),
    st.integers(1, 70),
    st.integers(1, 24),
    st.sampled_from(list(ChartKind)),
    st.sampled_from(["linear", "log", "percent"]),
    st.integers(-2, 45),
    st.sampled_from([Timeframe.m5, Timeframe.d1, Timeframe.mo1]),
)
def test_nothing_raises_and_the_size_is_exact(
    rows: list[tuple[float, ...]],
    width: int,
    height: int,
    kind: ChartKind,
    scale: Kind,
    crosshair: int,
    timeframe: Timeframe,
) -> None:
    prices = np.array(rows, np.float64).reshape(-1, 5).T
    time = START + np.arange(len(rows), dtype=np.int64) * timeframe.step
    bars = Columns(time, *prices)
    view = ChartView(
        width,
        height,
        kind=kind,
        scale=scale,
        timeframe=timeframe,
        crosshair=crosshair,
        start=crosshair // 2,
        last=prices[3, -1] if len(rows) else None,
        overlays=(Overlay("x", prices[3]),),
    )
    canvas = draw_chart(bars, view)
    assert [len(line) for line in canvas.text()] == [width] * height
    assert len(canvas.rows()) == height
