"""Alpha Vantage's answers: quotes of the last session, raw days, rates of exchange, searches.

Every value is a string, and a field's number changes from answer to answer: only its name counts.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from math import isfinite
from zoneinfo import ZoneInfo

import msgspec

from tio.api.clean import clean
from tio.api.errors import NotFound, TioError
from tio.api.market import AssetClass, Coverage, Delay, Timeframe
from tio.api.ticks import DayFigures, SourceBar, Tick, TopOfBook
from tio.engine.feeds.alpha_vantage_refusals import NAME, VENUE, is_empty, refusal
from tio.engine.feeds.dated import Dated, day_of, midnight
from tio.engine.feeds.decoding import asked, decoded, decoder, micros
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.us_shares import is_us_share, us_symbol
from tio.engine.market.sessions import bar_end, rules_of
from tio.engine.market.symbols import classify, is_fx
from tio.plugin import Traits

HOSTS = ("www.alphavantage.co",)
TRAITS = Traits(
    name=NAME,
    delay=Delay.end_of_day,
    coverage=Coverage.consolidated,
    asset_class=AssetClass.equity,
    has_trades=False,
    stale_after=129_600.0,
)
"""With a free key a share's quote is that of the last session that ended."""
FX_TRAITS = msgspec.structs.replace(
    TRAITS,
    delay=Delay.realtime,
    coverage=Coverage.single_venue,
    asset_class=AssetClass.fx,
    stale_after=1_800.0,
)

_DAILY = "Time Series (Daily)"
_QUOTE = "Global Quote"
_RATE = "Realtime Currency Exchange Rate"


def spelled(symbol: str) -> str | None:
    """`BRK-B` of BRK.B, EURUSD as itself; None for what is neither a US share nor currencies."""
    if is_fx(symbol):
        return symbol
    return symbol.replace(".", "-") if is_us_share(symbol) else None


def symbol_of(venue_spelling: str) -> str:
    """`BRK.B` of BRK-B; Garbage when it is nothing of ours."""
    name = venue_spelling.strip().upper()
    symbol = name if is_fx(name) else us_symbol(name)
    if symbol is None:
        raise Garbage(f"expected a symbol of {VENUE}, was {clean(venue_spelling, limit=60)!r}")
    return symbol


def read_quote(body: str | bytes, symbol: str) -> DayFigures:
    """Figures of the newest session, as of its close; NotFound when it knows no such share."""
    fields = _fields(_answer(body).get(_QUOTE), _QUOTE)
    if not fields:
        raise NotFound(f"{VENUE} knows no {clean(symbol, limit=64)}", "check the symbol")
    last = _number(fields, "price")
    if last is None or last <= 0:
        raise Garbage(f"not a quote of {VENUE}: {clean(symbol, limit=64)} at {last!r}")
    day = midnight(day_of(fields.get("latest trading day", ""), VENUE))
    return DayFigures(
        symbol=symbol,
        at=bar_end(rules_of(classify(symbol)), day, Timeframe.d1),
        last=last,
        open=_number(fields, "open"),
        high=_number(fields, "high"),
        low=_number(fields, "low"),
        previous_close=_number(fields, "previous close"),
        volume=_number(fields, "volume"),
    )


def read_rate(body: str | bytes, symbol: str) -> tuple[Tick, ...]:
    """The rate of exchange and, where told, its best prices."""
    fields = _fields(_answer(body).get(_RATE), _RATE)
    last = _number(fields, "exchange rate")
    if last is None or last <= 0:
        raise Garbage(f"not a rate of {VENUE}: {clean(symbol, limit=64)} at {last!r}")
    at = _instant(fields.get("last refreshed", ""), fields.get("time zone", ""))
    figures = DayFigures(symbol=symbol, at=at, last=last)
    bid, ask = _number(fields, "bid price"), _number(fields, "ask price")
    if not bid and not ask:
        return (figures,)
    return figures, TopOfBook(symbol, bid or None, ask or None, at=at)


