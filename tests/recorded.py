"""Recorded market data for tests: the one place that knows where it lies."""

import gzip
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("TIO_TEST_DATA") or PROJECT.parent / "shared" / "data").resolve()


def path(name: str) -> Path:
    """The file or folder `name` below the recorded data; skips the test, saying so, when absent."""
    found = DATA / name
    if not found.exists():
        pytest.skip(f"recorded data is absent: {name} (point TIO_TEST_DATA at the data folder)")
    return found


def read_text(name: str) -> str:
    """The whole text of a recorded file, gunzipped when it ends in .gz."""
    return "".join(_text(path(name)))


def lines(name: str) -> Iterator[str]:
    """The lines of a recorded file without their line ends, gunzipped when it ends in .gz."""
    return (line.rstrip("\r\n") for line in _text(path(name)))


def _text(file: Path) -> Iterator[str]:
    opener = gzip.open if file.suffix == ".gz" else open
    with opener(file, "rt", encoding="utf-8") as text:
        yield from text
