"""Tiingo's answers: days of all US venues with their dividends and splits, quotes and bars of IEX.

Days are told raw and adjusted side by side. Used-up allowances come as words with HTTP 200.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta

import msgspec

from tio.api.clean import clean
from tio.api.companies import CorporateEvent, EventKind
from tio.api.errors import TioError
from tio.api.market import Adjustment, AssetClass, Coverage, Delay, Timeframe
from tio.api.series import instant, moment
from tio.api.ticks import DayFigures, SourceBar, Tick, TopOfBook
from tio.engine.feeds import sound
from tio.engine.feeds.decoding import Aware, asked, decoded, decoder, micros
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.tiingo_refusals import NAME, VENUE, refusal
from tio.engine.feeds.us_shares import is_us_share, us_symbol
from tio.engine.store.columns import Row
from tio.plugin import Traits

HOSTS = ("api.tiingo.com",)
TRAITS = Traits(
    name=NAME,
    coverage=Coverage.single_venue,
    adjusted=Adjustment.raw,
    asset_class=AssetClass.equity,
    stale_after=400.0,
)
"""Of quotes and bars within a day: they are of IEX alone."""
DAILY = msgspec.structs.replace(TRAITS, delay=Delay.end_of_day, coverage=Coverage.consolidated)
DAILY_ADJUSTED = msgspec.structs.replace(DAILY, adjusted=Adjustment.total)

_FREQUENCIES = {
    "1min": Timeframe.m1,
    "5min": Timeframe.m5,
    "15min": Timeframe.m15,
    "30min": Timeframe.m30,
}
_RESAMPLED = {"daily": Timeframe.d1, "weekly": Timeframe.w1, "monthly": Timeframe.mo1}
_NAN = float("nan")


def spelled(symbol: str) -> str | None:
    """`brk-b` for BRK.B; None for what is no US share or fund."""
    return symbol.replace(".", "-").lower() if is_us_share(symbol) else None


def symbol_of(venue_spelling: str) -> str:
    """`BRK.B` for brk-b; Garbage when it is nothing of ours."""
    symbol = us_symbol(venue_spelling)
    if symbol is None:
        raise Garbage(f"expected a ticker of {VENUE}, was {clean(venue_spelling, limit=60)!r}")
    return symbol


class Day(msgspec.Struct, frozen=True, rename="camel"):
    """One day, raw and adjusted for what followed; `date` is the session's."""

    date: Aware
    open: float
    high: float
    low: float
    close: float
    volume: float
    adj_open: float
    adj_high: float
    adj_low: float
    adj_close: float
    adj_volume: float
    div_cash: float = 0.0
    split_factor: float = 1.0

    def raw(self) -> Row:
        """As it was traded."""
        # Some of its days are older than 1970.
        return instant(self.date), self.open, self.high, self.low, self.close, self.volume

    def adjusted(self) -> Row:
        """Adjusted for splits and dividends since."""
        prices = (self.adj_open, self.adj_high, self.adj_low, self.adj_close)
        return instant(self.date), *prices, self.adj_volume


class Step(msgspec.Struct, frozen=True):
    """One bar of IEX within a day; no volume unless it is asked for."""

    date: Aware
    open: float
    high: float
    low: float
    close: float
    volume: float | None = None

    def row(self) -> Row:
        volume = _NAN if self.volume is None else self.volume
        return micros(self.date), self.open, self.high, self.low, self.close, volume


class Top(msgspec.Struct, frozen=True, rename="camel"):
    """A quote of IEX; what IEX itself says needs a contract with it and may be null."""

    ticker: str
    timestamp: Aware
    tngo_last: float | None = None
    last: float | None = None
    last_sale_timestamp: Aware | None = None
    quote_timestamp: Aware | None = None
    prev_close: float | None = None
    open: float | None = None
    high: float | None = None
    low: float | None = None
    volume: float | None = None
    bid_price: float | None = None
    bid_size: float | None = None
    ask_price: float | None = None
    ask_size: float | None = None


def read_days(body: str | bytes, status: int = 200) -> list[Day]:
    """Days, oldest first; a TioError when it was refused, Garbage when it is none."""
    _check(body, status)
    return decoded(_DAYS, body, VENUE)


def read_steps(body: str | bytes, status: int = 200) -> list[Step]:
    """Bars of IEX within days."""
    _check(body, status)
    return decoded(_STEPS, body, VENUE)


