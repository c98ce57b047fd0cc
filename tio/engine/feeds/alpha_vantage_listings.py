"""What Alpha Vantage's search finds, and what it says an instrument is."""

from collections.abc import Mapping

import msgspec

from tio.api.clean import clean
from tio.api.companies import Profile
from tio.api.market import AssetClass, Instrument
from tio.engine.feeds.alpha_vantage import spelled
from tio.engine.feeds.alpha_vantage_refusals import NAME, VENUE, is_empty, refusal
from tio.engine.feeds.dated import day_of
from tio.engine.feeds.decoding import decoded, decoder
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.us_shares import us_symbol

_KINDS = {"Equity": AssetClass.equity, "ETF": AssetClass.etf, "Mutual Fund": AssetClass.fund}
_SUFFIXES = {"LON": "LSE", "DEX": "XETRA", "TRT": "TSX"} | {
    name: name for name in ("PAR", "AMS", "BRU", "LIS")
}
"""Its suffixes of venues we know → their codes."""


def read_search(body: str | bytes) -> tuple[Instrument, ...]:
    """Instruments found, the likeliest first; those with no symbol of ours are left out."""
    _check(body)
    found: dict[str, Instrument] = {}
    for match in decoded(_FOUND, body, VENUE).matches:
        instrument = _instrument(match)
        if instrument is not None:
            found.setdefault(instrument.symbol, instrument)
    return tuple(found.values())


def read_profile(body: str | bytes, symbol: str) -> Profile | None:
    """What it knows of a share; None when that is nothing."""
    if is_empty(body):
        return None
    _check(body)
    told = decoded(_TOLD, body, VENUE)
    if not told.get("Symbol"):
        raise Garbage(f"not a profile of {VENUE}: it names no symbol")
    employees = _number(told, "FullTimeEmployees")
    ex_dividend = told.get("ExDividendDate", "")
    return Profile(
        symbol=symbol,
        name=_text(told, "Name", 200),
        asset_class=AssetClass.etf if told.get("AssetType") == "ETF" else AssetClass.equity,
        exchange=_text(told, "Exchange", 60),
        sector=_text(told, "Sector", 120).title(),
        industry=_text(told, "Industry", 120).title(),
        country="United States" if told.get("Country") == "USA" else _text(told, "Country", 60),
        website=_website(told.get("OfficialSite", "")),
        summary=_text(told, "Description", 4_000),
        currency=_text(told, "Currency", 8).upper(),
        employees=None if employees is None else int(employees),
        cik=_text(told, "CIK", 20),
        year_low=_number(told, "52WeekLow"),
        year_high=_number(told, "52WeekHigh"),
        market_cap=_number(told, "MarketCapitalization"),
        shares=_number(told, "SharesOutstanding"),
        pe=_number(told, "TrailingPE"),
        forward_pe=_number(told, "ForwardPE"),
        eps=_number(told, "EPS"),
        book_value=_number(told, "BookValue"),
        price_to_book=_number(told, "PriceToBookRatio"),
        beta=_number(told, "Beta"),
        dividend_rate=_number(told, "DividendPerShare"),
        dividend_yield=_number(told, "DividendYield"),
        revenue=_number(told, "RevenueTTM"),
        profit_margin=_number(told, "ProfitMargin"),
        return_on_equity=_number(told, "ReturnOnEquityTTM"),
        target_price=_number(told, "AnalystTargetPrice"),
        ex_dividend=None if ex_dividend in _NOTHING else day_of(ex_dividend, VENUE),
    )


class _Match(msgspec.Struct):
    symbol: str = msgspec.field(name="1. symbol")
    name: str = msgspec.field(default="", name="2. name")
    type: str = msgspec.field(default="", name="3. type")
    region: str = msgspec.field(default="", name="4. region")
    currency: str = msgspec.field(default="", name="8. currency")


class _Found(msgspec.Struct):
    matches: list[_Match] = msgspec.field(name="bestMatches")


_FOUND = decoder(_Found)
_TOLD = decoder(dict[str, str])
_NOTHING = frozenset({"", "-", "None", "0000-00-00"})


def _check(body: str | bytes) -> None:
    refused = refusal(body)
    if refused is not None:
        raise refused


def _instrument(match: _Match) -> Instrument | None:
    kind = _KINDS.get(match.type)
    symbol, venue = _named(match)
    if kind is None or symbol is None:
        return None
    currency = clean(match.currency, limit=8)
    in_pence = currency in ("GBX", "GBp")
    spelling = None if venue else spelled(symbol)
    return Instrument(
        symbol=symbol,
        name=clean(match.name, limit=200).strip(),
        asset_class=kind,
        venue=venue,
        currency="GBP" if in_pence else currency.upper(),
        quoted_in="GBp" if in_pence else "",
        source=NAME,
        spellings={} if spelling is None else {NAME: spelling},
    )


def _named(match: _Match) -> tuple[str | None, str]:
    if match.region == "United States":
        return us_symbol(match.symbol), ""
    stem, _, suffix = match.symbol.strip().upper().rpartition(".")
    venue = _SUFFIXES.get(suffix, "")
    name = us_symbol(stem) if venue else None
    return (f"{name}.{venue}", venue) if name else (None, "")


def _text(told: Mapping[str, str], name: str, limit: int) -> str:
    text = clean(told.get(name, ""), limit=limit).strip()
    return "" if text in _NOTHING else text


def _number(told: Mapping[str, str], name: str) -> float | None:
    text = told.get(name, "")
    if text in _NOTHING:
        return None
    try:
        value = float(text)
    except ValueError:
        raise Garbage(f"not a profile of {VENUE}: {clean(text, limit=40)!r} as {name}") from None
    return value if abs(value) < 1e300 else None


def _website(text: str) -> str:
    website = clean(text, limit=300).strip()
    return website if website.startswith(("https://", "http://")) else ""
