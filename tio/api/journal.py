"""The words of the trade journal: trades from flat to flat, what was planned, what they prove."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from tio.api.contract import Effect, Request, Role, word
from tio.api.market import Bars, Side, Timeframe
from tio.api.portfolio import PortfolioName, Tags
from tio.api.trading import Setup

TradeId = Annotated[str, Meta(min_length=1, max_length=120)]
AnySymbol = Annotated[str, Meta(max_length=64)]
Notes = Annotated[str, Meta(max_length=4_000)]


class PlanSource(StrEnum):
    """Where a plan is from: a bracket as first placed, written by hand, or one of each."""

    none = "none"
    order = "order"
    written = "written"
    both = "both"


class Excursion(msgspec.Struct, frozen=True, kw_only=True):
    """How far the price went against a trade (`adverse`) and its way, amounts a unit, not below 0.

    `adverse_r` and `favourable_r` in initial risks, None without a planned stop. Of bars of
    `timeframe` told by `source` that lie wholly within the trade; `bars` is how many those are,
    none means that only its own prices count. `untold`: why there is none.
    """

    adverse: float | None = None
    favourable: float | None = None
    adverse_r: float | None = None
    favourable_r: float | None = None
    bars: int = 0
    timeframe: Timeframe | None = None
    source: str = ""
    untold: str = ""


class Trade(msgspec.Struct, frozen=True, kw_only=True):
    """What was held of one symbol in one account, from nothing to nothing.

    `id` is that of the entry that opened it. `entry` and `exit` are averages a unit in `currency`,
    fees in them; `quantity` all that was opened, `left` what still is. `gain` realised, in `base`,
    the portfolio's currency, at the rates of the days; `risk` what the planned stop would have
    lost, in the same. `r` is gain by risk. `marked`: filled on data that lag, which no statistic
    counts.
    """

    id: str
    portfolio: str
    symbol: str
    account: str
    side: Side
    quantity: Decimal
    left: Decimal
    currency: str
    entry: Decimal
    exit: Decimal | None
    opened_at: datetime
    closed_at: datetime | None
    base: str
    gain: Decimal
    orders: tuple[str, ...] = ()
    setup: str = ""
    idea: str = ""
    stop: Decimal | None = None
    target: Decimal | None = None
    plan: PlanSource = PlanSource.none
    risk: Decimal | None = None
    r: float | None = None
    excursion: Excursion | None = None
    notes: str = ""
    tags: tuple[str, ...] = ()
    rating: int = 0
    paper: bool = False
    marked: bool = False


class Annotation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a person wrote of a trade; prices a unit in the trade's currency."""

    setup: str = ""
    stop: Decimal | None = None
    target: Decimal | None = None
    notes: str = ""
    tags: tuple[str, ...] = ()
    rating: int = 0


class TradeStep(msgspec.Struct, frozen=True, kw_only=True):
    """A lot of a trade opened, or a part of one closed; `price` a unit, its fee in it."""

    at: datetime
    entry: str
    side: Side
    quantity: Decimal
    price: Decimal
    gain: Decimal | None = None


class TradeStory(msgspec.Struct, frozen=True, kw_only=True):
    """One trade whole: its steps, and the bars around it as the chart was, oldest first.

    `bars` end with the trade, so that nothing later is seen; `timeframe` is theirs.
    """

    trade: Trade
    steps: tuple[TradeStep, ...]
    bars: Bars | None = None
    timeframe: Timeframe | None = None


class By(StrEnum):
    """What trades are grouped by; times are those of opening, in the portfolio's zone."""

    setup = "setup"
    hour = "hour"
    weekday = "weekday"
    month = "month"
    symbol = "symbol"
    side = "side"
    rating = "rating"


class Expectancy(msgspec.Struct, frozen=True, kw_only=True):
    """What some closed trades brought. Money in the portfolio's currency.

    Intervals are of 95 %: Wilson's of the win rate, Student's of the means; None where too few.
    `mean_r` is of the `with_r` trades whose risk was planned. `payoff` mean win by mean loss,
    `profit_factor` wins by losses. `enough`: whether the interval of its mean leaves out zero.
    """

    group: str
    trades: int
    wins: int
    gain: Decimal
    win_rate: float
    win_rate_low: float
    win_rate_high: float
    mean: float
    mean_low: float | None = None
    mean_high: float | None = None
    with_r: int = 0
    mean_r: float | None = None
    mean_r_low: float | None = None
    mean_r_high: float | None = None
    payoff: float | None = None
    profit_factor: float | None = None
    enough: bool = False


class ExpectancyReport(msgspec.Struct, frozen=True, kw_only=True):
    """Expectancy of all closed trades and of each group, the largest first.

    `marked` trades, and the parts of those still open, are left out. `zone` is that of hours.
    """

    portfolio: str
    currency: str
    zone: str
    by: By
    all: Expectancy | None
    groups: tuple[Expectancy, ...]
    marked: int = 0
    open: int = 0


@word(tool=True)
class ListTrades(Request[tuple[Trade, ...]], frozen=True):
    """Trades from flat to flat, the newest first; those still open come where `open` says so.

    `start` and `end` are dates of opening, both included. `excursions`: with how far the price went
    for and against each.
    """

    portfolio: PortfolioName
    symbol: AnySymbol = ""
    setup: Setup = ""
    start: date | None = None
    end: date | None = None
    open: bool = True
    excursions: bool = True
    limit: Annotated[int, Meta(ge=1, le=2_000)] = 100


@word(tool=True)
class GetTrade(Request[TradeStory], frozen=True):
    """One trade with its steps and the bars around it; NotFound."""

    portfolio: PortfolioName
    trade: TradeId


@word(tool=True)
class GetExpectancy(Request[ExpectancyReport], frozen=True):
    """What closed trades brought, by group, with how sure that is."""

    portfolio: PortfolioName
    by: By = By.setup
    start: date | None = None
    end: date | None = None


@word(role=Role.trader, effect=Effect.write)
class AnnotateTrade(Request[Trade], frozen=True):
    """Write of a trade what the ledger does not know; what is not told stays, null empties.

    `stop` and `target` are prices a unit in the trade's currency; written ones go before those of
    its orders. `rating` 1 to 5, 0 none.
    """

    portfolio: PortfolioName
    trade: TradeId
    setup: Setup | UnsetType = UNSET
    stop: Decimal | UnsetType | None = UNSET
    target: Decimal | UnsetType | None = UNSET
    notes: Notes | UnsetType = UNSET
    tags: Tags | UnsetType = UNSET
    rating: Annotated[int, Meta(ge=0, le=5)] | UnsetType = UNSET
