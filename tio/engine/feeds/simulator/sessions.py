"""When the simulated venue is open in history, by UTC date. No holidays.

Stocks (shares, ETFs, indices) trade 09:30–16:00 New York on weekdays, currencies and commodities
all of Monday to Friday UTC, crypto always. Live, everything ticks around the clock, quieter when
closed.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from tio.engine.feeds.simulator.universe import SessionKind

DAY = 86_400_000_000
SECOND = 1_000_000
MINUTE = 60 * SECOND
MINUTES = 1_440
SESSION_MINUTES = 390
_EPOCH = date(1970, 1, 1)
_NEW_YORK = ZoneInfo("America/New_York")


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def trades_on(session: SessionKind, days: NDArray[np.int64]) -> NDArray[np.bool_]:
    """On which of these day numbers history has trades."""
    if session == "crypto":
        return np.ones(len(days), bool)
    # 1970-01-01 was a Thursday.
    return (days + 3) % 7 < 5


@lru_cache(maxsize=4_096)
def session_minutes(session: SessionKind, day: int) -> tuple[int, int]:
    """First and past-the-last minute of the UTC day with trades in history; (0, 0): none."""
    if session != "crypto" and (day + 3) % 7 >= 5:
        return 0, 0
    if session != "stock":
        return 0, MINUTES
    opening = datetime.combine(_EPOCH + timedelta(days=day), time(9, 30), _NEW_YORK).astimezone(UTC)
    first = opening.hour * 60 + opening.minute
    return first, first + SESSION_MINUTES