def read_quotes(body: str | bytes, names: Mapping[str, str], status: int = 200) -> tuple[Tick, ...]:
    """Figures and best prices of `names` (its ticker in lower case → our symbol)."""
    _check(body, status)
    ticks: list[Tick] = []
    for top in decoded(_TOPS, body, VENUE):
        symbol = names.get(top.ticker.lower())
        if symbol is not None:
            ticks += _told(symbol, top)
    return tuple(ticks)


def events(days: list[Day], symbol: str) -> Iterator[CorporateEvent]:
    """Splits and dividends, on their ex-dates; amounts are of the shares of that day."""
    for day in days:
        on = day.date.date()
        if day.split_factor != 1.0:
            if not 0 < day.split_factor < 1e6:
                raise Garbage(f"not a day of {VENUE}: a split of {day.split_factor!r}")
            yield CorporateEvent(
                symbol=symbol,
                kind=EventKind.share_split,
                ex_date=on,
                ratio=day.split_factor,
                source=NAME,
            )
        if day.div_cash:
            if not 0 < day.div_cash < 1e9:
                raise Garbage(f"not a day of {VENUE}: a dividend of {day.div_cash!r}")
            yield CorporateEvent(
                symbol=symbol,
                kind=EventKind.dividend,
                ex_date=on,
                amount=day.div_cash,
                currency="USD",
                source=NAME,
            )


def parse(text: str | bytes) -> tuple[Tick, ...]:
    """Its stream is not listened to."""
    raise Garbage(f"not a frame of {VENUE} we know: its stream is not read")


def parse_rest(url: str, body: str | bytes) -> tuple[Tick, ...]:
    """What an answer says of prices: raw days, bars or quotes of IEX; Garbage for any other."""
    path, query = asked(url)
    parts = path.strip("/").split("/")
    try:
        match parts:
            case ["tiingo", "daily", ticker, "prices"]:
                timeframe = _RESAMPLED.get(query.get("resampleFreq", "daily").lower())
                if timeframe is not None:
                    return _bars(ticker, timeframe, [day.raw() for day in read_days(body)])
            case ["iex", ticker, "prices"]:
                timeframe = _FREQUENCIES.get(query.get("resampleFreq", "").lower())
                if timeframe is not None:
                    return _bars(ticker, timeframe, [step.row() for step in read_steps(body)])
            case ["iex"]:
                tickers = query.get("tickers", "").lower().split(",")
                return read_quotes(body, {name: symbol_of(name) for name in tickers})
            case _:
                _check(body, 200)
    except TioError as refused:
        raise Garbage(f"not an answer of prices: {refused.message}") from None
    raise Garbage(f"not an answer of {VENUE} we read: {clean(path, limit=80)!r}")


_DAYS = decoder(list[Day])
_STEPS = decoder(list[Step])
_TOPS = decoder(list[Top])


def _check(body: str | bytes, status: int) -> None:
    refused = refusal(body, status)
    if refused is not None:
        raise refused


def _told(symbol: str, top: Top) -> Iterator[Tick]:
    last = top.last if top.last is not None else top.tngo_last
    sold = top.last_sale_timestamp if top.last is not None else None
    if sound.price(last) is not None:
        yield DayFigures(
            symbol=symbol,
            at=micros(sold or top.timestamp),
            last=last,
            open=sound.price(top.open),
            high=sound.price(top.high),
            low=sound.price(top.low),
            previous_close=sound.price(top.prev_close),
            volume=sound.size(top.volume),
        )
    bid, ask = sound.price(top.bid_price), sound.price(top.ask_price)
    if bid is not None or ask is not None:
        at = top.quote_timestamp or top.timestamp
        bid_size, ask_size = sound.size(top.bid_size), sound.size(top.ask_size)
        yield TopOfBook(symbol, bid, ask, bid_size, ask_size, micros(at))


def _bars(ticker: str, timeframe: Timeframe, rows: list[Row]) -> tuple[Tick, ...]:
    symbol = symbol_of(ticker)
    return tuple(
        SourceBar(symbol, timeframe, _opening(row[0], timeframe), *row[1:], closed=False)
        for row in rows
    )


def _opening(at: int, timeframe: Timeframe) -> int:
    """Weeks and months are told by their last day; ours open with their first."""
    day = moment(at)
    if timeframe is Timeframe.w1:
        return instant(day - timedelta(days=day.weekday()))
    return instant(day.replace(day=1)) if timeframe is Timeframe.mo1 else at
