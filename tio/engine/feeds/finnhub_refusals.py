"""What Finnhub says instead of an answer, as the error it is."""

import msgspec

from tio.api.clean import clean
from tio.api.errors import Busy, Invalid, NotAllowed, NotFound, SourceUnavailable, TioError
from tio.engine.feeds.decoding import decoder
from tio.engine.feeds.http.refusals import BadKey

NAME = "finnhub"
VENUE = "Finnhub"
_NEXT = "another source answers meanwhile"


def refusal(body: str | bytes, status: int = 200) -> TioError | None:
    """The error an answer is; None when it is an answer, or is told by its status alone."""
    start = body[:200]
    opening = start.decode(errors="replace") if isinstance(start, bytes) else start
    opening = opening.lstrip("\ufeff \t\r\n")
    if not opening.startswith("{"):
        if status >= 400 or opening.startswith("["):
            return None
        what = "words or a page instead of data" if opening else "nothing"
        return SourceUnavailable(f"{VENUE} answered with {what}", _NEXT)
    try:
        said = _SAID.decode(body)
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError):
        return None  # its own reader says what is wrong with it
    return _meant(status, said.error) if said.error else None


class _Said(msgspec.Struct):
    error: str = ""


_SAID = decoder(_Said)


def _meant(status: int, message: str) -> TioError:
    words = clean(message, limit=300)
    said, told = words.lower(), f"{VENUE} says: {words}"
    if status == 401 or "api key" in said:
        return BadKey(told, f"check the key: tio keys set {NAME}")
    if status == 429 or "limit reached" in said:
        return Busy(told, "it is asked again later")
    if status == 403 or "access" in said:
        return NotAllowed(told, "its free plan does not include this")
    if status in (200, 404):
        return NotFound(told, "check the symbol")
    if 400 <= status < 500:
        return Invalid(told, "check the symbol")
    return SourceUnavailable(told, _NEXT)
