"""Ghostfolio's JSON, its own sample files and invented ones of every type."""

import json
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tio.api.errors import Invalid
from tio.api.portfolio import TransactionKind
from tio.engine.portfolio.importing.ghostfolio import Ghostfolio
from tio.engine.portfolio.importing.rows import Row

from recorded import path, read_text

FOLDER = "6_portfolio/ghostfolio_import"


def read(text: str, zone: str = "UTC") -> list[Row]:
    assert Ghostfolio().recognises(text[: 64 * 1024])
    return list(Ghostfolio().read(text, zone))


def activity(**fields: Any) -> dict[str, Any]:
    return {
        "currency": "USD",
        "dataSource": "YAHOO",
        "date": "2024-03-01T00:00:00.000Z",
        "fee": 1.5,
        "quantity": 2,
        "symbol": "AAPL",
        "type": "BUY",
        "unitPrice": 10.25,
    } | fields


def file(*activities: dict[str, Any], **more: Any) -> str:
    return json.dumps({"activities": activities} | more, indent=1)


def only(text: str, zone: str = "UTC") -> Row:
    (row,) = read(text, zone)
    return row


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("ok__500-activities.json.gz", {"buy": 500}),
        ("ok__btcusd-short.json", {"sell": 2}),
        ("ok__novn-buy-and-sell.json", {"buy": 1, "sell": 1}),
        ("ok__penthouse-apartment.json", {"buy": 1}),
    ],
)
def test_files_ghostfolio_takes_are_read_whole(name: str, kinds: dict[str, int]) -> None:
    rows = read(read_text(f"{FOLDER}/{name}"))

    assert Counter(row.transaction and row.transaction.kind.value for row in rows) == kinds
    assert not any(row.refusal for row in rows)


def test_every_file_ghostfolio_refuses_is_refused_or_asked_about() -> None:
    files = sorted(path(FOLDER).glob("not-ok__*.json"))

    for each in files:
        rows = read(each.read_text("utf-8"))
        assert all(row.refusal or row.oddity for row in rows), each.name
    assert files


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("invalid-data-source", "dataSource: there is no data source '<invalid>'"),
        ("invalid-date-before-min", "is before 1970"),
        ("invalid-symbol", "'<invalid>' is no symbol of YAHOO"),
        ("invalid-symbol-with-manual-data-source", "the file does not describe it"),
        ("invalid-type", "there is no activity '<invalid>'"),
    ],
)
def test_a_refusal_says_why(name: str, sentence: str) -> None:
    row = only(read_text(f"{FOLDER}/not-ok__{name}.json"))

    assert sentence in row.refusal
    assert row.transaction is None


def test_a_sale_of_real_holdings_is_read_as_it_stands_in_the_file() -> None:
    sale, purchase = read(read_text(f"{FOLDER}/ok__novn-buy-and-sell.json"), "Europe/Zurich")

    assert sale.line == 7
    assert purchase.line == 17
    assert sale.transaction is not None
    assert not sale.transaction.short
    assert sale.transaction.price == Decimal("85.73")
    assert sale.transaction.quantity == 2
    assert sale.transaction.currency == "CHF"
    assert sale.transaction.at == datetime(2022, 4, 8, 21, 59, 59, 999999, UTC)
    assert sale.security.ticker == "NOVN.SW"


def test_sales_of_what_is_not_held_are_short_and_odd() -> None:
    first, second = read(read_text(f"{FOLDER}/ok__btcusd-short.json"))

    for row in (first, second):
        assert row.transaction is not None
        assert row.transaction.short
        assert "read as a short sale" in row.oddity


def test_what_is_kept_by_hand_has_the_name_the_file_describes() -> None:
    row = only(read_text(f"{FOLDER}/ok__penthouse-apartment.json"))

    assert row.security.name == "Penthouse Apartment"
    assert row.security.ticker == ""
    assert row.transaction is not None
    assert row.transaction.symbol == "7e91b7d4-1430-4212-8380-289a06c9bbc1"
    assert row.transaction.price == 500000


def test_every_type_becomes_its_kind() -> None:
    rows = read(
        file(
            activity(),
            activity(type="SELL"),
            activity(type="DIVIDEND", unitPrice=0.24, fee=0),
            activity(type="INTEREST", symbol="Savings", quantity=1, unitPrice=12.5, fee=0),
            activity(type="FEE", symbol="Custody", quantity=0, unitPrice=0, fee=7.5),
            activity(type="FEE", symbol="Custody", quantity=1, unitPrice=3, fee=0),
            activity(type="ITEM", symbol="Old watch", dataSource="MANUAL", quantity=1),
            activity(type="LIABILITY", symbol="Loan", dataSource="MANUAL"),
        )
    )

    told = [row.transaction for row in rows if row.transaction]
    assert [each.kind for each in told] == [
        TransactionKind.buy,
        TransactionKind.sell,
        TransactionKind.dividend,
        TransactionKind.interest,
        TransactionKind.fee,
        TransactionKind.fee,
        TransactionKind.transfer_in,
    ]
    assert [each.amount for each in told[3:6]] == [Decimal("12.5"), Decimal("7.5"), 3]
    assert told[3].symbol == ""
    assert told[3].note == "Savings"
    assert told[6].symbol == "Old watch"
    assert rows[7].refusal == "a liability (Loan) is no holding and cannot be taken in"


def test_accounts_and_tags_go_by_their_names() -> None:
    row = only(
        file(
            activity(accountId="a-1", tags=["t-1"], comment="first"),
            accounts=[{"id": "a-1", "name": "Broker", "currency": "USD", "platformId": None}],
            tags=[{"id": "t-1", "name": "growth"}],
        )
    )

    assert row.transaction is not None
    assert row.transaction.account == "Broker"
    assert row.transaction.tags == ("growth",)
    assert row.transaction.note == "first"
    assert row.oddity == ""


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("2024-03-01T00:00:00.000Z", datetime(2024, 3, 1, 22, 59, 59, 999999, UTC)),
        ("2024-02-29T23:00:00.000Z", datetime(2024, 3, 1, 22, 59, 59, 999999, UTC)),
        ("2024-03-01T16:25:19.368Z", datetime(2024, 3, 1, 16, 25, 19, 368000, UTC)),
    ],
)
def test_a_midnight_is_a_bare_date(date: str, at: datetime) -> None:
    row = only(file(activity(date=date)), "Europe/Berlin")

    assert row.transaction is not None
    assert row.transaction.at == at


def test_three_bad_activities_of_ten_thousand_are_named_by_their_lines() -> None:
    activities = [activity() for _ in range(10_000)]
    activities[17]["type"] = "BYE"
    activities[4_999]["quantity"] = "many"
    del activities[9_998]["date"]
    text = file(*activities)

    rows = read(text)
    refused = [row for row in rows if row.refusal]

    assert len(rows) == 10_000
    assert [text.splitlines()[row.line - 1].strip() for row in refused] == ["{"] * 3
    assert [(row.line - 3) // 10 for row in refused] == [17, 4_999, 9_998]
    assert "BYE" in refused[0].refusal
    assert refused[1].refusal.startswith("quantity: ")
    assert "date" in refused[2].refusal


def test_what_is_no_json_is_refused_whole() -> None:
    with pytest.raises(Invalid, match="this is no export of Ghostfolio"):
        list(Ghostfolio().read('{"activities": [', "UTC"))
