"""Stooq's daily tables, unofficial, with a key of one's own; never without their header line.

Shares are adjusted for splits and dividends: in the recorded table of Apple the close of 2 January
2020 is below the 75.0875 that its split alone makes of that day's print.
"""

from collections.abc import Mapping
from math import nan

from tio.api.clean import clean
from tio.api.errors import NotAllowed, NotFound, SourceUnavailable, TioError
from tio.api.market import Adjustment, AssetClass, Coverage, Delay
from tio.engine.feeds.dated import Dated, day_of
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.http import BadKey, QuotaSpent
from tio.engine.feeds.tables import as_text, csv_rows
from tio.engine.feeds.us_symbols import dashed, is_us
from tio.engine.market.symbols import is_fx
from tio.plugin import Traits

NAME = "stooq"
HOSTS = ("stooq.com",)
TRAITS = Traits(
    name=NAME,
    delay=Delay.end_of_day,
    coverage=Coverage.consolidated,
    adjusted=Adjustment.total,
    asset_class=AssetClass.equity,
)
ASSETS = frozenset(
    {AssetClass.equity, AssetClass.etf, AssetClass.fund, AssetClass.equity_index, AssetClass.fx}
)

_INDICES = {"^GSPC": "^spx", "^DJI": "^dji", "^NDX": "^ndx"}
_HEADER = "Date,Open"
_COLUMNS = frozenset({"Date", "Open", "High", "Low", "Close"})
_NEXT = "another source answers meanwhile; Stooq gives its data to browsers only"


def spelled(symbol: str) -> str | None:
    """`aapl.us` of `AAPL`, `^spx` of `^GSPC`, `eurusd` of `EURUSD`; None of anything else."""
    if symbol in _INDICES:
        return _INDICES[symbol]
    if is_fx(symbol):
        return symbol.lower()
    if is_us(symbol) and ".PR." not in symbol:
        return f"{dashed(symbol).lower()}.us"
    return None


def adjusted(symbol: str) -> Adjustment:
    """Of what the past of a symbol is cleared: indices and currencies pay and split nothing."""
    return Adjustment.total if is_us(symbol) else Adjustment.raw


def refusal(body: str | bytes, status: int = 200) -> TioError | None:
    """The error an answer is; its refusals have status 200, and only a header line is data."""
    opening = as_text(body[:20_000]).lstrip()
    said = opening.lower()
    if opening.startswith(_HEADER):
        return None
    if said.startswith("get your apikey"):
        return BadKey("Stooq asks for another key", "tio keys set stooq")
    if said.startswith("<") or "<html" in said:
        return _page(said)
    if said.startswith("no data"):
        return NotFound("Stooq has no data of it", "check symbol and dates")
    if "exceeded the daily hits limit" in said:
        return QuotaSpent("Stooq says its daily limit is exceeded")
    if status >= 400:
        return None  # the status says what it is
    shown = clean(opening[:60], limit=60)
    return SourceUnavailable(f"Stooq answered {shown!r} instead of a table", _NEXT)


def read_bars(body: str | bytes) -> tuple[Dated, ...]:
    """The days of a table; Garbage when it is none."""
    if not as_text(body[:20]).startswith(_HEADER):
        raise Garbage(f"not a table of Stooq's: it has no header {_HEADER}")
    return tuple(_bar(row) for row in csv_rows(body, "Stooq", _COLUMNS))


def _bar(row: Mapping[str, str]) -> Dated:
    first, high, low, last = (_price(row[name]) for name in ("Open", "High", "Low", "Close"))
    on = day_of(row["Date"], "Stooq")
    return Dated(on, first, high, low, last, _volume(row.get("Volume", "")))


def _page(said: str) -> TioError:
    """The page that has a browser compute a proof of work, or another one."""
    if "__verify" in said or "sha-256" in said or "sha256" in said or "proof" in said:
        words = "Stooq asks for a proof of work that only browsers give; tio does not solve it"
        return NotAllowed(words, "switch stooq off, or use another source")
    return SourceUnavailable("Stooq answered with a page instead of a table", _NEXT)


def _price(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = nan
    if not 0 < value < 1e300:
        raise Garbage(f"not a table of Stooq's: a price of {clean(text, limit=40)!r}")
    return value


def _volume(text: str) -> float:
    if not text.strip():
        return nan
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e300:
        raise Garbage(f"not a table of Stooq's: a volume of {clean(text, limit=40)!r}")
    return value
