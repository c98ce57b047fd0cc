"""Views on disk: numbered by owner, said once, waiting until they are scored."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from given_views import AT, done, view
from msgspec.structs import replace

from tio.api.views import ViewOutcome
from tio.engine.store.migrations import migrate
from tio.engine.store.tio_schema import STEPS
from tio.engine.store.views import ViewTable


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        migrate(made, STEPS)
        yield made


def test_each_owners_views_are_numbered_and_seen_apart(connection: sqlite3.Connection) -> None:
    for symbol in ("AAPL", "MSFT"):
        ViewTable.add(connection, "owner", view(id="", symbol=symbol))
    theirs = ViewTable.add(connection, "other", view(id="", by="qwen"))
    assert theirs.id == "v1"
    found = ViewTable.list(connection, "owner")
    assert [(each.id, each.symbol) for each in found] == [("v2", "MSFT"), ("v1", "AAPL")]
    assert ViewTable.list(connection, "owner", "AAPL") == (found[1],)
    assert ViewTable.list(connection, "owner", "", "qwen") == ()
    assert ViewTable.list(connection, "other", "AAPL", "qwen") == (theirs,)
    assert ViewTable.list(connection, "owner", limit=1) == (found[0],)


def test_the_same_of_the_same_days_is_one_view_while_it_waits(
    connection: sqlite3.Connection,
) -> None:
    first = ViewTable.add(connection, "owner", view(id=""))
    assert ViewTable.add(connection, "owner", view(id="", price=102.0)) == first
    assert ViewTable.add(connection, "other", view(id="")).id == "v1"
    for other in ({"bias": 2}, {"due": AT}, {"by": "qwen"}, {"symbol": "MSFT"}):
        ViewTable.add(connection, "owner", view(id="", **other))
    assert len(ViewTable.list(connection, "owner")) == 5


def test_views_outlive_their_chat_and_join_no_other(connection: sqlite3.Connection) -> None:
    first = ViewTable.add(connection, "owner", view(id="", chat="c1", message="m2"))
    ViewTable.add(connection, "owner", view(id="", symbol="MSFT", chat="c2", message="m2"))
    theirs = ViewTable.add(connection, "other", view(id="", chat="c1", message="m2"))
    ViewTable.unlink(connection, "owner", "c1")
    second, left = ViewTable.list(connection, "owner")
    assert (left.chat, left.message, left.price) == ("", "", first.price)
    assert second.chat == "c2"
    assert ViewTable.list(connection, "other") == (theirs,)
    # Who had it in hand meanwhile puts no chat back.
    ViewTable.put(connection, "owner", replace(first, outcome=ViewOutcome.held))
    left = ViewTable.list(connection, "owner")[1]
    assert (left.chat, left.outcome) == ("", ViewOutcome.held)


def test_what_is_scored_waits_no_more_and_counts(connection: sqlite3.Connection) -> None:
    first = ViewTable.add(connection, "owner", view(id=""))
    second = ViewTable.add(connection, "other", view(id="", due=AT))
    assert ViewTable.waiting(connection) == (("other", second), ("owner", first))
    ViewTable.put(connection, "owner", replace(done(True), id=first.id))
    ViewTable.put(connection, "other", replace(second, outcome=ViewOutcome.unscored))
    assert ViewTable.waiting(connection) == ()
    assert ViewTable.held(connection, "owner", "rules") == (1, 1)
    assert ViewTable.held(connection, "other", "rules") == (0, 0)
    assert ViewTable.list(connection, "owner") == (done(True),)
