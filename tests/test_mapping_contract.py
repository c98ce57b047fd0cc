"""What every engine promises of CSV files read by a mapping, in process and over the socket."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest
from both_engines import DOORS, running, through
from msgspec.structs import replace

from tio.api.contract import Engine
from tio.api.errors import Invalid, NotFound
from tio.api.imports import ImportTransactions, ListFileFormats
from tio.api.ledger import CreatePortfolio, ListTransactions
from tio.api.mappings import (
    ColumnMapping,
    CsvField,
    DeleteMapping,
    GuessMapping,
    ListMappings,
    MappingGuess,
    SaveMapping,
    with_column,
    with_constant,
    with_kind,
)
from tio.api.portfolio import TransactionKind
from tio.engine.local import LocalEngine

GERMAN = """Umsätze vom Depot
Datum;Typ;Wertpapier;Stück;Kurs;Gebühr;Währung
04.03.2024;Kauf;ACME;10;1.123,50;5,50;USD
05.03.2024;Verkauf;ACME;4;1.125,00;5,00;USD
06.03.2024;Tausch;ACME;1;2,00;0,00;USD
"""
SLASHED = "Date,Symbol,Quantity,Price\n03/04/2024,ACME,5,10\n05/06/2024,ACME,-2,11\n"
OWN = "Wann|Was|Wieviel|Zu\n2024-03-04|ACME|5|10\n"


@pytest.fixture
async def local() -> AsyncIterator[LocalEngine]:
    async with running() as made:
        await made.session().ask(CreatePortfolio("main", "USD"))
        yield made


@pytest.fixture(params=DOORS)
async def engine(request: pytest.FixtureRequest, local: LocalEngine) -> AsyncIterator[Engine]:
    async with through(local, request.param) as opened:
        yield opened


def written(tmp_path: Path, text: str, encoding: str = "utf-8", name: str = "own.csv") -> str:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return str(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
async def test_a_strange_csv_is_guessed_with_samples_and_how_sure(
    engine: Engine, tmp_path: Path, encoding: str
) -> None:
    told = await engine.ask(GuessMapping(written(tmp_path, GERMAN, encoding)))
    assert (told.mapping.delimiter, told.mapping.decimal, told.mapping.date) == (
        ";",
        ",",
        "%d.%m.%Y",
    )
    assert (told.header_line, told.lines, told.refused) == (2, 3, 1)
    assert told.unknown == ("Tausch",)
    quantity = next(each for each in told.columns if each.field is CsvField.quantity)
    assert (quantity.column, quantity.samples, quantity.sure) == ("Stück", ("10", "4", "1"), 1.0)
    kind = next(each for each in told.columns if each.field is CsvField.kind)
    assert kind.sure == pytest.approx(2 / 3)
    assert told.encoding == encoding.removesuffix("-sig")
    assert any("line 5" in note and "Tausch" in note for note in told.notes)
    assert (told.known_as, told.remembered) == ("", "")


async def test_what_is_told_of_a_mapping_is_tried_on_the_file(
    engine: Engine, tmp_path: Path
) -> None:
    path = written(tmp_path, GERMAN)
    guessed = await engine.ask(GuessMapping(path))
    better = with_kind(guessed.mapping, "Tausch", TransactionKind.buy)
    told = await engine.ask(GuessMapping(path, better))
    assert (told.refused, told.unknown, told.sure) == (0, (), 1.0)
    worse = await engine.ask(GuessMapping(path, replace(better, decimal=".")))
    assert worse.refused > 0


async def test_day_and_month_are_left_to_a_person(engine: Engine, tmp_path: Path) -> None:
    path = written(tmp_path, SLASHED)
    told = await engine.ask(GuessMapping(path))
    assert (told.mapping.date, told.dates, told.refused) == ("", ("%d/%m/%Y", "%m/%d/%Y"), 2)
    assert any("day or month first" in note for note in told.notes)
    first = replace(told.mapping, date="%d/%m/%Y")
    await engine.ask(ImportTransactions("main", path, mapping=first, dry_run=False))
    newest, oldest = await engine.ask(ListTransactions("main"))
    assert (f"{oldest.at:%m-%d}", f"{newest.at:%m-%d}") == ("04-03", "06-05")
    assert (newest.kind, newest.quantity) == (TransactionKind.sell, Decimal(2))


async def test_columns_no_guess_knows_are_shown_to_be_named(engine: Engine, tmp_path: Path) -> None:
    path = written(tmp_path, OWN)
    told = await engine.ask(GuessMapping(path))
    assert [each.column for each in told.columns] == ["Wann", "Was", "Wieviel", "Zu"]
    assert (told.mapping.delimiter, told.mapping.column(CsvField.date)) == ("|", "Wann")
    without = with_column(told.mapping, CsvField.date, "")
    with pytest.raises(Invalid, match="column of the date"):
        await engine.ask(ImportTransactions("main", path, mapping=without))
    named = mapped(told)
    brought = await engine.ask(ImportTransactions("main", path, mapping=named, dry_run=False))
    assert (brought.taken, brought.label) == (1, "CSV by a mapping")


def mapped(told: MappingGuess) -> ColumnMapping:
    """The mapping of OWN."""
    named = told.mapping
    for field, column in (("date", "Wann"), ("symbol", "Was"), ("quantity", "Wieviel")):
        named = with_column(named, CsvField(field), column)
    named = with_column(named, CsvField.price, "Zu")
    return with_constant(named, CsvField.currency, "USD")


async def test_a_kept_mapping_reads_the_next_file_of_its_shape_unasked(
    engine: Engine, tmp_path: Path
) -> None:
    path = written(tmp_path, OWN)
    named = mapped(await engine.ask(GuessMapping(path)))
    saved = await engine.ask(SaveMapping("mybank", path, named))
    assert saved.header == ("wann", "was", "wieviel", "zu")
    again = written(tmp_path, OWN + "2024-03-05|ACME|1|9\n", name="next.csv")
    told = await engine.ask(ImportTransactions("main", again))
    assert (told.format, told.label, told.new) == ("mybank", "CSV by the mapping mybank", 2)
    by_name = await engine.ask(ImportTransactions("main", again, format="mybank"))
    assert by_name == told
    guessed = await engine.ask(GuessMapping(again))
    assert (guessed.remembered, guessed.mapping, guessed.sure) == ("mybank", named, 1.0)
    assert "mybank" in {each.name for each in await engine.ask(ListFileFormats())}
    other = written(tmp_path, OWN.replace("Zu", "Preis"), name="other.csv")
    with pytest.raises(Invalid, match="of no kind that is known"):
        await engine.ask(ImportTransactions("main", other))


async def test_mappings_are_listed_replaced_and_forgotten(engine: Engine, tmp_path: Path) -> None:
    path = written(tmp_path, OWN)
    named = mapped(await engine.ask(GuessMapping(path)))
    assert await engine.ask(ListMappings()) == ()
    await engine.ask(SaveMapping("b", path, named))
    await engine.ask(SaveMapping("a", path, named))
    replaced = await engine.ask(SaveMapping("b", path, replace(named, net=True)))
    kept = await engine.ask(ListMappings())
    assert [each.name for each in kept] == ["a", "b"]
    assert kept[1] == replaced
    assert await engine.ask(DeleteMapping("b")) == replaced
    assert [each.name for each in await engine.ask(ListMappings())] == ["a"]
    with pytest.raises(NotFound, match="no mapping 'b'"):
        await engine.ask(DeleteMapping("b"))


async def test_a_mapping_that_cannot_be_kept_says_why(engine: Engine, tmp_path: Path) -> None:
    path = written(tmp_path, OWN)
    named = mapped(await engine.ask(GuessMapping(path)))
    with pytest.raises(Invalid, match="name of a kind of file already"):
        await engine.ask(SaveMapping("coinbase", path, named))
    wrong = with_column(named, CsvField.fee, "Gebühr")
    with pytest.raises(Invalid, match="it lacks gebühr"):
        await engine.ask(SaveMapping("mybank", path, wrong))
    with pytest.raises(Invalid, match="column of the date"):
        await engine.ask(SaveMapping("mybank", path, ColumnMapping()))
    assert await engine.ask(ListMappings()) == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "has no columns"), (b"buy milk", "has no columns"), (b"a\0b,c\0\n", "is no text")],
)
async def test_what_is_no_table_is_one_sentence(
    engine: Engine, tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(Invalid, match=said):
        await engine.ask(GuessMapping(str(path)))
