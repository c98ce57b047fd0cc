"""Bars in files: an archive grows by what is put into it, and tells why it cannot."""

from pathlib import Path

import pytest

from tio.api.errors import Conflict, Invalid
from tio.api.market import Adjustment, Timeframe
from tio.engine.store import lake
from tio.engine.store.bar_tables import SeriesKey, Terms
from tio.engine.store.columns import Columns

DAY = 86_400_000_000
NEW_YEAR = 20_089 * DAY
"""1 January 2025."""
KEY = SeriesKey("AAPL", Timeframe.d1, "csv")


def days(first: int, count: int, close: float = 100.0) -> Columns:
    return Columns.of_rows(
        (NEW_YEAR + number * DAY, close, close, close, close, 1.0)
        for number in range(first, first + count)
    )


def held(folder: Path) -> Columns:
    return Columns.joined([bars for _, _, bars in lake.read(folder, frozenset())])


def test_an_archive_keeps_what_it_held_of_the_same_year(tmp_path: Path) -> None:
    lake.write(tmp_path, KEY, Terms(), days(0, 10), adding=True)
    lake.write(tmp_path, KEY, Terms(), days(8, 5, 200.0), adding=True)
    bars = held(tmp_path)
    assert bars.time.tolist() == [NEW_YEAR + number * DAY for number in range(13)]
    assert bars.close.tolist() == [100.0] * 8 + [200.0] * 5


def test_an_archive_takes_no_bars_of_another_basis(tmp_path: Path) -> None:
    lake.write(tmp_path, KEY, Terms(), days(0, 10), adding=True)
    split = Terms(adjusted=Adjustment.splits)
    with pytest.raises(Invalid, match="adjusted as raw"):
        lake.write(tmp_path, KEY, split, days(10, 5), adding=True)
    assert len(held(tmp_path)) == 10


def test_a_folder_that_cannot_be_written_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Conflict, match="cannot be written below"):
        lake.write(tmp_path / "file", KEY, Terms(), days(0, 10))


@pytest.mark.parametrize("odd", ["A\x1b[2J", "A\u202eB", "X" * 65])
def test_a_name_a_terminal_must_not_be_sent_is_refused(tmp_path: Path, odd: str) -> None:
    lake.write(tmp_path / "one", SeriesKey(odd, Timeframe.d1, "csv"), Terms(), days(0, 3))
    lake.write(tmp_path / "other", SeriesKey("AAPL", Timeframe.d1, odd), Terms(), days(0, 3))
    for folder, what in (("one", "symbol"), ("other", "source")):
        with pytest.raises(Invalid, match=f"is no name of a {what}"):
            list(lake.read(tmp_path / folder, frozenset()))
