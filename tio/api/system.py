"""The system's words: health, settings, jobs, plugins, log, links between terminals."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tio.api.contract import Delivery, Effect, Request, Role, Topic, word

Key = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_.-]{0,79}$")]


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """How the engine does: seconds, counts, megabytes; `lag_ms` is the loop's recent worst."""

    version: str
    workspace: str
    pid: int
    uptime: float
    clients: int = 0
    instruments: int = 0
    ticks: int = 0
    rate: float = 0.0
    lag_ms: float = 0.0
    memory_mb: float = 0.0
    now: datetime
    banner: str = ""


class StorageReport(msgspec.Struct, frozen=True, kw_only=True):
    """One database file: its size, schema version and, when checked, what SQLite finds."""

    file: str
    bytes: int
    schema: int
    integrity: str = ""


class Setting(msgspec.Struct, frozen=True):
    """One thing a screen remembers, as JSON text."""

    key: str
    value: str


class ConfigState(msgspec.Struct, frozen=True, kw_only=True):
    """config.toml as the engine uses it: `read_at` is null until it changed after the start.

    `problem` says why the file as it is now cannot be used: the one from before stays in use.
    `waiting` names the changed settings ("demo.rate") that take effect after a restart.
    """

    path: str
    read_at: datetime | None = None
    problem: str = ""
    waiting: tuple[str, ...] = ()


class JobState(StrEnum):
    running = "running"
    done = "done"
    failed = "failed"
    cancelled = "cancelled"
    interrupted = "interrupted"


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """Long work: what it is doing, how far it is (0–1, null when unknown), how it ended."""

    id: str
    title: str
    state: JobState
    progress: float | None = None
    doing: str = ""
    started_at: datetime
    ended_at: datetime | None = None
    reason: str = ""


class PluginState(StrEnum):
    available = "available"
    enabled = "enabled"
    changed = "changed"
    broken = "broken"


class Plugin(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin that was found; `digest` is the sha256 of its file."""

    name: str
    state: PluginState
    origin: str = ""
    summary: str = ""
    digest: str = ""
    reason: str = ""


class LogLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the engine's log."""

    at: datetime
    level: str
    origin: str
    message: str


class Link(msgspec.Struct, frozen=True):
    """The symbol and timeframe a link group looks at."""

    group: str
    symbol: str
    timeframe: str = ""


@word(tool=True)
class GetHealth(Request[Health], frozen=True):
    """How the engine does."""


@word()
class GetStorage(Request[tuple[StorageReport, ...]], frozen=True):
    """The engine's files: sizes and schema versions; `check` runs the integrity check too."""

    check: bool = False


class BackupReport(msgspec.Struct, frozen=True, kw_only=True):
    """A copy that was made and found sound, with how many portfolios and entries are in it."""

    path: str
    bytes: int
    at: datetime
    portfolios: int
    entries: int


@word(role=Role.owner, effect=Effect.write)
class Backup(Request[BackupReport], frozen=True):
    """Copy ledgers, orders, journal, ideas, settings: all but market data, while the engine runs.

    `path`: an absolute file or folder of the engine's machine; without one, the workspace's folder
    `backups`. A file that is there is a Conflict. Put in place of tio.db while no engine runs, it
    is what was.
    """

    path: Annotated[str, Meta(max_length=4_096)] = ""


@word()
class GetSettings(Request[tuple[Setting, ...]], frozen=True):
    """What the caller's screens remember."""


@word(role=Role.trader, effect=Effect.write)
class SaveSetting(Request[Setting], frozen=True):
    """Remember one thing (JSON text) for the caller."""

    key: Key
    value: Annotated[str, Meta(max_length=65_536)]


@word(role=Role.owner)
class GetConfig(Request[ConfigState], frozen=True):
    """Whether config.toml is in use as it stands."""


@word(role=Role.owner, effect=Effect.write)
class ReloadConfig(Request[ConfigState], frozen=True):
    """Read config.toml now; one that is broken is told, and the last good one stays in use."""


@word()
class ListJobs(Request[tuple[Job, ...]], frozen=True):
    """Running jobs and those that ended lately."""


@word(role=Role.trader, effect=Effect.write)
class CancelJob(Request[Job], frozen=True):
    """Ask a running job to stop."""

    id: str


@word()
class ListPlugins(Request[tuple[Plugin, ...]], frozen=True):
    """Every plugin found, enabled or not."""


@word(role=Role.owner, effect=Effect.danger)
class EnablePlugin(Request[Plugin], frozen=True):
    """Trust a plugin from the next start on, pinned to its sha256 (which `digest` must match)."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    digest: str = ""


@word(role=Role.trader, effect=Effect.write)
class FollowLink(Request[Link], frozen=True):
    """Point a link group (A to D) at a symbol; every screen of that group follows."""

    group: Annotated[str, Meta(pattern="^[A-D]$")]
    symbol: Annotated[str, Meta(min_length=1, max_length=64)]
    timeframe: str = ""


@word(role=Role.owner, effect=Effect.danger)
class Shutdown(Request[Health], frozen=True):
    """Ask the engine to finish what is in flight and leave; attached terminals may take over."""

    hand_over: bool = False


@word()
class Jobs(Topic[tuple[Job, ...]], frozen=True):
    """Jobs that began, moved or ended."""


@word(delivery=Delivery.ordered)
class Log(Topic[tuple[LogLine, ...]], frozen=True):
    """The engine's log; the snapshot holds the newest lines."""


@word()
class Links(Topic[tuple[Link, ...]], frozen=True):
    """Where the caller's link groups look."""
