"""A process that writes at full speed is killed again and again: nothing acknowledged is lost."""

import asyncio
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from tio.api.market import Timeframe
from tio.api.watchlists import Watchlist
from tio.engine.store import market_schema, tio_schema
from tio.engine.store.bars import BarStore, Columns
from tio.engine.store.database import Database, Durability
from tio.engine.store.watchlists import WatchlistTable

KILLS = 20
NOW = datetime(2026, 1, 1, tzinfo=UTC)


async def both(folder: Path) -> tuple[Database, Database]:
    made = Database(folder / "tio.db", Durability.full, tio_schema.STEPS)
    market = Database(folder / "market.db", Durability.normal, market_schema.STEPS)
    await made.open()
    await market.open()
    return made, market


async def write_for_ever(folder: Path, first: int) -> None:
    """Save watchlist after watchlist, telling each on stdout once acknowledged; bars meanwhile."""
    made, market = await both(folder)
    bars = BarStore(market)
    number = first
    while True:
        minutes = range(number * 100, number * 100 + 150)
        rows = [(m * 60_000_000, 1.0 + m, 2.0 + m, 0.5 + m, 1.5 + m, float(m)) for m in minutes]
        for symbol in ("A", "B", "C"):
            bars.post(symbol, "test", Timeframe.m1, Columns.of_rows(rows))
        watchlist = Watchlist(f"list {number}", tuple(f"S{n}" for n in range(number % 50)))
        await made.write(lambda c, w=watchlist: WatchlistTable.save(c, "ann", w, NOW))  # type: ignore[misc]
        print(number, flush=True)
        number += 1


async def check(folder: Path, acknowledged: int) -> None:
    """That all is there and whole."""
    made, market = await both(folder)
    try:
        lists = await made.read(lambda c: WatchlistTable.list(c, "ann"))
        names = {each.name for each in lists}
        assert {f"list {number}" for number in range(acknowledged)} <= names
        for each in lists:
            assert len(each.symbols) == int(each.name.split()[1]) % 50
        for database in (made, market):
            assert database.notice == ""
            assert (await database.report(check=True)).integrity == "ok"
        bars = await BarStore(market, pytest.fail).read("A", Timeframe.m1, limit=10_000_000)
        minutes = bars.time // 60_000_000
        assert (bars.time[1:] > bars.time[:-1]).all()
        assert (bars.close == minutes + 1.5).all()
        assert (bars.volume == minutes).all()
    finally:
        await made.close()
        await market.close()


@pytest.mark.slow
def test_killed_twenty_times_it_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    random = Random(20)
    acknowledged = 0
    for _ in range(KILLS):
        command = [sys.executable, __file__, str(tmp_path), str(acknowledged)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            lines = random.randrange(1, 60)
            for number, line in enumerate(writer.stdout):
                assert int(line) == acknowledged
                acknowledged += 1
                if number == lines:
                    break
            # From here it goes on writing while the signal is on its way.
            writer.send_signal(signal.SIGKILL)
            rest = [int(line) for line in writer.stdout if line.endswith("\n")]
            acknowledged += len(rest)
            assert writer.wait() == -signal.SIGKILL
        asyncio.run(check(tmp_path, acknowledged))
    assert acknowledged >= KILLS


if __name__ == "__main__":
    asyncio.run(write_for_ever(Path(sys.argv[1]), int(sys.argv[2])))
