"""What is exported can be read, and runs nothing."""

from pathlib import Path

import pytest

from tio.api.errors import Conflict, Invalid
from tio.screens.exporting import write_csv


def test_text_that_a_spreadsheet_would_run_is_quoted_and_numbers_stay(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    assert write_csv(file, [("symbol", "change"), ("=cmd()", -1.5)]) == 1
    assert file.read_text() == "symbol,change\n'=cmd(),-1.5\n"


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    file.write_text("mine")
    with pytest.raises(Conflict):
        write_csv(file, [("a",)])
    assert file.read_text() == "mine"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        write_csv(tmp_path / "none" / "out.csv", [("a",)])
