"""The words of risk that need no portfolio: what moves together, how much to take."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tio.api.contract import Request, word
from tio.api.market import Adjustment, Symbol, Timeframe
from tio.api.series import Series, Times


class CorrelationMethod(StrEnum):
    """Of returns; of their ranks; shrunk to the mean of all; with older ones forgotten."""

    pearson = "pearson"
    spearman = "spearman"
    shrunk = "shrunk"
    ewma = "ewma"


class RollingCorrelation(msgspec.Struct, frozen=True, kw_only=True):
    """The correlation of two symbols over the `window` returns up to each `time`."""

    window: int
    time: Times
    values: Series


class CorrelationMatrix(msgspec.Struct, frozen=True, kw_only=True):
    """How returns move together: `values[i][j]` of symbols i and j, None where too few are common.

    `counts` are the returns both have. `order` tells symbols such that like stand beside like.
    `mean` is that of all pairs. `shrinkage` is the weight of the mean in the shrunk one. `start`
    and `end` are the first and last bar a return is made of. `notes` say what to beware of.
    """

    symbols: tuple[str, ...]
    timeframe: Timeframe
    method: CorrelationMethod
    window: int
    values: tuple[tuple[float | None, ...], ...]
    counts: tuple[tuple[int, ...], ...]
    order: tuple[int, ...]
    mean: float | None = None
    shrinkage: float | None = None
    start: datetime | None = None
    end: datetime | None = None
    rolling: RollingCorrelation | None = None
    notes: tuple[str, ...] = ()


@word(tool=True)
class GetCorrelation(Request[CorrelationMatrix], frozen=True):
    """The correlation of logarithmic returns over the newest `window` bars two symbols share.

    Bars both have are paired by their time (days by their date), and returns span from one to the
    next; a bar still forming is left out, as is a symbol without bars. `shrunk` and `ewma` take
    bars that all symbols share. With `rolling` and two symbols also over so many returns up to
    each bar.
    """

    symbols: Annotated[tuple[Symbol, ...], Meta(min_length=2, max_length=100)]
    timeframe: Timeframe = Timeframe.d1
    window: Annotated[int, Meta(ge=3, le=20_000)] = 250
    method: CorrelationMethod = CorrelationMethod.pearson
    rolling: Annotated[int, Meta(ge=0, le=20_000)] = 0
    adjusted: Adjustment = Adjustment.splits


class SizingMethod(StrEnum):
    """By what is lost at the stop, a share of equity, a volatility to have, an edge shown."""

    risk = "risk"
    fraction = "fraction"
    volatility = "volatility"
    kelly = "kelly"


class Edge(msgspec.Struct, frozen=True, kw_only=True):
    """What a record of trades shows, in multiples of what one risks (R).

    `mean` is what a trade brought; `low` what it brings at least, with the `confidence` given.
    `fraction` is the share of equity to risk on `low`, zero where that is not above zero.
    """

    trades: int
    win_rate: float
    payoff: float
    mean: float
    low: float
    confidence: float
    fraction: float


class SizedPosition(msgspec.Struct, frozen=True, kw_only=True):
    """How much to take. Money is in the currency of the equity.

    `limited_by`: what set the size (the method, `buying_power`, or `lot`: not one lot fits).
    `value` is the position's; `risk` what is lost at the stop (one R), `gap_risk` what is lost
    when the price jumps one average true range beyond it. `unrounded` is the quantity before it
    was cut to whole lots. Without a stop risks are None.
    """

    quantity: Decimal
    unrounded: Decimal
    limited_by: str
    value: Decimal
    share: Decimal
    unit_risk: Decimal | None = None
    risk: Decimal | None = None
    risk_share: Decimal | None = None
    gap_risk: Decimal | None = None
    edge: Edge | None = None
    notes: tuple[str, ...] = ()


@word(tool=True)
class SizePosition(Request[SizedPosition], frozen=True):
    """How many units to take, cut down to whole lots.

    `method` risk needs `stop` and `risk` (cash) or `risk_percent` (of equity); fraction needs
    `percent` of equity; volatility needs `volatility_percent` (the instrument's, a year) and
    `target_percent`; kelly needs `stop` and a record: `win_rate` (0–1), `payoff` (mean win per
    mean loss) and `trades`, or `results` (each trade's R). `kelly_share` of its fraction is taken.
    One unit is `multiplier` times the price; `rate` is the equity's currency for one of the
    price's. `buying_power` bounds the position's value, the equity where none is told. Invalid.
    """

    equity: Decimal
    entry: Decimal
    stop: Decimal | None = None
    method: SizingMethod = SizingMethod.risk
    short: bool = False
    risk: Decimal | None = None
    risk_percent: Decimal | None = None
    percent: Decimal | None = None
    volatility_percent: Decimal | None = None
    target_percent: Decimal | None = None
    win_rate: float | None = None
    payoff: float | None = None
    trades: int | None = None
    results: Annotated[tuple[float, ...], Meta(max_length=100_000)] = ()
    kelly_share: Decimal = Decimal("0.5")
    confidence: float = 0.95
    lot: Decimal = Decimal(1)
    multiplier: Decimal = Decimal(1)
    rate: Decimal = Decimal(1)
    buying_power: Decimal | None = None
    atr: Decimal | None = None
