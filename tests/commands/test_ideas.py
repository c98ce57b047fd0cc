"""`tio ideas`: what the words ask for, how cards and records print, and mistakes."""

import csv
import io
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from idea_cards import AT, idea, plan, score
from msgspec.structs import replace
from shell_scene import Tio, shell

from tio.api.ideas import (
    CloseIdea,
    Evidence,
    GetIdea,
    GetIdeaRecord,
    IdeaRecord,
    IdeaState,
    ListedIdea,
    ListIdeas,
    PreviewIdea,
    RecordBy,
    SaveIdea,
    TakeIdea,
)
from tio.api.ledger import ListPortfolios
from tio.api.market import Side
from tio.api.portfolio import Portfolio
from tio.api.trading import OrderPreview

from fakes import FakeEngine

D = Decimal
FACT = Evidence(text="sales grew", figure="12 %", source="10-Q")
FIRST = plan(entry="187.20", stop="183", target="195", thesis="it holds", evidence=(FACT,))
LATER = replace(FIRST, stop=D(184), at=AT + timedelta(hours=1))
CARD = idea("i2", symbol="AAPL", plans=(FIRST, LATER))
DONE = idea("i1", symbol="MSFT", score=score(1.5, said="the target came first"))


@pytest.fixture
def engine() -> FakeEngine:
    planned = ListedIdea(idea=CARD, state=CARD.state, price=D(190), to_entry=-1.47)
    scored = ListedIdea(idea=DONE, state=DONE.state)
    return FakeEngine(
        {
            ListPortfolios: (Portfolio(name="main", currency="USD"),),
            ListIdeas: (planned, scored),
            GetIdea: lambda asked: planned if asked.id == "i2" else scored,
            SaveIdea: CARD,
            TakeIdea: replace(CARD, taken_at=AT, orders=("p1", "p1.stop")),
            CloseIdea: CARD,
            PreviewIdea: OrderPreview(orders=(), refused="too much", next="take less"),
            GetIdeaRecord: (
                IdeaRecord(
                    name="",
                    cards=4,
                    n=3,
                    hit_rate=2 / 3,
                    hit_low=0.09,
                    hit_high=0.99,
                    mean_r=0.67,
                    low_r=-3.13,
                    high_r=4.46,
                    note="3 results prove nothing yet",
                ),
                IdeaRecord(name="owner", cards=1, n=0, note="none was entered"),
            ),
        }
    )


@pytest.fixture
def tio(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, engine: FakeEngine
) -> Tio:
    call = shell(engine, capfd, monkeypatch)
    return lambda *words: call("ideas", *words)


NEW = ("new", "AAPL", "buy", "--entry", "187.2", "--stop", "183", "--thesis", "it holds")
WRITTEN: dict[str, Any] = {
    "portfolio": "main",
    "symbol": "AAPL",
    "side": Side.buy,
    "thesis": "it holds",
    "entry": D("187.2"),
    "stop": D(183),
}


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ((), {}),
        (("--target", "195", "--horizon", "3w"), {"targets": (D(195),), "horizon": "3w"}),
        (("--target", "195", "--target", "199"), {"targets": (D(195), D(199))}),
        (("--risk", "500", "--setup", "pullback"), {"risk": D(500), "setup": "pullback"}),
        (
            ("--risk", "0.5%", "--invalidation", "185"),
            {"risk_percent": D("0.5"), "invalidation": D(185)},
        ),
        (("--quantity", "10", "-p", "other"), {"quantity": D(10), "portfolio": "other"}),
        (("--evidence", "sales grew | 12 % | 10-Q"), {"evidence": (FACT,)}),
    ],
)
def test_a_line_writes_a_card(
    tio: Tio, engine: FakeEngine, options: tuple[str, ...], fields: dict[str, Any]
) -> None:
    assert tio(*NEW, *options).code == 0
    assert engine.asked[-1] == SaveIdea(**WRITTEN | fields)


def test_what_was_written_is_told_with_its_reward(tio: Tio) -> None:
    assert tio(*NEW).out == (
        "i2 buy AAPL at 187.20 stop 184.00 target 195.00 · by 1% of risk · 2.44 R\n"
    )


