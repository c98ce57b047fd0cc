"""`tio indicators` and `tio chart -i` before a real engine: in this process, and one that runs."""

import json
import math
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from shell_scene import Said

from tio import daemon
from tio.commands.running import run
from tio.paths import Paths

Tio = Callable[..., Said]
CLOSES = [100 + 10 * math.sin(number / 5) for number in range(60)]
SPECS = ("rsi:9", "macd:5,8,3", "ema:4")


@pytest.fixture
def tio(capfd: pytest.CaptureFixture[str]) -> Tio:
    def call(*words: str) -> Said:
        code = run(words)
        return Said(code, *capfd.readouterr())

    return call


@pytest.fixture
def stored(tio: Tio, tmp_path: Path) -> Path:
    """Sixty days of a share, stored in the workspace main, and their file."""
    file = tmp_path / "acme.csv"
    first = date(2024, 1, 1)
    rows = [
        f"{first + timedelta(days=day)},{close},{close + 1},{close - 1},{close},10"
        for day, close in enumerate(CLOSES)
    ]
    file.write_text("\n".join(["time,open,high,low,close,volume", *rows, ""]))
    tio("import", "bars", str(file), "--symbol", "ACME", "--timeframe", "1d")
    return file


@pytest.fixture
def running(stored: Path) -> Iterator[int]:
    place = Paths.find().workspace("main")
    yield daemon.start(place).pid
    daemon.stop(place)


def test_the_catalogue_can_be_searched_and_told(tio: Tio) -> None:
    found = json.loads(tio("indicators", "list", "--group", "momentum", "--json").out)
    assert {"rsi", "macd"} <= {each["name"] for each in found}
    assert {each["group"] for each in found} == {"momentum"}
    told = tio("indicators", "show", "macd")
    assert told.code == 0
    assert "macd:12,26,9" in told.out


def test_bars_of_a_file_and_of_the_store_give_the_same(tio: Tio, stored: Path) -> None:
    of_store = json.loads(tio("indicators", "compute", "ACME", *SPECS, "--json").out)
    of_file = json.loads(tio("indicators", "compute", *SPECS, "--bars", str(stored), "--json").out)
    assert [each["name"] for each in of_store] == ["rsi", "macd", "ema"]
    for ours, theirs in zip(of_store, of_file, strict=True):
        for name, values in ours["outputs"].items():
            assert values == pytest.approx(theirs["outputs"][name][-len(values) :], nan_ok=True)


def test_what_came_before_the_range_warms_it_up(tio: Tio, stored: Path) -> None:
    (ema,) = json.loads(
        tio("indicators", "compute", "ACME", "ema:20", "--limit", "3", "--json").out
    )
    assert len(ema["outputs"]["ema"]) == 3
    assert None not in ema["outputs"]["ema"]


def test_a_chart_shows_them(tio: Tio, stored: Path) -> None:
    said = tio("chart", "ACME", "-i", "ema:4,rsi:9", "--width", "80", "--height", "30")
    assert said.code == 0, said.err
    assert "EMA 4" in said.out
    assert "RSI 9" in said.out


def test_a_parameter_out_of_range_is_told(tio: Tio, stored: Path) -> None:
    said = tio("indicators", "compute", "ACME", "rsi:0")
    assert said.code == 2
    assert "length" in said.err


def test_an_engine_that_runs_answers_the_same(tio: Tio, running: int) -> None:
    assert running
    said = tio("indicators", "compute", "ACME", *SPECS, "--csv")
    assert said.code == 0, said.err
    assert said.out.splitlines()[0].startswith("time,RSI 9")
    assert tio("indicators", "show", "rsx").code == 3
    chart = tio("chart", "ACME", "-i", "rsi:9", "--style", "blocks", "--width", "80")
    assert "RSI 9" in chart.out
