import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from tio.api.errors import NotFound
from tio.api.watchlists import Watchlist
from tio.engine.store.migrations import migrate
from tio.engine.store.tio_schema import STEPS
from tio.engine.store.watchlists import WatchlistTable

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TECH = Watchlist("tech", ("MSFT", "AAPL"), ("last", "change"))
COINS = Watchlist("coins", ("BTC-USD",))


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        migrate(made, STEPS)
        yield made


def test_lists_stay_in_the_order_they_were_made(connection: sqlite3.Connection) -> None:
    for each in (TECH, COINS):
        WatchlistTable.save(connection, "ann", each, NOW)
    changed = Watchlist("tech", ("AAPL", "MSFT", "NVDA"))
    WatchlistTable.save(connection, "ann", changed, NOW)
    assert WatchlistTable.list(connection, "ann") == (changed, COINS)


def test_doubled_symbols_keep_their_first_place(connection: sqlite3.Connection) -> None:
    saved = WatchlistTable.save(connection, "ann", Watchlist("x", ("B", "A", "B", "A")), NOW)
    assert saved.symbols == ("B", "A")
    assert WatchlistTable.list(connection, "ann") == (saved,)


def test_nobody_sees_or_deletes_another_owners(connection: sqlite3.Connection) -> None:
    WatchlistTable.save(connection, "ann", TECH, NOW)
    WatchlistTable.save(connection, "bob", Watchlist("tech", ("IBM",)), NOW)
    assert WatchlistTable.list(connection, "ann") == (TECH,)
    with pytest.raises(NotFound):
        WatchlistTable.delete(connection, "eve", "tech")
    assert WatchlistTable.delete(connection, "ann", "tech") == TECH
    assert WatchlistTable.list(connection, "bob")[0].symbols == ("IBM",)


def test_deleting_an_unknown_list_says_so(connection: sqlite3.Connection) -> None:
    with pytest.raises(NotFound, match="no watchlist 'nope'"):
        WatchlistTable.delete(connection, "ann", "nope")
