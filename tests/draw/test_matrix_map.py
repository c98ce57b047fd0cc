"""A matrix of correlations is read without colour and says what found no room."""

import pytest

from tio.draw.canvas import Pen
from tio.draw.matrix_map import figure, matrix_map

NAMES = ("AAPL", "BTC-USD", "A-VERY-LONG-SYMBOL")
VALUES = ((1.0, 0.834, -0.2), (0.834, 1.0, None), (-0.2, None, 1.0))


def test_every_pair_has_its_figure_with_a_sign() -> None:
    rows = matrix_map(NAMES, VALUES, 80).text()
    assert rows[0].split() == ["1", "2", "3"]
    assert rows[1].split() == ["1", "AAPL", "1", "+0.83", "−0.20"]
    assert rows[2].split() == ["2", "BTC-USD", "+0.83", "1", "·"]
    assert rows[3].split() == ["3", "A-VERY-LONG-S…", "−0.20", "·", "1"]
    assert rows[5].split() == ["−1.00", "−0.67", "−0.33", "0.00", "+0.33", "+0.67", "+1.00"]


def test_rise_and_fall_have_their_colours_by_strength() -> None:
    canvas = matrix_map(NAMES, VALUES, 80)
    strong, weak = canvas.text()[1].index("+0.83"), canvas.text()[1].index("−0.20")
    assert canvas.ink[1, strong] == Pen.rise
    assert canvas.ground[1, weak] == Pen.fade_fall


def test_little_room_takes_two_digits_and_less_leaves_columns_out() -> None:
    many = tuple(f"S{n}" for n in range(20))
    values = tuple(tuple(0.5 for _ in many) for _ in many)
    tight = matrix_map(many, values, 90).text()
    assert tight[1].split() == ["1", "S0", "1", *(["+50"] * 19)]
    cut = matrix_map(many, values, 40).text()
    assert all(len(row) <= 40 for row in cut)
    assert cut[0].split()[-1] == "…+13"
    assert cut[1].split() == ["1", "S0", "1", *(["+50"] * 6)]


@pytest.mark.parametrize("width", [0, 1, 5, 12])
def test_no_room_at_all_breaks_nothing(width: int) -> None:
    assert len(matrix_map(NAMES, VALUES, width).text()) == 6


def test_no_symbols_are_told() -> None:
    assert matrix_map((), (), 40).text()[0].strip() == "no symbols"


@pytest.mark.parametrize(
    ("value", "long", "short"),
    [
        (0.834, "+0.83", "+83"),
        (-1.0, "−1.00", "−1."),
        (0.001, "0.00", "0"),
        (-0.004, "0.00", "0"),
        (None, "·", "·"),
        (float("nan"), "·", "·"),
    ],
)
def test_figures_are_rounded_and_zero_has_no_sign(
    value: float | None, long: str, short: str
) -> None:
    assert figure(value) == long
    assert figure(value, short=True) == short


def test_columns_begin_where_they_are_asked_to() -> None:
    many = tuple(f"S{n}" for n in range(20))
    values = tuple(tuple((i * 20 + j) / 400 for j in range(20)) for i in range(20))
    cut = matrix_map(many, values, 40, first=14).text()
    assert cut[0].split() == ["15", "16", "17", "18", "19", "20", "…+13"]
    assert cut[1].split() == ["1", "S0", "+4", "+4", "+4", "+4", "+4", "+5"]


def test_the_cross_marks_its_row_its_column_and_its_cell() -> None:
    canvas = matrix_map(NAMES, VALUES, 80, cross=(0, 1))
    text = canvas.text()
    assert canvas.ink[1, text[1].index("AAPL")] == Pen.accent
    assert canvas.ink[0, text[0].index("2")] == Pen.accent
    assert canvas.ink[1, text[1].index("+0.83")] == Pen.accent
    assert canvas.ink[2, text[2].index("BTC-USD")] != Pen.accent
    assert "+1.00" in matrix_map(NAMES, VALUES, 80, cross=(1, 1)).text()[2]
