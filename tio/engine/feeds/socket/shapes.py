"""What a venue asks of a socket, and how a stream does."""

from datetime import datetime
from enum import StrEnum

import msgspec


class Manners(msgspec.Struct, frozen=True, kw_only=True):
    """A venue's limits and habits; seconds and bytes.

    `chunk` symbols a message, `pause` between messages, `most_symbols` a connection. Without data
    for `quiet` it is opened anew; after `lasts` as planned, the new one before the old is closed
    where `overlap`. `ping_text` is sent every `ping_every` where the venue wants its own ping;
    `heartbeat` is the protocol's, 0 for none, and must be answered within `answers`.
    """

    chunk: int = 100
    pause: float = 0.25
    most_symbols: int = 500
    quiet: float = 30.0
    heartbeat: float = 20.0
    answers: float = 15.0
    ping_text: str = ""
    ping_every: float = 20.0
    max_size: int = 10 << 20
    compress: bool = False
    lasts: float = 23.5 * 3_600
    overlap: bool = True
    opens: float = 20.0


class Phase(StrEnum):
    """What a stream is doing."""

    idle = "idle"
    connecting = "connecting"
    repairing = "repairing"
    live = "live"
    waiting = "waiting"


class StreamState(msgspec.Struct, frozen=True, kw_only=True):
    """How a stream does over all its connections; `ping` is the last round trip in seconds."""

    name: str
    url: str
    phase: Phase
    reason: str = ""
    until: datetime | None = None
    connections: int = 0
    symbols: int = 0
    reconnects: int = 0
    frames: int = 0
    garbage: int = 0
    oversize: int = 0
    unreleased: int = 0
    """Frames that did not fit what is held back during a repair."""
    last_message_at: datetime | None = None
    ping: float | None = None
