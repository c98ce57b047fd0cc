"""What is held of one instrument, as the arithmetic of stress needs it."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Exposure:
    """A position's value in the portfolio's currency, below zero when short.

    `currency` is the one it is priced in; `beta` that to the benchmark, None where not known.
    """

    symbol: str
    value: Decimal
    asset_class: str
    currency: str
    beta: float | None = None
