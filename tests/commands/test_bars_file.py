"""Bars from a file: JSON and CSV as `tio bars` prints them."""

import io
import sys
from pathlib import Path

import pytest

from tio.api.codec import encode
from tio.api.errors import Invalid, NotFound
from tio.api.market import Bars, Timeframe
from tio.api.series import Series, Times
from tio.commands.bars_file import read_bars

DAY = 86_400_000_000


def _file(folder: Path, text: str) -> Path:
    file = folder / "bars"
    file.write_text(text)
    return file


def test_json_says_its_own_timeframe(tmp_path: Path) -> None:
    one = Series([1.0])
    bars = Bars(
        symbol="A",
        timeframe=Timeframe.h1,
        time=Times([DAY]),
        open=one,
        high=one,
        low=one,
        close=one,
    )
    file = tmp_path / "bars.json"
    file.write_bytes(b"\n " + encode(bars))
    assert read_bars(file, Timeframe.d1) == bars


def test_csv_is_read_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class Piped:
        buffer = io.BytesIO(b"\xef\xbb\xbftime,open,high,low,close\n2024-03-04T10:00Z,1,2,1,2\n")

    monkeypatch.setattr(sys, "stdin", Piped)
    bars = read_bars(Path("-"), Timeframe.h1)
    assert bars.time.listed() == ["2024-03-04T10:00:00Z"]
    assert list(bars.high) == [2.0]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no column time"),
        ("time,open,high,low\n", "no column close"),
        ("time,open,high,low,close\n2024-03-04,1,2,1,x\n", "line 2"),
        ("time,open,high,low,close\n2024-03-04,1,2,1,inf\n", "line 2: close 'inf' is no number"),
        ("time,open,high,low,close\nnow,1,2,1,2\n", "line 2"),
        (
            "time,open,high,low,close\n2024-03-05,1,2,1,2\n2024-03-04,1,2,1,2\n",
            "not oldest first",
        ),
        ('{"close": [1]}', "holds no bars"),
        ("\0\0,\n", "no"),
    ],
)
def test_what_holds_no_bars_is_told_with_its_line(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        read_bars(_file(tmp_path, text), Timeframe.d1)


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="cannot be read"):
        read_bars(tmp_path / "none", Timeframe.d1)
