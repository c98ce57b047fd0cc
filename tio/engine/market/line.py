"""One instrument's line on the board: the newest of everything, each by its own order.

Last, top of book and day figures are ordered apart: by venue time, then by trade number or
arrival. What carries no time is ordered by receipt, so it always counts as the newest.
"""

from collections import deque
from math import isnan, log10

from tio.api.market import AssetClass, Flag, Instrument, Session
from tio.api.ticks import DayFigures, TopOfBook, Trade
from tio.engine.feeds.book import OrderBook
from tio.engine.market.bars import InstrumentBars
from tio.engine.market.check import Quality, Sizes, Spikes, split_between
from tio.engine.market.symbols import SIGNED
from tio.plugin import Traits

_SPLIT = frozenset({AssetClass.equity, AssetClass.etf, AssetClass.fund})
"""What is split now and then."""
_FIELDS = ("open", "high", "low", "previous_close", "volume", "change", "change_percent")


class Line:
    """What is known of one instrument now; instants in µs UTC."""

    __slots__ = (
        "as_of",
        "ask",
        "ask_size",
        "bars",
        "bid",
        "bid_size",
        "book",
        "book_at",
        "broken_at",
        "crossed",
        "decimals",
        "figures",
        "figures_at",
        "instrument",
        "last",
        "last_at",
        "last_order",
        "late",
        "newest_at",
        "note",
        "origin",
        "prints",
        "quality",
        "received_at",
        "signed",
        "size_odd",
        "sizes",
        "spike",
        "spikes",
        "split",
        "standing",
        "symbol",
        "top_at",
        "traded_at",
    )

    def __init__(self, instrument: Instrument, origin: Traits, bars: InstrumentBars) -> None:
        self.symbol = instrument.symbol
        self.instrument = instrument
        self.signed = instrument.asset_class in SIGNED
        """Whether its price may be zero or below."""
        self.origin = origin
        self.bars = bars
        self.quality = Quality()
        self.spikes = Spikes()
        self.sizes = Sizes()
        self.prints: deque[Trade] = deque()
        """The newest trades, for those who begin to watch."""
        self.decimals = 0
        self.broken_at = 0
        """When its source was last lost, µs; trades may be missing before."""
        self.note = ""
        """What a person should know of it: another source says another price."""
        self.standing: tuple[Session, bool] | None = None
        """Session and staleness when the board last looked for what turned."""
        self.forget()

    def forget(self) -> None:
        """Nothing is known any more."""
        self.last: float | None = None
        self.last_at = self.top_at = self.figures_at = self.newest_at = -(2**62)
        self.last_order = -1
        self.traded_at: int | None = None
        self.bid: float | None = None
        self.ask: float | None = None
        self.bid_size: float | None = None
        self.ask_size: float | None = None
        self.figures: dict[str, float] = {}
        self.as_of: int | None = None
        self.received_at = 0
        self.crossed = self.spike = self.late = self.size_odd = self.split = False
        self.book: OrderBook | None = None
        self.book_at = 0
        """When its book was last told of, µs."""

    def change_source(self, bars: InstrumentBars) -> None:
        """Another source tells from now on: nothing of the one before stands beside its own."""
        self.forget()
        self.note = ""
        self.prints.clear()
        self.bars = bars

    def trade(self, tick: Trade, order: int, received_at: int) -> None:
        """A print: it becomes `last` unless a newer one is."""
        at = tick.at
        if at > self.last_at or (at == self.last_at and order >= self.last_order):
            self.last, self.last_at, self.last_order = tick.price, at, order
            self._suspect_split()
        self._stamp(at, received_at)

    def remember(self, tick: Trade, most: int) -> None:
        """Keep a print among the newest `most`."""
        prints = self.prints
        prints.append(tick)
        while len(prints) > most:
            prints.popleft()

    def top(self, tick: TopOfBook, received_at: int) -> bool:
        """Best bid and ask; False when newer ones are known."""
        at = tick.at
        if at is not None:
            if at < self.top_at:
                return False
            self.top_at = at
        bid, ask = tick.bid, tick.ask
        # A ticker without sizes says nothing against those known of the same price.
        if tick.bid_size is not None or bid != self.bid:
            self.bid_size = tick.bid_size
        if tick.ask_size is not None or ask != self.ask:
            self.ask_size = tick.ask_size
        self.bid, self.ask = bid, ask
        self.crossed = bid is not None and ask is not None and bid > ask
        self._stamp(at, received_at)
        return True

    def day(self, tick: DayFigures, received_at: int) -> bool:
        """The venue's figures; what it does not say stays. False when newer ones are known."""
        at = tick.at
        if tick.last is not None:
            if at is None:
                self.last, self.last_order = tick.last, -1
            elif at > self.last_at or (at == self.last_at and self.last_order < 0):
                self.last, self.last_at, self.last_order = tick.last, at, -1
        if at is not None:
            if at < self.figures_at:
                return False
            if self.bars.rules.strict and self.figures and not self._same_day(at):
                self.figures.clear()
            self.figures_at = at
        for field in _FIELDS:
            value = getattr(tick, field)
            if value is not None:
                self.figures[field] = value
        self._suspect_split()
        self._stamp(at, received_at)
        return True

    def _suspect_split(self) -> None:
        """Flag a price that stands to the venue's previous close as if a split lay between."""
        previous = self.figures.get("previous_close")
        if previous is None or self.last is None or self.instrument.asset_class not in _SPLIT:
            return
        suspect = split_between(self.last, previous) is not None
        if suspect and not self.split:
            self.quality.flag(Flag.split_suspect)
        self.split = suspect

    def _same_day(self, at: int) -> bool:
        """Whether figures told now are of the same day as those that stand."""
        day = self.bars.rules.day(self.figures_at)
        return day.start <= at < day.end

    def _stamp(self, at: int | None, received_at: int) -> None:
        if received_at > self.received_at:
            self.received_at = received_at
        if at is None:
            self.as_of = None
            return
        if at > self.newest_at:
            self.newest_at = at
        self.as_of = self.newest_at

    @property
    def mid(self) -> float | None:
        if self.bid is None or self.ask is None:
            return None
        return (self.bid + self.ask) / 2

    def flags(self, stale: bool) -> tuple[Flag, ...]:
        """What is odd about this line at the moment."""
        timeless = self.as_of is None and self.received_at > 0
        odd = self.crossed or self.spike or stale or self.late or timeless
        if not (odd or self.note or self.split or self.size_odd):
            return ()
        told = (
            (self.crossed, Flag.crossed),
            (self.spike, Flag.spike),
            (stale, Flag.stale),
            (self.late, Flag.out_of_order),
            (timeless, Flag.no_time),
            (bool(self.note), Flag.disagrees),
            (self.split, Flag.split_suspect),
            (self.size_odd, Flag.volume),
        )
        return tuple(flag for odd, flag in told if odd)

    def price_decimals(self) -> int | None:
        """As the instrument says, else as the prices seen need."""
        if self.instrument.price_decimals is not None:
            return self.instrument.price_decimals
        if self.last is None and self.bid is None and self.ask is None:
            return None
        for price in (self.last, self.bid, self.ask):
            if price is not None and round(price, self.decimals) != price:
                self.decimals = decimals_of(price)
        return self.decimals


def decimals_of(price: float, most: int = 12) -> int:
    """Decimals a price needs, judged at 12 significant digits (a mid may need one more)."""
    if isnan(price) or price == 0:
        return 0
    digits = max(0, min(most, 11 - int(log10(abs(price)))))
    text = f"{price:.{digits}f}".rstrip("0")
    return len(text) - text.index(".") - 1 if "." in text else 0
