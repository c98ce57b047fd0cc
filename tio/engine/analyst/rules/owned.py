"""A portfolio a review is of: what is asked of it, now or of a past moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tio.api.ledger import GetPositions
from tio.api.performance import GetPerformance
from tio.api.portfolio import Holdings

_DAY = timedelta(days=1)
_HALF = timedelta(hours=12)


@dataclass(frozen=True)
class Owned:
    """One portfolio at a moment, `at` None for now.

    What is told of a past day is made of its close, which the moment may not know yet: a past one
    is told as of the day before.
    """

    name: str
    now: datetime
    at: datetime | None = None

    def positions(self) -> GetPositions:
        return GetPositions(self.name, None if self.at is None else self.at - _DAY)

    def day(self, held: Holdings) -> str:
        """What its newest day is called."""
        return "today" if self.at is None else f"on {held.at:%Y-%m-%d}"

    def performance(self) -> GetPerformance:
        end = None if self.at is None else (self.at - _HALF).date() - _DAY
        return GetPerformance(self.name, end=end)
