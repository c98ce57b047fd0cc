"""What the manners speak of: budgets, answers, priorities, and how a host does."""

from collections.abc import Mapping
from datetime import datetime
from enum import IntEnum, StrEnum

import msgspec


class Priority(IntEnum):
    """Who goes first when a limit makes calls wait."""

    interactive = 0
    visible = 1
    background = 2


class Window(msgspec.Struct, frozen=True):
    """At most `limit` in each calendar-aligned `seconds`; a daily one begins at `resets`."""

    limit: float
    seconds: float
    name: str
    daily: bool = False
    resets: str = "00:00Z"


class Budget(msgspec.Struct, frozen=True):
    """What one host allows one credential: `rate` a second, `burst` at once, and windows."""

    rate: float
    burst: float = 1
    concurrency: int = 4
    windows: tuple[Window, ...] = ()


class Answer(msgspec.Struct, frozen=True):
    """What a host said: headers in lower case, secrets redacted in `url` and `body`.

    `received_at` µs UTC of when it really came; `age` seconds since then when from the cache.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    received_at: int
    age: float = 0.0
    from_cache: bool = False

    def text(self) -> str:
        """The body as UTF-8; what is none is replaced."""
        return self.body.decode("utf-8", errors="replace")


class Circuit(StrEnum):
    """Whether a capability is asked, rests, or is tried with one probe."""

    closed = "closed"
    open = "open"
    half_open = "half_open"


class CapabilityState(msgspec.Struct, frozen=True):
    """One capability; `next_probe` None while open: not before its key or address changes."""

    capability: str
    circuit: Circuit
    reason: str = ""
    next_probe: datetime | None = None


class LimitLeft(msgspec.Struct, frozen=True):
    """What is left of one layer of the limit, and when it is whole again."""

    name: str
    left: float
    limit: float
    resets_at: datetime | None = None


class HostState(msgspec.Struct, frozen=True, kw_only=True):
    """How one host does: latencies in seconds over the last 256 calls."""

    name: str
    base_url: str
    capabilities: tuple[CapabilityState, ...] = ()
    limits: tuple[LimitLeft, ...] = ()
    blocked_until: datetime | None = None
    blocked_reason: str = ""
    waiting: int = 0
    calls: int = 0
    errors: int = 0
    latency_p50: float | None = None
    latency_p95: float | None = None
    last_answer_at: datetime | None = None
    last_error: str = ""
