"""Alpaca's answers: bars, trades, snapshots of shares, and what companies did to them."""

from collections.abc import Iterator, Mapping
from datetime import date
from zoneinfo import ZoneInfo

import msgspec

from tio.api.clean import clean
from tio.api.companies import CorporateEvent, EventKind
from tio.api.market import Adjustment, AssetClass, Coverage, Delay, Timeframe
from tio.api.ticks import DayFigures, Tick, TopOfBook, Trade
from tio.engine.feeds.alpaca_refusals import NAME, VENUE, refusal
from tio.engine.feeds.dated import midnight, sane
from tio.engine.feeds.decoding import Aware, decoded, decoder, micros
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.us_shares import is_us_share, us_symbol
from tio.engine.market.symbols import is_fx
from tio.engine.store.columns import Row
from tio.plugin import Traits

TRAITS = Traits(
    name=NAME,
    coverage=Coverage.single_venue,
    adjusted=Adjustment.splits,
    asset_class=AssetClass.equity,
    stale_after=300.0,
)
"""Of IEX, which is what a free key sees at once."""
SIP_MINUTES = 16
"""The whole market is told once it is older than a quarter of an hour; one more for its clock."""
SIP = msgspec.structs.replace(
    TRAITS,
    # A name of its own: its bars never join those of IEX without a seam.
    name=f"{NAME}.sip",
    delay=Delay.delayed,
    delay_minutes=SIP_MINUTES,
    coverage=Coverage.consolidated,
)
_NEW_YORK = ZoneInfo("America/New_York")


def spelled(symbol: str) -> str | None:
    """`JPM.PRC` of JPM.PR.C, most as themselves; None for what is no US share."""
    if is_fx(symbol) or not is_us_share(symbol):
        return None
    return symbol.replace(".PR.", ".PR")


def symbol_of(venue_spelling: str) -> str:
    """`JPM.PR.C` of JPM.PRC; Garbage when it is nothing of ours."""
    stem, dot, series = venue_spelling.strip().upper().rpartition(".PR")
    name = f"{stem}.PR.{series}" if dot and len(series) == 1 else venue_spelling
    symbol = us_symbol(name)
    if symbol is None:
        raise Garbage(f"expected a symbol of {VENUE}, was {clean(venue_spelling, limit=60)!r}")
    return symbol


class Deal(msgspec.Struct, frozen=True):
    """A trade."""

    t: Aware
    p: float
    s: float
    i: int | None = None

    def tick(self, symbol: str, index: int = 0) -> Trade:
        if not 0 < self.p < 1e300:
            raise Garbage(f"not a trade of {VENUE}: {clean(symbol, limit=64)} at {self.p!r}")
        number = None if self.i is None else str(self.i)
        return Trade(symbol, self.p, self.s, micros(self.t), None, number, index)


class Best(msgspec.Struct, frozen=True):
    """Best prices; 0 is a side nobody is on."""

    t: Aware
    ap: float = 0.0
    bp: float = 0.0

    def ticks(self, symbol: str) -> tuple[TopOfBook, ...]:
        """Prices only: whether a size is of shares or of lots depends on the year and the feed."""
        bid, ask = self.bp or None, self.ap or None
        if bid is None and ask is None:
            return ()
        return (TopOfBook(symbol, bid, ask, at=micros(self.t)),)


class Bar(msgspec.Struct, frozen=True):
    """A bar; of a day `t` is midnight in New York."""

    t: Aware
    o: float
    h: float
    l: float  # noqa: E741 — their name
    c: float
    v: float

    def row(self, *, daily: bool) -> Row:
        time = midnight(self.day) if daily else micros(self.t)
        return time, self.o, self.h, self.l, self.c, self.v

    @property
    def day(self) -> date:
        """The session's date."""
        return self.t.astimezone(_NEW_YORK).date()


class Bars(msgspec.Struct, frozen=True):
    """A page of bars by spelling; `next_page_token` asks for the following."""

    bars: dict[str, list[Bar]]
    next_page_token: str | None = None


class Deals(msgspec.Struct, frozen=True):
    """A page of trades by spelling."""

    trades: dict[str, list[Deal]]
    next_page_token: str | None = None


