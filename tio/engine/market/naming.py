"""Which symbol a text means: one that is known, else one that a live source may serve."""

from collections.abc import Callable

from tio.api.errors import Invalid, NotFound
from tio.api.market import Instrument
from tio.engine.market.market import Market
from tio.engine.market.symbols import normal, resolve


class Naming:
    """Resolves what a person typed; `recognise` tells what live sources make of a symbol."""

    def __init__(self, market: Market) -> None:
        self.recognise: Callable[[str], Instrument | None] = _nobody
        self.refuse_ambiguous: Callable[[str], None] = _clear
        """Raises Invalid for a text that may mean two things."""
        self._market = market

    def symbol(self, text: str) -> str:
        """The symbol a text means, introduced when it was new.

        NotFound with the nearest ones; Invalid where it may mean a coin or a share.
        """
        try:
            return resolve(text, self._market.instruments)
        except NotFound:
            self.refuse_ambiguous(text)
            instrument = self.recognise(normal(text.strip().removeprefix("$")))
            if instrument is None:
                raise
        self._market.introduce((instrument,))
        return instrument.symbol

    def watched(self, text: str) -> str:
        """The symbol a text means; what no source serves keeps its own spelling."""
        try:
            return self.symbol(text)
        except (Invalid, NotFound):
            return normal(text)


def _clear(text: str) -> None:
    """Without live sources a text means what is known, or nothing."""


def _nobody(symbol: str) -> Instrument | None:
    return None