def read_days(body: str | bytes) -> list[Dated]:
    """Raw days, in the order told."""
    return list(_days(_answer(body)))


def parse(text: str | bytes) -> tuple[Tick, ...]:
    """It has no stream."""
    raise Garbage(f"not a frame of {VENUE}: it has no stream")


def parse_rest(url: str, body: str | bytes) -> tuple[Tick, ...]:
    """What an answer says of prices: a quote, a rate, days; Garbage for any other."""
    _, query = asked(url)
    function, name = query.get("function", ""), query.get("symbol", "")
    try:
        match function:
            case "GLOBAL_QUOTE":
                return (read_quote(body, symbol_of(name)),)
            case "TIME_SERIES_DAILY":
                symbol = symbol_of(name)
                return tuple(_bar(symbol, day) for day in read_days(body))
            case "CURRENCY_EXCHANGE_RATE":
                pair = f"{query.get('from_currency', '')}{query.get('to_currency', '')}"
                return read_rate(body, symbol_of(pair))
            case _:
                _answer(body)
    except TioError as refused:
        raise Garbage(f"not an answer of prices: {refused.message}") from None
    raise Garbage(f"not an answer of {VENUE} we read: {clean(function, limit=60)!r}")


_ANSWER = decoder(dict[str, msgspec.Raw])
_FIELDS = decoder(dict[str, str])
_SERIES = decoder(dict[str, dict[str, str]])
_NEW_YORK = "America/New_York"
_ZONES = {"UTC": "UTC", "US/Eastern": _NEW_YORK, _NEW_YORK: _NEW_YORK}


def _answer(body: str | bytes) -> dict[str, msgspec.Raw]:
    refused = refusal(body)
    if refused is not None:
        raise refused
    if is_empty(body):
        raise NotFound(f"{VENUE} knows nothing of it", "check the symbol")
    return decoded(_ANSWER, body, VENUE)


def _fields(said: msgspec.Raw | None, what: str) -> dict[str, str]:
    """The fields by their names, without the numbers before them."""
    if said is None:
        raise Garbage(f"not an answer of {VENUE}: it has no {what!r}")
    fields: dict[str, str] = decoded(_FIELDS, said, VENUE)
    return _named(fields)


def _named(fields: Mapping[str, str]) -> dict[str, str]:
    return {name.rpartition(". ")[2].lower(): value for name, value in fields.items()}


def _number(fields: Mapping[str, str], name: str) -> float | None:
    text = fields.get(name, "")
    if text in ("", "-", "None"):
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if isfinite(value):
        return value
    raise Garbage(f"not an answer of {VENUE}: {clean(text, limit=40)!r} as {name}")


def _days(answer: Mapping[str, msgspec.Raw]) -> Iterator[Dated]:
    said = answer.get(_DAILY)
    if said is None:
        raise Garbage(f"not an answer of {VENUE}: it has no {_DAILY!r}")
    for day, fields in decoded(_SERIES, said, VENUE).items():
        row = _named(fields)
        prices = [_number(row, name) for name in ("open", "high", "low", "close")]
        first, high, low, last = (0.0 if price is None else price for price in prices)
        if min(first, high, low, last) <= 0:
            raise Garbage(f"not a day of {VENUE}: {prices!r} on {clean(day, limit=40)}")
        volume = _number(row, "volume")
        volume = float("nan") if volume is None else volume
        yield Dated(day_of(day, VENUE), first, high, low, last, volume)


def _bar(symbol: str, day: Dated) -> SourceBar:
    return SourceBar(symbol, Timeframe.d1, day.time, *day[1:], closed=False)


def _instant(text: str, zone: str) -> int | None:
    """µs of a time in a zone we know; None when it names another."""
    if zone not in _ZONES:
        return None
    try:
        at = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(_ZONES[zone]))
        return micros(at.astimezone(UTC))
    except (ValueError, OverflowError):
        raise Garbage(f"not a time of {VENUE}: {clean(text, limit=60)!r}") from None
