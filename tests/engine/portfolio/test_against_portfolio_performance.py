from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace
from pp_clients import client_of
from pp_ledger import Charges, Kept
from truth import Verdict, count, wrong
from truth_pp import FOLDER, cases

from tio.api.portfolio import LotRule, Portfolio
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.importing.portfolio_performance import PortfolioPerformance

import recorded

FILES = sorted(file.name for file in (recorded.DATA / FOLDER).glob("*.xml.gz"))
Lots = list[tuple[str, date, Decimal, Decimal]]


def lots(books: Books) -> Lots:
    found = [(each.account, each.lot) for each in books.held()]
    return sorted((a, lot.opened_at.date(), lot.quantity, lot.cost) for a, lot in found)


def test_costs_gains_fees_and_trades_are_portfolio_performances() -> None:
    told = list(cases())
    assert not wrong(told)
    assert count(told, Verdict.same) > 0


@pytest.mark.parametrize("name", FILES)
def test_what_the_importer_reads_leaves_the_lots_a_second_reader_leaves(name: str) -> None:
    text = recorded.read_text(f"{FOLDER}/{name}")
    client = client_of(text)
    rows = [row.transaction for row in PortfolioPerformance().read(text, "UTC") if row.transaction]
    currency = client.currency or "EUR"
    entries = [
        replace(each, id=f"r{number}", position=number, rate=each.rate or Decimal(1))
        for number, each in enumerate(rows)
    ]
    imported = Books(Portfolio(name="main", currency=currency), entries)
    plain: Lots = []
    for security in client.currencies:
        plain += lots(Kept(client, "9000-01-01").books(security, LotRule.fifo, Charges.told))
    assert lots(imported) == sorted(plain)
