"""FRED's series: keyless CSV, keyed JSON or XML; a value `.` or nothing is one that is missing."""

import re
from collections.abc import Mapping
from datetime import date
from math import isfinite
from typing import NamedTuple

import msgspec

from tio.api.clean import clean
from tio.api.errors import Busy, Invalid, NotFound, SourceUnavailable, TioError
from tio.api.market import AssetClass, Coverage, Delay, Instrument, Timeframe
from tio.api.ticks import DayFigures
from tio.engine.feeds.dated import Dated, day_of, fixed, midnight
from tio.engine.feeds.decoding import decoded, decoder
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.http import BadKey
from tio.engine.feeds.openings import said_in
from tio.engine.feeds.tables import as_text, csv_rows, elements, is_page
from tio.engine.market.sessions import bar_end, venue_rules
from tio.engine.market.venues import US
from tio.plugin import Traits

NAME = "fred"
HOSTS = ("api.stlouisfed.org", "fred.stlouisfed.org")
TRAITS = Traits(
    name=NAME,
    delay=Delay.end_of_day,
    coverage=Coverage.consolidated,
    asset_class=AssetClass.rate,
    stale_after=6 * 86_400.0,  # a Thursday's yield is the newest until Tuesday after a holiday
)
ASSETS = frozenset({AssetClass.rate, AssetClass.equity_index})
PREFIX = "FRED:"

INDICES: Mapping[str, str] = {
    "^GSPC": "SP500",
    "^DJI": "DJIA",
    "^IXIC": "NASDAQCOM",
    "^NDX": "NASDAQ100",
    "^VIX": "VIXCLS",
    "^N225": "NIKKEI225",
}
"""Indices whose closes are series of FRED's."""

KNOWN: Mapping[str, str] = {
    "DFF": "Federal funds effective rate",
    "SOFR": "Secured overnight financing rate",
    "DGS3MO": "3-month Treasury, constant maturity",
    "DGS2": "2-year Treasury, constant maturity",
    "DGS5": "5-year Treasury, constant maturity",
    "DGS10": "10-year Treasury, constant maturity",
    "DGS30": "30-year Treasury, constant maturity",
    "T10Y2Y": "10-year minus 2-year Treasury",
    "T10YIE": "10-year breakeven inflation",
    "MORTGAGE30US": "30-year fixed mortgage, average",
    "CPIAUCSL": "Consumer prices, all urban",
    "UNRATE": "Unemployment rate",
    "PAYEMS": "Nonfarm employees",
    "GDP": "Gross domestic product",
    "M2SL": "M2 money stock",
    "BAMLH0A0HYM2": "High-yield spread over Treasuries",
}
"""Series found by name without a key."""

_SERIES = re.compile(r"[A-Z0-9_]{1,40}")
_NAMES = {**{series: symbol for symbol, series in INDICES.items()}}
_NEXT = "another source answers meanwhile"


class Observation(NamedTuple):
    """The value of a period that begins on a date."""

    on: date
    value: float


def spelled(symbol: str) -> str | None:
    """`DGS10` of `FRED:DGS10`, `SP500` of `^GSPC`; None of what is no series."""
    if symbol in INDICES:
        return INDICES[symbol]
    series = symbol.removeprefix(PREFIX)
    return series if series != symbol and _SERIES.fullmatch(series) else None


def symbol_of(series: str) -> str:
    """`FRED:DGS10` of `DGS10`, `^GSPC` of `SP500`; Garbage when it cannot be a series."""
    name = series.strip().upper()
    if not _SERIES.fullmatch(name):
        raise Garbage(f"expected a series of FRED's, was {clean(series, limit=60)!r}")
    return _NAMES.get(name, PREFIX + name)


def refusal(body: str | bytes, status: int = 200) -> TioError | None:
    """The error an answer is, in any of its languages; None when it is an answer."""
    if status == 404:
        return NotFound("FRED has no such series", "check its name on fred.stlouisfed.org")
    if is_page(body):
        return SourceUnavailable("FRED answered with a page instead of data", _NEXT)
    opening = as_text(body[:400]).lstrip()
    if opening.startswith("{"):
        said = said_in(body, _REFUSED)
        return None if said is None or said.code is None else _refused(said.code, said.message)
    if opening.startswith("<") and "<error" in opening:
        told = dict(next((at for name, at in elements(body, "FRED") if name == "error"), {}))
        code = told.get("code", "")
        return _refused(int(code) if code.isdecimal() else 0, told.get("message", ""))
    return None


