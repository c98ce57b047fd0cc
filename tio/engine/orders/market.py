"""What a book remembers of one symbol's market between ticks."""

from decimal import Decimal

from tio.api.market import Quote
from tio.engine.orders.tape import Displayed, Sighting, exact, fault_of

_ZERO = Decimal(0)


class SeenMarket:
    """The newest quote and trade of a symbol; noting one costs the same whatever there is."""

    def __init__(self) -> None:
        self.quote: Quote | None = None
        self.two_sided: Quote | None = None
        """The newest sound quote with both sides."""
        self.printed = False
        """Whether its trades are told one by one."""
        self.last: float | None = None
        self.displayed = Displayed()
        self.seen: Sighting | None = None
        """The newest that could have filled something, while an order stood."""
        self.passed = ""
        """Why the newest tick could fill nothing; empty when it could."""

    def note(self, quote: Quote) -> None:
        self.quote = quote
        if quote.last is not None and not self.printed:
            self.last = quote.last
        if quote.bid is not None and quote.ask is not None and not fault_of(quote):
            self.two_sided = quote

    def slippage(self) -> Decimal | None:
        """The spread that stands beside a print, None while a quote with both sides stands.

        Zero where no spread was ever seen.
        """
        if self.two_sided is None:
            return _ZERO
        if self.two_sided is self.quote:
            return None
        bid, ask = exact(self.two_sided.bid), exact(self.two_sided.ask)
        return _ZERO if bid is None or ask is None else ask - bid
