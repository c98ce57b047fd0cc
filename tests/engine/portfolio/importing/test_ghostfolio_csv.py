"""Ghostfolio's CSV: its own sample files and invented ones."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tio.engine.portfolio.importing.ghostfolio_csv import GhostfolioCsv
from tio.engine.portfolio.importing.rows import Row

from recorded import read_text

FOLDER = "6_portfolio/ghostfolio_import"
HEADER = "Date,Code,Currency,Price,Quantity,Action,Fee"


def read(text: str) -> list[Row]:
    assert GhostfolioCsv().recognises(text)
    return list(GhostfolioCsv().read(text, "UTC"))


def test_its_own_files_are_read() -> None:
    (coin,) = read(read_text(f"{FOLDER}/ok__btcusd.csv"))
    (home,) = read(read_text(f"{FOLDER}/ok__penthouse-apartment.csv"))

    assert coin.transaction is not None
    assert coin.transaction.price == Decimal("44558.42")
    assert coin.transaction.at == datetime(2021, 12, 12, 23, 59, 59, 999999, UTC)
    assert home.transaction is not None
    assert home.transaction.symbol == "Penthouse Apartment"
    assert home.transaction.price == 500000


def test_a_year_of_two_digits_is_refused() -> None:
    (row,) = read(read_text(f"{FOLDER}/not-ok__invalid-date-yy.csv"))

    assert row.refusal == "date: '16/09/21' is no date that can be told for sure"


@pytest.mark.parametrize(
    "date", ["2024-03-01", "01.03.2024", "01/03/2024", "01-03-2024", "20240301", "2024/03/01"]
)
def test_dates_are_read_however_ghostfolio_takes_them(date: str) -> None:
    (row,) = read(f"{HEADER}\n{date},AAPL,USD,10,2,buy,1\n")

    assert row.transaction is not None
    assert f"{row.transaction.at:%Y-%m-%d}" == "2024-03-01"


def test_columns_have_other_names_too() -> None:
    (row,) = read(
        "TradeDate,Symbol,CCY,UnitPrice,Qty,Type,Commission,Account,Note\n"
        "2024-03-01,AAPL,USD,10,-2,SELL,-1,Broker,x\n"
    )

    assert row.transaction is not None
    assert row.transaction.quantity == 2
    assert row.transaction.fee == 1
    assert (row.transaction.account, row.transaction.note) == ("Broker", "x")
    assert row.transaction.short


def test_other_columns_are_of_another_kind() -> None:
    assert not GhostfolioCsv().recognises(f"{HEADER},Settlement\n")
    assert not GhostfolioCsv().recognises("Date,Code,Currency\n")


def test_three_bad_lines_of_ten_thousand_are_named() -> None:
    lines = ["2024-03-01,AAPL,USD,10,2,buy,1"] * 10_000
    lines[1] = lines[1].replace("buy", "bye")
    lines[5_000] = lines[5_000].replace(",10,", ",ten,")
    lines[9_999] = lines[9_999].replace("AAPL", "")
    refused = [row for row in read("\n".join([HEADER, *lines])) if row.refusal]

    assert [(row.line, row.refusal) for row in refused] == [
        (3, "type: there is no activity 'bye'"),
        (5_002, "price: 'ten' is no number"),
        (10_001, "code is blank"),
    ]
