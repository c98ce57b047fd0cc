"""What Yahoo says instead of an answer: pages, words and errors, as the error each of them is."""

import msgspec

from tio.api.clean import clean
from tio.api.errors import Busy, Invalid, NotAllowed, NotFound, SourceUnavailable, TioError
from tio.engine.feeds.decoding import decoder
from tio.engine.feeds.openings import opening_of, said_in

_NEXT = "another source answers meanwhile; Yahoo is unofficial and may change any day"


def refusal(body: str | bytes, status: int = 200) -> TioError | None:
    """The error an answer is; None when it is an answer."""
    opening = opening_of(body, 2_000)
    if not opening:
        return SourceUnavailable("Yahoo answered with nothing", _NEXT)
    if not opening.startswith(("{", "[")):
        return _worded(opening, status)
    said = said_in(body, _ENVELOPE)
    if said is None:
        return None
    error = next((each.error for each in said.all() if each is not None and each.error), None)
    if error is None:
        return _status(status)
    if isinstance(error, str):
        return _named("", clean(error, limit=300), status)
    return _named(error.code, clean(error.description or error.code, limit=300), status)


def names_crumb(error: TioError) -> bool:
    """Whether an error asks for a fresh crumb or cookie."""
    said = error.message.lower()
    return isinstance(error, NotAllowed) and ("crumb" in said or "cookie" in said)


class _Error(msgspec.Struct):
    code: str = ""
    description: str | None = None


class _Said(msgspec.Struct):
    error: _Error | str | None = None


class _Envelope(msgspec.Struct):
    chart: _Said | None = None
    finance: _Said | None = None
    quote: _Said | None = msgspec.field(default=None, name="quoteResponse")
    summary: _Said | None = msgspec.field(default=None, name="quoteSummary")
    options: _Said | None = msgspec.field(default=None, name="optionChain")

    def all(self) -> tuple[_Said | None, ...]:
        return self.chart, self.finance, self.quote, self.summary, self.options


def _worded(opening: str, status: int) -> TioError:
    said = opening.lower()
    if status == 429 or "too many requests" in said:
        return Busy("Yahoo says too many requests", "it is asked again later")
    if "invalid crumb" in said or "invalid cookie" in said:
        return NotAllowed(f"Yahoo says {clean(opening, limit=80)!r}", "a new crumb is asked for")
    if "will be right back" in said:
        return SourceUnavailable("Yahoo says it will be right back", _NEXT)
    if "consent" in said and "<" in said:
        return SourceUnavailable("Yahoo asks for consent to its cookies, not answering", _NEXT)
    if said.startswith("<") or "<html" in said:
        return SourceUnavailable("Yahoo answered with a page instead of data", _NEXT)
    return SourceUnavailable(f"Yahoo answered {clean(opening, limit=80)!r} instead of data", _NEXT)


def _named(code: str, words: str, status: int) -> TioError:
    said = f"{code} {words}".lower()
    told = f"Yahoo says: {words or code}"
    if "crumb" in said or "cookie" in said or "unauthorized" in said or status in (401, 403):
        return NotAllowed(told, "a new crumb is asked for")
    if "too many" in said or status == 429:
        return Busy(told, "it is asked again later")
    if status == 404 or "not found" in said or "no data found" in said:
        return NotFound(told, "check the symbol")
    if status in (400, 422) or "bad request" in said or "unprocessable" in said:
        return Invalid(told, "check symbol, timeframe and range")
    return SourceUnavailable(told, _NEXT)


def _status(status: int) -> TioError | None:
    if status < 400:
        return None
    return _named("", f"status {status}", status)


_ENVELOPE = decoder(_Envelope)
