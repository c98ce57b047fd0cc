"""What is stored is counted whole: sealed chunks and the open tail, of each series alone."""

from pathlib import Path

import numpy as np
import pytest

from tio.api.market import Timeframe
from tio.engine.store.bars import BarStore, Columns, SeriesKey
from tio.engine.store.database import Database, Durability
from tio.engine.store.market_schema import STEPS
from tio.engine.store.series_sizes import sizes


@pytest.mark.parametrize("counts", [(1, 2, 3), (2_515, 600, 40), (511, 5_000, 1_021)])
async def test_bars_of_every_series_are_counted(tmp_path: Path, counts: tuple[int, ...]) -> None:
    database = Database(tmp_path / "market.db", Durability.normal, STEPS)
    await database.open()
    try:
        store = BarStore(database)
        for number, count in enumerate(counts):
            times = np.arange(count) * 86_400_000_000
            one = np.ones(count)
            bars = Columns.of(times, one, one, one, one, one)
            await store.append(f"S{number}", "yahoo", Timeframe.d1, bars)
        found = await sizes(database)
        keys = [SeriesKey(f"S{number}", Timeframe.d1, "yahoo") for number in range(len(counts))]
        assert tuple(found[key][0] for key in keys) == counts
        assert all(found[key][1] > 0 for key in keys if found[key][0] > 2_000)
    finally:
        await database.close()
