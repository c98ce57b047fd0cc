"""`tio --as-of`: every command about a past moment."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import screen_market as market

from tio.api.as_of import AskAsOf, AskedAsOf
from tio.api.codec import encode
from tio.api.errors import Conflict
from tio.commands.running import run

from fakes import FakeEngine

THEN = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    fake = FakeEngine()

    async def opened(*_: Any, **__: Any) -> FakeEngine:
        return fake

    monkeypatch.setattr("tio.connect.open_engine", opened)
    monkeypatch.setenv("TIO_AS_OF", "")
    return fake


def quoted(asked: AskAsOf) -> AskedAsOf:
    told = (market.quote("SPY", last=77.77, as_of=THEN),)
    return AskedAsOf(at=asked.at, answer=encode(told).decode())


def test_a_command_asks_of_the_moment(
    engine: FakeEngine, capfd: pytest.CaptureFixture[str]
) -> None:
    engine.answers[AskAsOf] = quoted
    assert run(["--as-of", "2026-11-18T15:30Z", "quote", "SPY", "--json"]) == 0
    (told,) = json.loads(capfd.readouterr().out)
    assert told["last"] == 77.77
    (asked,) = engine.asked
    assert isinstance(asked, AskAsOf)
    assert (asked.at, asked.word) == (THEN, "GetQuotes")
    assert json.loads(asked.fields)["symbols"] == ["SPY"]


def test_the_environment_says_it_for_a_whole_shell(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    engine.answers[AskAsOf] = quoted
    monkeypatch.setenv("TIO_AS_OF", "2026-11-18T15:30Z")
    assert run(["call", "GetQuotes", '{"symbols": ["SPY"]}']) == 0
    assert json.loads(capfd.readouterr().out)[0]["last"] == 77.77


def test_what_is_known_of_now_alone_and_what_writes_is_refused(
    engine: FakeEngine, capfd: pytest.CaptureFixture[str]
) -> None:
    engine.answers[AskAsOf] = Conflict("GetProfile tells of now alone", "go back to now for it")
    failed = Conflict("").exit_code
    line = ["--as-of", "2026-11-18", "call"]
    assert run([*line, "GetProfile", '{"symbol": "SPY"}']) == failed
    assert "tells of now alone" in capfd.readouterr().err
    assert run([*line, "SaveWatchlist", '{"name": "x", "symbols": ["SPY"]}']) == failed
    said = capfd.readouterr()
    assert said.out == ""
    assert "SaveWatchlist changes how things are now" in said.err
    assert "without --as-of" in said.err


def test_what_is_no_time_is_told(engine: FakeEngine, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["--as-of", "yesterday", "quote", "SPY"]) == 2
    assert "--as-of 'yesterday' is no date or time" in capfd.readouterr().err
    assert engine.asked == []
