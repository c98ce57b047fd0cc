"""`tio portfolio allocation`: what is where, long and short."""

import csv
import io

import portfolio_scene as scene
import pytest
from msgspec.structs import replace
from shell_scene import Tio, shell

from tio.api.ledger import GetPositions, ListPortfolios

from fakes import FakeEngine


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine({ListPortfolios: (scene.MAIN,), GetPositions: scene.HELD})


@pytest.fixture
def tio(
    engine: FakeEngine, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Tio:
    return shell(engine, capfd, monkeypatch)


def test_positions_and_currencies_print_the_largest_first(tio: Tio) -> None:
    said = tio("portfolio", "allocation")
    lines = said.out.splitlines()
    assert lines[0].split() == ["POSITION", "SHARE", "VALUE"]
    assert lines[1].split()[:3] == ["AAPL", "35.5%", "25,488.00"]
    assert "~808.77" in said.out
    assert "CURRENCY" in said.out
    assert "long 81.9%  short 0.0%  gross 81.9%  net 81.9%  of 71,766.37 USD" in said.err


def test_programs_get_exact_values_that_add_up(tio: Tio) -> None:
    rows = list(csv.DictReader(io.StringIO(tio("portfolio", "allocation", "--csv").out)))
    for what in ("position", "currency"):
        values = [scene.D(row["value"]) for row in rows if row["what"] == what]
        assert sum(values) == scene.HELD.nav


def test_an_unknown_worth_is_said(engine: FakeEngine, tio: Tio) -> None:
    engine.answers[GetPositions] = replace(scene.HELD, nav=None, lacks=("price of X",))
    said = tio("portfolio", "allocation")
    assert (said.code, said.out) == (0, "")
    assert "for want of: price of X" in said.err
