"""The words of limits: how much of a portfolio a person is ready to risk.

Limits are percent of net value; each portfolio of their owner is held against them.
"""

from decimal import Decimal
from enum import StrEnum

import msgspec
from msgspec import UNSET, UnsetType

from tio.api.contract import Effect, Request, Role, word


class LimitKind(StrEnum):
    """Of the largest position, of a day's loss, of all positions' sizes, of what stops would cost.

    heat: what is lost when every position goes to its stop; one without a stop counts in whole.
    """

    position = "position"
    day_loss = "day_loss"
    gross = "gross"
    heat = "heat"


class LimitLevel(StrEnum):
    """Where a figure stands: `near` from four fifths of its limit on, `over` beyond it."""

    within = "within"
    near = "near"
    over = "over"
    unknown = "unknown"


class RiskLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Each in percent of net value; None is no limit."""

    position: Decimal | None = None
    day_loss: Decimal | None = None
    gross: Decimal | None = None
    heat: Decimal | None = None


class LimitState(msgspec.Struct, frozen=True, kw_only=True):
    """One limit and what it is held against, both in percent; `note` says of what, or why not."""

    kind: LimitKind
    limit: Decimal | None
    value: Decimal | None
    level: LimitLevel
    note: str = ""


@word(tool=True)
class GetRiskLimits(Request[RiskLimits], frozen=True):
    """The caller's limits."""


@word(role=Role.trader, effect=Effect.write)
class SaveRiskLimits(Request[RiskLimits], frozen=True):
    """Set limits; what is not told stays as it is, null takes a limit away."""

    position: Decimal | UnsetType | None = UNSET
    day_loss: Decimal | UnsetType | None = UNSET
    gross: Decimal | UnsetType | None = UNSET
    heat: Decimal | UnsetType | None = UNSET
