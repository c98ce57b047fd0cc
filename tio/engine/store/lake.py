"""Bars as partitioned Parquet, `symbol=…/year=…/TIMEFRAME-SOURCE.parquet`, and back.

Needs `pyarrow` (the extra `lake`), imported on first use. Everything here blocks: call it in a
thread. Columns: time (µs UTC), open, high, low, close, volume (NaN where there is none), timeframe,
source, adjusted, coverage, delay.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import numpy as np

from tio.api.clean import clean
from tio.api.errors import Conflict, Invalid, NotFound, TioError
from tio.api.market import Adjustment, Coverage, Delay, Timeframe
from tio.engine.store.bar_tables import SeriesKey, Terms
from tio.engine.store.columns import Columns

_LONGEST = 64
INSTALL = "install it with `pip install 'tio[lake]'`"


class NoLake(TioError):
    """Parquet needs a library that is not installed."""

    code = "misconfigured"
    exit_code = 78


def write(
    folder: Path, key: SeriesKey, terms: Terms, bars: Columns, *, adding: bool = False
) -> int:
    """Write a series, a file a year, on the disk when this returns; how many files.

    Each in place of the one before, or `adding` to what that holds, as an archive needs. Invalid
    where that was adjusted otherwise or cannot be read; Conflict where nothing can be written.
    """
    try:
        return _write(folder, key, terms, bars, adding)
    except OSError as error:
        raise Conflict(
            f"bars cannot be written below {folder}: {error.strerror or error}",
            "make room there or choose another folder",
        ) from error


def _write(folder: Path, key: SeriesKey, terms: Terms, bars: Columns, adding: bool) -> int:
    arrow, parquet = _pyarrow()
    years = bars.time.astype("datetime64[us]").astype("datetime64[Y]").astype(int) + 1970
    written = 0
    for year in np.unique(years).tolist():
        rows = np.flatnonzero(years == year)
        piece = bars[int(rows[0]) : int(rows[-1]) + 1]
        place = folder / f"symbol={quote(key.symbol, safe='')}" / f"year={year}"
        place.mkdir(parents=True, exist_ok=True)
        file = place / f"{key.timeframe}-{quote(key.source, safe='')}.parquet"
        if adding and file.exists():
            piece = Columns.joined([_alike(parquet, file, key, terms), piece]).ordered()
        fresh = file.with_suffix(".new")
        parquet.write_table(_table(arrow, key, terms, piece), fresh, compression="zstd")
        with fresh.open("rb") as whole:
            os.fsync(whole.fileno())
        fresh.replace(file)
        written += 1
    return written


def read(folder: Path, symbols: frozenset[str]) -> Iterator[tuple[SeriesKey, Terms, Columns]]:
    """Every file below a folder, as its series; only these symbols where some are named."""
    _, parquet = _pyarrow()
    if not folder.is_dir():
        raise NotFound(f"{folder} is no folder of bars")
    found = False
    for place in sorted(folder.glob("symbol=*")):
        symbol = unquote(place.name.removeprefix("symbol="))
        if symbols and symbol not in symbols:
            continue
        _refuse_unclean(symbol, "symbol")
        for file in sorted(place.glob("year=*/*.parquet")):
            found = True
            yield _series(parquet, symbol, file)
    if not found:
        raise NotFound(f"{folder} holds no bars", "`tio history export` writes such a folder")


def _table(arrow: Any, key: SeriesKey, terms: Terms, bars: Columns) -> Any:
    count = len(bars)

    def same(value: str) -> Any:
        return arrow.DictionaryArray.from_arrays(
            arrow.array(np.zeros(count, np.int32)), arrow.array([value])
        )

    return arrow.table(
        {
            "time": arrow.array(bars.time, type=arrow.timestamp("us", tz="UTC")),
            "open": bars.open,
            "high": bars.high,
            "low": bars.low,
            "close": bars.close,
            "volume": bars.volume,
            "timeframe": same(str(key.timeframe)),
            "source": same(key.source),
            "adjusted": same(str(terms.adjusted)),
            "coverage": same(str(terms.coverage)),
            "delay": same(str(terms.delay)),
        }
    )


def _alike(parquet: Any, file: Path, key: SeriesKey, terms: Terms) -> Columns:
    """What a file holds already; Invalid where bars of these terms cannot stand beside it."""
    _, before, bars = _series(parquet, key.symbol, file)
    if before.adjusted is not terms.adjusted:
        raise Invalid(
            f"{file} holds bars adjusted as {before.adjusted}, these are {terms.adjusted}",
            "use another folder",
        )
    return bars


def _series(parquet: Any, symbol: str, file: Path) -> tuple[SeriesKey, Terms, Columns]:
    try:
        # A file alone: as a dataset its folder would give it the columns `symbol` and `year`.
        table = parquet.ParquetFile(file).read()
        first = {name: table.column(name)[0].as_py() for name in ("timeframe", "source")}
        terms = Terms(
            Coverage(table.column("coverage")[0].as_py()),
            Delay(table.column("delay")[0].as_py()),
            Adjustment(table.column("adjusted")[0].as_py()),
        )
        time = table.column("time").cast("int64").to_numpy()
        prices = [
            table.column(name).to_numpy() for name in ("open", "high", "low", "close", "volume")
        ]
        key = SeriesKey(symbol, Timeframe(first["timeframe"]), str(first["source"]))
        _refuse_unclean(key.source, "source")
        return key, terms, Columns.of(time, *prices).ordered()
    except (OSError, KeyError, ValueError, IndexError) as error:
        raise Invalid(f"{file} cannot be read as bars: {error}") from error


def _refuse_unclean(name: str, what: str) -> None:
    """Invalid for a name no terminal should be sent: a folder may come from anybody."""
    if not name or clean(name, limit=_LONGEST) != name:
        raise Invalid(f"{clean(name, limit=_LONGEST)!r} is no name of a {what}")


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise NoLake("Parquet needs pyarrow", INSTALL) from error
    return pyarrow, parquet
