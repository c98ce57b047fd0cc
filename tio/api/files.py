"""Words for files of prices: importing bars, replaying and recording what sources sent."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from tio.api.contract import Effect, Request, Role, Topic, word
from tio.api.market import Timeframe


class RejectedRow(msgspec.Struct, frozen=True):
    """A row of a file that is no bar, and why."""

    line: int
    reason: str
    text: str


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What an import took and what it left, with the first rejected rows."""

    path: str
    symbol: str
    timeframe: Timeframe
    format: str
    accepted: int
    replaced: int = 0
    rejected: int = 0
    rejections: tuple[RejectedRow, ...] = ()
    first: datetime | None = None
    last: datetime | None = None


class ReplayReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a replay has fed so far; `done` when the file has ended."""

    path: str
    source: str
    frames: int = 0
    ticks: int = 0
    ignored: int = 0
    garbage: int = 0
    first: datetime | None = None
    at: datetime | None = None
    speed: float = 1.0
    done: bool = False
    job: str = ""
    faults: tuple[str, ...] = ()


class RecordingReport(msgspec.Struct, frozen=True, kw_only=True):
    """How a recording does: lines and bytes written so far."""

    path: str
    recording: bool
    lines: int = 0
    bytes: int = 0


@word(role=Role.owner, effect=Effect.write)
class ImportBars(Request[ImportReport], frozen=True):
    """Read bars from a file of the engine's machine (`path` absolute) into the store."""

    path: Annotated[str, Meta(min_length=1, max_length=4_096)]
    symbol: str | None = None
    timeframe: Timeframe | None = None
    zone: str | None = None
    dry_run: bool = False


@word(role=Role.owner, effect=Effect.write)
class StartReplay(Request[ReplayReport], frozen=True):
    """Feed recorded frames or bars through the live path; empties this workspace first.

    `speed` 0 is as fast as possible. `symbol`, `timeframe` and `zone` say what a bar file does not.
    """

    path: Annotated[str, Meta(min_length=1, max_length=4_096)]
    source: str | None = None
    speed: Annotated[float, Meta(ge=0, le=1_000_000)] = 1.0
    symbol: str | None = None
    timeframe: Timeframe | None = None
    zone: str | None = None


@word()
class GetReplay(Request[ReplayReport], frozen=True):
    """How the newest replay of this workspace does."""


@word(role=Role.owner, effect=Effect.write)
class StartRecording(Request[RecordingReport], frozen=True):
    """Write what the sources say from now on to a file that `StartReplay` reads (gzip if `.gz`)."""

    path: Annotated[str, Meta(min_length=1, max_length=4_096)]


@word(role=Role.owner, effect=Effect.write)
class StopRecording(Request[RecordingReport], frozen=True):
    """End the recording and close its file."""


@word()
class Replays(Topic[ReplayReport], frozen=True):
    """How the newest replay of this workspace does, as it goes."""
