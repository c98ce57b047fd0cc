"""Cards on disk: numbered by owner, called by their portfolio's name of now, outliving it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from idea_cards import AT, idea, score
from msgspec.structs import replace

from tio.api.errors import NotFound
from tio.api.portfolio import Portfolio
from tio.engine.store.ideas import IdeaTable
from tio.engine.store.ledgers import LedgerKey, LedgerTable, ledger_of
from tio.engine.store.migrations import migrate
from tio.engine.store.tio_schema import STEPS


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        migrate(made, STEPS)
        for owner in ("owner", "other"):
            LedgerTable.create(made, owner, Portfolio(name="main", currency="USD"))
        yield made


def key(connection: sqlite3.Connection, owner: str = "owner", name: str = "main") -> LedgerKey:
    return ledger_of(connection, owner, name)


def test_each_owners_cards_are_numbered_and_seen_apart(connection: sqlite3.Connection) -> None:
    mine = [IdeaTable.add(connection, key(connection), idea("")).id for _ in range(2)]
    theirs = IdeaTable.add(connection, key(connection, "other"), idea("", symbol="ES=F"))
    assert mine == ["i1", "i2"]
    assert theirs.id == "i1"
    assert [each.id for each in IdeaTable.list(connection, "owner")] == ["i2", "i1"]
    assert IdeaTable.get(connection, "other", "i1").symbol == "ES=F"
    with pytest.raises(NotFound, match="there is no idea 'i3'"):
        IdeaTable.get(connection, "owner", "i3")


def test_a_scored_card_is_open_no_more(connection: sqlite3.Connection) -> None:
    made = IdeaTable.add(connection, key(connection), idea(""))
    assert IdeaTable.open(connection) == (("owner", made),)
    IdeaTable.put(connection, "owner", replace(made, score=score(1.0)))
    assert IdeaTable.open(connection) == ()
    again = IdeaTable.add(connection, key(connection), idea("", given_up_at=AT))
    assert not again.open
    assert IdeaTable.open(connection) == ()


def test_cards_outlive_their_portfolio_and_join_no_other(connection: sqlite3.Connection) -> None:
    IdeaTable.add(connection, key(connection), idea(""))
    LedgerTable.delete(connection, "owner", "main")
    LedgerTable.create(connection, "owner", Portfolio(name="next", currency="USD"))
    assert IdeaTable.list(connection, "owner", "next") == ()
    (left,) = IdeaTable.list(connection, "owner")
    assert left.portfolio == ""
