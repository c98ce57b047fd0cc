"""What Alpha Vantage says instead of an answer, always with HTTP 200, as the error it is.

Some of it repeats the key: that is taken out here, whether or not anybody knows the key.
"""

import re

import msgspec

from tio.api.clean import clean
from tio.api.errors import NotAllowed, NotFound, SourceUnavailable, TioError
from tio.engine.feeds.decoding import decoder
from tio.engine.feeds.http.refusals import BadKey, QuotaSpent, Throttled
from tio.engine.feeds.openings import ELSEWHERE, no_data, opening_of, said_in

NAME = "alpha_vantage"
VENUE = "Alpha Vantage"
_ECHO = re.compile(r"(api ?key (?:as|is|of)?:? ?)[A-Z0-9_-]{6,}", re.IGNORECASE)
_PREMIUM = ("premium endpoint", "premium feature", "premium membership")


def refusal(body: str | bytes, status: int = 200) -> TioError | None:
    """The error an answer is; None when it is an answer."""
    opening = opening_of(body)
    if not opening.startswith("{"):
        return None if status >= 400 or opening.startswith("[") else no_data(VENUE, opening)
    said = said_in(body, _SAID)
    if said is None:
        return None
    if said.error:
        return _mistaken(_words(said.error))
    if said.note or said.information:
        return _limited(_words(said.note or said.information))
    return None


def is_empty(body: str | bytes) -> bool:
    """`{}`, which is said of symbols it does not know."""
    return "".join(opening_of(body, 40).split()) == "{}"


class _Said(msgspec.Struct):
    error: str = msgspec.field(default="", name="Error Message")
    note: str = msgspec.field(default="", name="Note")
    information: str = msgspec.field(default="", name="Information")


_SAID = decoder(_Said)


def _words(text: str) -> str:
    return _ECHO.sub(r"\1***", clean(text, limit=400))


def _mistaken(words: str) -> TioError:
    told, said = f"{VENUE} says: {words}", words.lower()
    if "apikey" in said or "api key" in said:
        return BadKey(told, f"check the key: tio keys set {NAME}")
    return NotFound(told, "check the symbol")


def _limited(words: str) -> TioError:
    """Which of its limits: the second's text names the day's as well, so it comes first."""
    told, said = f"{VENUE} says: {words}", words.lower()
    if any(sign in said for sign in _PREMIUM):
        return NotAllowed(told, "its free plan does not include this")
    if "per second" in said:
        return Throttled(told, "it may be asked again in a second", seconds=1.5)
    if "per minute" in said:
        return Throttled(told, "it may be asked again in the next minute", seconds=60.0)
    if "per day" in said or "rate limit" in said:
        return QuotaSpent(told, "its day ends at midnight in New York")
    if "demo" in said or "apikey" in said or "api key" in said:
        return BadKey(told, f"check the key: tio keys set {NAME}")
    return SourceUnavailable(told, ELSEWHERE)
