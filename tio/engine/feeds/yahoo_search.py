"""Yahoo's search answers: the instruments found, the likeliest first."""

import msgspec

from tio.api.market import Instrument
from tio.engine.feeds.decoding import decoded, decoder
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.yahoo_listings import KINDS, instrument_of
from tio.engine.feeds.yahoo_refusals import refusal


def read_search(body: str | bytes, status: int = 200) -> tuple[Instrument, ...]:
    """What was found, as Yahoo ranks it; companies without a symbol and options are left out."""
    refused = refusal(body, status)
    if refused is not None:
        raise refused
    answer = decoded(_ANSWER, body, "Yahoo search")
    found: dict[str, Instrument] = {}
    for hit in answer.quotes:
        instrument = _instrument(hit)
        if instrument is not None:
            found.setdefault(instrument.symbol, instrument)
    return tuple(found.values())


class _Hit(msgspec.Struct):
    symbol: str = ""
    quote_type: str = msgspec.field(default="", name="quoteType")
    exchange: str = ""
    longname: str | None = None
    shortname: str | None = None


class _Answer(msgspec.Struct):
    quotes: list[_Hit]


def _instrument(hit: _Hit) -> Instrument | None:
    kind = KINDS.get(hit.quote_type)
    if kind is None or not hit.symbol:
        return None
    try:
        return instrument_of(
            hit.symbol, kind, name=hit.longname or hit.shortname, exchange=hit.exchange
        )
    except Garbage:
        return None  # a name that is no symbol of ours hides none of the others


_ANSWER = decoder(_Answer)
