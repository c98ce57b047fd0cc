"""`tio analyst record` and `views`: what is asked, how it prints, and mistakes."""

import csv
import io
import json

import pytest
from given_views import done, view
from shell_scene import Tio, shell

from tio.api.views import (
    GetViewRecord,
    GivenView,
    ListViews,
    ViewBy,
    ViewOutcome,
    ViewRecord,
)

from fakes import FakeEngine

WAITS = view(id="v3", bias=-2, stated=0.8, confidence=0.55, base=0.61, waits="no bar is known")
HELD = done(True, id="v2", by="qwen3", move=3.456, move_atr=1.53)
FAILED = done(False, id="v1", bias=0, days=1, move=-2.5, move_atr=None)
RECORDS = (
    ViewRecord(
        name="",
        views=14,
        n=12,
        apart=12,
        hits=9,
        rate=0.75,
        low=0.428,
        high=0.945,
        baseline=0.52,
        mean_move=-0.31,
        stated=0.8,
    ),
    ViewRecord(name="-2", views=2, n=0, note="none is scored yet"),
    ViewRecord(name="+1", views=12, n=6, hits=3, rate=0.5, note="n 6: too few to tell"),
)


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine({ListViews: (WAITS, HELD, FAILED), GetViewRecord: RECORDS})


@pytest.fixture
def tio(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, engine: FakeEngine
) -> Tio:
    return shell(engine, capfd, monkeypatch)


def test_views_say_what_was_said_and_what_came_of_it(tio: Tio, engine: FakeEngine) -> None:
    said = tio("analyst", "views", "AAPL", "--by", "qwen3")
    assert engine.asked == [ListViews("AAPL", "qwen3")]
    rows = [line.split() for line in said.out.splitlines()]
    assert rows[0][:4] == ["VIEW", "SYMBOL", "BY", "GIVEN"]
    assert "down over 5 sessions" in said.out
    assert "neutral over 1 session " in said.out
    assert rows[1][-5:] == ["55%", "80%", "61%", "due", "2026-11-30"]
    assert "+3.46 % +1.5 ATR  held" in said.out
    assert "−2.50 %" in said.out
    assert "v3 is not scored: no bar is known" in said.err


def test_a_record_stands_beside_what_would_have_held_anyway(tio: Tio, engine: FakeEngine) -> None:
    said = tio("analyst", "record", "--by", "bias")
    assert engine.asked == [GetViewRecord(ViewBy.bias)]
    lines = said.out.splitlines()
    assert lines[0].split() == ["BIAS", "VIEWS", "N", "HELD", "BASE", "MEAN", "STATED", "TELLS"]
    assert "75% [43%, 94%]" in lines[1]
    assert "52%  −0.31 ATR     80%" in lines[1]
    assert lines[2].startswith("−2 down")
    assert lines[2].endswith("none is scored yet")
    assert lines[3].endswith("n 6: too few to tell")


def test_both_are_there_for_programs(tio: Tio) -> None:
    views = json.loads(tio("analyst", "views", "--json").out)
    assert [each["id"] for each in views] == ["v3", "v2", "v1"]
    rows = list(csv.DictReader(io.StringIO(tio("analyst", "views", "--csv").out)))
    assert set(GivenView.__struct_fields__) == set(rows[0])
    assert (rows[1]["outcome"], rows[1]["move"]) == ("held", "3.456")
    records = json.loads(tio("analyst", "record", "--json").out)
    assert records[0]["low"] == 0.428
    rows = list(csv.DictReader(io.StringIO(tio("analyst", "record", "--csv").out)))
    assert [each["n"] for each in rows] == ["12", "0", "6"]


def test_without_a_view_it_is_said_how_one_comes_about(tio: Tio, engine: FakeEngine) -> None:
    engine.answers[ListViews] = ()
    engine.answers[GetViewRecord] = (ViewRecord(name="", views=0, n=0),)
    for words in (("analyst", "views"), ("analyst", "record")):
        assert "/brief AAPL" in tio(*words).err


def test_a_way_to_tell_views_apart_that_is_none_is_refused(tio: Tio, engine: FakeEngine) -> None:
    said = tio("analyst", "record", "--by", "mood")
    assert said.code == 2
    assert "author, symbol, bias, horizon" in said.err
    assert engine.asked == []


def test_hostile_words_of_a_view_steer_no_terminal(tio: Tio, engine: FakeEngine) -> None:
    engine.answers[ListViews] = (
        view(by="qwen\x1b]0;x\x07", outcome=ViewOutcome.unscored, waits="\x1b[2Jno"),
    )
    said = tio("analyst", "views")
    assert "\x1b" not in said.out + said.err
