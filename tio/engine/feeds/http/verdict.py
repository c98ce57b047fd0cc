"""What an answer means for the one who asked, for the breaker and for the limiter."""

from enum import Enum, auto

import msgspec

from tio.api.errors import Busy, Invalid, NotAllowed, NotFound, SourceUnavailable, TioError
from tio.engine.feeds.http.refusals import BadKey, QuotaSpent, StaleCredential, Throttled
from tio.engine.feeds.http.retry import AGAIN
from tio.engine.feeds.http.transport import Raw


class Effect(Enum):
    """What the breaker and the limiter make of it."""

    answered = auto()
    """The host works: it said no to what was asked."""
    failed = auto()
    throttled = auto()
    banned = auto()
    barred = auto()
    """Not before a restart or another address."""
    bad_key = auto()
    spent = auto()
    stale = auto()
    """A token has expired: neither success nor failure."""


class Verdict(msgspec.Struct, frozen=True):
    """The error, its effect, and whether a GET may be asked again."""

    kind: type[TioError]
    words: str
    effect: Effect
    again: bool = False


def of_status(raw: Raw, has_key: bool) -> Verdict | None:
    """The verdict on a status; None when it is well."""
    status = raw.status
    if 200 <= status < 300 or status == 304:
        return None
    again = status in AGAIN
    match status:
        case 429:
            return Verdict(Busy, "asked too often (429)", Effect.throttled, True)
        case 418:
            return Verdict(Busy, "banned for asking too often (418)", Effect.banned)
        case 451:
            return Verdict(NotAllowed, "not available from here (451)", Effect.barred)
        case 401 if has_key:
            return Verdict(NotAllowed, "the key is refused (401)", Effect.bad_key)
        case 401 | 403:
            return Verdict(NotAllowed, f"refused ({status})", Effect.failed)
        case 404 | 410:
            return Verdict(NotFound, f"nothing there ({status})", Effect.answered)
        case 503 if "retry-after" in raw.headers:
            return Verdict(SourceUnavailable, "not available (503)", Effect.throttled, True)
        case 408 | 425:
            return Verdict(SourceUnavailable, f"not ready ({status})", Effect.failed, again)
        case _ if 400 <= status < 500:
            return Verdict(Invalid, f"refuses what was asked ({status})", Effect.answered)
        case _ if status >= 500:
            return Verdict(SourceUnavailable, f"out of order ({status})", Effect.failed, again)
        case _:
            return Verdict(SourceUnavailable, f"leads nowhere ({status})", Effect.failed)


def of_error(error: TioError) -> Effect:
    """What an error that was read from a body means."""
    match error:
        case BadKey():
            return Effect.bad_key
        case StaleCredential():
            return Effect.stale
        case QuotaSpent():
            return Effect.spent
        case Throttled() | Busy():
            return Effect.throttled
        case NotFound() | Invalid():
            return Effect.answered
        case _:
            return Effect.failed
