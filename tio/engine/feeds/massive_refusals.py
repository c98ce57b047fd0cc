"""What Massive says instead of an answer, by status word or HTTP status, as the error it is."""

import msgspec

from tio.api.clean import clean
from tio.api.errors import Busy, Invalid, NotAllowed, NotFound, SourceUnavailable, TioError
from tio.engine.feeds.decoding import decoder
from tio.engine.feeds.http.refusals import BadKey, Throttled
from tio.engine.feeds.openings import ELSEWHERE, no_data, opening_of, said_in

NAME = "massive"
VENUE = "Massive"
_WELL = frozenset({"OK", "DELAYED", "SUCCESS", ""})


def refusal(body: str | bytes, status: int = 200) -> TioError | None:
    """The error an answer is; None when it is an answer."""
    opening = opening_of(body)
    if not opening.startswith("{"):
        if status >= 400:
            return _named(status, f"status {status}")
        return None if opening.startswith("[") else no_data(VENUE, opening)
    said = said_in(body, _SAID)
    if said is None:
        return None if status < 400 else _named(status, f"status {status}")
    word = said.status.upper()
    if word in _WELL and status < 400:
        return None
    words = clean(said.error or said.message or said.status or f"status {status}", limit=300)
    return _named(_MEANT.get(word, 500) if status < 400 else status, words)


class _Said(msgspec.Struct):
    status: str = ""
    error: str = ""
    message: str = ""


_SAID = decoder(_Said)
_MEANT = {"NOT_AUTHORIZED": 403, "AUTH_ERROR": 401, "NOT_FOUND": 404}
"""The HTTP status a word with status 200 stands for."""


def _named(status: int, words: str) -> TioError:
    said, told = words.lower(), f"{VENUE} says: {words}"
    if status == 401 or "api key" in said:
        return BadKey(told, f"check the key: tio keys set {NAME}")
    if "requests per minute" in said:
        return Throttled(told, "it may be asked again in the next minute")
    if status == 429:
        return Busy(told, "it is asked again later")
    if status == 403 or "not entitled" in said:
        return NotAllowed(told, "its plan does not include this")
    if status == 404 or "not found" in said:
        return NotFound(told, "check the symbol")
    if 400 <= status < 500:
        return Invalid(told, "check symbol, timeframe and range")
    return SourceUnavailable(told, ELSEWHERE)
