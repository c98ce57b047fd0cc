"""No file may grow for a while: writes are refused in words, and work again afterwards."""

import asyncio
import resource
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from tio.api.errors import Busy, TioError
from tio.api.market import Timeframe
from tio.api.watchlists import Watchlist
from tio.engine.store import market_schema, tio_schema
from tio.engine.store.bars import BarStore, Columns
from tio.engine.store.database import Database, Durability
from tio.engine.store.watchlists import WatchlistTable

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LIST = Watchlist("mine", ("BTC-USD",))
LONG = Watchlist("long", tuple(f"SYMBOL-{n}" for n in range(4_000)))


def limit_files(size: int) -> None:
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))


async def save(database: Database, watchlist: Watchlist) -> None:
    await database.write(lambda c: WatchlistTable.save(c, "ann", watchlist, NOW))


async def live_through(folder: Path) -> None:
    lost: list[TioError] = []
    made = Database(folder / "tio.db", Durability.full, tio_schema.STEPS)
    market = Database(folder / "m.db", Durability.normal, market_schema.STEPS, on_lost=lost.append)
    await made.open()
    await market.open()
    bars = BarStore(market)
    many = Columns.of_rows([(n * 60_000_000, 1.0, 1.0, 1.0, 1.0, 1.0) for n in range(20_000)])
    await save(made, LIST)
    limit_files((folder / "tio.db-wal").stat().st_size + 8_192)
    try:
        await save(made, LONG)
        raise SystemExit("a full disk took a write")
    except Busy as refused:
        assert "cannot grow, so nothing was saved" in refused.message, refused.message
        assert "free some space" in refused.next
    bars.post("A", "test", Timeframe.m1, many)
    try:
        await market.settle()
    except Busy:
        print("the batch went with the bars")
    assert await made.read(lambda c: WatchlistTable.list(c, "ann")) == (LIST,)
    assert [type(error) for error in lost] == [Busy], lost
    limit_files(resource.RLIM_INFINITY)
    await save(made, LONG)
    assert (await bars.append("A", "test", Timeframe.m1, many)).added == len(many)
    assert await made.read(lambda c: WatchlistTable.list(c, "ann")) == (LIST, LONG)
    for database in (made, market):
        assert (await database.report(check=True)).integrity == "ok"
        await database.close()
    print("lived through")


def test_a_full_disk_refuses_writes_in_words_and_later_ones_succeed(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", __file__, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.endswith("lived through\n"), done.stdout + done.stderr


if __name__ == "__main__":
    asyncio.run(live_through(Path(sys.argv[1])))
