"""What an instrument is and what happened to it: profiles, splits and dividends."""

from datetime import date, datetime
from enum import StrEnum

import msgspec

from tio.api.contract import Request, word
from tio.api.market import AssetClass, Symbol


class EventKind(StrEnum):
    """What a corporate event does to a price series."""

    share_split = "split"
    dividend = "dividend"
    capital_gain = "capital_gain"


class CorporateEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A split or a payment; bars before `ex_date` are adjusted for it.

    `ratio` of a split is new shares for one old (4.0 for 4:1, 0.1 for 1:10). `amount` is cash a
    share in `currency` as the source states it; with `split_adjusted` it was already divided by
    the splits that followed.
    """

    symbol: str
    kind: EventKind
    ex_date: date
    ratio: float | None = None
    amount: float | None = None
    currency: str = ""
    pay_date: date | None = None
    split_adjusted: bool = False
    source: str = ""


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an instrument; a field nobody gave is None or empty.

    Money is in `currency`; yields, margins and growth are fractions (0.0123 is 1.23 %). `told_by`:
    field → the source that gave it. `earnings_until` differs from `earnings_from` when the next
    date is a window.
    """

    symbol: str
    name: str = ""
    asset_class: AssetClass = AssetClass.equity
    exchange: str = ""
    mic: str = ""
    sector: str = ""
    industry: str = ""
    country: str = ""
    website: str = ""
    summary: str = ""
    currency: str = ""
    employees: int | None = None
    cik: str = ""
    day_low: float | None = None
    day_high: float | None = None
    year_low: float | None = None
    year_high: float | None = None
    market_cap: float | None = None
    shares: float | None = None
    average_volume: float | None = None
    pe: float | None = None
    forward_pe: float | None = None
    eps: float | None = None
    book_value: float | None = None
    price_to_book: float | None = None
    beta: float | None = None
    dividend_rate: float | None = None
    dividend_yield: float | None = None
    revenue: float | None = None
    profit_margin: float | None = None
    return_on_equity: float | None = None
    debt_to_equity: float | None = None
    free_cash_flow: float | None = None
    target_price: float | None = None
    ex_dividend: date | None = None
    earnings_from: datetime | None = None
    earnings_until: datetime | None = None
    earnings_estimated: bool = False
    as_of: datetime | None = None
    told_by: dict[str, str] = {}


@word(tool=True)
class GetProfile(Request[Profile], frozen=True):
    """What an instrument is: name, exchange, sector, ranges, fundamentals, next earnings."""

    symbol: Symbol


@word(tool=True)
class GetEvents(Request[tuple[CorporateEvent, ...]], frozen=True):
    """Splits and dividends of an instrument by ex-date, oldest first."""

    symbol: Symbol
    start: date | None = None
    end: date | None = None
