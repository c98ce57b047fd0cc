"""Yahoo's quoteSummary: what is known of an instrument, from whichever modules came.

Shares of London and Johannesburg are quoted in pence and cents while their books are in pounds and
rand, and Yahoo divides one by the other; there the ratios are made anew from figures of one unit.
"""

from datetime import UTC, date, datetime, timedelta
from math import nan

import msgspec

from tio.api.clean import clean
from tio.api.companies import Profile
from tio.api.market import AssetClass
from tio.api.series import EPOCH
from tio.engine.feeds.decoding import decoded, decoder
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.yahoo_chart import Chart, instrument, positive
from tio.engine.feeds.yahoo_listings import KINDS, MICS, Money, may_be_minor
from tio.engine.feeds.yahoo_modules import Summary
from tio.engine.feeds.yahoo_quotes import Figure, figure
from tio.engine.feeds.yahoo_refusals import refusal
from tio.engine.feeds.yahoo_symbols import NAME, symbol_of

MODULES = (
    "price", "summaryDetail", "assetProfile", "defaultKeyStatistics", "financialData",
    "calendarEvents",
)  # fmt: skip
"""What is asked for; the others Yahoo has tell nothing a profile holds."""


_UNKNOWN = Money("", nan)
"""Of prices that may be pence and do not say it: they are left out."""


def read_profile(
    body: str | bytes, status: int = 200, spelling: str = "", symbol: str = ""
) -> Profile:
    """The profile an answer gives; NotFound when Yahoo has none of the modules asked for."""
    refused = refusal(body, status)
    if refused is not None:
        raise refused
    results = decoded(_ANSWER, body, "Yahoo summary").summary.result
    if not results:
        raise Garbage("not a Yahoo summary: it has no result")
    summary = results[0]
    name = summary.price.symbol or spelling
    money = summary.money
    if not money.currency and may_be_minor(name):
        money = _UNKNOWN
    return _with_origin(_profile(symbol or symbol_of(name), summary, money))


def profile_beside(chart: Chart, symbol: str = "") -> Profile:
    """The little a chart says of its instrument, where profiles are refused."""
    meta, money = chart.meta, chart.money
    listed = instrument(chart, symbol)
    return _with_origin(
        Profile(
            symbol=listed.symbol,
            name=listed.name,
            asset_class=listed.asset_class,
            exchange=_line(meta.full_exchange_name),
            mic=listed.mic,
            currency=listed.currency,
            day_low=positive(meta.regular_market_day_low, money),
            day_high=positive(meta.regular_market_day_high, money),
            year_low=positive(meta.fifty_two_week_low, money),
            year_high=positive(meta.fifty_two_week_high, money),
            as_of=_moment(meta.regular_market_time),
        )
    )


def _profile(symbol: str, summary: Summary, money: Money) -> Profile:
    price, detail, company = summary.price, summary.detail, summary.company
    statistics, finances = summary.statistics, summary.finances
    earnings = summary.calendar.earnings
    ratios = _ratios(summary, money)
    window = sorted(found for each in earnings.earnings_date if (found := _moment(each)))
    name = price.long_name or price.short_name or company.name
    return Profile(
        symbol=symbol,
        name=_line(name),
        asset_class=KINDS.get(price.quote_type, AssetClass.equity),
        exchange=_line(price.exchange_name),
        mic=MICS.get(price.exchange, ""),
        sector=_line(company.sector),
        industry=_line(company.industry),
        country=_line(company.country),
        website=_address(company.website),
        summary=_prose(company.long_business_summary or company.description),
        currency=money.currency,
        employees=_count(company.full_time_employees),
        day_low=_price(detail.day_low, price.regular_market_day_low, money),
        day_high=_price(detail.day_high, price.regular_market_day_high, money),
        year_low=positive(figure(detail.fifty_two_week_low), money),
        year_high=positive(figure(detail.fifty_two_week_high), money),
        market_cap=_first(price.market_cap, detail.market_cap),
        shares=figure(statistics.shares_outstanding),
        average_volume=_positive(detail.average_volume),
        pe=ratios.pe,
        forward_pe=ratios.forward_pe,
        eps=figure(statistics.trailing_eps),
        book_value=figure(statistics.book_value),
        price_to_book=ratios.price_to_book,
        beta=_first(detail.beta, statistics.beta),
        dividend_rate=ratios.dividend_rate,
        dividend_yield=_first(detail.dividend_yield, detail.fund_yield),
        revenue=figure(finances.total_revenue),
        profit_margin=_first(finances.profit_margins, statistics.profit_margins),
        return_on_equity=figure(finances.return_on_equity),
        debt_to_equity=_over_hundred(finances.debt_to_equity),
        free_cash_flow=figure(finances.free_cashflow),
        target_price=positive(figure(finances.target_mean_price), money),
        ex_dividend=_date(_first(summary.calendar.ex_dividend_date, detail.ex_dividend_date)),
        earnings_from=window[0] if window else None,
        earnings_until=window[-1] if window else None,
        earnings_estimated=bool(window) and earnings.is_earnings_date_estimate,
        as_of=_moment(price.regular_market_time),
    )


