"""Printed charts have the size asked for and no colour where none is wanted."""

import subprocess
import sys
from typing import Literal

import numpy as np
import pytest

from tio.draw.columns import Columns
from tio.draw.plot import plot_bars


def bars(count: int) -> Columns:
    close = 100 + np.sin(np.arange(count) / 5) * 10
    open_ = np.concatenate((close[:1], close[:-1]))
    time = np.arange(count, dtype=np.int64) * 86_400_000_000
    return Columns(time, open_, np.maximum(open_, close), np.minimum(open_, close), close, close)


@pytest.mark.parametrize("kind", ["candles", "line"])
def test_the_size_is_the_one_asked_for(
    kind: Literal["candles", "line"], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("LINES", "10")
    text = plot_bars(bars(80), width=100, height=20, title="SPY", kind=kind, colour=False)
    lines = text.splitlines()
    assert len(lines) == 20
    assert {len(line) for line in lines} == {100}
    assert "SPY" in lines[0]
    assert "100.00" in text
    assert "Feb" in lines[-1]


def test_without_colour_there_is_no_escape() -> None:
    assert "\x1b" not in plot_bars(bars(30), width=60, height=12, colour=False)
    assert "\x1b" in plot_bars(bars(30), width=60, height=12)


def test_the_terminals_ground_is_left_alone() -> None:
    assert "\x1b[48" not in plot_bars(bars(30), width=60, height=12)


def test_more_bars_than_columns_are_grouped() -> None:
    text = plot_bars(bars(5000), width=60, height=12, colour=False)
    assert {len(line) for line in text.splitlines()} == {60}


def test_no_bars_say_so() -> None:
    assert plot_bars(bars(0), width=60, height=12) == "no bars to draw"
    hole = bars(1)
    hole.close[0] = np.nan
    assert plot_bars(hole, width=60, height=12) == "no bars to draw"


def test_plotext_is_imported_on_first_use_only() -> None:
    code = "import sys, tio.draw.plot, tio.draw.chart; sys.exit('plotext' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
