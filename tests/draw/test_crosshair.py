"""The crosshair goes through all panes; levels, marks and names stand where they belong."""

from dataclasses import replace

import numpy as np
import pytest

from tio.api.market import Timeframe
from tio.draw.canvas import Pen
from tio.draw.chart import draw_chart, lay_out
from tio.draw.columns import Columns
from tio.draw.view import ChartView, Level, Mark, Overlay, SubPane

COUNT = 60
PANE = SubPane("RSI", (Overlay("RSI", np.linspace(20, 80, COUNT)),), 0.4)
VIEW = ChartView(80, 34, panes=(PANE,))


def bars() -> Columns:
    close = np.linspace(100.0, 120.0, COUNT)
    time = np.arange(COUNT, dtype=np.int64) * Timeframe.d1.step
    return Columns(time, close, close + 1, close - 1, close, close)


def test_it_goes_down_through_every_pane_and_across_prices_alone() -> None:
    view = replace(VIEW, crosshair=30)
    layout, lines = lay_out(bars(), view), draw_chart(bars(), view).text()
    column = layout.column_of(30)
    assert column is not None
    for place in (layout.places[0], layout.places[-1]):
        rows = [lines[place.top + row][column] for row in range(place.rows)]
        assert "┆" in rows
    row = layout.scale.row(float(bars().close[30]))
    assert row is not None
    assert lines[layout.top + row].count("┄") > 40
    assert f"{bars().close[30]:.2f}" in lines[layout.top + row][layout.plot_width :]
    assert "31 Jan 1970" in lines[layout.times_row]


def test_the_cursor_of_a_drawing_has_its_own_price_and_may_lie_ahead() -> None:
    ahead = Overlay("ahead", bars().close, shift=12)
    view = replace(VIEW, cursor=(64, 104.5), crosshair=30, overlays=(ahead,))
    layout, lines = lay_out(bars(), view), draw_chart(bars(), view).text()
    row = layout.scale.row(104.5)
    assert row is not None
    line = lines[layout.top + row]
    assert line[int(layout.x_of(64))] == "┼"
    assert "104.50" in line[layout.plot_width :]
    assert "06 Mar 1970" in lines[layout.times_row]


def test_a_crosshair_out_of_sight_is_not_drawn() -> None:
    lines = draw_chart(bars(), replace(VIEW, start=30, crosshair=3)).text()
    assert not any("┆" in line for line in lines)


def test_a_level_begins_at_its_bar_and_has_its_name_and_price() -> None:
    view = replace(VIEW, levels=(Level(118.0, Pen.violet, "PDH", since=40),))
    layout, canvas = lay_out(bars(), view), draw_chart(bars(), view)
    row = layout.scale.row(118.0)
    assert row is not None
    line = canvas.text()[layout.top + row]
    start = layout.column_of(40)
    assert start is not None
    assert "┄" not in line[:start]
    assert line[start] == "┄"
    assert "PDH" in line
    assert line[layout.plot_width :].strip() == "118.00"


def test_levels_on_one_row_share_the_axis_with_the_row_beside() -> None:
    levels = (Level(110.0, label="A"), Level(110.01, label="B"))
    view = replace(VIEW, levels=levels)
    layout, lines = lay_out(bars(), view), draw_chart(bars(), view).text()
    told = "\n".join(line[layout.plot_width :] for line in lines)
    assert "110.00" in told
    assert "110.01" in told


@pytest.mark.parametrize("height", [34, 12])
def test_marks_without_a_price_stand_at_the_foot(height: int) -> None:
    view = replace(VIEW, height=height, marks=(Mark(20, None, "D"), Mark(59, None, "S 4:1")))
    layout, lines = lay_out(bars(), view), draw_chart(bars(), view).text()
    row = layout.top + layout.price_rows - (0 if layout.rows.foot else 1)
    assert lines[row][layout.column_of(20) or 0] == "D"
    assert "S 4:1" in lines[row][: layout.plot_width]


def test_the_live_price_wins_over_a_round_one_on_its_row() -> None:
    view = replace(VIEW, last=110.0, last_change=1.0, levels=(Level(110.0),))
    layout, lines = lay_out(bars(), view), draw_chart(bars(), view).text()
    row = layout.scale.row(110.0)
    assert row is not None
    assert lines[layout.top + row][layout.plot_width :].startswith("◀ 110.00")
