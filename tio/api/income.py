"""What a portfolio received and may expect: dividends, coupons, interest, by month and symbol."""

from datetime import date
from decimal import Decimal

import msgspec

from tio.api.contract import Request, word
from tio.api.portfolio import PortfolioName


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """Money received, in the portfolio's currency at the rates of the days.

    gross = dividends + coupons + interest; net = gross − fees − taxes. coupons: interest of an
    instrument. fees, taxes: what went with income, and those entered apart that name an instrument
    and go with no trade.
    """

    dividends: Decimal = Decimal(0)
    coupons: Decimal = Decimal(0)
    interest: Decimal = Decimal(0)
    gross: Decimal = Decimal(0)
    fees: Decimal = Decimal(0)
    taxes: Decimal = Decimal(0)
    net: Decimal = Decimal(0)


class IncomeMonth(msgspec.Struct, frozen=True, kw_only=True):
    """A month by its first day; dates are those of the portfolio's zone."""

    month: date
    received: Received


class IncomeOf(msgspec.Struct, frozen=True, kw_only=True):
    """What an instrument paid ("" : interest on cash); `trailing` is gross of the last 12 months.

    Yields are fractions, `trailing` over what is held now: its cost, its value; None where nothing
    is held or no price is known.
    """

    symbol: str
    received: Received
    trailing: Decimal = Decimal(0)
    yield_on_cost: float | None = None
    yield_on_value: float | None = None


class ExpectedIncome(msgspec.Struct, frozen=True, kw_only=True):
    """A payment to come, before tax. `estimated`: projected, else announced; `why` tells from what.

    amount: per_share × quantity in the portfolio's currency at the newest rate, None without one;
    below zero: a short position pays. day: of payment where it is told, else the ex-date.
    """

    symbol: str
    day: date
    quantity: Decimal
    per_share: Decimal
    currency: str
    amount: Decimal | None
    estimated: bool
    why: str


class ExpectedMonth(msgspec.Struct, frozen=True, kw_only=True):
    """What a month to come may bring, as announced and as estimated."""

    month: date
    announced: Decimal = Decimal(0)
    estimated: Decimal = Decimal(0)


class Income(msgspec.Struct, frozen=True, kw_only=True):
    """Months and symbols each add up to `received`; `trailing` ends today. `ahead`: 12 months.

    `lacks` says of which symbols nothing to come is known, and why.
    """

    portfolio: str
    currency: str
    start: date | None
    end: date
    received: Received
    trailing: Received
    months: tuple[IncomeMonth, ...] = ()
    symbols: tuple[IncomeOf, ...] = ()
    expected: tuple[ExpectedIncome, ...] = ()
    ahead: tuple[ExpectedMonth, ...] = ()
    lacks: tuple[str, ...] = ()


@word(tool=True)
class GetIncome(Request[Income], frozen=True):
    """What was received from `start` to `end`, both included, and what is expected from today."""

    portfolio: PortfolioName
    start: date | None = None
    end: date | None = None
