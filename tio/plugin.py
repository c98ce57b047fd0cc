"""Everything a plugin author may implement.

A plugin is one module with a `PLUGIN = PluginSpec(...)`. It imports `tio.plugin`, `tio.api` and
numpy, nothing else of tio. It runs with the owner's full trust once it is enabled by name.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from tio.api.market import (
    Adjustment,
    AssetClass,
    Bars,
    Coverage,
    Delay,
    Instrument,
    Timeframe,
)
from tio.api.ticks import Tick


class Traits(msgspec.Struct, frozen=True, kw_only=True):
    """What is true of everything one source says."""

    name: str
    delay: Delay = Delay.realtime
    delay_minutes: int = 0
    coverage: Coverage = Coverage.single_venue
    adjusted: Adjustment = Adjustment.raw
    """For what its prices were adjusted: nothing, unless it plays a past that was."""
    asset_class: AssetClass = AssetClass.equity
    has_trades: bool = True
    """False: an instrument folds the mid of its quotes, volume NaN."""
    truncated_book: bool = False
    """True: no deletion comes for a level that falls out of the book's subscribed depth."""
    stale_after: float = 60.0
    """Seconds without news after which a quote is marked stale, while its session is open."""


class Wanted(Protocol):
    """The symbols somebody watches or records, as they change."""

    @property
    def symbols(self) -> frozenset[str]: ...
    async def changed(self) -> None:
        """Returns when `symbols` is not what it was at the last call."""


class Clock(Protocol):
    """Time, replaceable: `now` is aware UTC, `monotonic` seconds that never step."""

    def now(self) -> datetime: ...
    def monotonic(self) -> float: ...
    async def sleep(self, seconds: float) -> None: ...


class Outlet(Protocol):
    """Where a source puts what it learned; both calls return at once."""

    def emit(self, ticks: Sequence[Tick], received_at: int | None = None) -> None:
        """Ticks in the order they came; `received_at` (µs UTC) when it is not now (a replay)."""

    def frame(self, url: str, text: str) -> None:
        """A raw frame as received, for the recorder."""


class Source(Protocol):
    """A place market data comes from. `run` ends by returning, raising or being cancelled."""

    traits: Traits

    def instruments(self) -> Sequence[Instrument]:
        """What is known without asking anybody; may be empty."""

    async def run(self, wanted: Wanted, out: Outlet) -> None: ...

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        """The newest `limit` bars that open in [start, end); None when it has no history of it."""


class PluginSpec(msgspec.Struct, frozen=True, kw_only=True):
    """What a plugin offers; a factory gets its table `[plugins.settings.NAME]` and a clock."""

    name: str
    summary: str
    sources: tuple[Callable[[Mapping[str, object], Clock], Source], ...] = ()
    screens: Mapping[str, str] = {}
    """Code on the command line → "module:Class" of a Textual screen, loaded by the app."""
