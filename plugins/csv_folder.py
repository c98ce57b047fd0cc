"""A folder of CSV files as a live source: one file a symbol, a row for each bar as it closes.

Settings, in `[plugins.settings.csv_folder]`:
    folder     where the files lie: `AAPL.csv` is AAPL (required)
    timeframe  the span of a row, "1m" unless told
    zone       the time zone of times without one, "UTC" unless told
    poll       seconds between two looks, 1 unless told

A file begins with a header naming time, open, high, low, close and, if known, volume, in any
order. Times are ISO-8601 or Unix seconds or milliseconds. A row counts once its line has ended.
Rows already there are history; each row appended plays as its four prices inside its span, so
folding the trades gives the bar back.
"""

import asyncio
import csv
import logging
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from math import isfinite
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tio.api.clean import clean
from tio.api.market import Bars, Coverage, Delay, Instrument, Timeframe
from tio.api.series import Series, Times, instant
from tio.api.ticks import Tick, Trade
from tio.plugin import Clock, Outlet, PluginSpec, Traits, Wanted

log = logging.getLogger(__name__)

SYMBOL = re.compile(r"[A-Z0-9^][A-Z0-9.^=:_-]{0,31}")
PRICES = ("open", "high", "low", "close")
CHUNK = 4_000_000
"""Bytes read at one look; what is beyond waits for the next."""


class Row(NamedTuple):
    """A bar: `at` is its opening instant in µs UTC."""

    at: int
    open: float
    high: float
    low: float
    close: float
    volume: float


