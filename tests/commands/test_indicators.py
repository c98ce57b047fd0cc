"""`tio indicators`: the catalogue told, one told about, figures over bars."""

import csv
import io
import json
from pathlib import Path

import pytest
from shell_scene import Tio, shell

from tio.api.indicators import (
    Computed,
    ComputeIndicators,
    IndicatorEntry,
    IndicatorParameter,
    IndicatorSpec,
    ListIndicators,
    Pane,
)
from tio.api.market import Hours, Timeframe
from tio.api.series import Series, Times

from fakes import FakeEngine

NAN = float("nan")
DAY = 86_400_000_000
DAYS = Times(range(20_000 * DAY, 20_003 * DAY, DAY))
RSI = IndicatorEntry(
    name="rsi",
    title="Relative strength index",
    group="momentum",
    parameters=(
        IndicatorParameter(name="length", kind="int", default=14, low=2, high=5000),
        IndicatorParameter(name="price", kind="text", default="close", choices=("close", "hl2")),
    ),
    outputs=("rsi",),
    warm_up=14,
    meaning="The share of rises in all movement.",
    source="Wilder (1978)",
    guides=(30.0, 70.0),
)
MACD = IndicatorEntry(
    name="macd",
    title="Moving average convergence/divergence",
    group="momentum",
    parameters=tuple(
        IndicatorParameter(name=name, kind="int", default=default, low=1, high=5000)
        for name, default in (("fast", 12), ("slow", 26), ("signal", 9))
    ),
    outputs=("macd", "signal"),
)
ICHIMOKU = IndicatorEntry(
    name="ichimoku",
    title="Ichimoku cloud",
    group="levels",
    outputs=("kijun", "lead_a"),
    pane=Pane.overlay,
    drawn={"lead_a": 26},
    repaints="the last leg moves",
    constant=False,
)
KST = IndicatorEntry(name="pta.kst", title="Know sure thing", group="momentum")


@pytest.fixture
def engine() -> FakeEngine:
    def listed(request: ListIndicators) -> tuple[IndicatorEntry, ...]:
        return (RSI, MACD, ICHIMOKU, *((KST,) if request.tail else ()))

    def computed(request: ComputeIndicators) -> tuple[Computed, ...]:
        return (
            Computed(
                name="rsi", label="RSI 14", time=DAYS, outputs={"rsi": Series([NAN, 61.25, 7.5])}
            ),
            Computed(
                name="macd",
                label="MACD 12,26,9",
                time=DAYS,
                outputs={"macd": Series([NAN, -1.5, 250.125]), "signal": Series([1, 0, -1])},
            ),
        )

    return FakeEngine({ListIndicators: listed, ComputeIndicators: computed})


@pytest.fixture
def tio(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, engine: FakeEngine
) -> Tio:
    call = shell(engine, capfd, monkeypatch)
    return lambda *words: call("indicators", *words)


def test_the_catalogue_stands_by_group_with_its_parameters(tio: Tio) -> None:
    said = tio("list")
    assert said.code == 0
    assert [line.split()[:2] for line in said.out.splitlines()] == [
        ["GROUP", "NAME"],
        ["levels", "ichimoku"],
        ["momentum", "macd"],
        ["rsi", "14"],
    ]
    assert " 12,26,9 " in said.out
    assert "3 indicators" in said.err


def test_what_is_looked_for_reaches_the_engine(tio: Tio, engine: FakeEngine) -> None:
    tio("list", "--group", "momentum", "--search", "strength", "--tail")
    assert engine.asked == [ListIndicators("strength", "momentum", True)]


def test_the_catalogue_as_csv_has_a_row_each(tio: Tio) -> None:
    rows = list(csv.DictReader(io.StringIO(tio("list", "--csv").out)))
    assert [row["name"] for row in rows] == ["rsi", "macd", "ichimoku"]
    assert rows[1]["outputs"] == "macd signal"
    assert rows[1]["parameters"] == "fast=12,slow=26,signal=9"


def test_one_is_told_with_all_that_decides_whether_to_use_it(tio: Tio) -> None:
    said = tio("show", "ichimoku")
    assert "lead_a (drawn 26 bars ahead)" in said.out
    assert "the last leg moves" in said.out
    assert "over the prices" in said.out
    rsi = tio("show", "rsi").out
    assert "14, 2 to 5000" in rsi
    assert "close, one of close hl2" in rsi
    assert "rsi:14" in rsi
    assert json.loads(tio("show", "rsi", "--json").out)["name"] == "rsi"


