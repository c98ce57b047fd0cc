"""Binance spot, in shapes that its USD-M futures share: raw and combined streams, REST depth."""

import re
from collections.abc import Callable
from functools import lru_cache

import msgspec

from tio.api.clean import clean
from tio.api.market import AssetClass, Side, Timeframe
from tio.api.ticks import BookChange, BookSnapshot, DayFigures, SourceBar, Tick, TopOfBook, Trade
from tio.engine.feeds.binance_shapes import (
    Best,
    Depth,
    DepthUpdate,
    Envelope,
    Kind,
    Kline,
    Print,
    Row,
    Ticker,
)
from tio.engine.feeds.decoding import asked, decoded, decoder, from_millis, pair, unknown
from tio.engine.feeds.frames import Garbage
from tio.plugin import Traits

NAME = "binance"
TRAITS = Traits(name=NAME, asset_class=AssetClass.crypto)
HOSTS = (
    "stream.binance.com",
    "data-stream.binance.vision",
    "api.binance.com",
    "data-api.binance.vision",
)
Named = Callable[[str], str]
"""The internal symbol of a spelling, as the venue's list has it."""

# Longest first, so that BTCUSDT is not a pair quoted in "SDT" and ETHFDUSD not one in USD.
_QUOTES = sorted(
    "USDT FDUSD USDC TUSD BUSD USDP USDS USDE USD1 BIDR BKRW IDRT BVND UST DAI PAX VAI EURI GYEN "
    "BTC ETH BNB XRP TRX SOL DOT DOGE XUSD RLUSD BFUSD "
    "USD EUR GBP AUD TRY BRL RUB UAH NGN ZAR PLN RON ARS JPY MXN CZK COP IDR NEAR".split(),
    key=lambda quote: (-len(quote), quote),
)
_EXPIRY = re.compile(r"(.+)_(\d{6})")


@lru_cache(8_192)
def symbol_of(venue_spelling: str) -> str:
    """`btcusdt` → `BTC-USDT`, `BTCUSDT_240329` → `BTC-USDT-240329`."""
    spelled, expiry = venue_spelling.upper(), ""
    if dated := _EXPIRY.fullmatch(spelled):
        spelled, expiry = dated.groups()
    for quote in _QUOTES:
        if spelled.endswith(quote) and len(spelled) > len(quote):
            return pair(spelled[: -len(quote)], quote, expiry)
    raise Garbage(f"not a Binance symbol: {clean(venue_spelling, limit=60)!r}")


def parse(text: str | bytes, named: Named = symbol_of) -> tuple[Tick, ...]:
    """What one frame says, of a raw stream or in the envelope of a combined one."""
    if text[:64].lstrip()[:1] in ("[", b"["):
        return _each(decoded(_LIST, text, "Binance"), named)
    envelope = decoded(_ENVELOPE, text, "Binance")
    if not envelope.data:
        return _event(text, "", named)
    if bytes(memoryview(envelope.data)[:1]) == b"[":
        return _each(decoded(_LIST, envelope.data, "Binance"), named)
    return _event(envelope.data, envelope.stream, named)


def parse_rest(url: str, body: str | bytes) -> tuple[Tick, ...]:
    """The depth snapshot and the klines of the REST interface; () for every other answer."""
    path, query = asked(url)
    symbol = query.get("symbol", "")
    if not symbol:
        return ()
    if path.endswith("/depth"):
        return (_depth(symbol_of(symbol), decoded(_DEPTH, body, "Binance")),)
    if path.endswith("/klines"):
        timeframe = _TIMEFRAMES.get(query.get("interval", ""))
        rows = decoded(_ROWS, body, "Binance")
        return tuple(_rowed(symbol_of(symbol), timeframe, row) for row in rows) if timeframe else ()
    return ()


def read_book(body: bytes, symbol: str) -> BookSnapshot:
    """The depth snapshot of a symbol, as an answer of the REST interface."""
    return _depth(symbol, decoded(_DEPTH, body, "Binance"))


def _each(parts: list[msgspec.Raw], named: Named) -> tuple[Tick, ...]:
    return tuple(tick for part in parts for tick in _event(part, "", named))


