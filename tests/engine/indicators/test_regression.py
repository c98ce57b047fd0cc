"""Our indicators beside TA-Lib's own regression table: where values begin, and sampled ones."""

from indicator_regression import APART, rows


def test_values_begin_and_are_as_in_the_regression_table_of_talib() -> None:
    found = rows()

    for row in found:
        assert row.begin == row.told_begin, row
        assert abs(row.value - row.told) <= APART, row
    assert len(found) >= 116
