"""The quotes of a polled source in one run, and what it tells no price of."""

from collections.abc import Awaitable, Callable, Sequence

from tio.api.ticks import DayFigures, Tick
from tio.plugin import Outlet


class Polled:
    """Asks for quotes; says once of each symbol that the venue tells no price of it."""

    def __init__(
        self,
        ask: Callable[[Sequence[str]], Awaitable[Sequence[Tick]]],
        out: Outlet,
        venue: str,
    ) -> None:
        self._ask, self._out, self._venue = ask, out, venue
        self._refused: set[str] = set()

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        """What came of these symbols."""
        ticks = await self._ask(symbols)
        priced = {tick.symbol for tick in ticks if isinstance(tick, DayFigures)}
        for symbol in symbols:
            if symbol in priced:
                self._refused.discard(symbol)
            elif symbol not in self._refused:
                self._refused.add(symbol)
                self._out.refused(symbol, f"{self._venue} tells no price of it")
        return ticks
