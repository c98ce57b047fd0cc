"""Zoom, pan and crosshair over a growing series."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tio.screens.widgets.chart_window import ZOOMS, ChartWindow


def test_it_follows_the_newest_bar() -> None:
    window = ChartWindow()
    assert window.span(80, 200) == (120, 200)
    window.grew(1)
    assert window.span(80, 201) == (121, 201)


def test_a_window_on_the_past_stays_where_it_is_when_bars_begin() -> None:
    window = ChartWindow()
    window.pan(-50)
    before = window.span(80, 200)
    window.grew(3)
    assert window.span(80, 203) == before


def test_the_crosshair_stays_on_its_bar_when_history_is_put_before() -> None:
    window, times = ChartWindow(), np.arange(100, 200)
    window.point(times, 60, 80)
    assert window.bar(times) == 60
    assert window.bar(np.arange(0, 200)) == 160


def test_moving_the_crosshair_beyond_the_edge_pans() -> None:
    window, times = ChartWindow(), np.arange(200)
    for _ in range(100):
        window.move(times, -1, 80)
    start, end = window.span(80, 200)
    bar = window.bar(times)
    assert bar is not None
    assert start <= bar < end < 200


@given(
    st.lists(st.sampled_from(["in", "out", "left", "right", "grow"]), max_size=60),
    st.integers(2, 300),
    st.integers(0, 900),
)
def test_the_span_always_lies_within_the_bars(moves: list[str], width: int, bars: int) -> None:
    window = ChartWindow()
    for move in moves:
        match move:
            case "in" | "out":
                window.zoom_by(-1 if move == "in" else 1)
            case "left" | "right":
                window.pan(-40 if move == "left" else 40)
            case _:
                window.grew(1)
                bars += 1
        start, end = window.span(width, bars)
        assert 0 <= start <= end <= bars
        assert end - start == min(window.count(width), bars)
    assert 0 <= window.zoom < len(ZOOMS)


def test_a_million_bars_can_be_seen_at_once() -> None:
    window = ChartWindow()
    assert window.zoom_by(100)
    assert window.span(150, 1_000_000) == (0, 1_000_000)