def read_observations(body: str | bytes) -> tuple[Observation, ...]:
    """Values, oldest first; those that are missing are left. Garbage when it is no answer."""
    opening = as_text(body[:200]).lstrip()
    if opening.startswith("{"):
        rows = [(row.date, row.value) for row in decoded(_JSON, body, "FRED").observations]
    elif opening.startswith("<"):
        found = elements(body, "FRED")
        if not any(name == "observations" for name, _ in found):
            raise Garbage("not an answer of FRED: its XML holds no observations")
        rows = [
            (told.get("date", ""), told.get("value", ""))
            for name, told in found
            if name == "observation"
        ]
    else:
        rows = _csv(body)
    told_values = (_observation(on, value) for on, value in rows)
    return tuple(sorted(each for each in told_values if each is not None))


def read_search(body: str | bytes) -> tuple[Instrument, ...]:
    """Series found by words, as FRED ranks them; oddly named ones are left."""
    found = decoded(_FOUND, body, "FRED").series
    return tuple(
        instrument(each.id, clean(each.title, limit=200)) for each in found if _is_ours(each.id)
    )


def days_of(observations: tuple[Observation, ...]) -> tuple[Dated, ...]:
    """Each value as the bar of the date its period begins."""
    return tuple(fixed(each.on, each.value) for each in observations)


def instrument(series: str, name: str = "") -> Instrument:
    """The instrument a series is."""
    symbol = symbol_of(series)
    is_index = symbol.startswith("^")
    return Instrument(
        symbol=symbol,
        name=name or KNOWN.get(series, ""),
        asset_class=AssetClass.equity_index if is_index else AssetClass.rate,
        source=NAME,
        spellings={NAME: series},
    )


def traits_of(symbol: str, observations: tuple[Observation, ...]) -> Traits:
    """Its kind, and stale when it is two and a half periods old."""
    days = (observations[-1].on - observations[-2].on).days if len(observations) > 1 else 1
    kind = AssetClass.equity_index if symbol.startswith("^") else AssetClass.rate
    stale = max(TRAITS.stale_after, 2.5 * days * 86_400.0)
    return msgspec.structs.replace(TRAITS, asset_class=kind, stale_after=stale)


def figures(symbol: str, observations: tuple[Observation, ...]) -> DayFigures | None:
    """The newest value as of the close of its date, and the one before; None without any."""
    if not observations:
        return None
    newest = observations[-1]
    before = observations[-2].value if len(observations) > 1 else None
    close = bar_end(venue_rules(US), midnight(newest.on), Timeframe.d1)
    return DayFigures(
        symbol=symbol,
        at=close,
        last=newest.value,
        previous_close=before,
    )


def _csv(body: str | bytes) -> list[tuple[str, str]]:
    """Rows of two columns: the date under one of its two names, and the value."""
    found = []
    for row in csv_rows(body, "FRED"):
        names = list(row)
        if len(names) != 2 or names[0] not in ("observation_date", "DATE"):
            raise Garbage(f"not an answer of FRED: its columns are {clean(', '.join(names))[:80]}")
        found.append((row[names[0]], row[names[1]]))
    if not found and not as_text(body[:40]).startswith(("observation_date,", "DATE,")):
        said = clean(as_text(body[:60]), limit=60)
        raise Garbage(f"not an answer of FRED: it begins {said!r}")
    return found


def _observation(on: str, text: str) -> Observation | None:
    day = day_of(on, "FRED")
    bare = text.strip()
    if bare in ("", "."):
        return None
    try:
        value = float(bare)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise Garbage(f"not an answer of FRED: {clean(bare, limit=40)!r} is no value")
    return Observation(day, value)


def _refused(code: int, message: str) -> TioError:
    words = f"FRED says: {clean(' '.join(message.split()), limit=200) or f'code {code}'}"
    said = message.lower()
    if "api_key" in said or "api key" in said:
        return BadKey(words, "tio keys set fred")
    if "does not exist" in said or code == 404:
        return NotFound(words, "check its name on fred.stlouisfed.org")
    if code == 429:
        return Busy(words, "it is asked again later")
    return Invalid(words) if code == 400 else SourceUnavailable(words, _NEXT)


def _is_ours(series: str) -> bool:
    return bool(_SERIES.fullmatch(series))


class _Refused(msgspec.Struct):
    code: int | None = msgspec.field(default=None, name="error_code")
    message: str = msgspec.field(default="", name="error_message")


class _Row(msgspec.Struct):
    date: str
    value: str


class _Json(msgspec.Struct):
    observations: list[_Row]


class _Series(msgspec.Struct):
    id: str
    title: str = ""


class _Found(msgspec.Struct):
    series: list[_Series] = msgspec.field(name="seriess")


_REFUSED = decoder(_Refused)
_JSON = decoder(_Json)
_FOUND = decoder(_Found)
