"""Where market data comes from: how each source does, what it serves, keys, switching off."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tio.api.contract import Effect, Request, Role, Topic, word
from tio.api.market import AssetClass, Delay, Symbols

SourceName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
KeyField = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class SourceState(StrEnum):
    """What a source is doing."""

    idle = "idle"
    connecting = "connecting"
    live = "live"
    silent = "silent"
    ended = "ended"
    failed = "failed"
    off = "off"


class LimitLeft(msgspec.Struct, frozen=True):
    """What a source still lets us ask within one of its windows."""

    name: str
    left: float
    limit: float
    resets_at: datetime | None = None


class Ability(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a source is asked for, and whether asking rests after failures."""

    name: str
    resting: bool = False
    reason: str = ""
    next_try_at: datetime | None = None


class SourceReport(msgspec.Struct, frozen=True, kw_only=True):
    """How one market-data source does; `rate` is ticks a second, latencies are milliseconds.

    `needs_key` names the credentials it cannot work without, `lacks_key` those that are absent.
    """

    name: str
    state: SourceState
    reason: str = ""
    symbols: int = 0
    ticks: int = 0
    errors: int = 0
    rate: float = 0.0
    last_message_at: datetime | None = None
    last_error: str = ""
    last_error_at: datetime | None = None
    next_try_at: datetime | None = None
    latency_ms: float | None = None
    latency_p95_ms: float | None = None
    calls: int = 0
    waiting: int = 0
    reconnects: int = 0
    assets: tuple[AssetClass, ...] = ()
    delay: Delay = Delay.realtime
    unofficial: bool = False
    attribution: str = ""
    needs_key: tuple[str, ...] = ()
    lacks_key: tuple[str, ...] = ()
    abilities: tuple[Ability, ...] = ()
    limits: tuple[LimitLeft, ...] = ()


class Attempt(msgspec.Struct, frozen=True):
    """A source that was not chosen, and why."""

    source: str
    reason: str


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """Who tells the live quote of a symbol, since when, and why not those before it."""

    symbol: str
    asset_class: AssetClass
    source: str = ""
    since: datetime | None = None
    reason: str = ""
    passed_over: tuple[Attempt, ...] = ()
    checked_by: str = ""
    note: str = ""


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """What came of asking one source something cheap: `as_of` is its newest moment."""

    source: str
    well: bool
    said: str
    latency_ms: float | None = None
    as_of: datetime | None = None


class KeyPlace(StrEnum):
    """Where a credential is kept."""

    keyring = "keyring"
    environment = "environment"
    file = "file"
    absent = "absent"


class KeyReport(msgspec.Struct, frozen=True):
    """Where one credential of a source is kept; never what it is."""

    source: str
    field: str
    place: KeyPlace
    needed: bool = False
    note: str = ""


@word(tool=True)
class ListSources(Request[tuple[SourceReport, ...]], frozen=True):
    """Every source of this workspace and how it does."""


@word(tool=True)
class ListRoutes(Request[tuple[Route, ...]], frozen=True):
    """Which source serves each symbol that somebody watches; none named: all of them."""

    symbols: Symbols = ()


@word(role=Role.owner, effect=Effect.write)
class TrySource(Request[SourceReport], frozen=True):
    """Connect a source again now, whatever it was waiting for."""

    name: SourceName


@word(role=Role.owner, effect=Effect.write)
class SwitchSource(Request[SourceReport], frozen=True):
    """Switch a source off or on; remembered."""

    name: SourceName
    on: bool


@word(role=Role.owner, effect=Effect.write)
class ProbeSources(Request[tuple[Probe, ...]], frozen=True):
    """Ask each source that can be used one cheap thing; none named: all of them."""

    names: Annotated[tuple[SourceName, ...], Meta(max_length=100)] = ()


@word(role=Role.owner)
class ListKeys(Request[tuple[KeyReport, ...]], frozen=True):
    """Where each source's credentials are kept, and which are missing."""


@word(role=Role.owner, effect=Effect.write)
class SetKey(Request[KeyReport], frozen=True):
    """Keep a credential in the system's keyring, else in a file only the owner can read."""

    source: SourceName
    value: Annotated[str, Meta(min_length=1, max_length=4_096)]
    field: KeyField = "key"

    def __repr__(self) -> str:
        return f"SetKey(source={self.source!r}, field={self.field!r}, value=***)"


@word(role=Role.owner, effect=Effect.write)
class DeleteKey(Request[KeyReport], frozen=True):
    """Forget a credential; one in the environment stays there."""

    source: SourceName
    field: KeyField = "key"


@word()
class SourceStates(Topic[tuple[SourceReport, ...]], frozen=True):
    """The sources whose state changed."""
