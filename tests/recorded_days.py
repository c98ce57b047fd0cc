"""An engine that holds recorded days and hours of shares, as they were told, and nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tio.api.contract import Engine
from tio.api.files import ImportBars
from tio.api.market import Timeframe
from tio.api.watchlists import SaveWatchlist
from tio.config import Config
from tio.engine.local import LocalEngine
from tio.paths import Paths

import recorded

DAYS = ("AAPL", "SPY", "BAC", "WM", "EEM")
HOURS = ("AAPL", "SPY")
FROM, TO = "2012-06-01", "2014-05-31"


@asynccontextmanager
async def recorded_engine(folder: Path) -> AsyncIterator[Engine]:
    """Two years of `DAYS` before June 2014, a list of them, and hours of `HOURS`; no network."""
    engine = LocalEngine(Paths.find().workspace("recorded"), Config())
    kept = [(each, Timeframe.d1, "daily") for each in DAYS]
    kept += [(each, Timeframe.h1, "hour") for each in HOURS]
    files = [(symbol, span, _cut(folder, symbol, of)) for symbol, span, of in kept]
    await engine.start()
    try:
        session = engine.session()
        for symbol, span, file in files:
            await session.ask(ImportBars(str(file), symbol, span, "America/New_York"))
        await session.ask(SaveWatchlist("main", DAYS))
        yield session
    finally:
        await engine.close()


def _cut(folder: Path, symbol: str, of: str) -> Path:
    """The rows of the two years; skips where there are none."""
    head, *rows = recorded.lines(f"2_ohlcv/equity_{of}/{symbol.lower()}.csv.gz")
    file = folder / f"{symbol}-{of}.csv"
    kept = [row for row in rows if FROM <= row[:10] <= TO]
    file.write_text("\n".join((head, *kept)) + "\n", encoding="utf-8")
    return file
