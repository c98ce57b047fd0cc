"""When to ask again, and how long to wait before."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

TRIES = 4
BASE, CAP = 0.5, 30.0
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504, *range(520, 530)})
"""Statuses after which a GET may be asked again."""
LONGEST = 7 * 86_400.0


def pause(tries: int, jitter: float) -> float:
    """Seconds before the next try, full jitter: `jitter` in [0, 1) of 0.5 s × 2ⁿ, at most 30 s."""
    return jitter * min(CAP, BASE * 2.0**tries)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds a `Retry-After` asks for, as seconds or as a date; None without a sound one.

    A date is measured from the server's own `Date`, if it told one, so that skew does no harm.
    """
    said = headers.get("retry-after", "").strip()
    if not said:
        return None
    seconds: float
    try:
        seconds = float(said)
    except ValueError:
        until = moment(said)
        if until is None:
            return None
        since = moment(headers.get("date", "")) or now
        seconds = (until - since).total_seconds()
    return min(LONGEST, max(0.0, seconds)) if seconds == seconds else None


def moment(text: str) -> datetime | None:
    """The instant of an HTTP date."""
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at
