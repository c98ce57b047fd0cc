"""Yahoo Finance, unofficial: its streamer's frames and its answers, told apart by address."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from tio.api.errors import TioError
from tio.api.ticks import SourceBar, Tick
from tio.engine.feeds import yahoo_symbols
from tio.engine.feeds.decoding import asked
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.yahoo_bars import SERVED, bars
from tio.engine.feeds.yahoo_chart import quoted, read_chart
from tio.engine.feeds.yahoo_listings import TRAITS
from tio.engine.feeds.yahoo_quotes import read_quotes, told_beside
from tio.engine.feeds.yahoo_stream import read_pricing, ticks_of

NAME = yahoo_symbols.NAME
HOSTS = (
    "streamer.finance.yahoo.com",
    "query1.finance.yahoo.com",
    "query2.finance.yahoo.com",
    "finance.yahoo.com",
    "fc.yahoo.com",
)

__all__ = ["HOSTS", "NAME", "TRAITS", "parse", "parse_rest", "symbol_of"]

_ANSWERED = re.compile(r'\s*\{\s*"(quoteResponse|chart)"')
_CHART = re.compile(r"/v8/finance/chart/[^/]+")
_QUOTES = re.compile(r"/v7/finance/(quote|options/[^/]+)|/v1/finance/screener/predefined/saved")


def symbol_of(venue_spelling: str) -> str:
    """`VOD.L` → `VOD.LSE`."""
    return yahoo_symbols.symbol_of(venue_spelling)


def parse(text: str | bytes) -> tuple[Tick, ...]:
    """What one frame of the streamer says, or one answer that was polled beside it."""
    opening = text[:40] if isinstance(text, str) else text[:40].decode(errors="replace")
    answered = _ANSWERED.match(opening)
    if answered:
        return _quoted(text) if answered[1] == "quoteResponse" else _beside(text)
    pricing = read_pricing(text)
    return () if pricing is None else ticks_of(pricing)


def parse_rest(url: str, body: str | bytes) -> tuple[Tick, ...]:
    """What an answer says of prices: quotes, or a chart's bars and newest price; () for others."""
    path, query = asked(url)
    with _answers():
        if _QUOTES.fullmatch(path):
            return _quoted(body)
        if _CHART.fullmatch(path):
            return _charted(body, query.get("interval", ""))
    return ()


def _quoted(body: str | bytes) -> tuple[Tick, ...]:
    with _answers():
        return tuple(tick for told in read_quotes(body) for tick in told.ticks)


def _beside(body: str | bytes) -> tuple[Tick, ...]:
    with _answers():
        return told_beside(read_chart(body)).ticks


@contextmanager
def _answers() -> Iterator[None]:
    try:
        yield
    except TioError as refused:
        raise Garbage(f"not an answer of prices: {refused.message}") from None


def _charted(body: str | bytes, interval: str) -> tuple[Tick, ...]:
    chart = read_chart(body)
    timeframe = next(
        (each for each, served in SERVED.items() if served[:2] == (interval, each)), None
    )
    ticks: list[Tick] = []
    if timeframe is not None:
        told = bars(chart, timeframe, 0)
        columns = (told.time, told.open, told.high, told.low, told.close, told.volume)
        for at, first, high, low, last, volume in zip(*columns, strict=True):
            ticks.append(
                SourceBar(
                    told.symbol, timeframe, int(at), first, high, low, last, volume, closed=False
                )
            )
    figures = quoted(chart)
    return tuple(ticks) if figures is None else (*ticks, figures)
