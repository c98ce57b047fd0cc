"""Every kind of file is claimed by its own reader and by no other."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.importing.readers import recognised
from tio.engine.portfolio.importing.writers import WRITERS

from recorded import read_text

COINBASE = (
    "ID,Timestamp,Transaction Type,Asset,Quantity Transacted,Price Currency,Price at Transaction,"
    "Subtotal,Total (inclusive of fees and/or spread),Fees and/or Spread,Notes\n"
)
KRAKEN = '"txid","refid","time","type","subtype","aclass","asset","amount","fee","balance"\n'
KRAKEN_TRADES = (
    '"txid","ordertxid","pair","time","type","ordertype","price","cost","fee","vol","margin"\n'
)
BINANCE = '"User_ID","UTC_Time","Account","Operation","Coin","Change","Remark"\n'
BEANCOUNT = """; a comment
2013-01-01 open Assets:Broker
  note: "opened: by mail"
2014-02-11 * "Bought"
  Assets:Broker  10 IVV {183.07 USD}
  Assets:Broker
"""
HLEDGER = """account assets:broker
2014-02-11 * bought
    assets:broker  10 IVV @ $183.07
    assets:broker
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("coinbase", f"\nTransactions\nUser,A B,0\n{COINBASE}"),
        ("kraken", KRAKEN),
        ("kraken_trades", KRAKEN_TRADES),
        ("binance", BINANCE),
        ("binance_trades", "Date(UTC),Pair,Side,Price,Executed,Amount,Fee\n"),
        ("ghostfolio_csv", "Date,Code,Currency,Price,Quantity,Action,Fee\n"),
        ("beancount", BEANCOUNT),
        ("hledger", HLEDGER),
    ],
)
def test_a_kind_is_recognised(name: str, text: str) -> None:
    assert recognised(text).name == name


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("ghostfolio", "ghostfolio_import/ok__500-activities.json.gz"),
        ("ghostfolio", "ghostfolio_import/not-ok__invalid-platform.json"),
        ("ghostfolio_csv", "ghostfolio_import/ok__penthouse-apartment.csv"),
        ("hledger", "hledger/examples_lots_irr.journal"),
        ("portfolio_performance", "portfolio_performance/currency_sample.xml.gz"),
    ],
)
def test_a_real_file_is_recognised(name: str, file: str) -> None:
    assert recognised(read_text(f"6_portfolio/{file}")[:65_536]).name == name


@pytest.mark.parametrize("kind", WRITERS)
def test_what_is_written_is_recognised_and_read_back(kind: str) -> None:
    buy = Transaction(
        kind=TransactionKind.buy,
        at=datetime(2024, 3, 4, 15, 30, tzinfo=UTC),
        symbol="AAPL",
        quantity=Decimal(10),
        price=Decimal("187.20"),
        currency="USD",
        note='a "note", with all: sorts; of = marks',
    )
    text = WRITERS[kind].write([buy])

    assert [row.transaction for row in recognised(text).read(text, "UTC")] == [buy]
