"""Twelve Data's errors, told with HTTP 200 as well, as the error each of them is."""

import msgspec

from tio.api.clean import clean
from tio.api.errors import Busy, Invalid, NotAllowed, NotFound, SourceUnavailable, TioError
from tio.engine.feeds.decoding import decoder
from tio.engine.feeds.http.refusals import BadKey, QuotaSpent, Throttled
from tio.engine.feeds.openings import ELSEWHERE, no_data, opening_of, said_in

NAME = "twelvedata"
VENUE = "Twelve Data"


def refusal(body: str | bytes, status: int = 200) -> TioError | None:
    """The error a whole answer is; None when it is an answer, or has one among its members."""
    opening = opening_of(body)
    if not opening.startswith(("{", "[")):
        return no_data(VENUE, opening)
    said = said_in(body, _SAID)
    if said is None:
        return None
    if said.status == "error" or (said.code >= 400 and said.message):
        return _error(said.code or status, said.message)
    return _error(status, f"status {status}") if status >= 400 else None


class _Said(msgspec.Struct):
    code: int = 0
    message: str = ""
    status: str = ""


_SAID = decoder(_Said)


def _error(code: int, message: str) -> TioError:
    words = clean(message, limit=300)
    said, told = words.lower(), f"{VENUE} says: {words}"
    match code:
        case 401:
            return BadKey(told, f"check the key: tio keys set {NAME}")
        case 429 if "for the day" in said or "daily" in said:
            return QuotaSpent(told, "the day's credits come back at 00:00 UTC")
        case 429 if "minute" in said:
            return Throttled(told, "its credits come back with the next minute")
        case 429:
            return Busy(told, "it is asked again later")
        case 403:
            return NotAllowed(told, "its plan does not include this")
        case 404:
            return NotFound(told, "check the symbol")
        case 400 | 414 if "not found" in said or "no data" in said:
            return NotFound(told, "check the symbol")
        case _ if 400 <= code < 500:
            return Invalid(told, "check symbol, timeframe and range")
        case _:
            return SourceUnavailable(told, ELSEWHERE)
