"""What Finnhub's search finds, and what it says a company is."""

import msgspec
from msgspec.structs import replace

from tio.api.clean import clean
from tio.api.companies import Profile
from tio.api.market import AssetClass, Instrument
from tio.engine.feeds.decoding import decoded, decoder
from tio.engine.feeds.finnhub import spelled
from tio.engine.feeds.finnhub_refusals import NAME, VENUE, refusal
from tio.engine.feeds.us_shares import us_symbol
from tio.engine.market.symbols import classify, normal
from tio.engine.market.venues import VENUES

_KINDS = {
    "Common Stock": AssetClass.equity,
    "ADR": AssetClass.equity,
    "GDR": AssetClass.equity,
    "REIT": AssetClass.equity,
    "Preference": AssetClass.equity,
    "ETP": AssetClass.etf,
    "ETF": AssetClass.etf,
    "Open-End Fund": AssetClass.fund,
    "Closed-End Fund": AssetClass.fund,
    "Mutual Fund": AssetClass.fund,
}
_ELSEWHERE = (".F", ".V")
"""Suffixes of Frankfurt and Toronto's junior market, which look like classes of shares."""


def read_search(body: str | bytes, status: int = 200) -> tuple[Instrument, ...]:
    """Instruments found, as it ranks them; those with no symbol of ours are left out."""
    _check(body, status)
    found: dict[str, Instrument] = {}
    for each in decoded(_FOUND, body, VENUE).result:
        instrument = _instrument(each)
        if instrument is not None:
            found.setdefault(instrument.symbol, instrument)
    return tuple(found.values())


def read_company(body: str | bytes, symbol: str, status: int = 200) -> Profile | None:
    """What a company is; None when it knows none.

    Its worth is in the currency it reports in: where that is not dollars it is left out.
    """
    _check(body, status)
    told = decoded(_COMPANY, body, VENUE)
    if not told.ticker and not told.name:
        return None
    website = clean(told.weburl, limit=300).strip()
    is_dollars = told.currency == "USD"
    return Profile(
        symbol=symbol,
        name=clean(told.name, limit=200).strip(),
        exchange=clean(told.exchange, limit=60).strip(),
        industry=clean(told.industry, limit=120).strip(),
        country=clean(told.country, limit=60).strip(),
        website=website if website.startswith(("https://", "http://")) else "",
        currency="USD",
        market_cap=_millions(told.worth) if is_dollars else None,
        shares=_millions(told.shares),
    )


def with_metrics(
    profile: Profile, body: str | bytes, *, dollars: bool, status: int = 200
) -> Profile:
    """The profile with its ratios and ranges; of one that does not report in `dollars` fewer."""
    _check(body, status)
    told = decoded(_METRICS, body, VENUE).metric
    profile = replace(
        profile,
        year_low=told.year_low,
        year_high=told.year_high,
        average_volume=_millions(told.volume),
        pe=told.pe,
        price_to_book=told.price_to_book,
        beta=told.beta,
        dividend_yield=_fraction(told.dividend_yield),
        profit_margin=_fraction(told.margin),
        return_on_equity=_fraction(told.return_on_equity),
        debt_to_equity=told.debt,
    )
    if not dollars:
        return profile
    return replace(
        profile, eps=told.eps, book_value=told.book_value, dividend_rate=told.dividend_rate
    )


def in_dollars(body: str | bytes) -> bool:
    """Whether a company reports in dollars."""
    return decoded(_COMPANY, body, VENUE).currency == "USD"


class _Match(msgspec.Struct):
    symbol: str
    description: str = ""
    type: str = ""


class _Found(msgspec.Struct):
    result: list[_Match]


class _Company(msgspec.Struct, kw_only=True):
    ticker: str = ""
    name: str = ""
    exchange: str = ""
    currency: str = ""
    country: str = ""
    weburl: str = ""
    industry: str = msgspec.field(default="", name="finnhubIndustry")
    worth: float | None = msgspec.field(default=None, name="marketCapitalization")
    shares: float | None = msgspec.field(default=None, name="shareOutstanding")


class _Ratios(msgspec.Struct, kw_only=True):
    """Percents and millions, as it counts."""

    year_low: float | None = msgspec.field(default=None, name="52WeekLow")
    year_high: float | None = msgspec.field(default=None, name="52WeekHigh")
    volume: float | None = msgspec.field(default=None, name="3MonthAverageTradingVolume")
    beta: float | None = None
    pe: float | None = msgspec.field(default=None, name="peTTM")
    eps: float | None = msgspec.field(default=None, name="epsTTM")
    price_to_book: float | None = msgspec.field(default=None, name="pbQuarterly")
    book_value: float | None = msgspec.field(default=None, name="bookValuePerShareQuarterly")
    dividend_rate: float | None = msgspec.field(default=None, name="dividendPerShareAnnual")
    dividend_yield: float | None = msgspec.field(default=None, name="dividendYieldIndicatedAnnual")
    margin: float | None = msgspec.field(default=None, name="netProfitMarginTTM")
    return_on_equity: float | None = msgspec.field(default=None, name="roeTTM")
    debt: float | None = msgspec.field(default=None, name="totalDebt/totalEquityQuarterly")


class _Metrics(msgspec.Struct):
    metric: _Ratios


_FOUND, _COMPANY, _METRICS = decoder(_Found), decoder(_Company), decoder(_Metrics)


def _check(body: str | bytes, status: int) -> None:
    refused = refusal(body, status)
    if refused is not None:
        raise refused


def _instrument(match: _Match) -> Instrument | None:
    kind = _KINDS.get(match.type)
    spelling = match.symbol.strip().upper()
    symbol = normal(spelling)
    stem, _, suffix = symbol.rpartition(".")
    abroad = bool(stem) and suffix in VENUES
    if kind is None or symbol.endswith(_ELSEWHERE):
        return None
    if not abroad and us_symbol(symbol) is None:
        return None
    known = classify(symbol)
    told = None if abroad else spelled(symbol)
    return Instrument(
        symbol=symbol,
        name=clean(match.description, limit=200).strip(),
        asset_class=kind,
        venue=known.venue,
        currency=known.currency,
        source=NAME,
        spellings={} if told is None else {NAME: told},
    )


def _millions(number: float | None) -> float | None:
    return None if not number else round(number * 1e6)


def _fraction(percent: float | None) -> float | None:
    return None if percent is None else percent / 100
