"""`tio portfolio import`, `export`, `formats`."""

import io
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from shell_scene import Tio, shell

from tio.api.imports import (
    ExportPortfolio,
    ExportReport,
    FileFormat,
    ImportPreview,
    ImportRow,
    ImportTransactions,
    ListFileFormats,
    Meant,
    RowState,
    Spelled,
)
from tio.api.ledger import Change, ListPortfolios
from tio.api.portfolio import Portfolio, Transaction, TransactionKind

from fakes import FakeEngine

AT = datetime(2026, 11, 2, tzinfo=UTC)
ENTRY = Transaction(kind=TransactionKind.deposit, at=AT, amount=Decimal(5), currency="USD")
PREVIEW = ImportPreview(
    path="/x/b.csv",
    format="tio_csv",
    label="tio (CSV)",
    new=1,
    doubled=1,
    refused=1,
    taken=1,
    rows=(
        ImportRow(line=3, state=RowState.refused, taken=False, why="no such kind"),
        ImportRow(line=4, state=RowState.doubled, taken=False, transaction=ENTRY, why="has it"),
        ImportRow(line=2, state=RowState.new, taken=True, transaction=ENTRY),
    ),
    symbols=(Spelled(spelled="US1", symbol="", name="One Inc", rows=1),),
)
CHANGE = Change(number=7, what="import b.csv", entries=1, made_at=AT)


@pytest.fixture
def engine() -> FakeEngine:
    def brought(asked: ImportTransactions) -> ImportPreview:
        from msgspec.structs import replace

        return PREVIEW if asked.dry_run else replace(PREVIEW, change=CHANGE)

    return FakeEngine(
        {
            ListPortfolios: (Portfolio(name="main", currency="USD"),),
            ImportTransactions: brought,
            ExportPortfolio: ExportReport(path="/x/out.csv", format="csv", entries=4, bytes=99),
            ListFileFormats: (
                FileFormat(name="ghostfolio", label="Ghostfolio", reads=True, writes=False),
                FileFormat(name="csv", label="tio (CSV)", reads=False, writes=True),
            ),
        }
    )


@pytest.fixture
def tio(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, engine: FakeEngine
) -> Tio:
    return shell(engine, capfd, monkeypatch)


def imports(engine: FakeEngine) -> list[ImportTransactions]:
    return [each for each in engine.asked if isinstance(each, ImportTransactions)]


def test_an_import_is_shown_and_with_yes_entered(tio: Tio, engine: FakeEngine) -> None:
    said = tio("portfolio", "import", "b.csv", "--yes", "--symbol", "US1=AAPL", "--skip", "9")
    assert said.code == 0
    assert [line.split()[:2] for line in said.out.splitlines()[1:]] == [
        ["3", "refused"],
        ["4", "doubled"],
        ["2", "new"],
    ]
    assert "tio (CSV): 1 new, 1 doubled, 0 odd, 1 refused" in said.err
    assert "US1 (One Inc) is known to nobody" in said.err
    assert "1 entered; `tio portfolio undo 7` takes them back" in said.err
    looked, brought = imports(engine)
    assert (looked.dry_run, brought.dry_run) == (True, False)
    assert brought.path == str(Path("b.csv").absolute())
    assert (brought.symbols, brought.skip) == ((Meant("US1", "AAPL"),), (9,))


def test_a_dry_run_enters_nothing(tio: Tio, engine: FakeEngine) -> None:
    assert tio("portfolio", "import", "b.csv", "--dry-run").code == 0
    assert [each.dry_run for each in imports(engine)] == [True]


@pytest.mark.parametrize(("answer", "entered"), [("y", True), ("n", False), ("", False)])
def test_at_a_terminal_it_asks_before_it_enters(
    tio: Tio, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch, answer: str, entered: bool
) -> None:
    class Person(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Person(f"{answer}\n"))
    said = tio("portfolio", "import", "b.csv")
    assert "Enter 1 of them? [y/N]" in said.err
    assert (said.code == 0) is entered
    assert [each.dry_run for each in imports(engine)] == ([True, False] if entered else [True])


def test_with_nobody_to_ask_nothing_is_entered(tio: Tio, engine: FakeEngine) -> None:
    said = tio("portfolio", "import", "b.csv")
    assert said.code == 2
    assert "nobody is there to be asked\nadd --yes" in said.err
    assert [each.dry_run for each in imports(engine)] == [True]


def test_a_pair_that_is_none_is_refused(tio: Tio, engine: FakeEngine) -> None:
    said = tio("portfolio", "import", "b.csv", "--symbol", "US1")
    assert said.code == 2
    assert "'US1' is no pair" in said.err
    assert not imports(engine)


def test_an_export_says_where_it_went(tio: Tio, engine: FakeEngine) -> None:
    said = tio("portfolio", "export", "out.json", "--format", "json", "--replace")
    assert said.err == "4 entries are written to /x/out.csv\n"
    path = str(Path("out.json").absolute())
    assert engine.asked[-1] == ExportPortfolio("main", path, "json", True)


def test_formats_are_a_table(tio: Tio) -> None:
    lines = tio("portfolio", "formats").out.splitlines()
    assert lines[1].split() == ["ghostfolio", "Ghostfolio", "import"]
    assert lines[2].split() == ["csv", "tio", "(CSV)", "export"]
