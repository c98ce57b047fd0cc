"""`tio risk`: matrices and sizes asked for, printed, and mistakes."""

import csv
import io
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from shell_scene import Tio, shell

from tio.api.market import Adjustment, Timeframe
from tio.api.risk import (
    CorrelationMatrix,
    CorrelationMethod,
    Edge,
    GetCorrelation,
    RollingCorrelation,
    SizedPosition,
    SizePosition,
    SizingMethod,
)
from tio.api.series import Series, Times

from fakes import FakeEngine

DAY = 86_400_000_000
NAN = float("nan")


def matrix(request: GetCorrelation) -> CorrelationMatrix:
    rolled = RollingCorrelation(
        window=3,
        time=Times(range(20_000 * DAY, 20_004 * DAY, DAY)),
        values=Series([NAN, -0.25, 0.5, 0.75]),
    )
    return CorrelationMatrix(
        symbols=("AAPL", "BTC-USD", "SPY"),
        timeframe=request.timeframe,
        method=request.method,
        window=request.window,
        values=((1.0, 0.1, 0.85), (0.1, 1.0, None), (0.85, None, 1.0)),
        counts=((250, 250, 250), (250, 250, 2), (250, 2, 250)),
        order=(1, 0, 2),
        mean=0.475,
        shrinkage=0.25,
        start=datetime(2025, 11, 3, tzinfo=UTC),
        end=datetime(2026, 11, 20, tzinfo=UTC),
        rolling=rolled if request.rolling else None,
        notes=("BTC-USD and SPY share only 3 bars of 1d",),
    )


SIZED = SizedPosition(
    quantity=Decimal(161),
    unrounded=Decimal("161.29"),
    limited_by="buying_power",
    value=Decimal("30139.2"),
    share=Decimal("0.301392"),
    unit_risk=Decimal("6.2"),
    risk=Decimal("998.2"),
    risk_share=Decimal("0.009982"),
    gap_risk=Decimal("1545.6"),
    edge=Edge(
        trades=200,
        win_rate=0.55,
        payoff=1.5,
        mean=0.375,
        low=0.225,
        confidence=0.95,
        fraction=0.15,
    ),
    notes=("the buying power of 30200 ends it before kelly would",),
)


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine({GetCorrelation: matrix, SizePosition: SIZED})


@pytest.fixture
def tio(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, engine: FakeEngine
) -> Tio:
    call = shell(engine, capfd, monkeypatch)
    return lambda *words: call("risk", *words)


def test_what_is_asked_reaches_the_engine(tio: Tio, engine: FakeEngine) -> None:
    tio(
        *("correlation", "AAPL", "BTC-USD", "--tf", "1h", "--window", "90"),
        *("--method", "spearman", "--rolling", "30", "--adjusted", "total"),
    )
    assert engine.asked == [
        GetCorrelation(
            ("AAPL", "BTC-USD"),
            Timeframe.h1,
            90,
            CorrelationMethod.spearman,
            30,
            Adjustment.total,
        )
    ]


def test_like_stand_beside_like_and_cautions_are_told_apart(tio: Tio) -> None:
    said = tio("correlation", "AAPL", "BTC-USD", "SPY")
    assert [line.split() for line in said.out.splitlines()[:4]] == [
        ["SYMBOL", "BTC-USD", "AAPL", "SPY"],
        ["BTC-USD", "1", "+0.10", "·"],
        ["AAPL", "+0.10", "1", "+0.85"],
        ["SPY", "·", "+0.85", "1"],
    ]
    assert said.out.splitlines()[4] == (
        "pearson · 1d · 2–250 returns · 2025-11-03 to 2026-11-20 · mean +0.48 · shrunk by 25%"
    )
    assert said.err.strip() == "BTC-USD and SPY share only 3 bars of 1d"


def test_in_colour_it_is_a_map(tio: Tio) -> None:
    said = tio("correlation", "AAPL", "BTC-USD", "SPY", "--color", "always", "--width", "60")
    assert "\x1b[" in said.out
    assert "−0.67" in said.out, "its legend"
    assert "+0.85" in said.out


