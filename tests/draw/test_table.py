"""Figures read alike in every table."""

from math import inf, nan

import pytest

from tio.draw import table


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (64210.5, 2, "64,210.50"),
        (1.0841, 4, "1.0841"),
        (-3.5, 1, "−3.5"),
        (None, 2, "·"),
        (nan, 2, "·"),
        (inf, 2, "·"),
    ],
)
def test_price(value: float | None, decimals: int, text: str) -> None:
    assert table.price(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.239, "+1.24%"), (-0.42, "−0.42%"), (0.0, "0.00%"), (-0.001, "0.00%"), (None, "·")],
)
def test_percent_carries_a_sign_only_when_it_shows(value: float | None, text: str) -> None:
    assert table.signed_percent(value) == text


@pytest.mark.parametrize(("change", "text"), [(2.0, "▲"), (-0.1, "▼"), (0.0, "·"), (nan, "·")])
def test_arrow(change: float, text: str) -> None:
    assert table.arrow(change) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (412, "412"),
        (0.045, "0.045"),
        (999.6, "1.0k"),
        (9400, "9.4k"),
        (1_234_567, "1.2M"),
        (999_700, "1.0M"),
        (31e9, "31B"),
        (4e15, "4000T"),
        (-9400, "−9.4k"),
        (nan, "·"),
    ],
)
def test_volume_is_short(value: float, text: str) -> None:
    assert table.volume(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "·"),
        (1.99, "·"),
        (42.9, "42s"),
        (360, "6m"),
        (3 * 3600, "3h"),
        (2.5 * 86400, "2d"),
        (None, ""),
    ],
)
def test_age(seconds: float | None, text: str) -> None:
    assert table.age(seconds) == text


def test_widths_count_cells_not_characters() -> None:
    assert table.cell_width("AAPL") == 4
    assert table.cell_width("日経") == 4
    assert table.cell_width("e\u0301") == 1


def test_fit_fills_or_cuts_to_the_cell() -> None:
    assert table.fit("ab", 4) == "ab  "
    assert table.fit("ab", 4, right=True) == "  ab"
    assert table.fit("abcdef", 4) == "abc…"
    assert table.fit("日経平均", 4) == "日… "
    assert table.fit("abc", 0) == ""
