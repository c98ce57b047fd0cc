"""`tio drawings`, `tio layouts` and `tio levels`: what a chart keeps, from the shell."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from shell_scene import Tio, shell

from tio.api.charts import (
    DeleteDrawing,
    DeleteLayout,
    Drawing,
    DrawingKind,
    GetSessionLevels,
    Layout,
    ListDrawings,
    ListLayouts,
    Point,
    RescaleDrawing,
    SaveDrawing,
    SessionLevel,
)
from tio.api.market import Adjustment
from tio.commands.running import run

from fakes import FakeEngine

JANUARY = datetime(2026, 1, 31, tzinfo=UTC)
LINE = Drawing(
    id="3f9c",
    symbol="AAPL",
    kind=DrawingKind.trend,
    points=(Point(JANUARY, 150.5), Point(datetime(2026, 2, 2, 14, 30, tzinfo=UTC), 160)),
    text="support",
    suspended="a split of 4 since",
)
LAYOUTS = (
    Layout(name="swing", kind="layout", content='{"panes":[1]}', saved_at=JANUARY),
    Layout(name="swing", kind="indicators", content="[]"),
    Layout(name="only", kind="indicators", content='["rsi"]'),
)
LEVELS = (
    SessionLevel("prior_high", "PDH", 150.5, JANUARY),
    SessionLevel("session_vwap", "VWAP", 151.25, JANUARY, forming=True),
)


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(
        {
            ListDrawings: (LINE,),
            SaveDrawing: lambda request: Drawing(
                id="new1",
                symbol=request.drawing.symbol,
                kind=request.drawing.kind,
                points=request.drawing.points,
            ),
            DeleteDrawing: LINE,
            RescaleDrawing: LINE,
            ListLayouts: lambda request: tuple(
                each for each in LAYOUTS if request.kind in ("", each.kind)
            ),
            DeleteLayout: LAYOUTS[2],
            GetSessionLevels: LEVELS,
        }
    )


@pytest.fixture
def tio(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, engine: FakeEngine
) -> Tio:
    return shell(engine, capfd, monkeypatch)


def test_drawings_are_listed_as_they_are_typed(tio: Tio, engine: FakeEngine) -> None:
    said = tio("drawings", "list", "AAPL")
    assert engine.asked == [ListDrawings("AAPL")]
    assert said.out.splitlines()[1].split() == [
        *("3f9c", "AAPL", "trend", "2026-01-31,150.5", "2026-02-02T14:30Z,160", "support")
    ]
    assert "3f9c is not drawn: a split of 4 since" in said.err
    (row,) = csv.DictReader(io.StringIO(tio("drawings", "list", "--csv").out))
    assert row["suspended"] == "a split of 4 since"
    engine.answers[ListDrawings] = ()
    assert "nothing is drawn" in tio("drawings", "list").err


def test_a_line_is_drawn_by_its_points(tio: Tio, engine: FakeEngine) -> None:
    said = tio(
        *("drawings", "add", "AAPL", "trend", "2026-01-31,150.5", "2026-02-02T14:30Z,160"),
        *("--text", "support", "--adjusted", "raw"),
    )
    assert said.code == 0
    assert "trend new1 is drawn on AAPL" in said.err
    (asked,) = engine.asked
    assert isinstance(asked, SaveDrawing)
    assert asked.drawing.points == LINE.points
    assert (asked.drawing.text, asked.drawing.adjusted) == ("support", Adjustment.raw)
    assert asked.drawing.id == ""


def test_a_horizontal_needs_a_price_alone(tio: Tio, engine: FakeEngine) -> None:
    tio("drawings", "add", "EURUSD", "horizontal", "1.0841")
    (asked,) = engine.asked
    assert isinstance(asked, SaveDrawing)
    (point,) = asked.drawing.points
    assert point.price == 1.0841
    assert point.time.tzinfo is not None


def test_a_drawing_is_deleted_and_rescaled_by_its_id(tio: Tio, engine: FakeEngine) -> None:
    assert "trend 3f9c of AAPL is deleted" in tio("drawings", "delete", "3f9c").err
    assert "stands at 2026-01-31,150.5" in tio("drawings", "rescale", "3f9c").err
    assert engine.asked == [DeleteDrawing("3f9c"), RescaleDrawing("3f9c")]
    assert json.loads(tio("drawings", "delete", "3f9c", "--json").out)["id"] == "3f9c"


def test_layouts_are_listed_shown_and_deleted(tio: Tio, engine: FakeEngine) -> None:
    lines = tio("layouts", "list").out.splitlines()
    assert lines[1].split() == ["swing", "layout", "2026-01-31", "00:00Z", "13", "bytes"]
    assert len(lines) == 4
    assert tio("layouts", "show", "swing", "--kind", "layout").out == '{"panes":[1]}\n'
    assert json.loads(tio("layouts", "show", "only", "--json").out)["kind"] == "indicators"
    assert tio("layouts", "delete", "only").code == 0
    assert engine.asked[-1] == DeleteLayout("only", "indicators")


def test_levels_stand_from_the_highest_down(tio: Tio, engine: FakeEngine) -> None:
    said = tio("levels", "AAPL", "--opening", "15", "--at", "2026-01-31T15:00Z")
    assert engine.asked == [GetSessionLevels("AAPL", datetime(2026, 1, 31, 15, tzinfo=UTC), 15)]
    lines = [line.split() for line in said.out.splitlines()[1:]]
    assert [line[:3] for line in lines] == [
        ["VWAP", "151.25", "2026-01-31"],
        ["PDH", "150.50", "2026-01-31"],
    ]
    assert "still forming" in said.out
    rows = list(csv.DictReader(io.StringIO(tio("levels", "AAPL", "--csv").out)))
    assert [row["label"] for row in rows] == ["PDH", "VWAP"]


def test_what_is_drawn_in_the_shell_is_kept(capfd: pytest.CaptureFixture[str], home: Path) -> None:
    def tio(*words: str) -> str:
        assert run(words) == 0
        return capfd.readouterr().out

    file = home / "aapl.csv"
    file.write_text("time,open,high,low,close,volume\n2026-01-30,150,151,149,150,1\n")
    tio("import", "bars", str(file), "--symbol", "AAPL", "--timeframe", "1d")
    tio("drawings", "add", "AAPL", "ray", "2026-01-31,150.5", "2026-02-02,160")
    (kept,) = json.loads(tio("drawings", "list", "aapl", "--json"))
    assert (kept["kind"], kept["points"][0]["price"]) == ("ray", 150.5)
    tio("drawings", "delete", kept["id"])
    assert json.loads(tio("drawings", "list", "--json")) == []


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("drawings", "add", "A", "circle", "1"), 2, "no kind of drawing 'circle'"),
        (("drawings", "add", "A", "trend", "2026-01-31,1"), 2, "a trend has 2 points, were 1"),
        (("drawings", "add", "A", "ray", "1", "2"), 2, "'1' is no point"),
        (("drawings", "add", "A", "horizontal", "high"), 2, "'high' in 'high' is no price"),
        (("drawings", "add", "A", "horizontal", "nan"), 2, "is no price"),
        (("drawings", "add", "A", "text", "2026-01-31,1"), 2, "says nothing without --text"),
        (("drawings", "add", "A", "horizontal", "now,1"), 2, "'now' is no date or time"),
        (("layouts", "list", "--kind", "colour"), 2, "no kind of layout 'colour'"),
        (("layouts", "show", "none"), 3, "there is no layout 'none'"),
        (("layouts", "show", "swing"), 2, "choose with --kind"),
        (("levels", "A", "--opening", "0"), 2, "--opening must be 1 to 240"),
        (("levels", "A", "--at", "noon"), 2, "--at 'noon' is no date or time"),
    ],
)
def test_mistakes_are_told_in_a_sentence(
    tio: Tio, words: tuple[str, ...], code: int, sentence: str
) -> None:
    said = tio(*words)
    assert said.code == code
    assert sentence in said.err
    assert not said.out


def test_no_levels_is_nothing_found(tio: Tio, engine: FakeEngine) -> None:
    engine.answers[GetSessionLevels] = ()
    said = tio("levels", "A")
    assert said.code == 3
    assert "bars of one minute" in said.err
