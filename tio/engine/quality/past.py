"""What faults are looked for in, and what one is once found. Rows are counted from 0."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

import numpy as np

from tio.api.companies import CorporateEvent, EventKind
from tio.api.market import Adjustment, Timeframe
from tio.api.quality import FaultKind
from tio.engine.market.sessions import DAY, SessionRules
from tio.engine.store.columns import Columns, Floats

FIELDS = ("open", "high", "low", "close", "volume")


@dataclass(frozen=True)
class Split:
    """A known split: the first row on its new basis and new shares for one old."""

    row: int
    ratio: float


@dataclass(frozen=True)
class Payment:
    """A known payment: the first row without it, and its amount on the basis of the bars."""

    row: int
    amount: float
    event: CorporateEvent


@dataclass(frozen=True, eq=False)
class Past:
    """One series with what is known to have happened; `total`: closes adjusted for payments too."""

    bars: Columns
    timeframe: Timeframe
    splits: tuple[Split, ...] = ()
    paid: tuple[Payment, ...] = ()
    gains: tuple[Payment, ...] = ()
    total: Floats | None = None
    adjusted: Adjustment = Adjustment.splits
    signed: bool = False
    """Whether its prices may be zero or below."""


class Column(StrEnum):
    """Which prices a scaling is for."""

    bars = "bars"
    total = "total"


@dataclass(frozen=True)
class Scale:
    """Multiply the prices of rows begin..end-1, and their volumes; `of` total: its closes alone."""

    begin: int
    end: int
    prices: float
    volumes: float = 1.0
    of: Column = Column.bars


@dataclass(frozen=True)
class Put:
    """Other figures in one row, by column name."""

    row: int
    figures: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Drop:
    """Rows that are to go."""

    rows: tuple[int, ...]


@dataclass(frozen=True)
class Amend:
    """Another amount for an event, zero for one that never was."""

    event: CorporateEvent
    amount: float


Repair = Scale | Put | Drop | Amend


@dataclass(frozen=True)
class Found:
    """A fault of rows begin..end-1; `sure`: the repair follows from the data, it is no guess."""

    kind: FaultKind
    begin: int
    end: int
    seen: str
    why: str
    repairs: tuple[Repair, ...] = ()
    sure: bool = False
    on: CorporateEvent | None = field(default=None, compare=False)


def past_of(
    bars: Columns,
    timeframe: Timeframe,
    rules: SessionRules,
    events: Sequence[CorporateEvent] = (),
    adjusted: Adjustment = Adjustment.splits,
    total: Floats | None = None,
    *,
    signed: bool = False,
) -> Past:
    """A series with its events put to rows, their amounts on the basis of the bars."""
    placed = [(_row(bars, event, timeframe, rules), event) for event in events]
    divided = [event for event in events if event.kind is EventKind.share_split and event.ratio]
    payments = [
        (Payment(row, _on_basis(event, divided, adjusted), event))
        for row, event in placed
        if event.kind is not EventKind.share_split and event.amount and 0 < row < len(bars)
    ]
    return Past(
        bars,
        timeframe,
        tuple(
            Split(row, event.ratio)
            for row, event in placed
            if event.kind is EventKind.share_split and event.ratio and 0 < row < len(bars)
        ),
        tuple(p for p in payments if p.event.kind is EventKind.dividend),
        tuple(p for p in payments if p.event.kind is EventKind.capital_gain),
        total,
        adjusted,
        signed,
    )


def _row(bars: Columns, event: CorporateEvent, timeframe: Timeframe, rules: SessionRules) -> int:
    day = rules.on_date(event.ex_date)
    if timeframe.intraday:
        return int(np.searchsorted(bars.time, day.start))
    if timeframe is Timeframe.d1:
        return int(np.searchsorted(bars.time, day.date))
    # A week or month opens before the days in it.
    return max(0, int(np.searchsorted(bars.time, day.date + DAY)) - 1)


def _on_basis(
    event: CorporateEvent, splits: Sequence[CorporateEvent], adjusted: Adjustment
) -> float:
    amount = event.amount or 0.0
    later = 1.0
    for split in splits:
        if split.ex_date > event.ex_date:
            later *= split.ratio or 1.0
    if adjusted is Adjustment.raw:
        return amount * later if event.split_adjusted else amount
    return amount if event.split_adjusted else amount / later


def day_of(bars: Columns, row: int, timeframe: Timeframe) -> str:
    """When a row opens, as a person writes it."""
    at = datetime.fromtimestamp(int(bars.time[row]) / 1e6, UTC)
    return f"{at:%Y-%m-%d %H:%M}Z" if timeframe.intraday else f"{at:%Y-%m-%d}"
