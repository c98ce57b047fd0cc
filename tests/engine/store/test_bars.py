import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import nan
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tio.api.errors import TioError
from tio.api.market import Adjustment, Coverage, Delay, Timeframe
from tio.engine.store import bar_tables
from tio.engine.store.bars import Appended, BarStore, Columns, SeriesKey, Terms
from tio.engine.store.chunks import SIZE
from tio.engine.store.columns import Row
from tio.engine.store.database import Database, Durability
from tio.engine.store.market_schema import STEPS
from tio.engine.store.migrations import migrate

MINUTE = 60_000_000
M1 = Timeframe.m1
KEY = SeriesKey("BTC-USD", M1, "coinbase")


@dataclass
class Opened:
    store: BarStore
    database: Database
    damages: list[str] = field(default_factory=list)
    lost: list[TioError] = field(default_factory=list)


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Opened]:
    damages: list[str] = []
    lost: list[TioError] = []
    database = Database(tmp_path / "market.db", Durability.normal, STEPS, on_lost=lost.append)
    await database.open()
    yield Opened(BarStore(database, damages.append), database, damages, lost)
    await database.close()


def bars(first: int, count: int, price: float = 100.0, step: int = 1) -> Columns:
    minutes = np.arange(first, first + count * step, step)
    close = price + minutes / 7
    return Columns.of(minutes * MINUTE, close - 1, close + 2, close - 2, close, minutes * 1.5)


def at(minute: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)


@pytest.mark.parametrize("count", [1, 509, 510, 511, 1020, 1021, 1022, 5_000, 45_000])
async def test_what_was_appended_is_read_back_bit_for_bit(opened: Opened, count: int) -> None:
    written = bars(0, count)
    done = await opened.store.append("BTC-USD", "coinbase", M1, written)
    assert done == Appended(count, 0)
    assert await opened.store.read("BTC-USD", M1, limit=count + 5) == written


async def test_a_limit_gives_the_newest_of_the_range(opened: Opened) -> None:
    written = bars(0, 3_000)
    await opened.store.append("BTC-USD", "coinbase", M1, written)
    for begin, end, limit in ((0, 2_999, 7), (100, 1_700, 900), (2_990, 9_999, 500), (5, 5, 1)):
        expected = written[begin : end + 1][-limit:]
        found = await opened.store.read("BTC-USD", M1, at(begin), at(end), limit)
        assert found == expected
    assert len(await opened.store.read("BTC-USD", M1, at(9_000), None, 10)) == 0
    assert len(await opened.store.read("NONE", M1)) == 0


async def test_bars_one_by_one_seal_as_they_grow(opened: Opened) -> None:
    written = bars(0, 2_500)
    for number in range(2_500):
        opened.store.post("BTC-USD", "coinbase", M1, written[number : number + 1])
    await opened.database.settle()
    assert await opened.store.read("BTC-USD", M1, limit=9_999) == written
    sealed, tail = await opened.database.read(counts)
    assert (sealed + tail, tail <= 2 * SIZE) == (2_500, True)
    assert sealed >= 2 * SIZE


def counts(connection: sqlite3.Connection) -> tuple[int, int]:
    (sealed,) = connection.execute("SELECT coalesce(sum(bars), 0) FROM bar_chunks").fetchone()
    (tail,) = connection.execute("SELECT count(*) FROM bar_tail").fetchone()
    return sealed, tail


async def test_the_same_time_replaces_in_tail_and_in_sealed_history(opened: Opened) -> None:
    await opened.store.append("BTC-USD", "coinbase", M1, bars(0, 3_000))
    done = await opened.store.append("BTC-USD", "coinbase", M1, bars(0, 3_001, price=500.0))
    assert done == Appended(1, 3_000)
    assert await opened.store.read("BTC-USD", M1, limit=9_999) == bars(0, 3_001, price=500.0)


async def test_late_bars_fall_into_their_own_time(opened: Opened) -> None:
    even, odd = bars(0, 2_000, step=2), bars(1, 2_000, step=2)
    await opened.store.append("BTC-USD", "coinbase", M1, even)
    for number in Random(3).sample(range(2_000), 2_000)[:300]:
        await opened.store.append("BTC-USD", "coinbase", M1, odd[number : number + 1])
    await opened.store.append("BTC-USD", "coinbase", M1, odd)
    assert await opened.store.read("BTC-USD", M1, limit=9_999) == bars(0, 4_000)


