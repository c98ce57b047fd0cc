"""An outlet for venues that trade coins and currencies alike."""

from collections.abc import Sequence
from itertools import groupby

from tio.api.market import Instrument
from tio.api.sources import SourceState
from tio.api.ticks import Tick
from tio.plugin import Outlet, Traits


class ByClass:
    """Passes all on; of ticks of currencies it says that they are FX."""

    def __init__(self, out: Outlet, fx: Traits) -> None:
        self._out = out
        self._fx = fx

    def emit(
        self,
        ticks: Sequence[Tick],
        received_at: int | None = None,
        traits: Traits | None = None,
    ) -> None:
        for is_pair, some in groupby(ticks, key=lambda tick: "-" in tick.symbol):
            self._out.emit(tuple(some), received_at, traits if is_pair else self._fx)

    def introduce(self, instruments: Sequence[Instrument]) -> None:
        self._out.introduce(instruments)

    def refused(self, symbol: str, reason: str) -> None:
        self._out.refused(symbol, reason)

    def standing(self, state: SourceState, reason: str = "") -> None:
        self._out.standing(state, reason)

    def frame(self, url: str, text: str) -> None:
        self._out.frame(url, text)
