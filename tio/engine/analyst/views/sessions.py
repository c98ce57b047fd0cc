"""The sessions a view is about: the first ones that begin after it was given."""

from datetime import datetime
from typing import NamedTuple

from tio.api.errors import SourceUnavailable
from tio.api.series import instant, moment
from tio.engine.market.sessions import SessionRules

_RESTS = 15
"""Days in a row without a session after which none is looked for: no venue rests longer."""


class Horizon(NamedTuple):
    """The session date of the last of them, and its close."""

    day: datetime
    due: datetime


def horizon(rules: SessionRules, given: datetime, sessions: int) -> Horizon:
    """The end of so many whole sessions after `given`; SourceUnavailable where no hours tell."""
    at = instant(given)
    day, rested = rules.day(at), 0
    while rested <= _RESTS:
        if day.regular and day.regular[0][0] > at:
            sessions, rested = sessions - 1, 0
            if not sessions:
                return Horizon(moment(day.date), moment(day.regular[-1][1]))
        rested += 1
        day = rules.day(day.end)
    raise SourceUnavailable(
        f"no session is known after {given:%Y-%m-%d}", "`tio hours` tells what is known"
    )