async def test_no_volume_stays_no_volume(opened: Opened) -> None:
    rows: list[Row] = [(n * MINUTE, 1.0, 2.0, 0.5, 1.5, nan) for n in range(1_500)]
    await opened.store.append("EURUSD", "ecb", M1, rows)
    found = await opened.store.read("EURUSD", M1, limit=9_999)
    assert len(found) == 1_500
    assert np.isnan(found.volume).all()
    assert found.close.tolist() == [1.5] * 1_500


async def test_sources_are_kept_apart_with_their_terms(opened: Opened) -> None:
    terms = Terms(Coverage.consolidated, Delay.end_of_day, Adjustment.splits)
    await opened.store.append("AAPL", "stooq", M1, bars(0, 10), terms)
    await opened.store.append("AAPL", "iex", M1, bars(5, 20, price=900.0))
    await opened.store.append("AAPL", "stooq", M1, bars(10, 1))
    newest, older = await opened.store.sources_of("AAPL", M1)
    assert (newest.key.source, newest.terms) == ("iex", Terms())
    assert (older.key.source, older.terms) == ("stooq", terms)
    assert (older.first, older.last) == (0, 10 * MINUTE)
    assert await opened.store.read("AAPL", M1) == bars(5, 20, price=900.0)
    assert await opened.store.read("AAPL", M1, source="stooq") == bars(0, 11)


async def test_what_is_held_is_listed_deleted_and_emptied(opened: Opened) -> None:
    store = opened.store
    for symbol, span in (("B", Timeframe.d1), ("B", M1), ("A", M1), ("C", M1)):
        await store.append(symbol, "x", span, bars(0, 1_200))
    assert await store.symbols() == ("A", "B", "C")
    assert await store.timeframes("B") == (M1, Timeframe.d1)
    assert await store.delete("B", M1) == 1
    assert await store.timeframes("B") == (Timeframe.d1,)
    assert await store.delete("A") == 1
    assert await store.symbols() == ("B", "C")
    await store.empty()
    assert await store.symbols() == ()
    assert await opened.database.read(counts) == (0, 0)


async def test_a_damaged_chunk_is_told_and_left_out(opened: Opened) -> None:
    written = bars(0, 3_000)
    await opened.store.append("BTC-USD", "coinbase", M1, written)
    await opened.database.write(spoil)
    found = await opened.store.read("BTC-USD", M1, limit=9_999)
    assert found == Columns.joined([written[:SIZE], written[2 * SIZE :]])
    (damage,) = opened.damages
    assert damage.startswith("BTC-USD 1m (coinbase): 510 bars from 1970-01-01 08:30:00+00:00 to ")
    assert damage.endswith("are damaged, left out")
    await opened.store.append("BTC-USD", "coinbase", M1, written)
    assert await opened.store.read("BTC-USD", M1, limit=9_999) == written


def spoil(connection: sqlite3.Connection) -> None:
    number, body = connection.execute(
        "SELECT id, body FROM bar_chunks ORDER BY first LIMIT 1 OFFSET 1"
    ).fetchone()
    spoiled = bytearray(body)
    spoiled[10_000] ^= 4
    connection.execute("UPDATE bar_chunks SET body = ? WHERE id = ?", (bytes(spoiled), number))


@settings(max_examples=60)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 4_000), st.integers(1, 1_500)), min_size=1, max_size=3),
        min_size=1,
        max_size=8,
    )
)
def test_any_order_of_appends_equals_a_plain_dict(
    appends: list[list[tuple[int, int]]],
) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, STEPS)
        plain: dict[int, tuple[float, ...]] = {}
        for number, spans in enumerate(appends):
            part = Columns.joined([bars(first, count, float(number)) for first, count in spans])
            known = set(plain)
            plain.update((row[0], row) for row in part.rows())
            done = bar_tables.append(connection, KEY, part, None, pytest.fail)
            assert done.added == len(set(plain) - known)
        found = bar_tables.read(connection, KEY, 0, 1 << 62, 99_999, pytest.fail)
        assert list(found.rows()) == [plain[time] for time in sorted(plain)]
        middle = 2_000 * MINUTE
        some = bar_tables.read(connection, KEY, 0, middle, 50, pytest.fail)
        assert some.time.tolist() == sorted(t for t in plain if t <= middle)[-50:]
