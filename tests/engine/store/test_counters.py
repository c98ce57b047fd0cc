"""Daily limits are remembered over a restart."""

from pathlib import Path

from tio.engine.feeds.http.counters import Count
from tio.engine.store import market_schema
from tio.engine.store.counters import CounterStore
from tio.engine.store.database import Database, Durability


async def opened(tmp_path: Path) -> Database:
    database = Database(tmp_path / "market.db", Durability.normal, market_schema.STEPS)
    await database.open()
    return database


async def test_a_count_is_there_again_after_a_restart(tmp_path: Path) -> None:
    database = await opened(tmp_path)
    store = CounterStore(database)
    assert await store.load("alpha day") is None
    await store.save("alpha day", Count(1_000, 7.0))
    await store.save("alpha day", Count(1_000, 8.0))
    await database.close()
    database = await opened(tmp_path)
    assert await CounterStore(database).load("alpha day") == Count(1_000, 8.0)
    await database.close()
