"""What one quote or print offers to orders, in exact numbers, or why it offers nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import isfinite

from tio.api.market import Delay, Flag, Print, Quote, Side

CURRENT = frozenset({Delay.realtime, Delay.simulated})
"""Data that do not lag the market they are of."""
UNSOUND = {
    Flag.crossed: "its bid stands above its ask",
    Flag.spike: "its price is far off those around it",
    Flag.stale: "it is stale",
    Flag.out_of_order: "it came after a newer one",
    Flag.split_suspect: "a split may stand behind its price",
}
"""What keeps a quote or print from filling anything."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One quote or print. `at` is its own time, that of receipt where it has none.

    `price` and `size` are a trade's, the size None where it is not told. `triggers`: its bid and
    ask may trigger stops, for want of prints.
    """

    symbol: str
    at: datetime
    known_at: datetime
    as_of: datetime | None
    source: str
    delay: Delay
    bid: Decimal | None = None
    ask: Decimal | None = None
    bid_size: Decimal | None = None
    ask_size: Decimal | None = None
    price: Decimal | None = None
    size: Decimal | None = None
    triggers: bool = False

    @property
    def two_sided(self) -> bool:
        return self.bid is not None and self.ask is not None

    def opposite(self, side: Side) -> Decimal | None:
        """The price an order of this side would take: a buy the ask."""
        return self.ask if side is Side.buy else self.bid

    def toward(self, side: Side) -> Decimal | None:
        """The price that triggers stops of this side: the trade's, else the quote's it sells at."""
        if self.price is not None:
            return self.price
        return self.opposite(side) if self.triggers else None


def sighted(quote: Quote, printed: bool) -> Sighting | str:
    """What a quote offers, or the sentence why nothing; `printed`: its trades are told as prints.

    Where trades are not told apart, a quote without bid and ask is its last trade, of any size.
    """
    fault = fault_of(quote)
    at = quote.as_of or quote.received_at
    if fault or at is None:
        return f"the quote of {quote.symbol} fills nothing: {fault or 'it has no time'}"
    bid, ask = exact(quote.bid), exact(quote.ask)
    bare = bid is None and ask is None and not printed
    return Sighting(
        quote.symbol,
        at,
        max(at, quote.received_at or at),
        quote.as_of,
        quote.source,
        quote.delay,
        bid,
        ask,
        size(quote.bid_size),
        size(quote.ask_size),
        exact(quote.last) if bare else None,
        None,
        not printed,
    )


def printed(
    trade: Print, delay: Delay, flags: Iterable[Flag], received_at: datetime | None
) -> Sighting | str:
    """What a print offers, or the sentence why nothing."""
    fault = next((UNSOUND[flag] for flag in flags if flag in UNSOUND), "")
    price, traded = exact(trade.price), size(trade.size)
    if price is None or traded is None:
        fault = "it has no price or no size"
    if fault:
        return f"the print of {trade.symbol} fills nothing: {fault}"
    at = trade.as_of
    known_at = max(at, received_at or at)
    return Sighting(trade.symbol, at, known_at, at, trade.source, delay, price=price, size=traded)


def fault_of(quote: Quote) -> str:
    """What keeps a quote from filling anything, or nothing."""
    if quote.stale:
        return UNSOUND[Flag.stale]
    for flag in quote.flags:
        if flag in UNSOUND:
            return UNSOUND[flag]
    if quote.bid is not None and quote.ask is not None and quote.bid > quote.ask:
        return UNSOUND[Flag.crossed]
    return ""


def exact(price: float | None) -> Decimal | None:
    """The decimal a price was written as; None for none, and for what is no price."""
    return None if price is None or not isfinite(price) else Decimal(repr(price))


def size(told: float | None) -> Decimal | None:
    """A size as a decimal; None where it is not told or makes no sense."""
    return None if told is None or not isfinite(told) or told < 0 else Decimal(repr(told))


class Displayed:
    """What is left of the size each side of the newest quote displays; own orders share it.

    A side is shown anew when its price or size differs, or a trade has come between: of a quote
    whose other side moved, what one took of this side is still gone.
    """

    def __init__(self) -> None:
        self._stated: dict[Side, tuple[object, ...]] = {}
        self._left: dict[Side, Decimal | None] = {}

    def see(self, sighting: Sighting) -> None:
        """What a quote shows anew may be taken again; what it only repeats may not."""
        for side, price, shown in (
            (Side.buy, sighting.ask, sighting.ask_size),
            (Side.sell, sighting.bid, sighting.bid_size),
        ):
            stated = (price, shown)
            if self._stated.get(side) != stated:
                self._stated[side] = stated
                self._left[side] = shown

    def traded(self) -> None:
        """A trade came: sizes that stand as before were filled up again."""
        self._stated.clear()

    def left(self, side: Side) -> Decimal | None:
        """What an order of this side may still take, None for any."""
        return self._left.get(side)

    def take(self, side: Side, quantity: Decimal) -> None:
        left = self._left.get(side)
        if left is not None:
            self._left[side] = left - quantity
