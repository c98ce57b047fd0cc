"""Which past moment is meant, and what the terminal does to be there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from tio.api.clean import clean
from tio.api.errors import Invalid
from tio.screens.stage import Clock

_STEP = re.compile(r"([+-])(\d{1,5})(m|h|d|w|mo|y)$")
_SPANS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "mo": timedelta(days=30),
    "y": timedelta(days=365),
}
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class StoodClock:
    """Time that stands at the moment looked back to; what lasts is still counted as it passes."""

    at: datetime
    real: Clock

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.real.monotonic()


def moment_meant(words: Sequence[str], here: datetime, zone: tzinfo) -> datetime:
    """The moment that words mean in a zone, UTC; a step (`-3d`, `+1h`) is taken from `here`.

    A day alone means its last second. Invalid where they mean none.
    """
    text = " ".join(words)
    if step := _STEP.fullmatch(text.lower()):
        by = _SPANS[step[3]] * int(step[2])
        if step[1] == "-":
            return here - min(by, max(here - EARLIEST, timedelta()))
        return here + min(by, LATEST - here)
    try:
        if re.fullmatch(r"\d{1,2}:\d\d(:\d\d)?", text):
            today = here.astimezone(zone).date()
            return _at(datetime.combine(today, time.fromisoformat(text.zfill(5)), zone))
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return _at(datetime.combine(date.fromisoformat(text), time(23, 59, 59), zone))
        at = datetime.fromisoformat(text)
        return _at(at if at.tzinfo else at.replace(tzinfo=zone))
    except (ValueError, OverflowError):
        raise Invalid(
            f"{clean(text)[:40]!r} is no moment", "as 2026-11-18, 2026-11-18 15:30, -3d or +1h"
        ) from None


def _at(moment: datetime) -> datetime:
    return max(EARLIEST, moment.astimezone(UTC))