def test_figures_stand_in_a_row_a_bar(tio: Tio) -> None:
    said = tio("compute", "AAPL", "rsi", "macd")
    assert [line.split() for line in said.out.splitlines()[1:]] == [
        ["2024-10-04", "·", "·", "1"],
        ["2024-10-05", "61.2500", "−1.500", "0"],
        ["2024-10-06", "7.5000", "250.125", "−1"],
    ]
    assert "MACD 12,26,9 signal" in said.out


def test_figures_as_csv_are_whole_and_empty_where_there_is_none(tio: Tio) -> None:
    rows = list(csv.DictReader(io.StringIO(tio("compute", "AAPL", "rsi", "macd", "--csv").out)))
    assert rows[0]["RSI 14"] == ""
    assert rows[2] == {
        "time": "2024-10-06T00:00:00Z",
        "RSI 14": "7.5",
        "MACD 12,26,9 macd": "250.125",
        "MACD 12,26,9 signal": "-1.0",
    }


def test_json_is_the_engines_own_answer(tio: Tio) -> None:
    first, _ = json.loads(tio("compute", "AAPL", "rsi", "macd", "--json").out)
    assert first["outputs"] == {"rsi": [None, 61.25, 7.5]}


def test_options_and_specs_become_one_request(tio: Tio, engine: FakeEngine) -> None:
    said = tio(
        *("compute", "AAPL", "rsi:21@1d,macd:5,6", "--tf", "1h", "--limit", "7"),
        *("--hours", "regular", "--start", "2026-01-31"),
    )
    assert said.code == 0, said.err
    asked = engine.asked[-1]
    assert isinstance(asked, ComputeIndicators)
    assert asked.specs == (
        IndicatorSpec("rsi", {"length": 21}, Timeframe.d1),
        IndicatorSpec("macd", {"fast": 5, "slow": 6}),
    )
    assert (asked.symbol, asked.timeframe, asked.limit) == ("AAPL", Timeframe.h1, 7)
    assert asked.hours is Hours.regular
    assert asked.start is not None


def test_the_tail_is_loaded_only_for_one_of_its_own(tio: Tio, engine: FakeEngine) -> None:
    tio("compute", "AAPL", "rsi")
    assert engine.asked[0] == ListIndicators()
    engine.asked.clear()
    assert tio("compute", "AAPL", "rsi,pta.kst").code == 0
    assert engine.asked[0] == ListIndicators(tail=True)


def test_bars_of_a_file_go_in_place_of_a_symbol(
    tio: Tio, engine: FakeEngine, tmp_path: Path
) -> None:
    file = tmp_path / "bars.csv"
    file.write_text("Time,open,high,low,close\n2024-03-04,10,12,9,11\n2024-03-05,11,13,10,12\n")
    said = tio("compute", "rsi:2", "macd", "--bars", str(file), "--tf", "1w")
    assert said.code == 0, said.err
    asked = engine.asked[-1]
    assert isinstance(asked, ComputeIndicators)
    assert [spec.name for spec in asked.specs] == ["rsi", "macd"]
    assert asked.bars is not None
    assert asked.timeframe is asked.bars.timeframe is Timeframe.w1
    assert list(asked.bars.close) == [11.0, 12.0]
    assert all(volume != volume for volume in asked.bars.volume)


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("show", "rsx"), 3, "did you mean rsi?"),
        (("compute", "AAPL", "rsx"), 3, "there is no indicator 'rsx'"),
        (("compute", "AAPL"), 2, "which indicator?"),
        (("compute", "AAPL", "rsi:1,2,3"), 2, "it has 2 (length, price)"),
        (("compute", "AAPL", "rsi", "--hours", "lunch"), 2, "there are no hours 'lunch'"),
        (("compute", "AAPL", "rsi", "--tf", "7m"), 2, "there is no timeframe '7m'"),
        (("compute", "rsi", "--bars", "/no/such/file"), 3, "cannot be read"),
    ],
)
def test_mistakes_are_told_in_a_sentence(
    tio: Tio, words: tuple[str, ...], code: int, sentence: str
) -> None:
    said = tio(*words)
    assert said.code == code
    assert sentence in said.err
    assert not said.out
