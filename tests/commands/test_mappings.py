"""`tio portfolio mappings`, and `tio portfolio import --map`."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from shell_scene import Tio, shell

from tio.api.errors import Invalid
from tio.api.imports import ImportPreview, ImportTransactions
from tio.api.ledger import ListPortfolios
from tio.api.mappings import (
    ColumnGuess,
    ColumnMapping,
    CsvField,
    CsvSign,
    DeleteMapping,
    FieldColumn,
    FieldConstant,
    GuessMapping,
    KindWord,
    ListMappings,
    MappingGuess,
    SavedMapping,
    SaveMapping,
)
from tio.api.portfolio import Portfolio, TransactionKind
from tio.commands.mapping_words import laid_over, pairs, parts

from fakes import FakeEngine

MAPPING = ColumnMapping(
    columns=(FieldColumn(CsvField.date, "Datum"), FieldColumn(CsvField.quantity, "Stück")),
    decimal=",",
    delimiter=";",
)
GUESS = MappingGuess(
    path="/x/b.csv",
    mapping=MAPPING,
    lines=3,
    refused=1,
    columns=(
        ColumnGuess(column="Datum", field=CsvField.date, sure=1.0, samples=("03/04/2024",)),
        ColumnGuess(column="Stück", field=CsvField.quantity, sure=0.5, samples=("1", "2")),
        ColumnGuess(column="Preis, netto", samples=("1,50",)),
    ),
    notes=("columns parted by semicolons, decimal commas",),
    dates=("%d/%m/%Y", "%m/%d/%Y"),
)
SAVED = SavedMapping(
    name="mybank",
    mapping=MAPPING,
    header=("datum", "stück"),
    saved_at=datetime(2026, 11, 2, tzinfo=UTC),
)


@pytest.fixture
def engine() -> FakeEngine:
    def guessed(asked: GuessMapping) -> MappingGuess:
        return GUESS if asked.mapping is None else replace(GUESS, mapping=asked.mapping, refused=0)

    return FakeEngine(
        {
            ListPortfolios: (Portfolio(name="main", currency="USD"),),
            ImportTransactions: ImportPreview(
                path="/x/b.csv", format="mapped", label="CSV", new=1, taken=1
            ),
            GuessMapping: guessed,
            ListMappings: (SAVED,),
            SaveMapping: SAVED,
            DeleteMapping: SAVED,
        }
    )


@pytest.fixture
def tio(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, engine: FakeEngine
) -> Tio:
    return shell(engine, capfd, monkeypatch)


def test_a_file_is_shown_column_by_column_as_it_would_be_read(tio: Tio) -> None:
    said = tio("portfolio", "mappings", "b.csv")
    assert said.code == 0
    rows = [line.split() for line in said.out.splitlines()]
    assert rows[1] == ["Datum", "date", "100%", "03/04/2024"]
    assert rows[2] == ["Stück", "quantity", "50%", "1", "·", "2"]
    assert "2 of 3 lines can be read so" in said.err
    assert "--map date=Datum,quantity=Stück,dates=ISO,decimal=comma,delimiter=semicolon" in said.err


def test_what_is_told_goes_before_the_guess_and_into_the_import(
    tio: Tio, engine: FakeEngine
) -> None:
    said = tio(
        *("portfolio", "import", "b.csv", "--yes", "--save-map", "mybank"),
        *("--map", "price=Preis, netto,dates=day-first,all.currency=EUR,kind.Kauf=buy"),
    )
    assert said.code == 0
    looked, brought = [each for each in engine.asked if isinstance(each, ImportTransactions)]
    mapping = brought.mapping
    assert mapping is not None
    assert looked.mapping == mapping
    assert mapping.column(CsvField.price) == "Preis, netto"
    assert mapping.column(CsvField.date) == "Datum"
    assert mapping.constants == (FieldConstant(CsvField.currency, "EUR"),)
    assert mapping.kinds == (KindWord("kauf", TransactionKind.buy),)
    assert mapping.date == "%d/%m/%Y"
    (saved,) = [each for each in engine.asked if isinstance(each, SaveMapping)]
    assert saved == SaveMapping("mybank", str(Path("b.csv").absolute()), mapping)
    assert "kept as mybank" in said.err


def test_a_dry_run_keeps_no_mapping(tio: Tio, engine: FakeEngine) -> None:
    words = ("portfolio", "import", "b.csv", "--dry-run", "--save-map", "mybank")
    assert tio(*words).code == 0
    assert not [each for each in engine.asked if isinstance(each, SaveMapping)]


def test_without_a_map_nothing_is_guessed(tio: Tio, engine: FakeEngine) -> None:
    assert tio("portfolio", "import", "b.csv", "--dry-run").code == 0
    assert not [each for each in engine.asked if isinstance(each, GuessMapping)]
    assert tio("portfolio", "import", "b.csv", "--dry-run", "--map", "guess").code == 0
    assert engine.asked[-1].mapping == MAPPING  # type: ignore[attr-defined]


def test_encoding_and_delimiter_are_told_before_it_is_guessed(tio: Tio, engine: FakeEngine) -> None:
    assert tio("portfolio", "mappings", "b.csv", "--map", "encoding=CP850,delimiter=tab").code == 0
    path = str(Path("b.csv").absolute())
    assert engine.asked == [GuessMapping(path, None, "cp850", "\t")]


def test_what_the_ledger_cannot_bear_is_said_after_the_rows(tio: Tio, engine: FakeEngine) -> None:
    troubled = ImportPreview(
        path="/x/b.csv", format="csv", label="CSV", trouble="4 sold", trouble_line=7
    )
    engine.answers[ImportTransactions] = troubled
    said = tio("portfolio", "import", "b.csv", "--yes")
    assert said.code == 2
    assert "line 7: 4 sold\n--skip LINE leaves a row out" in said.err
    assert [each.dry_run for each in engine.asked if isinstance(each, ImportTransactions)] == [True]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("Datum", "names no column"),
        ("day=Datum", "--map day= is not known"),
        ("price=Preis", "no column 'Preis'"),
        ("dates=iso", "dates=iso is no format"),
        ("decimal=dot", "decimal=dot is not known"),
        ("encoding=ebcdic", "encoding=ebcdic is not known"),
        ("delimiter=dash", "delimiter=dash is not known"),
        ("kind.Kauf=purchase", "no kind of entry 'purchase'"),
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(tio: Tio, told: str, said: str) -> None:
    wrong = tio("portfolio", "mappings", "b.csv", "--map", told)
    assert wrong.code == 2
    assert said in wrong.err


def test_kept_ones_are_listed_and_forgotten(tio: Tio, engine: FakeEngine) -> None:
    listed = tio("portfolio", "mappings")
    assert listed.out.splitlines()[1].split()[:3] == ["mybank", "2026-11-02", "datum,stück"]
    assert tio("portfolio", "mappings", "--delete", "mybank").err == "mybank is forgotten\n"
    assert engine.asked[-1] == DeleteMapping("mybank")
    engine.answers[ListMappings] = ()
    assert "no mapping is kept" in tio("portfolio", "mappings").err


def test_a_mapping_comes_back_from_how_it_is_told() -> None:
    mapping = replace(
        MAPPING,
        constants=(FieldConstant(CsvField.currency, "EUR"),),
        kinds=(KindWord("kauf", TransactionKind.buy),),
        date="%d.%m.%Y",
        sign=CsvSign.amount,
        net=True,
    )
    told = ",".join(f"{name}={value}" for name, value in parts(mapping))
    assert laid_over(replace(GUESS, mapping=MAPPING), pairs([told])) == mapping


def test_a_date_that_fits_no_such_order_is_refused() -> None:
    with pytest.raises(Invalid, match="no dates of the file are month-first"):
        laid_over(replace(GUESS, dates=("%d/%m/%Y",)), pairs(["dates=month-first"]))
