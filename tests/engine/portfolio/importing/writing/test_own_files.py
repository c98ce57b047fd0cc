"""Our own CSV and JSON: what is written is what is read."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from drawn_entries import entries
from hypothesis import given
from hypothesis import strategies as st

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.importing.own_csv import OwnCsv
from tio.engine.portfolio.importing.own_json import OwnJson
from tio.engine.portfolio.importing.rows import Row
from tio.engine.portfolio.importing.writing.as_csv import as_csv
from tio.engine.portfolio.importing.writing.as_json import as_json
from tio.engine.portfolio.importing.writing.cells import guarded, joined, parted, unguarded

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
BUY = Transaction(
    kind=TransactionKind.buy,
    at=datetime(2024, 3, 4, 15, 30, tzinfo=UTC),
    symbol="AAPL",
    quantity=Decimal(10),
    price=Decimal("187.20"),
    currency="USD",
)


def told(rows: list[Row]) -> list[Transaction]:
    assert [row.refusal for row in rows if row.refusal] == []
    return [row.transaction for row in rows if row.transaction]


def from_csv(text: str, zone: str = "UTC") -> list[Row]:
    assert OwnCsv().recognises(text[: 64 * 1024])
    return list(OwnCsv().read(text, zone))


def from_json(text: str) -> list[Row]:
    assert OwnJson().recognises(text[: 64 * 1024])
    return list(OwnJson().read(text, "UTC"))


@given(st.lists(entries(words=ANY_TEXT), max_size=8))
def test_csv_gives_back_every_entry_whole(ledger: list[Transaction]) -> None:
    assert told(from_csv(as_csv(ledger))) == ledger


@given(st.lists(entries(words=ANY_TEXT), max_size=8))
def test_json_gives_back_every_entry_whole(ledger: list[Transaction]) -> None:
    assert told(from_json(as_json(ledger))) == ledger


@given(ANY_TEXT)
def test_a_guarded_text_is_no_formula_and_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in ("=", "+", "-", "@", "\t", "\r")


@given(st.lists(ANY_TEXT.filter(bool)))
def test_tags_come_back_apart(tags: list[str]) -> None:
    assert parted(joined(tuple(tags))) == tuple(tags)


def test_only_text_is_guarded() -> None:
    fee = Transaction(
        kind=TransactionKind.fee,
        at=BUY.at,
        amount=Decimal("-5.00"),
        currency="USD",
        note='=HYPERLINK("http://x")',
    )
    (cells,) = csv.DictReader(io.StringIO(as_csv([fee])))

    assert cells["amount"] == "-5.00"
    assert cells["note"] == '\'=HYPERLINK("http://x")'


def test_fewer_columns_and_bare_dates_will_do() -> None:
    text = (
        "kind,at,quantity,symbol,price,currency,to_account,cost_share\n"
        "buy,2024-03-04,10,AAPL,187.20,USD,,\n"
    )
    (row,) = from_csv(text, "America/New_York")

    assert row.line == 2
    assert row.transaction is not None
    assert row.transaction.at == datetime(2024, 3, 5, 4, 59, 59, 999999, UTC)


def test_three_bad_lines_of_ten_thousand_are_named() -> None:
    lines = as_csv([BUY] * 10_000).splitlines()
    lines[1] = lines[1].replace("187.20", "dear")
    lines[5_000] = lines[5_000].replace("buy", "bye")
    lines[10_000] = lines[10_000].replace(",10,", ",-10,")
    rows = from_csv("\n".join(lines))
    refused = {row.line: row.refusal for row in rows if row.refusal}

    assert len(rows) == 10_000
    assert list(refused) == [2, 5_001, 10_001]
    assert refused[2].startswith("price: ")
    assert refused[5_001] == "kind: invalid enum value 'bye'"
    assert refused[10_001] == "a buy needs a quantity above zero, was -10"


def test_a_line_is_counted_where_it_begins_though_notes_span_lines() -> None:
    noted = Transaction(
        kind=TransactionKind.deposit, at=BUY.at, amount=Decimal(1), currency="USD", note="a\nb\nc"
    )
    rows = from_csv(as_csv([noted, BUY]))

    assert [row.line for row in rows] == [2, 5]


def test_an_unknown_column_refuses_the_file() -> None:
    with pytest.raises(Invalid, match="no entry has a 'colour'"):
        list(OwnCsv().read("kind,at,colour\nbuy,2024-01-01,red\n", "UTC"))


def test_json_of_another_format_is_refused() -> None:
    with pytest.raises(Invalid, match="tio transactions 9"):
        list(OwnJson().read('{"format": "tio transactions 9", "transactions": []}', "UTC"))


def test_a_bad_entry_of_json_is_named_by_its_line() -> None:
    text = as_json([BUY, BUY, BUY]).replace('"quantity":"10"', '"quantity":"ten"', 2)
    first, second, third = from_json(text)

    assert (first.line, second.line, third.line) == (2, 3, 4)
    assert first.refusal
    assert second.refusal.startswith("quantity: ")
    assert third.transaction == BUY