class Snapshot(msgspec.Struct, frozen=True, rename="camel"):
    """The newest of one share; anything may be missing."""

    latest_trade: Deal | None = None
    latest_quote: Best | None = None
    daily_bar: Bar | None = None
    prev_daily_bar: Bar | None = None

    def ticks(self, symbol: str) -> Iterator[Tick]:
        """Figures as of the last trade; of a day on which it has not traded, only what is known."""
        deal, day, before = self.latest_trade, self.daily_bar, self.prev_daily_bar
        if deal is not None:
            trade = deal.tick(symbol)
            if day is not None and deal.t.astimezone(_NEW_YORK).date() > day.day:
                day, before = None, day
            yield DayFigures(
                symbol=symbol,
                at=trade.at,
                last=trade.price,
                open=day.o if day else None,
                high=day.h if day else None,
                low=day.l if day else None,
                volume=day.v if day else None,
                previous_close=before.c if before else None,
            )
        if self.latest_quote is not None:
            yield from self.latest_quote.ticks(symbol)


class Actions(msgspec.Struct, frozen=True):
    """A page of what companies did."""

    corporate_actions: "Kinds"
    next_page_token: str | None = None


class Split(msgspec.Struct, frozen=True):
    symbol: str
    ex_date: date
    new_rate: float
    old_rate: float


class Payment(msgspec.Struct, frozen=True):
    """Cash a share, or shares for one."""

    symbol: str
    ex_date: date
    rate: float
    payable_date: date | None = None


class Kinds(msgspec.Struct, frozen=True):
    """Those that change a price by a ratio or an amount; mergers, spin-offs and names do not."""

    forward_splits: list[Split] = []
    reverse_splits: list[Split] = []
    stock_dividends: list[Payment] = []
    cash_dividends: list[Payment] = []


def read_bars(body: str | bytes, status: int = 200) -> Bars:
    """A page of bars."""
    _check(body, status)
    return decoded(_BARS, body, VENUE)


def read_trades(body: str | bytes, status: int = 200) -> Deals:
    """A page of trades."""
    _check(body, status)
    return decoded(_DEALS, body, VENUE)


def read_snapshots(
    body: str | bytes, names: Mapping[str, str], status: int = 200
) -> tuple[Tick, ...]:
    """Figures and best prices of `names` (its spelling → our symbol)."""
    _check(body, status)
    told = decoded(_SNAPSHOTS, body, VENUE)
    return tuple(
        tick
        for name, snapshot in told.items()
        if name in names and snapshot is not None
        for tick in snapshot.ticks(names[name])
    )


def read_actions(body: str | bytes, status: int = 200) -> Actions:
    """A page of what companies did."""
    _check(body, status)
    return decoded(_ACTIONS, body, VENUE)


def events(actions: Actions) -> Iterator[CorporateEvent]:
    """Splits and dividends of any symbol of ours, in the order told."""
    kinds = actions.corporate_actions
    for split in (*kinds.forward_splits, *kinds.reverse_splits):
        if not (0 < split.new_rate < 1e6 and 0 < split.old_rate < 1e6):
            raise Garbage(f"not a split: {split.new_rate!r} for {split.old_rate!r}")
        ratio = split.new_rate / split.old_rate
        yield _event(split.symbol, split.ex_date, EventKind.share_split, ratio=ratio)
    for paid in kinds.stock_dividends:
        if not 0 < paid.rate < 1e6:
            raise Garbage(f"not a dividend of shares: {paid.rate!r}")
        yield _event(
            paid.symbol, paid.ex_date, EventKind.share_split, paid.payable_date, ratio=1 + paid.rate
        )
    for paid in kinds.cash_dividends:
        if not 0 <= paid.rate < 1e9:
            raise Garbage(f"not a dividend: {paid.rate!r}")
        yield _event(
            paid.symbol, paid.ex_date, EventKind.dividend, paid.payable_date, amount=paid.rate
        )


TIMEFRAMES = {
    "1Min": Timeframe.m1,
    "5Min": Timeframe.m5,
    "15Min": Timeframe.m15,
    "30Min": Timeframe.m30,
    "1Hour": Timeframe.h1,
    "1Day": Timeframe.d1,
}

_BARS = decoder(Bars)
_DEALS = decoder(Deals)
_SNAPSHOTS = decoder(dict[str, Snapshot | None])
_ACTIONS = decoder(Actions)


def _check(body: str | bytes, status: int) -> None:
    refused = refusal(body, status)
    if refused is not None:
        raise refused


def _event(
    spelling: str,
    on: date,
    kind: EventKind,
    paid: date | None = None,
    *,
    ratio: float | None = None,
    amount: float | None = None,
) -> CorporateEvent:
    return CorporateEvent(
        symbol=symbol_of(spelling),
        kind=kind,
        ex_date=sane(on, VENUE),
        ratio=ratio,
        amount=amount,
        currency="" if amount is None else "USD",
        pay_date=paid,
        source=NAME,
    )
