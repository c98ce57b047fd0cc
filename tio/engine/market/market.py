"""The way of a tick: check → board → bars → bus, synchronously, a few microseconds each."""

from collections.abc import Callable, Iterable, Sequence
from math import nan
from typing import Any

from msgspec.structs import replace

from tio.api.market import AssetClass, Flag, Instrument, Print, Quote, Timeframe
from tio.api.series import instant, moment
from tio.api.ticks import (
    BookChange,
    BookSnapshot,
    DayFigures,
    SourceBar,
    Tick,
    TopOfBook,
    Trade,
)
from tio.engine.bus import Bus, LatestChannel
from tio.engine.market.bars import InstrumentBars
from tio.engine.market.board import QuoteBoard
from tio.engine.market.books import Books, is_told
from tio.engine.market.check import (
    Repeats,
    figures_fault,
    top_fault,
    trade_fault,
)
from tio.engine.market.ladder import Room, Row
from tio.engine.market.line import Line
from tio.engine.market.sessions import rules_of
from tio.engine.market.symbols import classify
from tio.engine.ordered import OrderedChannel
from tio.plugin import Clock, Traits

_SLOW = 60_000_000
"""A trade told this much after it happened is flagged stale, µs."""


class Market:
    """Every instrument of a workspace, live."""

    def __init__(self, clock: Clock, bus: Bus) -> None:
        self.instruments: dict[str, Instrument] = {}
        self.board = QuoteBoard(clock, self.instruments)
        self.quotes: LatestChannel[str, Quote] = bus.latest(self.board.render)
        self.books = Books(self.board, bus)
        self.ticks = 0
        self.opened: list[Line] = []
        """Lines begun since the recorder last looked."""
        self.left: list[Line] = []
        """What lines had become when another source took them over, for the recorder."""
        self.active: set[Line] = set()
        """Lines with bars the recorder has not seen."""
        self.lost: dict[Line, int] = {}
        """When lines that may have missed trades were last told whole, µs; for the recorder."""
        self.writer: Callable[[str], str | None] = _anybody
        """The source that is to write a symbol's line; None: whoever came first."""
        self.ears: dict[str, Callable[[Tick, Line, int], None]] = {}
        """Who hears every accepted tick of a symbol, after its line took it."""
        self._bus = bus
        self._clock = clock
        self._others: dict[tuple[str, str], int] = {}
        self._room = Room()
        self._repeats = Repeats()
        self._arrivals = 0
        self._prints: dict[str, OrderedChannel[Print]] = {}
        self._bars: dict[str, dict[Timeframe, LatestChannel[int, Row]]] = {}
        self._takers: dict[type[Any], Callable[[Any, Line, int], bool]] = {
            Trade: self._trade,
            TopOfBook: self._top,
            DayFigures: self._day,
            BookSnapshot: self.books.take,
            BookChange: self.books.take,
            SourceBar: self._bar,
        }

    def take(self, ticks: Sequence[Tick], origin: Traits, received_at: int) -> None:
        """Ticks in the order they came from one source, received at this instant (µs UTC)."""
        lines = self.board.lines
        takers, ears = self._takers, self.ears
        self.ticks += len(ticks)
        for tick in ticks:
            line = lines.get(tick.symbol)
            if line is None:
                line = self._open(tick.symbol, origin)
            if line.origin is not origin and not self._serves(line, origin, received_at):
                line.quality.refuse("other_source")
            elif takers[type(tick)](tick, line, received_at):
                line.quality.accepted += 1
                self.quotes.touch(tick.symbol)
                if tick.symbol in ears:
                    ears[tick.symbol](tick, line, received_at)

    def introduce(self, instruments: Iterable[Instrument]) -> None:
        """Instruments a source says it can serve."""
        for instrument in instruments:
            self.instruments[instrument.symbol] = instrument

    def clear(self) -> None:
        """Forget every line, as before the first tick; instruments stay known."""
        self.board.lines.clear()
        self.board.remembered.clear()
        self._others.clear()
        self.active.clear()
        self.lost.clear()
        self.opened.clear()
        self.left.clear()
        self._repeats = Repeats()
        self._room.divide(1)

    def begin_anew(self) -> None:
        """Tell whoever watches that all was forgotten: what they get next is a snapshot."""
        self.quotes.begin_anew()
        self.books.changed.begin_anew()
        for trades in self._prints.values():
            trades.begin_anew()
        for channels in self._bars.values():
            for bars in channels.values():
                bars.begin_anew()

    def unbroken_since(self, symbol: str) -> int | None:
        """The instant since which every trade of a symbol was heard; None: it is not told."""
        line = self.board.lines.get(symbol)
        began = None if line is None else line.bars.began
        return None if line is None or began is None else max(began, line.broken_at)

    def broke(self, source: str) -> None:
        """A connection was lost: what trades until it is back is missing."""
        now = instant(self._clock.now())
        for line in self.board.lines.values():
            if line.origin.name == source:
                line.broken_at = now
                if line.bars.began is not None:
                    self.lost.setdefault(line, line.received_at)

    def drop_books(self, source: str) -> None:
        """A connection was lost: its books are whole again only after their next snapshot."""
        self.broke(source)
        self.books.drop(source)

    def look(self) -> None:
        """Tell of quotes that turned stale, or whose session began or ended, without any tick."""
        for symbol in self.board.turned():
            self.quotes.touch(symbol)

    def served_by(self, source: str) -> int:
        """How many lines a source writes."""
        return sum(line.origin.name == source for line in self.board.lines.values())

    def heard(self, source: str, symbol: str) -> int | None:
        """The newest instant at which a source told of a symbol, written or not; None: never."""
        line = self.board.lines.get(symbol)
        if line is not None and line.origin.name == source and line.received_at:
            return line.received_at
        return self._others.get((source, symbol))

    def prints(self, symbol: str) -> OrderedChannel[Print]:
        """The trades of a symbol from now on, those remembered first."""
        channel = self._prints.get(symbol)
        if channel is None:
            channel = self._prints[symbol] = self._bus.ordered(keep=1_000)
            line = self.board.lines.get(symbol)
            for tick in line.prints if line is not None else ():
                channel.publish(_print(tick, line.origin.name if line is not None else ""))
        return channel

    def bar_updates(self, symbol: str, timeframe: Timeframe) -> LatestChannel[int, Row]:
        """Bars of a symbol as they change, keyed by opening instant."""
        channels = self._bars.setdefault(symbol, {})
        if timeframe not in channels:
            channels[timeframe] = self._bus.latest(
                lambda opening: self._bar_row(symbol, timeframe, opening)
            )
        return channels[timeframe]

    def watched_bars(self) -> list[tuple[str, Timeframe]]:
        """The bars somebody watches."""
        return [
            (symbol, timeframe)
            for symbol, channels in self._bars.items()
            for timeframe, channel in channels.items()
            if channel.watched
        ]

    def _bar_row(self, symbol: str, timeframe: Timeframe, opening: int) -> Row | None:
        line = self.board.lines.get(symbol)
        return None if line is None else line.bars.ladder(timeframe).row(opening)

    def _open(self, symbol: str, origin: Traits) -> Line:
        instrument = self.instruments.get(symbol)
        if instrument is None:
            instrument = classify(symbol)
            if origin.asset_class is AssetClass.crypto is not instrument.asset_class:
                instrument = replace(instrument, asset_class=AssetClass.crypto)
            self.instruments[symbol] = instrument
        line = Line(instrument, origin, InstrumentBars(rules_of(instrument), self._room))
        self.board.lines[symbol] = line
        self._room.divide(len(self.board.lines))
        self.opened.append(line)
        return line

    def _serves(self, line: Line, origin: Traits, received_at: int) -> bool:
        """Whether this source may write the line: it is to, it does, or who did fell silent."""
        if line.origin.name != origin.name:
            writer = self.writer(line.symbol)
            silent = received_at - line.received_at > line.origin.stale_after * 1_000_000
            if writer != origin.name and (writer is not None or not silent):
                self._others[origin.name, line.symbol] = received_at
                return False
            self._others.pop((origin.name, line.symbol), None)
            self._leave(line)
        line.origin = origin
        return True

    def _leave(self, line: Line) -> None:
        """Another source writes the line from now on, into bars of its own."""
        self.left.append(Line(line.instrument, line.origin, line.bars))
        line.change_source(InstrumentBars(rules_of(line.instrument), self._room))
        self.opened.append(line)
        for bars in self._bars.get(line.symbol, {}).values():
            bars.begin_anew()

    def _trade(self, tick: Trade, line: Line, received_at: int) -> bool:
        quality = line.quality
        fault = trade_fault(tick, received_at, line.signed)
        if fault:
            quality.refuse(fault)
            return False
        self._arrivals = order = self._arrivals + 1
        if tick.id is not None:
            order = _number(tick.id, order)
        at = tick.at
        if tick.folds:
            if self._repeats.told(tick):
                quality.refuse("doubled")
                return False
            if line.origin.has_trades and not self._fold(line, at, tick.price, tick.size, order):
                quality.refuse("too_late")
                return False
            line.late = line.traded_at is not None and at < line.traded_at
            if line.late:
                quality.flag(Flag.out_of_order)
            else:
                line.traded_at = at
            line.spike = line.spikes.odd(tick.price)
            if line.spike:
                quality.flag(Flag.spike)
            line.size_odd = line.sizes.odd(tick.size)
            if line.size_odd:
                quality.flag(Flag.volume)
            if at < received_at - _SLOW:
                quality.flag(Flag.stale)
            line.remember(tick, self._room.prints)
            channel = self._prints.get(tick.symbol)
            if channel is not None:
                channel.publish(_print(tick, line.origin.name))
        line.trade(tick, order, received_at)
        return True

    def _fold(self, line: Line, at: int, price: float, size: float, order: int) -> bool:
        if not line.bars.fold(at, price, size, order):
            return False
        self.active.add(line)
        channels = self._bars.get(line.symbol)
        if channels:
            for timeframe, channel in channels.items():
                if channel.watched:
                    channel.touch(line.bars.opening(at, timeframe))
        return True

    def _top(self, tick: TopOfBook, line: Line, received_at: int) -> bool:
        fault = top_fault(tick, received_at, line.signed)
        if fault:
            line.quality.refuse(fault)
            return False
        if not line.top(tick, received_at):
            line.quality.flag(Flag.out_of_order)
        if line.crossed:
            line.quality.flag(Flag.crossed)
        if not line.origin.has_trades:
            self._fold_mid(tick, line, received_at)
        if not is_told(line):
            self.books.changed.touch(tick.symbol)
        return True

    def _fold_mid(self, tick: TopOfBook, line: Line, received_at: int) -> None:
        if tick.bid is None or tick.ask is None:
            return
        mid = (tick.bid + tick.ask) / 2
        at = tick.at if tick.at is not None else received_at
        self._arrivals += 1
        if not self._fold(line, at, mid, nan, self._arrivals):
            line.quality.refuse("too_late")
        elif at >= line.last_at:
            line.last, line.last_at = mid, at

    def _day(self, tick: DayFigures, line: Line, received_at: int) -> bool:
        fault = figures_fault(tick, received_at, line.signed)
        if fault:
            line.quality.refuse(fault)
            return False
        if not line.day(tick, received_at):
            line.quality.flag(Flag.out_of_order)
        return True

    def _bar(self, tick: SourceBar, line: Line, received_at: int) -> bool:
        """A venue's own bar is history: it folds into nothing and says nothing of now."""
        return False


def _anybody(symbol: str) -> str | None:
    return None


def _number(spelled: str, otherwise: int) -> int:
    """The number in a trade's id (`123`, `agg-123`), by which its venue orders one instant."""
    if not spelled.isdecimal():
        kind, _, spelled = spelled.rpartition("-")
        if not (spelled.isdecimal() and kind.isalpha()):
            return otherwise
    return int(spelled) if len(spelled) < 19 else otherwise


def _print(tick: Trade, source: str) -> Print:
    return Print(
        symbol=tick.symbol,
        price=tick.price,
        size=tick.size if tick.size == tick.size else 0.0,
        as_of=moment(tick.at),
        side=tick.side,
        id=tick.id,
        source=source,
    )
