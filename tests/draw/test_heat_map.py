"""A heat map's tiles are as large as they weigh, and are read without colour."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tio.draw.canvas import Pen
from tio.draw.heat_map import Tile, heat_map, tile_areas

EQUAL = [Tile(f"SYM{n}", n - 6.0) for n in range(12)]


def test_equal_weights_make_a_grid_in_the_given_order() -> None:
    areas = [area for _, area in tile_areas(EQUAL, 80, 20)]
    assert len(areas) == 12
    assert len({(area.width, area.height) for area in areas}) == 1
    assert [(area.y, area.x) for area in areas] == sorted((area.y, area.x) for area in areas)


def test_every_tile_says_its_name_and_change_with_sign_and_arrow() -> None:
    text = "\n".join(heat_map(EQUAL, 80, 20).text())
    for tile in EQUAL:
        assert tile.name in text
    assert "▲+3.00%" in text
    assert "▼−5.00%" in text
    assert "·0.00%" in text


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.floats(0.5, 100), min_size=2, max_size=14), st.integers(20, 160), st.integers(6, 50)
)
def test_a_treemap_covers_every_cell_once(weights: list[float], width: int, height: int) -> None:
    tiles = [Tile("A", 1.0, weight) for weight in weights]
    if len(set(weights)) == 1:
        return
    places = tile_areas(tiles, width, height)
    cells = [
        (x, y)
        for _, area in places
        for x in range(area.x, area.x + area.width)
        for y in range(area.y, area.y + area.height)
    ]
    assert len(cells) == len(set(cells)) == (width * height if places else 0)


def test_a_tile_of_twice_the_weight_has_twice_the_cells() -> None:
    tiles = [Tile("A", 0.0, 4.0), Tile("B", 0.0, 2.0), Tile("C", 0.0, 2.0)]
    sizes = [area.width * area.height for _, area in tile_areas(tiles, 80, 20)]
    assert sizes == [800, 400, 400]


@pytest.mark.parametrize(
    ("change", "pen"),
    [
        (0.4, Pen.fade_rise),
        (1.6, Pen.rise_dim),
        (9.0, Pen.rise),
        (-0.4, Pen.fade_fall),
        (-2.0, Pen.fall_dim),
        (-2.1, Pen.fall),
        (0.0, Pen.quiet),
        (math.nan, Pen.quiet),
    ],
)
def test_a_stronger_change_has_a_stronger_shade(change: float, pen: Pen) -> None:
    canvas = heat_map([Tile("A", change)], 20, 5)
    shown = canvas.ink if pen in (Pen.rise, Pen.fall) else canvas.ground
    assert shown[0, 0] == pen


def test_what_finds_no_room_is_counted() -> None:
    tiles = [Tile(f"S{n}", 1.0, 1.0 + n) for n in range(300)]
    line = heat_map(tiles, 60, 12).text()[-1]
    shown = len(tile_areas(tiles, 60, 10))
    assert f"+{300 - shown}" in line


def test_without_symbols_it_says_so() -> None:
    assert any("no symbols" in line for line in heat_map([], 40, 10).text())


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.builds(Tile, st.text(max_size=12), st.floats(), st.floats()),
        max_size=30,
    ),
    st.integers(0, 90),
    st.integers(0, 30),
)
def test_nothing_raises_at_any_size(tiles: list[Tile], width: int, height: int) -> None:
    assert len(heat_map(tiles, width, height).text()) == height
