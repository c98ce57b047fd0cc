"""What is written for Beancount and hledger balances, and is read back whole."""

from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from drawn_entries import entries
from hypothesis import given
from hypothesis import strategies as st

from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.importing.beancount import Beancount
from tio.engine.portfolio.importing.hledger import Hledger
from tio.engine.portfolio.importing.journal_rows import CHANGED
from tio.engine.portfolio.importing.rows import Row
from tio.engine.portfolio.importing.writing.as_beancount import BEANCOUNT, as_beancount
from tio.engine.portfolio.importing.writing.as_hledger import HLEDGER, as_hledger
from tio.engine.portfolio.importing.writing.postings import Names, Poster

D = Decimal
LEDGERS = st.lists(entries(), min_size=1, max_size=8)
BUY = Transaction(
    kind=TransactionKind.buy,
    at=datetime(2024, 3, 4, 15, 30, tzinfo=UTC),
    account="Depot 1",
    symbol="BRK.B",
    quantity=D(10),
    price=D("187.20"),
    fee=D("1.50"),
    currency="USD",
    note='say "hi"; \\ and\nmore',
)


def told(rows: list[Row]) -> list[Transaction]:
    assert [row.refusal or row.oddity for row in rows if row.refusal or row.oddity] == []
    return [row.transaction for row in rows if row.transaction]


@given(LEDGERS)
def test_beancount_gives_back_every_entry_whole(ledger: list[Transaction]) -> None:
    text = as_beancount(ledger)

    assert Beancount().recognises(text)
    assert told(list(Beancount().read(text, "UTC"))) == ledger


@given(LEDGERS)
def test_hledger_gives_back_every_entry_whole(ledger: list[Transaction]) -> None:
    text = as_hledger(ledger)

    assert Hledger().recognises(text)
    assert told(list(Hledger().read(text, "UTC"))) == ledger


@pytest.mark.parametrize("names", [BEANCOUNT, HLEDGER])
@given(ledger=LEDGERS)
def test_the_postings_of_every_entry_balance(names: Names, ledger: list[Transaction]) -> None:
    poster = Poster(names)
    for entry in ledger:
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for posting in poster.post(entry):
            weight = posting.weight
            assert weight is not None
            sums[weight.commodity] += weight.number
        assert not any(sums.values()), entry


def test_beancount_s_text_is_as_its_manual_has_it() -> None:
    text = as_beancount([BUY], "America/New_York")

    assert "2024-03-04 open Assets:Depot-1\n" in text
    assert '2024-03-04 * "buy BRK.B"\n' in text
    assert '  tio-note: "say \\"hi\\"; \\\\ and\\nmore"\n' in text
    assert "  Assets:Depot-1  10 BRK.B @@ 1872.00 USD\n" in text
    assert "  Assets:Depot-1  -1873.50 USD\n" in text
    assert "  Expenses:Fees  1.50 USD\n" in text


def test_hledger_s_text_is_as_its_manual_has_it() -> None:
    text = as_hledger([BUY])

    assert "2024-03-04 * buy BRK.B\n" in text
    assert '    assets:Depot 1  10 "BRK.B" @@ 1872.00 USD\n' in text
    assert "    assets:Depot 1  -1873.50 USD\n" in text
    assert "    expenses:Fees  1.50 USD\n" in text


def test_days_are_those_of_the_zone() -> None:
    assert "2024-03-05 * buy" in as_hledger([BUY], "Asia/Tokyo")


def test_names_beancount_does_not_take_are_spelled_as_near() -> None:
    assert BEANCOUNT.commodity("7203.T") == "X7203.T"
    assert BEANCOUNT.commodity("GBp") == "GBX"
    assert BEANCOUNT.commodity("Old watch") == "OLD-WATCH"
    assert BEANCOUNT.account("Assets", "@home: joint") == "Assets:Home-joint"


def test_a_split_posts_the_shares_that_come_of_it() -> None:
    split = Transaction(
        kind=TransactionKind.splits, at=BUY.at, symbol="BRK.B", quantity=D(4), currency="USD"
    )
    text = as_hledger([BUY, split])

    assert '    assets:Depot 1  30 "BRK.B"\n    equity:Splits  -30 "BRK.B"\n' in text


def test_postings_a_person_changed_are_read_in_place_of_the_fields() -> None:
    text = as_hledger([BUY]).replace("  10 ", "  12 ")
    (row,) = Hledger().read(text, "UTC")

    assert row.oddity == CHANGED
    assert row.transaction is not None
    assert (row.transaction.quantity, row.transaction.amount) == (D(12), D("1872.00"))
