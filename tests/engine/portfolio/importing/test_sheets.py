import pytest

from tio.api.errors import Invalid
from tio.engine.portfolio.importing.sheets import sheet

TABLE = 'Date,"Action",Amount\n2024-01-02,"Buy, then",5\n2024-01-03,Sell,7'


def test_a_whole_table_is_read_with_and_without_its_last_line_end() -> None:
    for end in ("", "\n", "\r\n"):
        lines = sheet(TABLE + end, "date", "amount")
        assert [(each.line, each["Amount"]) for each in lines] == [(2, "5"), (3, "7")]


@pytest.mark.parametrize("cut", [2, 4, 9, 14])
def test_a_table_cut_off_in_its_last_line_is_refused(cut: int) -> None:
    with pytest.raises(Invalid, match="line 3 ends in the middle: the file is cut off"):
        sheet(TABLE[:-cut], "date", "amount")


def test_a_cut_within_quotes_is_refused() -> None:
    with pytest.raises(Invalid, match="line 2 ends in the middle"):
        sheet(TABLE[: TABLE.index(", then")], "date", "amount")


def test_lines_that_were_short_all_along_end_with_a_line_end() -> None:
    assert [each["Amount"] for each in sheet("Date,Amount\n2024-01-02,5\nTotal\n", "Date")] == [
        "5",
        "",
    ]
