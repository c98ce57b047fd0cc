"""Tables show the columns that fit, the needed ones always, those of one rank together."""

from hypothesis import given
from hypothesis import strategies as st

from tio.draw.table import cell_width
from tio.screens.widgets.columned import Column, columned

COLUMNS = (
    Column("NAME", right=False),
    Column("NOTE", 3, right=False, gives=True),
    Column("A", 1),
    Column("B", 2),
    Column("C", 2),
)


def _row(*texts: str) -> list[tuple[str, str]]:
    return [(text, "text") for text in texts]


def _text(line: object) -> str:
    return "".join(text for text, _ in line).rstrip()  # type: ignore[attr-defined]


ROWS = [_row("AAPL", "bought at the open", "1.50", "22", "3"), _row("SPY", "", "100", "", "4")]


def test_with_room_every_column_stands_as_wide_as_it_is() -> None:
    header, lines = columned(COLUMNS, ROWS, 60)
    assert _text(header) == "NAME NOTE                  A  B C"
    assert [_text(line) for line in lines] == [
        "AAPL bought at the open 1.50 22 3",
        "SPY                      100    4",
    ]


def test_a_column_that_gives_is_cut_and_says_so() -> None:
    assert _text(columned(COLUMNS, ROWS, 26)[1][0]) == "AAPL bought at … 1.50 22 3"


def test_columns_of_one_rank_come_together_or_not_at_all() -> None:
    assert _text(columned(COLUMNS, ROWS, 14)[0]) == "NAME    A  B C"
    assert _text(columned(COLUMNS, ROWS, 13)[0]) == "NAME    A"


def test_a_column_in_which_nothing_stands_is_left_out() -> None:
    rows = [_row("AAPL", "", "", "22", "3")]
    assert _text(columned(COLUMNS, rows, 60)[0]) == "NAME  B C"


def test_those_needed_are_there_without_room() -> None:
    assert _text(columned(COLUMNS, ROWS, 2)[0]) == "NAME"


@given(st.lists(st.tuples(*[st.text("ab漢", max_size=9)] * 5), max_size=5), st.integers(10, 60))
def test_no_line_is_wider_than_told(texts: list[tuple[str, ...]], width: int) -> None:
    rows = [_row("x", *row[1:]) for row in texts]
    header, lines = columned(COLUMNS, rows, width)
    assert all(cell_width(_text(line)) <= width for line in (header, *lines))
