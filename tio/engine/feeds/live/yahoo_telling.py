"""What was learned of Yahoo's instruments, and the one way their prices reach the market."""

from collections.abc import Iterable, Mapping, Sequence

from tio.api.market import Instrument
from tio.api.ticks import DayFigures, Tick
from tio.engine.feeds.yahoo_quotes import Told
from tio.engine.feeds.yahoo_stream import Pricing, stream_traits, ticks_of
from tio.engine.feeds.yahoo_symbols import spelled, symbol_of
from tio.plugin import Outlet, Traits


class Learned:
    """By Yahoo's spelling: delay and coverage as last told, and of pence how many make a pound."""

    def __init__(self) -> None:
        self.traits: dict[str, Traits] = {}
        self.divisors: dict[str, float] = {}

    def learn(self, told: Told) -> None:
        self.traits[told.name] = told.traits
        self.divisors[told.name] = told.divisor

    def delay(self, spelling: str) -> int | None:
        """Minutes its prices were late when last told."""
        traits = self.traits.get(spelling)
        return None if traits is None else traits.delay_minutes


class Telling:
    """Puts ticks out with the traits of each quote, and none older than what was told before."""

    def __init__(self, out: Outlet, learned: Learned) -> None:
        self._out = out
        self._learned = learned
        self._newest: dict[str, int] = {}
        self._introduced: dict[str, Instrument] = {}

    def tell(self, told: Sequence[Told]) -> None:
        """An answer's quotes."""
        known = self._introduced
        fresh = [each.instrument for each in told if known.get(each.name) != each.instrument]
        if fresh:
            self._out.introduce(fresh)
        alike: dict[Traits, list[Tick]] = {}
        for each in told:
            self._learned.learn(each)
            known[each.name] = each.instrument
            alike.setdefault(each.traits, []).extend(self._newer(each.ticks))
        for traits, ticks in alike.items():
            if ticks:
                self._out.emit(ticks, traits=traits)

    def streamed(self, pricing: Pricing, names: Mapping[str, str]) -> None:
        """A message of the streamer; of an instrument nobody wants it says nothing."""
        symbol = names.get(pricing.id) or names.get(spelled(symbol_of(pricing.id)) or "")
        if symbol is None:
            return
        ticks = self._newer(
            ticks_of(pricing, symbol, divisor=self._learned.divisors.get(pricing.id))
        )
        if ticks:
            self._out.emit(ticks, traits=stream_traits(pricing, self._learned.traits))

    def _newer(self, ticks: Sequence[Tick]) -> Sequence[Tick]:
        """All of one instrument's ticks, or none where its figures are of an earlier instant.

        After its last session a stock's regular price would else come back as news of the past.
        """
        for tick in ticks:
            if isinstance(tick, DayFigures) and tick.at is not None:
                if tick.at < self._newest.get(tick.symbol, tick.at):
                    return ()
                self._newest[tick.symbol] = tick.at
        return ticks


def names_of(symbols: Iterable[str]) -> dict[str, str]:
    """Yahoo's spelling → the symbol wanted, for those it can have."""
    return {name: symbol for symbol in sorted(symbols) if (name := spelled(symbol)) is not None}
