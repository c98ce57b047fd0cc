"""A venue's own spellings of our symbols, learned from its list."""

from collections.abc import Sequence

from tio.api.market import Instrument


class Names:
    """Both ways between symbols and the spellings of one source.

    A source with a second spelling of its own, as for REST, keeps it under its own `source` name.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._instruments: dict[str, Instrument] = {}
        self._symbols: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._instruments)

    def learn(self, listed: Sequence[Instrument]) -> None:
        """Know what this list says, and nothing of the one before."""
        served = [each for each in listed if self._source in each.spellings]
        self._instruments = {each.symbol: each for each in served}
        self._symbols = {each.spellings[self._source]: each.symbol for each in served}

    def spelled(self, symbol: str) -> str | None:
        """The source's spelling; None when it does not list the symbol."""
        instrument = self._instruments.get(symbol)
        return None if instrument is None else instrument.spellings[self._source]

    def symbol(self, spelling: str) -> str | None:
        """Our symbol of its spelling; None when it lists no such thing."""
        return self._symbols.get(spelling)

    def instrument(self, symbol: str) -> Instrument | None:
        return self._instruments.get(symbol)