def _event(text: str | bytes | msgspec.Raw, stream: str, named: Named) -> tuple[Tick, ...]:
    event = decoded(_KIND, text, "Binance")
    match event.kind:
        case "depthUpdate":
            return (_changed(decoded(_DEPTH_UPDATE, text, "Binance"), named),)
        case "aggTrade" | "trade":
            return (_traded(decoded(_PRINT, text, "Binance"), named),)
        case "kline":
            return _barred(decoded(_KLINE, text, "Binance"), named)
        case "24hrTicker" | "24hrMiniTicker":
            return _ticked(decoded(_TICKER, text, "Binance"), named)
        case "bookTicker":
            return (_best(decoded(_BEST, text, "Binance"), named),)
        case "" if event.update and event.symbol:
            return (_best(decoded(_BEST, text, "Binance"), named),)
        case "" if event.lastUpdateId is not None and stream:
            symbol = named(stream.partition("@")[0])
            return (_depth(symbol, decoded(_DEPTH, text, "Binance")),)
        case "" if event.result or event.id or event.code or event.error or event.subscription:
            return ()
        case kind if kind in _QUIET:
            return ()
    raise unknown("Binance", event.kind or "no kind of event")


_QUIET = frozenset(
    "avgPrice markPriceUpdate forceOrder referencePrice blockTrade continuous_kline indexPrice "
    "compositeIndex contractInfo assetIndexUpdate 1hTicker 4hTicker 1dTicker serverShutdown "
    "executionReport outboundAccountPosition outboundAccountInfo balanceUpdate listStatus "
    "listenKeyExpired externalLockUpdate eventStreamTerminated ACCOUNT_UPDATE MARGIN_CALL "
    "ORDER_TRADE_UPDATE TRADE_LITE ACCOUNT_CONFIG_UPDATE STRATEGY_UPDATE GRID_UPDATE "
    "CONDITIONAL_ORDER_TRIGGER_REJECT ALGO_UPDATE".split()
)
_TIMEFRAMES = {
    **{each.value: each for each in Timeframe if each not in (Timeframe.s5, Timeframe.s15)},
    "1M": Timeframe.mo1,
}


def _traded(trade: Print, named: Named) -> Trade:
    # Aggregates are numbered apart from trades; the prefix keeps the two from meeting.
    aggregated = trade.kind == "aggTrade"
    number = trade.aggregate if aggregated else trade.trade
    if number is None:
        raise Garbage("not a Binance frame: a trade without its number")
    side = Side.sell if trade.maker_bought else Side.buy
    at = from_millis(trade.time)
    told = f"agg-{number}" if aggregated else str(number)
    return Trade(named(trade.symbol), trade.price, trade.size, at, side, told)


def _changed(update: DepthUpdate, named: Named) -> BookChange:
    first = update.first if update.previous is None else update.previous + 1
    return BookChange(
        named(update.symbol),
        update.bids,
        update.asks,
        from_millis(update.time),
        first,
        update.last,
    )


def _depth(symbol: str, depth: Depth) -> BookSnapshot:
    return BookSnapshot(symbol, depth.bids, depth.asks, None, depth.last_update_id)


def _best(best: Best, named: Named) -> TopOfBook:
    at = None if best.time is None else from_millis(best.time)
    symbol = named(best.symbol)
    return TopOfBook(symbol, best.bid, best.ask, best.bid_size, best.ask_size, at)


def _ticked(ticker: Ticker, named: Named) -> tuple[Tick, ...]:
    symbol, at = named(ticker.symbol), from_millis(ticker.time)
    figures = DayFigures(
        symbol=symbol,
        at=at,
        last=ticker.last,
        open=ticker.open,
        high=ticker.high,
        low=ticker.low,
        volume=ticker.volume,
        change=ticker.change,
        change_percent=ticker.percent,
    )
    if ticker.bid is None or ticker.ask is None:
        return (figures,)
    top = TopOfBook(symbol, ticker.bid, ticker.ask, ticker.bid_size, ticker.ask_size, at)
    return (figures, top)


def _barred(kline: Kline, named: Named) -> tuple[Tick, ...]:
    bar = kline.bar
    timeframe = _TIMEFRAMES.get(bar.interval)
    if timeframe is None:
        return ()
    return (
        SourceBar(
            named(kline.symbol),
            timeframe,
            from_millis(bar.start),
            bar.open,
            bar.high,
            bar.low,
            bar.close,
            bar.volume,
            bar.final,
        ),
    )


def _rowed(symbol: str, timeframe: Timeframe, row: Row) -> SourceBar:
    at = from_millis(row.start)
    return SourceBar(
        symbol, timeframe, at, row.open, row.high, row.low, row.close, row.volume, closed=False
    )


_LIST = decoder(list[msgspec.Raw])
_ENVELOPE = decoder(Envelope)
_KIND = decoder(Kind)
_PRINT = decoder(Print)
_DEPTH_UPDATE = decoder(DepthUpdate)
_DEPTH = decoder(Depth)
_BEST = decoder(Best)
_TICKER = decoder(Ticker)
_KLINE = decoder(Kline)
_ROWS = decoder(tuple[Row, ...])
