"""`tio quality`: faults told, shown, repaired, undone."""

import asyncio
import json
from collections.abc import Callable
from typing import NamedTuple

import pytest

from tio.api.market import Adjustment, Timeframe
from tio.commands.running import run
from tio.engine.store import market_schema
from tio.engine.store.bars import BarStore, Terms
from tio.engine.store.columns import Row
from tio.engine.store.database import Database, Durability
from tio.paths import Paths

Tio = Callable[..., "Said"]
DAY = 86_400_000_000


class Said(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def tio(capfd: pytest.CaptureFixture[str]) -> Tio:
    def call(*words: str) -> Said:
        code = run(("quality", *words))
        return Said(code, *capfd.readouterr())

    return call


@pytest.fixture
def stored() -> None:
    """Sixty weekdays of a share, the fortieth in pence."""
    asyncio.run(_store())


async def _store() -> None:
    place = Paths.find().workspace("main")
    place.make_folders()
    database = Database(place.market_db, Durability.normal, market_schema.STEPS)
    await database.open()
    rows: list[Row] = []
    for number in range(60):
        unit = 100.0 if number == 40 else 1.0
        price = (20 + 0.1 * (number % 7)) * unit
        at = 20_002 * DAY + (number // 5 * 7 + number % 5) * DAY
        rows.append((at, price, price * 1.01, price * 0.99, price, 500.0))
    terms = Terms(adjusted=Adjustment.splits)
    await BarStore(database).append("VOD.LSE", "venue", Timeframe.d1, rows, terms)
    await database.close()


def test_faults_are_told_with_why_and_what_would_mend_them(tio: Tio, stored: None) -> None:
    said = tio("faults", "VOD.LSE", "--tf", "1d")
    assert said.code == 0
    assert "1 unit error" in said.out
    line = next(line for line in said.out.splitlines() if line.startswith("unit_error@"))
    assert "a hundredfold" in line
    assert "perhaps" not in line


def test_a_repair_is_shown_made_listed_and_undone(tio: Tio, stored: None) -> None:
    shown = tio("repair", "VOD.LSE")
    assert "1 bars would change; --yes repairs them" in shown.err
    assert "before" in shown.out
    assert "nothing was repaired" in tio("repairs").err
    made = tio("repair", "VOD.LSE", "--yes")
    assert "`tio quality undo 1` puts them back" in made.err
    assert "unit_error" not in tio("faults", "VOD.LSE").out
    assert tio("repairs", "VOD.LSE").out.splitlines()[1].split()[0] == "1"
    assert "repair 1 is undone" in tio("undo", "1").err
    assert "unit_error" in tio("faults", "VOD.LSE").out


def test_programs_get_one_document(tio: Tio, stored: None) -> None:
    (report,) = json.loads(tio("faults", "VOD.LSE", "--json").out)
    assert report["counts"]["unit_error"] == 1
    (unit,) = [fault["id"] for fault in report["faults"] if fault["kind"] == "unit_error"]
    preview = json.loads(tio("repair", "VOD.LSE", unit, "--json").out)
    assert preview["id"] == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("repair", "VOD.LSE", "spike@2000-01-01"), "no fault 'spike@2000-01-01' is found"),
        (("repair", "VOD.LSE", "--tf", "1m"), "no 1m bars of VOD.LSE are stored"),
        (("repair", "VOD.LSE", "--tf", "7x"), "is no timeframe"),
        (("repair", "VOD.LSE", "gap@2024-10-11T00:00Z"), "missing bars are not repaired"),
        (("undo", "9"), "there is no repair 9"),
    ],
)
def test_mistakes_are_told(tio: Tio, stored: None, words: tuple[str, ...], sentence: str) -> None:
    said = tio(*words)
    assert said.code != 0
    assert sentence in said.err


def test_a_symbol_alone_asks_for_its_live_quality(tio: Tio, stored: None) -> None:
    assert "no prices have come yet" in tio().err
    assert tio("VOD.LSE").out.splitlines()[1].split() == ["VOD.LSE", "0", "nothing", "odd"]
