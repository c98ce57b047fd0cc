"""CSV files looked at: whatever is in them, there is a guess or one sentence."""

import tempfile
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tio.api.errors import Invalid
from tio.api.mappings import (
    CsvField,
    CsvSign,
    GuessMapping,
    MappingGuess,
    SavedMapping,
    with_column,
)
from tio.engine.portfolio.importing.looking import TRIED, looked_at

HEADERS = ("Date", "Datum", "Type", "Symbol", "Stück", "Quantity", "Price", "Betrag", "", "Was")
CELLS = ("2024-03-04", "03/04/2024", "4.3.2024", "buy", "AAPL", "1.234,50", "-3", "", '"', "Kauf")


def look(data: bytes, *kept: SavedMapping, **asked: str) -> MappingGuess:
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(data)
        file.flush()
        return looked_at(GuessMapping(file.name, **asked), kept, "UTC")  # type: ignore[arg-type]


def sensible(data: bytes) -> None:
    """A guess that holds together, or a refusal with a sentence."""
    try:
        told = look(data)
    except Invalid as error:
        assert error.message
        return
    assert 0 <= told.refused <= told.lines
    assert 0.0 <= told.sure <= 1.0
    assert all(0.0 <= each.sure <= 1.0 for each in told.columns)
    assert {each.field for each in told.columns} - {None} == {e.field for e in told.mapping.columns}


@given(st.binary(max_size=400))
def test_any_bytes_are_guessed_or_refused_in_a_sentence(data: bytes) -> None:
    sensible(data)


@given(
    st.lists(st.sampled_from(HEADERS), min_size=1, max_size=7),
    st.lists(st.lists(st.sampled_from(CELLS), max_size=8), max_size=6),
    st.sampled_from(",;\t|"),
    st.sampled_from(("utf-8", "utf-16", "cp1252")),
)
def test_anything_like_a_table_is_guessed_or_refused_in_a_sentence(
    header: list[str], lines: list[list[str]], mark: str, encoding: str
) -> None:
    text = "\n".join(mark.join(line) for line in [header, *lines])
    sensible(text.encode(encoding))


def test_a_long_file_is_tried_on_its_beginning_and_says_so() -> None:
    line = "2024-03-04,AAPL,5,10\n"
    told = look(("Date,Symbol,Quantity,Price\n" + line * (TRIED + 5)).encode())
    assert (told.lines, told.refused) == (TRIED, 0)
    assert "tried on the first 5,000 lines" in told.notes
    told = look(("Date,Symbol,Quantity,Price\n" + line * 5).encode())
    assert told.lines == 5
    assert not any("tried" in note for note in told.notes)


def test_a_date_cut_off_where_looking_ends_does_not_spoil_the_guess() -> None:
    line = "04.03.2024;AAPL;5;10,50\n"
    told = look(("Datum;Symbol;Anzahl;Kurs\n" + line * 4_000).encode())
    assert (told.mapping.date, told.refused) == ("%d.%m.%Y", 0)


def test_the_newest_of_two_mappings_for_one_header_is_taken() -> None:
    data = b"Date,Symbol,Quantity,Price\n2024-03-04,AAPL,5,10\n"
    mapping = look(data).mapping
    header = ("date", "symbol", "quantity", "price")
    old, new = (
        SavedMapping(
            name=name, mapping=mapping, header=header, saved_at=datetime(year, 1, 1, tzinfo=UTC)
        )
        for name, year in (("old", 2025), ("new", 2026))
    )
    assert look(data, old, new).remembered == "new"
    assert look(data, new, old).remembered == "new"


def test_a_file_a_reader_knows_says_so() -> None:
    header = "kind,at,symbol,quantity,price,amount,currency,note,to_account,cost_share,reference"
    told = look(f"{header}\nbuy,2024-03-04,AAPL,5,10,,USD,,,,\n".encode())
    assert told.known_as == "tio_csv"
    assert told.mapping.column(CsvField.symbol) == "symbol"


def test_dates_isins_and_currencies_are_told_by_their_cells() -> None:
    told = look(b"Wann;Was;Geld;Zu\n03/04/2026;US0378331005;USD;123,50\n;US0378331005;USD;1,5\n")
    fields = {each.column: each.field for each in told.columns}
    assert fields == {
        "Wann": CsvField.date,
        "Was": CsvField.isin,
        "Geld": CsvField.currency,
        "Zu": None,
    }
    assert told.mapping.decimal == ","
    assert told.dates == ("%d/%m/%Y", "%m/%d/%Y")


def test_columns_that_only_look_a_little_like_dates_are_not_taken_for_them() -> None:
    told = look(b"Was;Zu\n1.5.7;10-20-30\nAAPL;2\n")
    assert told.mapping.columns == ()


def test_quantities_below_zero_that_would_be_bought_are_told() -> None:
    told = look(b"Wann,Wieviel\n2026-03-04,-5\n")
    mapping = with_column(told.mapping, CsvField.quantity, "Wieviel")
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(b"Wann,Wieviel\n2026-03-04,-5\n")
        file.flush()
        told = looked_at(GuessMapping(file.name, mapping), (), "UTC")
        assert any("below zero" in note for note in told.notes)
        signed = replace(mapping, sign=CsvSign.quantity)
        told = looked_at(GuessMapping(file.name, signed), (), "UTC")
        assert not any("below zero" in note for note in told.notes)
