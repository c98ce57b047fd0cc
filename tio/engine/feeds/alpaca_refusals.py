"""What Alpaca says instead of an answer or a frame, as the error it is."""

import re

import msgspec

from tio.api.clean import clean
from tio.api.errors import Busy, Invalid, NotAllowed, NotFound, SourceUnavailable, TioError
from tio.engine.feeds.decoding import decoder
from tio.engine.feeds.http.refusals import BadKey
from tio.engine.feeds.openings import ELSEWHERE, no_data, opening_of, said_in

NAME = "alpaca"
VENUE = "Alpaca"
_CULPRIT = re.compile(r"invalid symbol(?:\(s\))?:? *\"?([A-Za-z0-9./-]{1,20})")


class TooRecent(Invalid):
    """The plan does not see the whole market's last quarter of an hour."""


class UnknownSymbol(Invalid):
    """One of the symbols asked for does not exist, and so nothing was answered of the others."""

    def __init__(self, message: str, next: str = "", *, spelling: str = "") -> None:
        super().__init__(message, next)
        self.spelling = spelling


def refusal(body: str | bytes, status: int = 200) -> TioError | None:
    """The error an answer is; None when it is an answer, or is told by its status alone."""
    opening = opening_of(body)
    if not opening.startswith("{"):
        return None if status >= 400 or opening.startswith("[") else no_data(VENUE, opening)
    said = said_in(body, _SAID)
    if said is None or (status < 400 and not said.message):
        return None
    return _meant(status if status >= 400 else said.code // 100_000, said.message)


def stream_error(code: int, message: str) -> TioError:
    """What an error frame means."""
    words = clean(message, limit=200) or f"code {code}"
    told = f"{VENUE} says: {words} ({code})"
    match code:
        case 401 | 402 | 404:
            return BadKey(told, f"check key and secret: tio keys set {NAME}")
        case 405:
            return Busy(told, "fewer symbols can be streamed")
        case 406:
            return Busy(told, "close the other connection with this key")
        case 409:
            return NotAllowed(told, "its plan does not include this")
        case 400 | 403:
            return Invalid(told)
        case _:
            return SourceUnavailable(told, ELSEWHERE)


class _Said(msgspec.Struct):
    code: int = 0
    message: str = ""


_SAID = decoder(_Said)


def _meant(status: int, message: str) -> TioError | None:
    words = clean(message, limit=300) or f"status {status}"
    said, told = words.lower(), f"{VENUE} says: {words}"
    if "recent sip" in said:
        return TooRecent(told, "trades of IEX alone are told at once")
    if "subscription" in said:
        return NotAllowed(told, "its plan does not include this")
    match status:
        case 401 | 403:
            return BadKey(told, f"check key and secret: tio keys set {NAME}")
        case 404:
            return NotFound(told, "check the symbol")
        case 429:
            return Busy(told, "it is asked again later")
        case 400 | 422 if found := _CULPRIT.search(words):
            return UnknownSymbol(told, "check the symbol", spelling=found[1])
        case _ if 400 <= status < 500:
            return Invalid(told, "check symbol, timeframe and range")
        case _:
            return SourceUnavailable(told, ELSEWHERE)
