"""When an order may fill and when its day is over, by the hours of its instrument's venue."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from tio.api.market import Instrument, Session
from tio.api.series import instant, moment
from tio.engine.market.sessions import rules_of

_AHEAD = 15
"""Days looked ahead for one that trades: no venue rests longer."""


class TradingHours(Protocol):
    """What a book asks of the hours of its symbols."""

    def session(self, symbol: str, at: datetime) -> Session: ...
    def expiry(self, symbol: str, at: datetime, extended: bool) -> datetime | None:
        """When a day order placed now ends, None where that is not known."""

    def opens(self, symbol: str, at: datetime) -> datetime | None:
        """The next beginning of regular trading."""


class VenueHours:
    """The hours by the rules of each instrument's venue."""

    def __init__(self, instrument_of: Callable[[str], Instrument]) -> None:
        self._instrument_of = instrument_of

    def session(self, symbol: str, at: datetime) -> Session:
        return rules_of(self._instrument_of(symbol)).session(instant(at))

    def expiry(self, symbol: str, at: datetime, extended: bool) -> datetime | None:
        """The next regular close; with extended hours the end of those."""
        rules, now = rules_of(self._instrument_of(symbol)), instant(at)
        day = rules.day(now)
        for _ in range(_AHEAD):
            if day.regular:
                close = day.regular[-1][1]
                end = max(close, day.late) if extended else close
                if end > now:
                    return moment(end)
            day = rules.day(day.end)
        return None

    def opens(self, symbol: str, at: datetime) -> datetime | None:
        rules, now = rules_of(self._instrument_of(symbol)), instant(at)
        day = rules.day(now)
        for _ in range(_AHEAD):
            for begin, _end in day.regular:
                if begin > now:
                    return moment(begin)
            day = rules.day(day.end)
        return None