class _Ratios(msgspec.Struct):
    pe: float | None
    forward_pe: float | None
    price_to_book: float | None
    dividend_rate: float | None


def _ratios(summary: Summary, money: Money) -> _Ratios:
    detail, statistics = summary.detail, summary.statistics
    if money.divisor == 1:
        return _Ratios(
            figure(detail.trailing_pe),
            _first(detail.forward_pe, statistics.forward_pe),
            figure(statistics.price_to_book),
            figure(detail.dividend_rate),
        )
    told = _first(summary.price.regular_market_price, summary.finances.current_price)
    last = positive(told, money)
    if summary.finances.financial_currency != money.currency:
        last = None  # a price over earnings of another currency is no ratio
    return _Ratios(
        _over(last, figure(statistics.trailing_eps)),
        _over(last, figure(statistics.forward_eps)),
        _over(last, figure(statistics.book_value)),
        _rate(figure(detail.dividend_rate), figure(detail.dividend_yield), told, money),
    )


def _rate(
    rate: float | None, share: float | None, price: float | None, money: Money
) -> float | None:
    """A payment a year in major units: which unit Yahoo told it in, the yield decides."""
    if not rate or not share or not price:
        return None
    for divisor in (1.0, money.divisor):
        major = rate / divisor
        if abs(major / (price / money.divisor) / share - 1) < 0.5:
            return major
    return None


def _over(price: float | None, by: float | None) -> float | None:
    return price / by if price is not None and by else None


def _first(*told: Figure) -> float | None:
    return next((found for each in told if (found := figure(each)) is not None), None)


def _price(first: Figure, second: Figure, money: Money) -> float | None:
    return positive(_first(first, second), money)


def _positive(told: Figure) -> float | None:
    value = figure(told)
    return value if value is not None and value > 0 else None


def _over_hundred(told: Figure) -> float | None:
    value = figure(told)
    return None if value is None else value / 100


def _count(told: Figure) -> int | None:
    value = figure(told)
    return None if value is None else int(value)


def _moment(told: Figure) -> datetime | None:
    seconds = figure(told)
    if seconds is None or not 0 < seconds < 4e9:
        return None
    return EPOCH + timedelta(seconds=int(seconds))


def _date(seconds: float | None) -> date | None:
    """Yahoo's dates are midnights of Greenwich."""
    moment = _moment(seconds)
    return None if moment is None else moment.astimezone(UTC).date()


def _line(text: str | None) -> str:
    return clean(text or "", limit=200).strip()


def _prose(text: str | None) -> str:
    return clean(text or "", prose=True, limit=20_000).strip()


def _address(text: str | None) -> str:
    address = clean(text or "", limit=500).strip()
    return address if address.startswith(("https://", "http://")) else ""


def _with_origin(profile: Profile) -> Profile:
    """Every field that says something was told by Yahoo."""
    unsaid = Profile(symbol=profile.symbol)
    told = {
        field: NAME
        for field in profile.__struct_fields__
        if getattr(profile, field) != getattr(unsaid, field)
    }
    return msgspec.structs.replace(profile, told_by=told)


class _Body(msgspec.Struct):
    result: list[Summary] | None = None


class _Answer(msgspec.Struct):
    summary: _Body = msgspec.field(name="quoteSummary")


_ANSWER = decoder(_Answer)