def test_two_over_time_are_a_line_with_its_ends(tio: Tio) -> None:
    said = tio("correlation", "AAPL", "BTC-USD", "--rolling", "3")
    line = said.out.splitlines()[-1]
    assert line.startswith("rolling 3 ▁")
    assert "to +0.75, −0.25 at least, +0.75 at most" in line
    rows = list(
        csv.reader(io.StringIO(tio("correlation", "A", "B", "--rolling", "3", "--csv").out))
    )
    assert rows[:3] == [
        ["time", "correlation"],
        ["2024-10-04T00:00:00Z", ""],
        ["2024-10-05T00:00:00Z", "-0.25"],
    ]


def test_the_matrix_as_csv_and_json(tio: Tio) -> None:
    rows = list(csv.reader(io.StringIO(tio("correlation", "AAPL", "SPY", "--csv").out)))
    assert rows[0] == ["symbol", "AAPL", "BTC-USD", "SPY"]
    assert rows[2] == ["BTC-USD", "0.1", "1.0", ""]
    told = json.loads(tio("correlation", "AAPL", "SPY", "--json").out)
    assert (told["order"], told["values"][1][2]) == ([1, 0, 2], None)


def test_a_size_is_asked_for_in_exact_decimals(tio: Tio, engine: FakeEngine) -> None:
    tio("size", "--equity", "100000", "--entry", "187.20", "--stop", "181", "--risk", "0.5%")
    tio("size", "--equity", "1000", "--entry", "2", "--stop", "3", "--risk", "50", "--short")
    assert engine.asked == [
        SizePosition(
            Decimal(100_000), Decimal("187.20"), Decimal(181), risk_percent=Decimal("0.5")
        ),
        SizePosition(Decimal(1_000), Decimal(2), Decimal(3), short=True, risk=Decimal(50)),
    ]


def test_a_record_is_asked_about_either_way(tio: Tio, engine: FakeEngine) -> None:
    common = ("size", "--equity", "1000", "--entry", "5", "--stop", "4", "--method", "kelly")
    tio(*common, "--win-rate", "55%", "--payoff", "1.5", "--trades", "200")
    tio(*common, "--results", "1.5, -1,2", "--kelly-share", "0.25")
    rate, results = engine.asked
    assert isinstance(rate, SizePosition)
    assert isinstance(results, SizePosition)
    assert (rate.method, rate.win_rate, rate.payoff, rate.trades) == (
        SizingMethod.kelly,
        0.55,
        1.5,
        200,
    )
    assert results.results == (1.5, -1.0, 2.0)
    assert results.kelly_share == Decimal("0.25")


def test_a_size_stands_with_its_limit_its_risk_and_its_edge(tio: Tio) -> None:
    said = tio("size", "--equity", "100000", "--entry", "187.20")
    for words in (
        "161  limited by buying power",
        "30,139.20  30.14% of equity",
        "998.20  1.00% of equity",
        "1,545.60  one average true range beyond the stop",
        "+0.375 R  of 200 trades",
        "+0.225 R  at least, with 95% confidence",
    ):
        assert words in said.out
    assert "ends it before kelly would" in said.err


def test_a_size_as_csv_and_json(tio: Tio) -> None:
    (row,) = csv.DictReader(io.StringIO(tio("size", "--equity", "1", "--entry", "1", "--csv").out))
    assert (row["quantity"], row["limited_by"], row["risk"]) == ("161", "buying_power", "998.2")
    told = json.loads(tio("size", "--equity", "1", "--entry", "1", "--json").out)
    assert (told["quantity"], told["edge"]["trades"]) == ("161", 200)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("correlation", "A", "B", "--method", "kendall"), "no method 'kendall'"),
        (("correlation", "A", "B", "--tf", "7d"), "no timeframe '7d'"),
        (("size", "--equity", "lots", "--entry", "1"), "--equity 'lots' is no number"),
        (("size", "--equity", "1", "--entry", "1", "--risk", "x%"), "--risk 'x' is no number"),
        (("size", "--equity", "1", "--entry", "1", "--method", "hope"), "no method 'hope'"),
    ],
)
def test_a_mistake_is_one_sentence(tio: Tio, words: tuple[str, ...], sentence: str) -> None:
    said = tio(*words)
    assert said.code == 2
    assert sentence in said.err
    assert said.out == ""
