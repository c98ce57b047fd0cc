"""Mappings proposed from headers and first lines."""

import pytest

from tio.api.errors import Invalid
from tio.api.mappings import CsvField as Field
from tio.api.mappings import CsvSign as Sign
from tio.api.portfolio import TransactionKind
from tio.engine.portfolio.importing.guessing import guess
from tio.engine.portfolio.importing.mapped import Mapped

GERMAN = """Umsätze vom Depot
Datum;Typ;ISIN;Anzahl;Kurs;Betrag;Gebühren;Währung
04.03.2024;Kauf;DE0007164600;10;123,00;1.230,00;5,50;EUR
05.03.2024;Verkauf;DE0007164600;4;125,00;500,00;5,00;EUR
06.03.2024;Ausschüttung;DE0007164600;6;2,00;12,00;0,00;EUR
"""
AMERICAN = """Trade Date,Action,Symbol,Description,Quantity,Price ($),Fees & Commissions,Net Amount
03/14/2024,Buy,AAPL,APPLE INC,10,"$1,123.40",$1.00,"-$11,235.00"
03/15/2024,YOU SOLD,AAPL,APPLE INC,5,$125.00,$1.00,$624.00
03/16/2024,Cash Dividend,AAPL,APPLE INC,,,,$12.00
"""


def test_a_german_export_is_understood() -> None:
    mapping = guess(GERMAN)

    assert mapping.delimiter == ";"
    assert mapping.decimal == ","
    assert mapping.date == "%d.%m.%Y"
    assert mapping.columns[Field.quantity] == "Anzahl"
    assert mapping.columns[Field.fee] == "Gebühren"
    assert mapping.kinds["verkauf"] is TransactionKind.sell
    assert mapping.kinds["ausschüttung"] is TransactionKind.dividend


def test_an_american_export_is_understood() -> None:
    mapping = guess(AMERICAN)

    assert mapping.date == "%m/%d/%Y"
    assert mapping.decimal == "."
    assert mapping.columns[Field.price] == "Price ($)"
    assert mapping.columns[Field.amount] == "Net Amount"
    assert mapping.columns[Field.note] == "Description"
    assert mapping.kinds == {
        "buy": TransactionKind.buy,
        "you sold": TransactionKind.sell,
        "cash dividend": TransactionKind.dividend,
    }


@pytest.mark.parametrize("text", [GERMAN, AMERICAN])
def test_what_is_guessed_reads_every_line(text: str) -> None:
    mapping = guess(text)
    rows = list(Mapped(mapping).read(text, "UTC"))

    assert [row.refusal for row in rows] == ["", "", ""]
    assert [row.transaction and row.transaction.kind.value for row in rows] == [
        "buy",
        "sell",
        "dividend",
    ]


def test_signs_are_guessed_where_no_column_tells_the_kind() -> None:
    by_quantity = guess("Date,Symbol,Quantity,Price\n2024-03-04,AAPL,-5,10\n")
    by_amount = guess("Date,Symbol,Quantity,Amount\n2024-03-04,AAPL,5,-10\n")

    assert by_quantity.sign is Sign.quantity
    assert by_amount.sign is Sign.amount


def test_a_day_that_could_be_a_month_is_left_open() -> None:
    assert guess("Date,Symbol,Quantity,Price\n03/04/2024,AAPL,5,10\n").date == ""


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "Date,Name\n2024-01-01,x\n"])
def test_what_has_no_header_that_will_do_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="no header with a date"):
        guess(text)
