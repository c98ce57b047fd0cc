"""`tio backup`: where it writes, and what it says."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from shell_scene import Tio, shell

from tio.api.errors import Conflict
from tio.api.system import Backup, BackupReport

from fakes import FakeEngine

MADE = BackupReport(
    path="/safe/tio.db",
    bytes=4096,
    at=datetime(2026, 11, 20, 15, tzinfo=UTC),
    portfolios=2,
    entries=1234,
)


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine({Backup: MADE})


@pytest.fixture
def tio(
    engine: FakeEngine, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Tio:
    return shell(engine, capfd, monkeypatch)


def test_it_prints_where_the_copy_is_and_says_what_is_in_it(engine: FakeEngine, tio: Tio) -> None:
    said = tio("backup")
    assert (said.code, said.out) == (0, "/safe/tio.db\n")
    assert "2 portfolios with 1,234 entries, 4,096 bytes, sound" in said.err
    assert engine.asked[-1] == Backup("")


def test_a_path_is_made_absolute_here(
    engine: FakeEngine, tio: Tio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert json.loads(tio("backup", "safe.db", "--json").out)["entries"] == 1234
    assert engine.asked[-1] == Backup(str(tmp_path / "safe.db"))


def test_what_is_there_already_is_said(engine: FakeEngine, tio: Tio) -> None:
    engine.answers[Backup] = Conflict("safe.db is there already", "name another file")
    said = tio("backup", "safe.db")
    assert said.code != 0
    assert "safe.db is there already" in said.err
