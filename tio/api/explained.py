"""Where a figure comes from: the parts it is the sum of, each with its own source."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

from tio.api.contract import Request, word
from tio.api.portfolio import LotRule, PortfolioName


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One of what adds up. `working`: how it was reckoned, as `10 × 187.20 × 1.0841`; `entry`: the
    ledger's entry it stands on; source and as_of: of the price or rate in it."""

    label: str
    value: Decimal | None
    working: str = ""
    entry: str = ""
    source: str = ""
    as_of: datetime | None = None
    stale: bool = False


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """A figure, the rule it follows in words, and its parts, which add up to it exactly."""

    figure: str
    value: Decimal | None
    currency: str
    rule: str
    parts: tuple[Part, ...]
    at: datetime
    lacks: tuple[str, ...] = ()


@word(tool=True)
class ExplainFigure(Request[Explanation], frozen=True):
    """Open a figure of a portfolio into what it is made of.

    Of the whole: nav, flows, realised, unrealised, income, fees, taxes, currency_result, carried,
    day_change. Of one instrument, with `:SYMBOL`: quantity, cost, value, unrealised, realised,
    income, fees, taxes, day_change, as `unrealised:AAPL`.
    """

    portfolio: PortfolioName
    figure: Annotated[str, Meta(min_length=1, max_length=120)]
    lots: LotRule | None = None