class CsvFile:
    """One file, read on from where the last look ended; an unfinished line waits."""

    def __init__(self, path: Path, zone: tzinfo) -> None:
        self.path = path
        self._zone = zone
        self._inode = 0
        self._offset = 0
        self._rest = b""
        self._line = 0
        self._columns: dict[str, int] = {}

    def rows(self) -> list[Row]:
        """The good rows added since the last look; bad ones are logged with their line."""
        seen = self.path.stat()
        if (seen.st_ino, seen.st_size) == (self._inode, self._offset):
            return []
        with self.path.open("rb") as file:
            found = os.fstat(file.fileno())
            if found.st_ino != self._inode or found.st_size < self._offset:  # another file by now
                self._inode, self._offset, self._rest, self._line = found.st_ino, 0, b"", 0
            file.seek(self._offset)
            data = file.read(CHUNK)
            self._offset += len(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        return list(self._parsed(lines))

    def all_rows(self) -> list[Row]:
        """Every row, oldest first; of rows with one time the last counts."""
        found: dict[int, Row] = {}
        while (before := self._offset) < self.path.stat().st_size:
            found.update((row.at, row) for row in self.rows())
            if self._offset == before:
                break
        return [found[at] for at in sorted(found)]

    def _parsed(self, lines: Sequence[bytes]) -> Iterator[Row]:
        for raw in lines:
            self._line += 1
            if not raw.strip():
                continue
            try:
                cells = next(csv.reader([raw.decode("utf-8-sig")]))
                if self._line == 1:
                    self._columns = _columns(cells)
                elif self._columns:
                    yield _row(cells, self._columns, self._zone)
            except (ValueError, IndexError, StopIteration, OverflowError, csv.Error) as error:
                log.warning("%s:%d: %s", self.path.name, self._line, clean(str(error), limit=200))


class CsvFolder:
    """The source: its instruments are the files of one folder."""

    def __init__(self, settings: Mapping[str, object], clock: Clock) -> None:
        folder = Path(str(settings.get("folder", ""))).expanduser()
        if not settings.get("folder") or not folder.is_dir():
            raise ValueError("set `folder` in [plugins.settings.csv_folder] to an existing folder")
        self._timeframe = Timeframe(str(settings.get("timeframe", "1m")))
        step = self._timeframe.step
        self.traits = Traits(
            name="csv_folder",
            delay=Delay.delayed,
            delay_minutes=max(1, step // 60_000_000),
            coverage=Coverage.single_venue,
            stale_after=3 * step / 1e6,
        )
        self._folder = folder
        self._zone = ZoneInfo(str(settings.get("zone", "UTC")))
        self._poll = max(0.1, float(str(settings.get("poll", 1.0))))
        self._clock = clock
        self._unreadable: set[Path] = set()

    def instruments(self) -> Sequence[Instrument]:
        """One for each file whose name can be a symbol."""
        return [Instrument(symbol=symbol, source="csv_folder") for symbol in sorted(self._files())]

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        """Look at every file again and again, watched or not, and emit what was added."""
        tails: dict[str, CsvFile] = {}
        newest: dict[str, int] = {}
        while True:
            if ticks := await asyncio.to_thread(self._look, tails, newest):
                out.emit(ticks)
            await self._clock.sleep(self._poll)

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        path = self._files().get(symbol)
        if path is None or timeframe is not self._timeframe:
            return None
        rows = await asyncio.to_thread(CsvFile(path, self._zone).all_rows)
        first = instant(start) if start else None
        last = instant(end)
        kept = [r for r in rows if r.at < last and (first is None or r.at >= first)][-limit:]
        return Bars(
            symbol=symbol,
            timeframe=timeframe,
            time=Times(row.at for row in kept),
            open=Series(row.open for row in kept),
            high=Series(row.high for row in kept),
            low=Series(row.low for row in kept),
            close=Series(row.close for row in kept),
            volume=Series(row.volume for row in kept),
            source="csv_folder",
            delay=self.traits.delay,
        )

    def _files(self) -> dict[str, Path]:
        return {
            path.stem: path
            for path in self._folder.glob("*.csv")
            if SYMBOL.fullmatch(path.stem) and path.is_file()
        }

    def _look(self, tails: dict[str, CsvFile], newest: dict[str, int]) -> list[Tick]:
        """What the files say that they did not before; `newest` keeps a bar from coming twice."""
        ticks: list[Tick] = []
        now = instant(self._clock.now())
        files = self._files()
        for gone in tails.keys() - files.keys():
            del tails[gone]
        for symbol, path in files.items():
            known = symbol in tails
            tail = tails.setdefault(symbol, CsvFile(path, self._zone))
            try:
                rows = tail.rows() if known else tail.all_rows()
            except OSError as error:
                if path not in self._unreadable:
                    log.warning("%s: %s", path.name, error.strerror)
                self._unreadable.add(path)
                continue
            self._unreadable.discard(path)
            fresh = [row for row in rows if row.at > newest.get(symbol, 0)]
            for row in fresh if known else ():
                ticks += _played(symbol, row, self._timeframe.step, now)
            if fresh and not known:
                ticks.append(_standing(symbol, fresh[-1]))
            newest[symbol] = max((row.at for row in fresh), default=newest.get(symbol, 0))
        return ticks


def _played(symbol: str, row: Row, step: int, now: int) -> Iterator[Trade]:
    """The bar as open, its nearer extreme, the other, close; the volume on the last."""
    inner = (row.low, row.high) if row.close > row.open else (row.high, row.low)
    volume = row.volume if isfinite(row.volume) else 0.0
    prices = (row.open, *inner, row.close)
    offsets = (0, step // 4, step // 2, step - 1)
    for index, (price, offset) in enumerate(zip(prices, offsets, strict=True)):
        at = max(row.at, min(row.at + offset, now))
        size = volume if index == 3 else 0.0
        yield Trade(symbol, price, size, at, id=f"{row.at}.{index}", index=index)


def _standing(symbol: str, row: Row) -> Trade:
    """Where the price stands, from the newest row: history, so it folds into no bar."""
    return Trade(symbol, row.close, 0.0, row.at, folds=False)


def _columns(header: Sequence[str]) -> dict[str, int]:
    """Column numbers by name."""
    columns = {name.strip().lower(): place for place, name in enumerate(header)}
    if missing := [name for name in ("time", *PRICES) if name not in columns]:
        raise ValueError(f"the header lacks {', '.join(missing)}")
    return columns


def _row(cells: Sequence[str], columns: Mapping[str, int], zone: tzinfo) -> Row:
    prices = [float(cells[columns[name]]) for name in PRICES]
    if not all(isfinite(price) and price > 0 for price in prices):
        raise ValueError("expected prices above zero")
    first, high, low, close = prices
    if high != max(prices) or low != min(prices):
        raise ValueError(f"expected low ≤ open, close ≤ high, was {prices}")
    volume = cells[columns["volume"]].strip() if "volume" in columns else ""
    at = _instant(cells[columns["time"]].strip(), zone)
    return Row(at, first, high, low, close, float(volume or "nan"))


def _instant(text: str, zone: tzinfo) -> int:
    if re.fullmatch(r"\d{9,11}(\.\d+)?", text):
        return round(float(text) * 1e6)
    if re.fullmatch(r"\d{12,14}", text):
        return int(text) * 1000
    at = datetime.fromisoformat(text)
    return instant((at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC))


PLUGIN = PluginSpec(
    name="csv_folder",
    summary="A folder of CSV files as a live source, one file a symbol.",
    sources=(CsvFolder,),
)
