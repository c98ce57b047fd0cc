"""The words of stress: what shocks, or a stretch of the past lived again, would cost today.

Changes are fractions, losses above zero. Money is exact, in the portfolio's currency.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tio.api.contract import Request, word
from tio.api.portfolio import PortfolioName

Benchmark = Annotated[str, Meta(max_length=64)]


class HistoricalWindow(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of the past to live through again, from the close of one day to that of another."""

    name: str
    title: str
    start: date
    end: date
    alias: str = ""


class ShockScope(StrEnum):
    """What a shock falls upon: one symbol, a class, the market at large, a currency's rate."""

    symbol = "symbol"
    asset_class = "class"
    market = "market"
    currency = "currency"


class Shock(msgspec.Struct, frozen=True, kw_only=True):
    """A change as a fraction, −0.2 is a fall by a fifth; `of` is empty for the market.

    Without a `scope` `of` names any of them: `market`, a symbol held, a currency, a class.
    """

    change: Decimal
    of: str = ""
    scope: ShockScope | None = None


class StressLine(msgspec.Struct, frozen=True, kw_only=True):
    """What one position loses; None where it cannot be told, `note` says why or what was assumed.

    `change` is that of its value, a fraction. `proxied`: by its beta to the benchmark.
    """

    symbol: str
    value: Decimal
    loss: Decimal | None
    change: float | None = None
    proxied: bool = False
    note: str = ""


class StressResult(msgspec.Struct, frozen=True, kw_only=True):
    """What shocks or a past window would cost today; `loss` is above zero where money is lost.

    `share` is the loss in parts of net value; `worst` the deepest loss on the way, by a day's
    close, and `worst_day` that day. `proxied_share` is the part of gross value that stands on a
    proxy, `lacks` what could not be told and is not in the loss.
    """

    title: str
    lines: tuple[StressLine, ...]
    loss: Decimal
    share: float | None = None
    worst: Decimal | None = None
    worst_day: date | None = None
    proxied_share: float = 0.0
    lacks: tuple[str, ...] = ()
    window: str = ""
    notes: tuple[str, ...] = ()


@word(tool=True)
class StressPortfolio(Request[StressResult], frozen=True):
    """What shocks, or a stretch of the past lived through again, would cost the holdings of today.

    `window` is the name of one (NotFound lists them) or two dates, 2022-01-03..2022-10-12. A shock
    of the market, and a symbol without prices of then, go by the beta to the `benchmark`.
    """

    portfolio: PortfolioName
    shocks: Annotated[tuple[Shock, ...], Meta(max_length=100)] = ()
    window: Annotated[str, Meta(max_length=60)] = ""
    benchmark: Benchmark = ""


@word(tool=True)
class StressWindows(Request[tuple[StressResult, ...]], frozen=True):
    """What each named stretch of the past would cost the holdings of today, oldest first."""

    portfolio: PortfolioName
    benchmark: Benchmark = ""
