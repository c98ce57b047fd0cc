"""QuantConnect Lean's own bar files: no header, the file's name and folder say what it holds."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tio.api.market import Timeframe
from tio.api.series import instant
from tio.engine.store.bar_header import Header

_DAY_FILE = re.compile(r"(\d{8})_(\w+?)_(second|minute)_(trade|quote)\.csv")
_SPANS = {
    "second": Timeframe.s1,
    "minute": Timeframe.m1,
    "hour": Timeframe.h1,
    "daily": Timeframe.d1,
}
_UNSCALED = {"crypto", "cryptofuture", "forex", "cfd", "future", "index"}


@dataclass(frozen=True)
class Lean:
    """What the name says; `day` is µs of the date that times of day belong to."""

    symbol: str
    timeframe: Timeframe
    header: Header
    scale: float
    day: int | None


def recognise(path: Path, name: str, width: int) -> Lean | None:
    """A file as Lean names it: `20131007_aapl_minute_trade.csv`, or `daily/aapl.zip`."""
    folders = {part.lower() for part in path.parts[:-1]}
    scale = 1.0 if folders & _UNSCALED else 1e-4
    if (match := _DAY_FILE.fullmatch(name.lower())) is not None:
        try:
            day = datetime.strptime(match[1], "%Y%m%d").replace(tzinfo=UTC)
        except ValueError:
            return None
        columns = _columns(match[4] == "quote", width)
        if columns is None:
            return None
        return Lean(match[2].upper(), _SPANS[match[3]], columns, scale, instant(day))
    span = path.parent.name.lower()
    columns = _columns(width == 11, width)
    if path.suffix == ".zip" and span in ("hour", "daily") and columns is not None:
        symbol = Path(name).stem.split("_")[0].upper()
        return Lean(symbol, _SPANS[span], columns, scale, None)
    return None


def _columns(quotes: bool, width: int) -> Header | None:
    if quotes and width == 11:
        return Header(11, (0,), ((1, 6), (2, 7), (3, 8), (4, 9)))
    if not quotes and width == 6:
        return Header(6, (0,), ((1,), (2,), (3,), (4,)), volume=5)
    return None
