"""How many decimals the prices of replayed instruments have: the most seen."""

from collections.abc import Iterable, Sequence
from decimal import Context, Decimal

import msgspec

from tio.api.market import AssetClass, Instrument
from tio.api.ticks import BookChange, BookSnapshot, SourceBar, Tick, TopOfBook, Trade
from tio.engine.market.symbols import classify
from tio.plugin import Traits

MOST = 12
DIGITS = 12
_ROUNDED = Context(prec=DIGITS)
_SAMPLE = 200
"""Levels of a book looked at: its best ones say enough."""


def decimals_of(price: float | str) -> int:
    """Decimals of a price at `DIGITS` significant digits, at most `MOST`; 0 for no number.

    A file's 1.2278449999999999 was computed from 1.227845: its 13th digit on is arithmetic.
    """
    written = Decimal(price) if isinstance(price, str) else Decimal(repr(price))
    if not written.is_finite():
        return 0
    exponent = _ROUNDED.plus(written).normalize().as_tuple().exponent
    return min(MOST, max(0, -int(exponent)))


class Precision:
    """The most decimals seen of each symbol, in the order the symbols came."""

    def __init__(self) -> None:
        self.of: dict[str, int] = {}

    def see(self, ticks: Iterable[Tick]) -> None:
        for tick in ticks:
            known = self.of.setdefault(tick.symbol, 0)
            for price in _prices(tick):
                if abs(round(price, known) - price) > 1e-12 * abs(price):
                    known = max(known, decimals_of(price))
            self.of[tick.symbol] = known

    def instruments(self, traits: Traits) -> tuple[Instrument, ...]:
        """What is known of the symbols seen, as instruments of that source."""
        return tuple(
            msgspec.structs.replace(
                _instrument(symbol, traits),
                price_decimals=decimals,
                venue=traits.name,
                source=traits.name,
            )
            for symbol, decimals in self.of.items()
        )


def _instrument(symbol: str, traits: Traits) -> Instrument:
    if traits.asset_class is not AssetClass.crypto:
        return classify(symbol)
    quote = symbol.split("-")[1] if "-" in symbol else ""
    return Instrument(symbol=symbol, asset_class=AssetClass.crypto, currency=quote)


def _prices(tick: Tick) -> Sequence[float]:
    match tick:
        case Trade():
            return (tick.price,)
        case TopOfBook():
            return [price for price in (tick.bid, tick.ask) if price is not None]
        case BookSnapshot() | BookChange():
            return [price for side in (tick.bids, tick.asks) for price, _ in side[:_SAMPLE]]
        case SourceBar():
            return (tick.open, tick.high, tick.low, tick.close)
        case _:
            return ()
