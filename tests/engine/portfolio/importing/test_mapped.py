"""CSV read by a mapping."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest

from tio.api.errors import Invalid
from tio.api.mappings import CsvField as Field
from tio.api.mappings import CsvSign as Sign
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.importing.mapped import Mapped, Mapping
from tio.engine.portfolio.importing.mapped_numbers import Numbers
from tio.engine.portfolio.importing.rows import Row

D = Decimal
GERMAN = Mapping(
    columns={
        Field.date: "Datum",
        Field.kind: "Typ",
        Field.isin: "ISIN",
        Field.quantity: "Stück",
        Field.amount: "Betrag",
        Field.fee: "Gebühr",
        Field.tax: "Steuern",
    },
    constants={Field.currency: "EUR", Field.account: "Depot"},
    kinds={
        "kauf": TransactionKind.buy,
        "verkauf": TransactionKind.sell,
        "dividende": TransactionKind.dividend,
        "einzahlung": TransactionKind.deposit,
        "gebühr": TransactionKind.fee,
        "zinsen": TransactionKind.interest,
    },
    date="%d.%m.%Y",
    decimal=",",
    delimiter=";",
    net=True,
)
HEADER = "Datum;Typ;ISIN;Stück;Betrag;Gebühr;Steuern"


def read(*lines: str, mapping: Mapping = GERMAN, header: str = HEADER) -> list[Row]:
    text = "\n".join(["Umsätze", "", header, *lines])
    reader = Mapped(mapping)
    assert reader.recognises(text)
    return list(reader.read(text, "Europe/Berlin"))


def told(*lines: str, mapping: Mapping = GERMAN, header: str = HEADER) -> list[Transaction]:
    rows = read(*lines, mapping=mapping, header=header)
    assert [row.refusal for row in rows if row.refusal] == []
    return [row.transaction for row in rows if row.transaction]


def test_a_mapping_is_kept_as_json() -> None:
    text = msgspec.json.encode(GERMAN)

    assert msgspec.json.decode(text, type=Mapping) == GERMAN


def test_sums_after_costs_are_told_before_them() -> None:
    buy, sale, dividend = told(
        "04.03.2024;Kauf;DE0007164600;10;-1.235,50;5,50;0,00",
        "05.03.2024;Verkauf;DE0007164600;-4;480,00;5,00;15,00",
        "06.03.2024;Dividende;DE0007164600;6;9,00;0;3,00",
    )

    assert (buy.amount, buy.fee, buy.quantity) == (D("1230.00"), D("5.50"), D(10))
    assert (sale.amount, sale.tax, sale.quantity) == (D("500.00"), D("15.00"), D(4))
    assert (dividend.amount, dividend.tax) == (D("12.00"), D("3.00"))
    assert (buy.symbol, buy.currency, buy.account) == ("DE0007164600", "EUR", "Depot")
    assert buy.at == datetime(2024, 3, 4, 22, 59, 59, 999999, UTC)


def test_income_charged_stays_below_zero_and_costs_are_above_it() -> None:
    fee, also, charged = told(
        "04.03.2024;Gebühr;;;-3,00;;",
        "04.03.2024;Gebühr;;;3,00;;",
        "04.03.2024;Zinsen;;;-2,00;;",
    )

    assert (fee.amount, also.amount, charged.amount) == (D(3), D(3), D(-2))


def test_costs_given_back_are_below_zero_where_signs_tell() -> None:
    signed = msgspec.structs.replace(GERMAN, sign=Sign.amount)
    fee, back = told("04.03.2024;Gebühr;;;-3,00;;", "04.03.2024;Gebühr;;;3,00;;", mapping=signed)

    assert (fee.amount, back.amount) == (D(3), D(-3))


def test_money_alone_names_no_security() -> None:
    (entry,) = told("04.03.2024;Einzahlung;DE0007164600;1;100,00;;")

    assert (entry.symbol, entry.quantity, entry.amount) == ("", None, D(100))


@pytest.mark.parametrize(
    ("sign", "quantity", "amount", "kind"),
    [
        (Sign.quantity, "-5", "", "sell"),
        (Sign.quantity, "5", "", "buy"),
        (Sign.amount, "5", "-50", "buy"),
        (Sign.amount, "5", "50", "sell"),
        (Sign.words, "-5", "50", "buy"),
    ],
)
def test_a_sign_may_tell_what_no_word_does(
    sign: Sign, quantity: str, amount: str, kind: str
) -> None:
    mapping = Mapping(
        columns={
            Field.date: "Day",
            Field.symbol: "What",
            Field.quantity: "N",
            Field.price: "At",
            Field.amount: "Sum",
        },
        constants={Field.currency: "USD"},
        sign=sign,
    )
    (entry,) = told(
        f"2024-03-04T10:00:00-05:00,AAPL,{quantity},10,{amount}",
        mapping=mapping,
        header="Day,What,N,At,Sum",
    )

    assert entry.kind.value == kind
    assert entry.quantity == 5
    assert entry.at == datetime(2024, 3, 4, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("decimal", "text", "value"),
    [
        (".", "$1,234.50", "1234.50"),
        (".", "(5.00)", "-5.00"),
        (".", "12.5-", "-12.5"),
        (",", "1.234,50 €", "1234.50"),
        (",", "−3", "-3"),
        (",", "1 000,5", "1000.5"),
        (".", ".5", "0.5"),
    ],
)
def test_numbers_are_read_by_their_decimal_mark(decimal: str, text: str, value: str) -> None:
    assert Numbers(decimal).read(text, "x") == D(value)


@pytest.mark.parametrize("text", ["ten", "1.2.3,4,5", "", "1,5,"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match=r"Sum: .* is no number"):
        Numbers(",").read(text, "Sum")


@pytest.mark.parametrize(("decimal", "text"), [(".", "5,50"), (",", "5.50"), (".", "1.123,50")])
def test_what_is_written_with_the_other_mark_is_not_a_hundred_times_as_much(
    decimal: str, text: str
) -> None:
    with pytest.raises(Invalid, match="is no number"):
        Numbers(decimal).read(text, "Sum")


def test_a_date_that_may_be_two_days_is_not_chosen_for_anyone() -> None:
    mapping = msgspec.structs.replace(GERMAN, date="")
    (row,) = read("04/03/2024;Kauf;DE0007164600;10;100;;", mapping=mapping)

    assert "may begin with day or month" in row.refusal


def test_a_mapping_without_a_date_is_none() -> None:
    with pytest.raises(Invalid, match="column of the date"):
        Mapped(Mapping(columns={Field.amount: "Sum"}))


def test_three_bad_lines_of_ten_thousand_are_named() -> None:
    lines = ["04.03.2024;Kauf;DE0007164600;10;-1.235,50;5,50;0,00"] * 10_000
    lines[0] = lines[0].replace("Kauf", "Tausch")
    lines[5_000] = lines[5_000].replace(";10;", ";zehn;")
    lines[9_999] = lines[9_999].replace("04.03", "34.03")
    refused = [(row.line, row.refusal) for row in read(*lines) if row.refusal]

    assert refused == [
        (4, "the mapping does not say what 'Tausch' is"),
        (5_004, "Stück: 'zehn' is no number"),
        (10_003, "date: '34.03.2024' is not written as %d.%m.%Y"),
    ]
