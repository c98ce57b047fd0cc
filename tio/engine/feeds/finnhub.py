"""Finnhub's language: trades of its stream, and quotes; a quote of noughts is an unknown symbol."""

import msgspec

from tio.api.clean import clean
from tio.api.errors import NotFound, TioError
from tio.api.market import AssetClass, Coverage
from tio.api.ticks import DayFigures, Tick, Trade
from tio.engine.feeds.decoding import asked, decoded, decoder, from_millis, from_seconds, unknown
from tio.engine.feeds.finnhub_refusals import NAME, VENUE, refusal
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.us_shares import is_us_share, us_symbol
from tio.engine.market.symbols import is_fx
from tio.plugin import Traits

HOSTS = ("finnhub.io", "api.finnhub.io", "ws.finnhub.io")
TRAITS = Traits(
    name=NAME,
    # It does not say whose trades a price is made of, so the whole market is not claimed.
    coverage=Coverage.single_venue,
    asset_class=AssetClass.equity,
    stale_after=400.0,
)


def spelled(symbol: str) -> str | None:
    """A US share itself; None for all else, preferred shares too, whose spelling is not known."""
    if is_fx(symbol) or not is_us_share(symbol) or ".PR." in symbol:
        return None
    return symbol


def symbol_of(venue_spelling: str) -> str:
    """The symbol of a US share; Garbage when it is nothing of ours."""
    symbol = None if "-" in venue_spelling else us_symbol(venue_spelling)
    if symbol is None or is_fx(symbol):
        raise Garbage(f"expected a US share of {VENUE}, was {clean(venue_spelling, limit=60)!r}")
    return symbol


def parse(text: str | bytes) -> tuple[Tick, ...]:
    """The trades of a frame; () for its pings, errors and news."""
    frame = decoded(_FRAME, text, VENUE)
    if frame.type == "trade":
        return tuple(_trade(deal, index) for index, deal in enumerate(frame.data))
    if frame.type in ("ping", "error", "news"):
        return ()
    raise unknown(VENUE, frame.type)


def read_error(text: str | bytes) -> str:
    """The words of a frame that is an error; "" of any other."""
    said = decoded(_ERROR, text, VENUE)
    return (clean(said.msg, limit=200) or "an error") if said.type == "error" else ""


def read_quote(body: str | bytes, symbol: str, status: int = 200) -> DayFigures:
    """Figures of one share; NotFound when all of them are nought."""
    refused = refusal(body, status)
    if refused is not None:
        raise refused
    quote = decoded(_QUOTE, body, VENUE)
    last, before = _price(quote.c), _price(quote.pc)
    if last is None and before is None:
        raise NotFound(f"{VENUE} knows no {clean(symbol, limit=64)}", "check the symbol")
    return DayFigures(
        symbol=symbol,
        at=from_seconds(quote.t) if quote.t else None,
        last=last,
        open=_price(quote.o),
        high=_price(quote.h),
        low=_price(quote.l),
        previous_close=before,
    )


def parse_rest(url: str, body: str | bytes) -> tuple[Tick, ...]:
    """What an answer says of prices: a quote; Garbage for any other."""
    path, query = asked(url)
    if not path.endswith("/quote"):
        raise Garbage(f"not an answer of {VENUE} we read: {clean(path, limit=80)!r}")
    try:
        return (read_quote(body, symbol_of(query.get("symbol", ""))),)
    except TioError as refused:
        raise Garbage(f"not an answer of prices: {refused.message}") from None


class _Deal(msgspec.Struct):
    s: str
    p: float
    t: int
    v: float


class _Frame(msgspec.Struct):
    type: str
    data: list[_Deal] = []


class _Error(msgspec.Struct):
    type: str
    msg: str = ""


class _Quote(msgspec.Struct):
    c: float | None
    pc: float | None
    o: float | None = None
    h: float | None = None
    l: float | None = None  # noqa: E741 — their name
    t: float | None = None


_FRAME, _ERROR, _QUOTE = decoder(_Frame), decoder(_Error), decoder(_Quote)


def _trade(deal: _Deal, index: int) -> Trade:
    symbol = symbol_of(deal.s)
    if not (0 < deal.p < 1e300 and 0 <= deal.v < 1e300):
        raise Garbage(f"not a trade of {VENUE}: {symbol}, {deal.v!r} at {deal.p!r}")
    return Trade(symbol, deal.p, deal.v, from_millis(deal.t), index=index)


def _price(price: float | None) -> float | None:
    if price is None or price == 0:
        return None
    if 0 < price < 1e300:
        return price
    raise Garbage(f"not a price of {VENUE}: {price!r}")
