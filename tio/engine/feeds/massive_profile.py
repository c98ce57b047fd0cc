"""What Massive says an instrument is, alone and in its list."""

from collections.abc import Iterator

import msgspec

from tio.api.clean import clean
from tio.api.companies import Profile
from tio.api.market import AssetClass, Instrument
from tio.engine.feeds.decoding import decoded, decoder
from tio.engine.feeds.massive_refusals import NAME, VENUE, refusal
from tio.engine.feeds.us_shares import us_symbol

_KINDS = {
    "ETF": AssetClass.etf,
    "ETN": AssetClass.etf,
    "ETV": AssetClass.etf,
    "ETS": AssetClass.etf,
    "FUND": AssetClass.fund,
}
"""Its types; all others are shares of some sort."""


class Ticker(msgspec.Struct, frozen=True):
    """One instrument of its reference."""

    ticker: str
    name: str = ""
    locale: str = ""
    market: str = ""
    primary_exchange: str = ""
    type: str = ""
    currency_name: str = ""
    cik: str = ""
    market_cap: float | None = None
    description: str = ""
    sic_description: str = ""
    homepage_url: str = ""
    total_employees: int | None = None
    share_class_shares_outstanding: float | None = None
    weighted_shares_outstanding: float | None = None


def read_ticker(body: str | bytes, status: int = 200) -> Ticker:
    """The one instrument asked for."""
    refused = refusal(body, status)
    if refused is not None:
        raise refused
    return decoded(_ONE, body, VENUE).results


def read_tickers(body: str | bytes, status: int = 200) -> list[Ticker]:
    """A page of its list."""
    refused = refusal(body, status)
    if refused is not None:
        raise refused
    return decoded(_MANY, body, VENUE).results


def profile(ticker: Ticker, symbol: str) -> Profile:
    """What it knows of the instrument; the industry is that of its SEC filings."""
    website = clean(ticker.homepage_url, limit=300).strip()
    return Profile(
        symbol=symbol,
        name=clean(ticker.name, limit=200).strip(),
        asset_class=_KINDS.get(ticker.type, AssetClass.equity),
        mic=clean(ticker.primary_exchange, limit=8).upper(),
        industry=clean(ticker.sic_description, limit=120).strip().capitalize(),
        website=website if website.startswith(("https://", "http://")) else "",
        summary=clean(ticker.description, limit=4_000).strip(),
        currency=clean(ticker.currency_name, limit=8).upper(),
        employees=ticker.total_employees,
        cik=clean(ticker.cik, limit=20),
        market_cap=ticker.market_cap,
        shares=ticker.weighted_shares_outstanding or ticker.share_class_shares_outstanding,
    )


def instruments(tickers: list[Ticker]) -> Iterator[Instrument]:
    """Those of its list that are US shares and funds with a symbol of ours."""
    for ticker in tickers:
        symbol = us_symbol(ticker.ticker)
        if symbol is not None and ticker.locale == "us" and ticker.market in ("", "stocks"):
            yield Instrument(
                symbol=symbol,
                name=clean(ticker.name, limit=200).strip(),
                asset_class=_KINDS.get(ticker.type, AssetClass.equity),
                mic=clean(ticker.primary_exchange, limit=8).upper(),
                currency=clean(ticker.currency_name, limit=8).upper(),
                source=NAME,
                spellings={NAME: ticker.ticker},
            )


class _One(msgspec.Struct):
    results: Ticker


class _Many(msgspec.Struct):
    results: list[Ticker] = []


_ONE = decoder(_One)
_MANY = decoder(_Many)
