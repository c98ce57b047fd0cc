"""`tio journal`: what the words ask for, how it prints, and mistakes."""

import json
from datetime import date
from typing import Any

import pytest
from journal_scene import OPEN, REPORT, STEPS, TRADE
from msgspec import UNSET
from shell_scene import Tio, shell

from tio.api.journal import (
    AnnotateTrade,
    By,
    GetExpectancy,
    GetTrade,
    ListTrades,
    TradeStory,
)
from tio.api.ledger import ListPortfolios
from tio.api.portfolio import Portfolio

from fakes import FakeEngine


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(
        {
            ListPortfolios: (Portfolio(name="main", currency="EUR"),),
            ListTrades: (OPEN, TRADE),
            GetTrade: TradeStory(trade=TRADE, steps=STEPS),
            GetExpectancy: REPORT,
            AnnotateTrade: TRADE,
        }
    )


@pytest.fixture
def tio(
    engine: FakeEngine, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Tio:
    return shell(engine, capfd, monkeypatch)


def asked(engine: FakeEngine, kind: type[Any]) -> Any:
    return next(each for each in reversed(engine.asked) if isinstance(each, kind))


def test_trades_print_with_what_they_risked_and_brought(engine: FakeEngine, tio: Tio) -> None:
    said = tio("journal", "--symbol", "AAPL", "--since", "2026-11-01", "--closed")
    assert said.code == 0
    _, still, line = said.out.splitlines()
    assert " open " in still
    assert (
        line.split()
        == (
            "3 2026-11-02 14:30 AAPL long 10 187.20 195.00 1.1d +70.10 +1.82R 0.50R 2.00R "
            "breakout PAPER"
        ).split()
    )
    assert "gains in EUR" in said.err
    wanted = ListTrades("main", "AAPL", "", date(2026, 11, 1), None, open=False, limit=50)
    assert asked(engine, ListTrades) == wanted


def test_no_trade_says_what_makes_one(engine: FakeEngine, tio: Tio) -> None:
    engine.answers[ListTrades] = ()
    said = tio("journal")
    assert (said.code, said.out) == (0, "")
    assert "a buy and the sale that closes it make one" in said.err


def test_one_trade_prints_whole(tio: Tio) -> None:
    said = tio("journal", "show", "3")
    assert "long 10 AAPL at 187.20, out at 195.00  PAPER" in said.out
    assert "stop 183.00, target 195.00 (its orders)" in said.out
    assert "312 bars of 5m, alpaca" in said.out
    assert "  | for the retest" in said.out
    assert said.out.splitlines()[-1].split()[2:] == ["sell", "10", "195.00", "+70.10", "7"]


def test_statistics_print_with_how_sure_they_are(engine: FakeEngine, tio: Tio) -> None:
    said = tio("journal", "stats", "--by", "setup")
    every, breakout, without = said.out.splitlines()[1:]
    assert "58% [39%, 76%]" in every
    assert "+0.31R [−0.05R, +0.67R]" in breakout
    assert breakout.endswith("no edge shown")
    assert without.endswith("too few to tell")
    assert "2 filled on delayed data are left out" in said.err
    assert asked(engine, GetExpectancy) == GetExpectancy("main", By.setup)


def test_what_is_written_changes_nothing_else(engine: FakeEngine, tio: Tio) -> None:
    said = tio("journal", "note", "3", "--stop", "none", "--notes", "chased", "--tags", "a, b")
    assert said.code == 0
    assert asked(engine, AnnotateTrade) == AnnotateTrade(
        "main", "3", stop=None, notes="chased", tags=("a", "b")
    )
    assert asked(engine, AnnotateTrade).setup is UNSET


def test_programs_get_every_field(tio: Tio) -> None:
    assert json.loads(tio("journal", "--json").out)[1]["excursion"]["timeframe"] == "5m"
    header, _, row = tio("journal", "--csv").out.splitlines()
    assert (
        dict(zip(header.split(","), row.split(",")[: len(header.split(","))], strict=False))["stop"]
        == "183"
    )
    assert tio("journal", "stats", "--csv").out.splitlines()[0].startswith("group,trades,wins")
    assert json.loads(tio("journal", "show", "3", "--json").out)["steps"][1]["gain"] == "70.10"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("note", "3"), "nothing is to be written"),
        (("note", "3", "--stop", "x"), "--stop: 'x' is no number"),
        (("stats", "--by", "moon"), "--by 'moon' is none"),
    ],
)
def test_mistakes_are_told_in_a_sentence(tio: Tio, words: tuple[str, ...], sentence: str) -> None:
    said = tio("journal", *words)
    assert said.code != 0
    assert sentence in said.err