def test_a_change_keeps_what_it_does_not_tell(tio: Tio, engine: FakeEngine) -> None:
    assert tio("change", "i2", "--target", "197", "--risk", "1%").code == 0
    assert engine.asked[-1] == SaveIdea(
        **WRITTEN
        | {
            "id": "i2",
            "stop": D(184),
            "targets": (D(197),),
            "risk_percent": D(1),
            "evidence": (FACT,),
        }
    )
    said = tio("change", "i2")
    assert said.code == 2
    assert "nothing is to be changed" in said.err


def test_cards_are_listed_with_how_far_and_what_they_brought(tio: Tio, engine: FakeEngine) -> None:
    said = tio("--state", "planned", "-p", "main")
    assert engine.asked[-1] == ListIdeas("main", IdeaState.planned)
    header, first, second = said.out.splitlines()
    assert header.split()[:3] == ["IDEA", "SYMBOL", "SIDE"]
    assert "−1.47%" in first
    assert "planned" in first
    assert "+1.50 R" in second
    assert "open at its horizon" in second
    assert tio("list").out.splitlines()[1:] == [first, second]


def test_a_card_that_waits_for_bars_says_so(tio: Tio, engine: FakeEngine) -> None:
    waits = replace(CARD, waits="bars of AAPL are missing")
    engine.answers[ListIdeas] = (ListedIdea(idea=waits, state=waits.state),)
    assert "i2 is not scored yet: bars of AAPL are missing" in tio().err
    engine.answers[ListIdeas] = ()
    assert "tio ideas new AAPL buy" in tio().err


def test_a_card_in_full_shows_evidence_changes_and_score(tio: Tio) -> None:
    out = tio("show", "i2").out
    for words in ("sales grew · 12 % · 10-Q", "stop 183 → 184", "it holds", "2.44 R", "190.00"):
        assert words in out
    out = tio("show", "i1").out
    assert "open at its horizon +1.50 R · the target came first" in out
    assert "100 bars of 1m from test" in out


def test_taking_places_and_a_preview_does_not(tio: Tio, engine: FakeEngine) -> None:
    said = tio("take", "i2", "--preview")
    assert "it would be refused: too much (take less)" in said.err
    assert "PAPER p1, p1.stop" in tio("take", "i2").out
    assert tio("close", "i2", "--reason", "news").code == 0
    engine.answers[CloseIdea] = replace(CARD, orders=("p1",))
    assert "its orders stay: `tio orders cancel p1`" in tio("close", "i2", "--reason", "news").err
    assert engine.asked[:3] == [PreviewIdea("i2"), TakeIdea("i2"), CloseIdea("i2", "news")]


def test_the_record_says_how_sure_it_is(tio: Tio, engine: FakeEngine) -> None:
    out = tio("record", "--by", "setup").out
    assert engine.asked[-1] == GetIdeaRecord(RecordBy.setup)
    header, whole, mine = out.splitlines()
    assert header.split()[:3] == ["SETUP", "CARDS", "N"]
    assert "67% [9%, 99%]" in whole
    assert "+0.67 R [−3.13, +4.46]" in whole
    assert "none was entered" in mine


def test_json_and_csv_are_whole(tio: Tio) -> None:
    first, second = csv.DictReader(io.StringIO(tio("--csv").out))
    assert (first["entry"], first["versions"], first["outcome"]) == ("187.20", "2", "")
    assert (second["r"], second["timeframe"]) == ("1.5", "1m")
    assert json.loads(tio("--json").out)[0]["idea"]["plans"][1]["stop"] == "184"
    assert json.loads(tio("record", "--json").out)[0]["n"] == 3
    (whole, _) = csv.DictReader(io.StringIO(tio("record", "--csv").out))
    assert whole["mean_r"] == "0.67"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("new", "AAPL", "hold", "--entry", "1", "--stop", "1", "--thesis", "x"), "buy or sell"),
        (("new", "AAPL", "buy", "--entry", "x", "--stop", "1", "--thesis", "x"), "is no number"),
        ((*NEW, "--evidence", " | 5"), "is no evidence"),
        (("--state", "odd"), "no state 'odd'"),
        (("record", "--by", "odd"), "no record by 'odd'"),
    ],
)
def test_mistakes_are_told_in_a_sentence(tio: Tio, words: tuple[str, ...], told: str) -> None:
    said = tio(*words)
    assert said.code == 2
    assert told in said.err
