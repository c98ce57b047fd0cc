"""Everything a plugin author may implement.

A plugin is one module with a `PLUGIN = PluginSpec(...)`. It imports `tio.plugin`, `tio.api` and
numpy, nothing else of tio. It runs with the owner's full trust once it is enabled by name.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

import msgspec

from tio.api.companies import CorporateEvent, Profile
from tio.api.market import Adjustment, AssetClass, Bars, Coverage, Delay, Instrument, Timeframe
from tio.api.sources import SourceState
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
    first_words_within: float = 10.0
    """Seconds it may take to tell a symbol at all, before the next source of a chain is asked."""


class Wanted(Protocol):
    """The symbols somebody watches or records, as they change."""

    @property
    def symbols(self) -> frozenset[str]: ...
    async def changed(self) -> None:
        """Returns when `symbols` is not what it was at the last call."""


@runtime_checkable
class LooksClosely(Wanted, Protocol):
    """A `Wanted` that tells which of its symbols somebody watches the book of."""

    @property
    def closely(self) -> frozenset[str]:
        """Where a source tells not all books, these come first; `changed` tells of them too."""


class Clock(Protocol):
    """Time, replaceable: `now` is aware UTC, `monotonic` seconds that never step."""

    def now(self) -> datetime: ...
    def monotonic(self) -> float: ...
    async def sleep(self, seconds: float) -> None: ...


class Outlet(Protocol):
    """Where a source puts what it learned; every call returns at once."""

    def emit(
        self,
        ticks: Sequence[Tick],
        received_at: int | None = None,
        traits: Traits | None = None,
    ) -> None:
        """Ticks in the order they came; `received_at` (µs UTC) when it is not now (a replay).

        `traits`, of the same name, where these ticks are not what the source's own say: another
        delay or asset class.
        """

    def introduce(self, instruments: Sequence[Instrument]) -> None:
        """Instruments it learned to serve while it runs."""

    def refused(self, symbol: str, reason: str) -> None:
        """It will not serve this symbol, and why: the next source of the chain gets it."""

    def standing(self, state: SourceState, reason: str = "") -> None:
        """What its connection does, in words, when no tick tells: connecting, failed, silent."""

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


@runtime_checkable
class Spells(Protocol):
    """A source that serves some symbols only, known before it is asked."""

    def spelled(self, symbol: str) -> str | None:
        """The source's own spelling of an internal symbol; None when it does not serve it."""


@runtime_checkable
class Lists(Protocol):
    """A venue whose instruments come from its own list, never from a symbol's letters."""

    async def listing(self) -> Sequence[Instrument]:
        """The venue's list, each with its own spelling in `spellings`; kept a day by the engine."""

    def learn(self, listed: Sequence[Instrument]) -> None:
        """The list, fresh or kept: what `spelled` answers from."""


@runtime_checkable
class Polls(Protocol):
    """A source that tells quotes when asked."""

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        """What it says of these symbols now; those it does not know are missing."""


@runtime_checkable
class Searches(Protocol):
    """A source whose instruments can be searched."""

    async def search(self, query: str, limit: int) -> Sequence[Instrument]:
        """Instruments by symbol or name, the likeliest first."""


@runtime_checkable
class Profiles(Protocol):
    """A source that tells what an instrument is."""

    async def profile(self, symbol: str) -> Profile | None:
        """What it knows of the instrument; None when that is nothing."""


@runtime_checkable
class Happenings(Protocol):
    """A source that tells of splits and dividends."""

    async def events(
        self, symbol: str, start: datetime, end: datetime
    ) -> Sequence[CorporateEvent] | None:
        """Events with an ex-date in [start, end), oldest first; None when it cannot know."""


class PluginSpec(msgspec.Struct, frozen=True, kw_only=True):
    """What a plugin offers; a factory gets its table `[plugins.settings.NAME]` and a clock."""

    name: str
    summary: str
    sources: tuple[Callable[[Mapping[str, object], Clock], Source], ...] = ()
    screens: Mapping[str, str] = {}
    """Code on the command line → "module:Class" of a Textual screen, loaded by the app."""
