"""Dates of a portfolio whose day ends when UTC has begun the next one."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from shell_scene import Tio, shell

from tio.api.imports import ImportPreview, ImportRow, ImportTransactions, RowState
from tio.api.ledger import (
    AddTransaction,
    Change,
    GetPositions,
    ListPortfolios,
    ListTransactions,
    UndoTransaction,
)
from tio.api.portfolio import Holdings, Portfolio, Transaction, TransactionKind
from tio.commands.portfolio_tables import words_of

from fakes import FakeEngine

END = datetime(2026, 11, 3, 4, 59, 59, 999999, UTC)
"""When 2026-11-02 ended in New York."""
BOUGHT = Transaction(
    id="1", kind=TransactionKind.deposit, at=END, amount=Decimal(5), currency="USD"
)
CHANGE = Change(number=7, what="import b.csv", entries=1, made_at=END)


@pytest.fixture
def engine() -> FakeEngine:
    def brought(asked: ImportTransactions) -> ImportPreview:
        row = ImportRow(line=2, state=RowState.new, taken=True, transaction=BOUGHT)
        change = None if asked.dry_run else CHANGE
        return ImportPreview(
            path="b.csv", format="f", label="F", new=1, taken=1, rows=(row,), change=change
        )

    return FakeEngine(
        {
            ListPortfolios: (
                Portfolio(name="main", currency="USD"),
                Portfolio(name="ny", currency="USD", zone="America/New_York"),
            ),
            AddTransaction: BOUGHT,
            ListTransactions: (BOUGHT,),
            GetPositions: Holdings(portfolio="ny", currency="USD", at=END),
            ImportTransactions: brought,
            UndoTransaction: CHANGE,
        }
    )


@pytest.fixture
def tio(
    engine: FakeEngine, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Tio:
    return shell(engine, capfd, monkeypatch)


def test_an_entry_is_told_with_the_date_it_was_given(tio: Tio) -> None:
    said = tio("portfolio", "add", "deposit", "5", "--date", "2026-11-02", "-p", "ny")
    assert said.err == "1: 2026-11-02 deposit 5.00 USD\n"
    assert "2026-11-02" in tio("portfolio", "transactions", "-p", "ny").out
    assert "2026-11-02" in tio("portfolio", "import", "b.csv", "--dry-run", "-p", "ny").out


def test_a_past_day_is_asked_for_at_its_end_where_the_portfolio_is(
    tio: Tio, engine: FakeEngine
) -> None:
    assert tio("portfolio", "show", "--at", "2026-11-02", "-p", "ny").code == 0
    assert engine.asked[-1] == GetPositions("ny", END)


def test_a_past_time_needs_a_zone(tio: Tio) -> None:
    said = tio("portfolio", "show", "--at", "2026-11-02T12:00", "-p", "ny")
    assert said.code == 2
    assert "must carry a zone" in said.err


def test_the_way_back_names_the_portfolio_and_workspace_that_were_named(tio: Tio) -> None:
    said = tio("portfolio", "import", "b.csv", "--yes", "-p", "ny", "-w", "demo")
    assert "`tio portfolio undo 7 -p ny -w demo` takes them back" in said.err
    said = tio("portfolio", "undo", "-p", "ny")
    assert "`tio portfolio undo 7 -p ny` brings it back" in said.err


def test_an_exchange_says_what_came_of_it() -> None:
    exchanged = Transaction(
        kind=TransactionKind.exchange,
        at=END,
        amount=Decimal(1000),
        currency="USD",
        to_amount=Decimal("920.15"),
        to_currency="EUR",
    )
    assert words_of(exchanged, ZoneInfo("America/New_York")) == (
        "2026-11-02 exchange 1,000.00 USD to 920.15 EUR"
    )
    moved = Transaction(
        kind=TransactionKind.transfer_out,
        at=END,
        symbol="AAPL",
        quantity=Decimal(4),
        account="ira",
        to_account="cash",
    )
    assert words_of(moved, UTC) == "2026-11-03 transfer out 4 AAPL from ira to cash"


def test_without_a_date_the_engine_says_when_it_happened(tio: Tio, engine: FakeEngine) -> None:
    assert tio("portfolio", "add", "deposit", "5").code == 0
    (asked,) = [each for each in engine.asked if isinstance(each, AddTransaction)]
    assert asked.date == ""


def test_an_amount_that_is_no_number_is_taken_for_no_symbol(tio: Tio) -> None:
    said = tio("portfolio", "add", "deposit", "1,5")
    assert said.code == 2
    assert "'1,5' is no number" in said.err


def test_the_group_itself_takes_a_portfolio(tio: Tio, engine: FakeEngine) -> None:
    assert tio("portfolio", "-p", "ny").code == 0
    assert engine.asked[-1] == GetPositions("ny")
    said = tio("portfolio", "-p", "ny", "undo")
    assert "-p ny stands before undo" in said.err
    assert not [each for each in engine.asked if isinstance(each, UndoTransaction)]
