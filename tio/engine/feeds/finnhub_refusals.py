"""What Finnhub says instead of an answer, as the error it is."""

import msgspec

from tio.api.clean import clean
from tio.api.errors import Busy, Invalid, NotAllowed, NotFound, SourceUnavailable, TioError
from tio.engine.feeds.decoding import decoder
from tio.engine.feeds.http.refusals import BadKey
from tio.engine.feeds.openings import ELSEWHERE, no_data, opening_of, said_in

NAME = "finnhub"
VENUE = "Finnhub"


def refusal(body: str | bytes, status: int = 200) -> TioError | None:
    """The error an answer is; None when it is an answer, or is told by its status alone."""
    opening = opening_of(body)
    if not opening.startswith("{"):
        return None if status >= 400 or opening.startswith("[") else no_data(VENUE, opening)
    said = said_in(body, _SAID)
    return _meant(status, said.error) if said is not None and said.error else None


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
    return SourceUnavailable(told, ELSEWHERE)
