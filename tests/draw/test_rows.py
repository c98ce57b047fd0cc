"""Rows are shared so that prices always have some and nothing overlaps."""

from hypothesis import given
from hypothesis import strategies as st

from tio.draw.rows import LEAST_PANE, LEAST_PRICES, share_rows


@given(
    st.integers(0, 90),
    st.integers(0, 2),
    st.booleans(),
    st.booleans(),
    st.lists(st.floats(0, 4), max_size=6),
)
def test_all_rows_are_given_out_and_no_more(
    height: int, legend: int, volume: bool, foot: bool, shares: list[float]
) -> None:
    rows = share_rows(height, legend=legend, volume=volume, foot=foot, shares=shares)
    given_out = rows.legend + rows.prices + rows.foot + rows.volume + sum(rows.panes) + rows.times
    assert given_out == height
    assert all(high == 0 or high >= LEAST_PANE for high in rows.panes)
    if any(rows.panes):
        assert rows.prices >= LEAST_PRICES


def test_a_share_is_a_height_against_the_prices() -> None:
    rows = share_rows(51, legend=1, shares=[0.25, 0.25])
    assert rows.panes == (8, 8)
    assert rows.prices == 33


def test_the_lowest_pane_goes_first_and_the_focused_one_last() -> None:
    assert share_rows(16, legend=1, shares=[0.3, 0.3, 0.3]).panes == (3, 3, 0)
    assert share_rows(16, legend=1, shares=[0.3, 0.3, 0.3], focused=2).panes[2] > 0


def test_volume_gives_way_to_panes_where_rows_are_few() -> None:
    assert share_rows(24, legend=1, volume=True, shares=[0.3]).volume > 0
    assert share_rows(12, legend=1, volume=True, shares=[0.3]).volume == 0
