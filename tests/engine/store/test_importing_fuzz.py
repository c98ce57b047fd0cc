"""Whatever stands in a file: every line is a bar or told, and nothing but our errors comes out."""

import tempfile
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from tio.api.clean import clean
from tio.api.errors import TioError
from tio.api.market import Timeframe
from tio.engine.store.importing import read_bars

GOOD = st.builds(
    "2024-0{}-1{},{},{},{},{},{}".format,
    st.integers(1, 9),
    st.integers(0, 9),
    st.integers(2, 3),
    st.integers(2, 4),
    st.integers(0, 2),
    st.integers(1, 4),
    st.integers(-1, 9),
)
STEERING = ("\x1b[2J", "\x9b", "\u202e")
FIELD = st.sampled_from(
    ("", "1", "-1", "2024-01-02", "1704067200", "nan", "inf", "1,5", '"', "1e999", *STEERING)
)
BAD = st.lists(FIELD, max_size=8).map(",".join)
TEXT = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=40)


def lines_of(text: str) -> int:
    return sum(bool(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


@given(st.lists(st.one_of(GOOD, GOOD, BAD, TEXT), max_size=30))
@example(['2024-01-02,1,3,0.5,2,10,"', "2024-01-03,1,3,0.5,2,10"])
def test_every_line_is_a_bar_or_told(rows: list[str]) -> None:
    text = "\n".join(["Date,Open,High,Low,Close,Volume", *rows])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bars.csv"
        file.write_bytes(text.encode())
        try:
            reading = read_bars(file, "X", Timeframe.d1, "UTC")
        except TioError as refused:
            assert clean(refused.message) == refused.message
            return
    assert len(reading.columns) + len(reading.rejected) == lines_of("\n".join(rows))
    assert (reading.columns.low > 0).all()
    assert (reading.columns.high >= reading.columns.close).all()
    assert (reading.columns.time[1:] > reading.columns.time[:-1]).all()
    for row in reading.rejected:
        assert clean(row.text + row.reason) == row.text + row.reason


@given(st.binary(max_size=400), st.sampled_from([b"", b"\x1f\x8b\x08", b"PK\x03\x04", b"\xff\xfe"]))
def test_random_bytes_are_refused_with_our_errors(content: bytes, magic: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bars.csv"
        file.write_bytes(magic + b"date,open,high,low,close\n" + content)
        try:
            read_bars(file, "X", Timeframe.m1, "UTC")
        except TioError as refused:
            assert "\n" not in refused.message
