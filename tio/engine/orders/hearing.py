"""What the market tells of symbols with orders: every tick as the quote or print it is."""

from collections.abc import Callable, Iterable, Iterator

from tio.api.market import Delay, Flag, Print, Quote
from tio.api.series import moment
from tio.api.ticks import BookChange, BookSnapshot, DayFigures, Tick, TopOfBook, Trade
from tio.engine.market.line import Line
from tio.engine.market.service import MarketService

_SLOW = 60_000_000
"""A trade told so much later than its source lags is stale, µs."""


class Hearing:
    """Follows the symbols it is told to, as long as it is told to, and passes each tick on."""

    def __init__(
        self,
        market: MarketService,
        on_quote: Callable[[Quote], None],
        on_trade: Callable[[Print, Delay, tuple[Flag, ...], int], None],
    ) -> None:
        self._market = market
        self._on_quote = on_quote
        self._on_trade = on_trade
        self._followed: frozenset[str] = frozenset()

    def follow(self, symbols: Iterable[str]) -> None:
        """Follow these and no others."""
        wanted = frozenset(symbols)
        begun, ended = wanted - self._followed, self._followed - wanted
        self._followed = wanted
        ears = self._market.market.ears
        for symbol in begun:
            ears[symbol] = self._hear
        for symbol in ended:
            ears.pop(symbol, None)
        if begun:
            self._market.demand.add(begun)
        if ended:
            self._market.demand.drop(ended)

    def follows(self, symbol: str) -> bool:
        return symbol in self._followed

    def lag(self, symbol: str) -> int:
        """Minutes the source of a symbol lags the market."""
        line = self._market.market.board.lines.get(symbol)
        return 0 if line is None else line.origin.delay_minutes

    def _hear(self, tick: Tick, line: Line, received_at: int) -> None:
        if isinstance(tick, Trade) and tick.folds:
            told = Print(
                symbol=tick.symbol,
                price=tick.price,
                size=tick.size,
                as_of=moment(tick.at),
                side=tick.side,
                id=tick.id,
                source=line.origin.name,
            )
            flags = tuple(_odd(tick, line, received_at))
            self._on_trade(told, line.origin.delay, flags, received_at)
        elif isinstance(tick, Trade) or (isinstance(tick, DayFigures) and tick.last is not None):
            # A last price beside a bid and ask says nothing that they do not.
            if line.bid is None and line.ask is None:
                self._on_quote(_quote(line, tick.at, received_at))
        elif isinstance(tick, TopOfBook | BookSnapshot | BookChange):
            self._on_quote(_quote(line, tick.at, received_at))


def _odd(tick: Trade, line: Line, received_at: int) -> Iterator[Flag]:
    if line.late:
        yield Flag.out_of_order
    if line.spike:
        yield Flag.spike
    if line.split:
        yield Flag.split_suspect
    if tick.at < received_at - _SLOW - 60_000_000 * line.origin.delay_minutes:
        yield Flag.stale


def _quote(line: Line, at: int | None, received_at: int) -> Quote:
    """What a line shows after a tick of the time `at`."""
    flags = [Flag.crossed] if line.crossed else []
    if line.split:
        flags.append(Flag.split_suspect)
    if at is not None and at < line.top_at:
        flags.append(Flag.out_of_order)
    return Quote(
        symbol=line.symbol,
        last=line.last,
        bid=line.bid,
        ask=line.ask,
        bid_size=line.bid_size,
        ask_size=line.ask_size,
        currency=line.instrument.currency,
        as_of=None if at is None else moment(at),
        received_at=moment(received_at),
        source=line.origin.name,
        delay=line.origin.delay,
        delay_minutes=line.origin.delay_minutes,
        flags=tuple(flags),
        price_decimals=line.instrument.price_decimals,
        asset_class=line.instrument.asset_class,
    )
