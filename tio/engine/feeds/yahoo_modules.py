"""The modules of Yahoo's quoteSummary, as far as a profile is made of them."""

import msgspec

from tio.engine.feeds.yahoo_listings import Money, money_of
from tio.engine.feeds.yahoo_quotes import Figure


class Price(msgspec.Struct, frozen=True, rename="camel"):
    symbol: str = ""
    quote_type: str = ""
    exchange: str = ""
    exchange_name: str | None = None
    short_name: str | None = None
    long_name: str | None = None
    currency: str | None = None
    market_cap: Figure = None
    regular_market_price: Figure = None
    regular_market_time: Figure = None
    regular_market_day_low: Figure = None
    regular_market_day_high: Figure = None


class Detail(msgspec.Struct, frozen=True, rename="camel"):
    currency: str | None = None
    day_low: Figure = None
    day_high: Figure = None
    fifty_two_week_low: Figure = None
    fifty_two_week_high: Figure = None
    market_cap: Figure = None
    average_volume: Figure = None
    trailing_pe: Figure = msgspec.field(default=None, name="trailingPE")
    forward_pe: Figure = msgspec.field(default=None, name="forwardPE")
    beta: Figure = None
    dividend_rate: Figure = None
    dividend_yield: Figure = None
    fund_yield: Figure = msgspec.field(default=None, name="yield")
    ex_dividend_date: Figure = None


class Company(msgspec.Struct, frozen=True, rename="camel"):
    name: str | None = None
    sector: str | None = None
    industry: str | None = None
    country: str | None = None
    website: str | None = None
    long_business_summary: str | None = None
    description: str | None = None
    full_time_employees: Figure = None


class Statistics(msgspec.Struct, frozen=True, rename="camel"):
    shares_outstanding: Figure = None
    book_value: Figure = None
    price_to_book: Figure = None
    beta: Figure = None
    forward_pe: Figure = msgspec.field(default=None, name="forwardPE")
    trailing_eps: Figure = None
    forward_eps: Figure = None
    profit_margins: Figure = None


class Finances(msgspec.Struct, frozen=True, rename="camel"):
    current_price: Figure = None
    target_mean_price: Figure = None
    total_revenue: Figure = None
    profit_margins: Figure = None
    return_on_equity: Figure = None
    debt_to_equity: Figure = None
    free_cashflow: Figure = None
    financial_currency: str | None = None


class Earnings(msgspec.Struct, frozen=True, rename="camel"):
    earnings_date: list[Figure] = []
    is_earnings_date_estimate: bool = False


class Calendar(msgspec.Struct, frozen=True, rename="camel"):
    earnings: Earnings = Earnings()
    ex_dividend_date: Figure = None


class Summary(msgspec.Struct, frozen=True):
    """The modules of an answer that we read; any may be missing."""

    price: Price = Price()
    detail: Detail = msgspec.field(default=Detail(), name="summaryDetail")
    company: Company = msgspec.field(default=Company(), name="assetProfile")
    statistics: Statistics = msgspec.field(default=Statistics(), name="defaultKeyStatistics")
    finances: Finances = msgspec.field(default=Finances(), name="financialData")
    calendar: Calendar = msgspec.field(default=Calendar(), name="calendarEvents")

    @property
    def money(self) -> Money:
        return money_of(self.price.currency or self.detail.currency)
