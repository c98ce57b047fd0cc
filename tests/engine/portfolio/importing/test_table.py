"""Tables in texts: delimiters, what stands around them, and lines that are broken."""

import pytest

from tio.api.errors import Invalid
from tio.engine.portfolio.importing.numbers import Style
from tio.engine.portfolio.importing.table import Line, has_header, logical_lines, table


def only(text: str) -> Line:
    (line,) = table(text, "Date", "Amount")
    return line


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_found(mark: str, end: str) -> None:
    line = only(f"\ufeffDate{mark} amount {mark}Note{end}2024-01-31{mark}5.5{mark}a b{end}")
    assert (line.number, line.first("DATE"), line.first("Note")) == (2, "2024-01-31", "a b")
    assert str(line.decimal("Amount")) == "5.5"


def test_what_stands_before_and_after_is_left_out_and_lines_are_counted_as_in_the_file() -> None:
    text = (
        '"Transactions for account XX-123"\n\n\nDate,Amount,Note\n2024-01-31,1,"two\nlines"\n\n'
        '2024-01-31,2,\n\n"The data here, so the broker, is for you alone."\n'
        "Date downloaded 01/02/2024 10:20 am\n"
    )
    lines = table(text, "Date", "Amount")
    assert [(line.number, line.first("Amount"), line.fault) for line in lines] == [
        (5, "1", ""),
        (8, "2", ""),
    ]
    assert lines[0].first("Note") == "two\nlines"


def test_lines_of_too_few_or_too_many_cells_are_at_fault_and_trailing_blanks_are_not() -> None:
    text = "Date,Amount,Note\n2024-01-31,1\n2024-01-31,1,a,b\n2024-01-31,1,a,,\n2024"
    assert [line.fault for line in table(text, "Date", "Amount")] == [
        "it has 2 cells, and the header 3",
        "it has 4 cells, and the header 3",
        "",
        "it has 1 cells, and the header 3",
    ]


def test_a_quote_that_never_closes_spoils_its_own_line_alone() -> None:
    text = 'Date,Amount\n2024-01-31,"1\n' + "2024-01-31,2\n" * 50
    lines = table(text, "Date", "Amount")
    assert len(lines) == 51
    assert [line.number for line in lines if line.fault] == [2]


def test_another_delimiter_hints_at_decimals_with_a_comma() -> None:
    assert only("Date;Amount\n2024-01-31;12,5").style is Style.comma
    assert only("Date;Amount\n2024-01-31;12.5").style is Style.point
    assert only('Date,Amount\n2024-01-31,"1,234"').decimal("Amount") == 1234


def test_no_header_is_told_with_what_was_looked_for() -> None:
    with pytest.raises(Invalid, match="no header with Date, Amount was found"):
        table("Day,Sum\n1,2\n", "Date", "Amount")
    assert not has_header("x\n" * 100 + "Date,Amount\n", "Date", "Amount")
    assert has_header("Date,Amo", "Date", "Amo")


def test_a_cell_of_two_megabytes_is_at_fault_and_no_crash() -> None:
    (line,) = logical_lines("a," + "x" * 2_000_000)
    assert line.fault == "its cells cannot be told apart"
