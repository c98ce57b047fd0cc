"""Volume by price lies at the right, as long as it is heavy, without losing volume."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tio.api.market import Timeframe
from tio.draw.canvas import Pen
from tio.draw.chart import draw_chart, lay_out
from tio.draw.columns import Columns
from tio.draw.profile import row_volumes
from tio.draw.scale import Kind, Scale
from tio.draw.view import ChartView, ProfileBars

EDGES = np.linspace(90.0, 110.0, 11)
VOLUME = np.array([1.0, 2.0, 3.0, 8.0, 20.0, 12.0, 6.0, 3.0, 0.0, 1.0])
PROFILE = ProfileBars(EDGES, VOLUME, 99.0, 96.0, 102.0)
VIEW = ChartView(80, 22, volume=False, legend=False, profile=PROFILE)


def bars() -> Columns:
    time = np.arange(60, dtype=np.int64) * Timeframe.d1.step
    close = np.linspace(91, 109, 60)
    return Columns(time, close, np.full(60, 110.0), np.full(60, 90.0), close, close)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0, 1e9), min_size=1, max_size=30),
    st.integers(1, 60),
    st.sampled_from(["linear", "log", "percent"]),
)
def test_rows_share_all_the_volume_in_sight(volume: list[float], rows: int, kind: Kind) -> None:
    edges = np.linspace(50.0, 150.0, len(volume) + 1)
    profile = ProfileBars(edges, np.array(volume), 100.0, 90.0, 110.0)
    found = row_volumes(profile, Scale(50.0, 150.0, rows, kind, 100.0))
    assert len(found) == rows
    assert found.sum() == pytest.approx(sum(volume), rel=1e-6, abs=1e-6)
    assert (found >= -1e-3).all()


def test_a_row_without_volume_has_none_and_a_missing_profile_draws_nothing() -> None:
    scale = Scale(90.0, 110.0, 10)
    assert row_volumes(PROFILE, scale).tolist() == pytest.approx(VOLUME[::-1].tolist())
    bare = replace(VIEW, profile=None)
    assert not (draw_chart(bars(), bare).ground == Pen.profile_value).any()


def test_the_heaviest_row_is_the_longest_and_a_quarter_of_the_plot() -> None:
    canvas, layout = draw_chart(bars(), VIEW), lay_out(bars(), VIEW)
    tinted = np.isin(canvas.ground, (Pen.profile_value, Pen.profile))[: layout.price_rows].sum(
        axis=1
    )
    row = layout.scale.row(99.0)
    assert row is not None
    assert tinted[row] == tinted.max() == layout.plot_width // 4
    empty = layout.scale.row(107.0)
    assert empty is not None
    assert tinted[empty] == 0


def test_the_value_area_is_tinted_apart() -> None:
    canvas, layout = draw_chart(bars(), VIEW), lay_out(bars(), VIEW)
    inside, outside = Pen.profile_value, Pen.profile
    last = canvas.ground[: layout.price_rows, layout.plot_width - 1]
    for price, tint in ((99.0, inside), (101.5, inside), (93.0, outside), (105.0, outside)):
        row = layout.scale.row(price)
        assert row is not None
        assert last[row] == tint


def test_names_and_the_price_of_the_point_of_control_are_told() -> None:
    canvas, layout = draw_chart(bars(), VIEW), lay_out(bars(), VIEW)
    lines = canvas.text()
    for name, price in (("POC", 99.0), ("VAH", 102.0), ("VAL", 96.0)):
        row = layout.scale.row(price)
        assert row is not None
        assert name in lines[row]
    row = layout.scale.row(99.0)
    assert row is not None
    assert lines[row][layout.plot_width :].strip() == "99.00"


def test_a_profile_of_nothing_or_nonsense_draws_nothing() -> None:
    for edges, volume in ((EDGES, VOLUME * 0), (EDGES[:3], VOLUME), (EDGES * np.nan, VOLUME)):
        profile = ProfileBars(edges, volume, np.nan, np.nan, np.nan)
        canvas = draw_chart(bars(), replace(VIEW, profile=profile))
        assert not (canvas.ground == Pen.profile_value).any()
