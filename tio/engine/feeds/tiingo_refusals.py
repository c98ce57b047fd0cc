"""What Tiingo says instead of an answer: words, pages and details, as the error each of them is."""

import msgspec

from tio.api.clean import clean
from tio.api.errors import Busy, Invalid, NotAllowed, NotFound, SourceUnavailable, TioError
from tio.engine.feeds.decoding import decoder
from tio.engine.feeds.http.refusals import BadKey, QuotaSpent, Throttled
from tio.engine.feeds.openings import ELSEWHERE, opening_of, said_in

NAME = "tiingo"
VENUE = "Tiingo"
_NO_KEY = ("invalid token", "supply a token", "credentials", "not logged in")


def refusal(body: str | bytes, status: int = 200) -> TioError | None:
    """The error an answer is; None when it is an answer."""
    opening = opening_of(body, 400).strip()
    if opening.startswith("["):
        return _named(f"status {status}", status) if status >= 400 else None
    if opening.startswith("<") or "<html" in opening.lower():
        return _paged(status)
    if not opening.startswith("{"):
        return _worded(opening, status)
    said = said_in(body, _SAID)
    if said is None:
        return None
    words = said.detail or said.message
    if not words and status < 400:
        return None
    return _named(clean(words, limit=300) or f"status {status}", status)


class _Said(msgspec.Struct):
    detail: str = ""
    message: str = ""


_SAID = decoder(_Said)


def _paged(status: int) -> TioError:
    if status == 404:
        return NotFound(f"{VENUE} has no such page", "check the symbol")
    return SourceUnavailable(f"{VENUE} answered with a page instead of data", ELSEWHERE)


def _worded(opening: str, status: int) -> TioError:
    words = clean(opening, limit=300)
    if "run over your" in words.lower() or status >= 400:
        return _named(words or f"status {status}", status)
    if not words:
        return SourceUnavailable(f"{VENUE} answered with nothing", ELSEWHERE)
    return SourceUnavailable(f"{VENUE} answered {words[:80]!r} instead of data", ELSEWHERE)


def _named(words: str, status: int) -> TioError:
    said, told = words.lower(), f"{VENUE} says: {words}"
    if "run over your" in said:
        return _spent(said, told)
    if status == 401 or any(each in said for each in _NO_KEY):
        return BadKey(told, f"check the key: tio keys set {NAME}")
    if status == 403 or "permission" in said:
        return NotAllowed(told, "its plan does not include this")
    if status == 404 or "not found" in said:
        return NotFound(told, "check the symbol")
    if status == 429:
        return Busy(told, "it is asked again later")
    if 400 <= status < 500:
        return Invalid(told, "check symbol, timeframe and range")
    return SourceUnavailable(told, ELSEWHERE)


def _spent(said: str, told: str) -> TioError:
    if "symbol" in said:
        # Those it was asked for this month it still tells.
        return NotAllowed(told, "another source serves further symbols this month")
    if "hour" in said:
        return Throttled(told, "its allowance comes back with the next hour")
    return QuotaSpent(told, "its allowance comes back at midnight in New York")
