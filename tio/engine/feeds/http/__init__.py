"""Manners of asking over HTTP, once for all sources: limits, priorities, cache, retries, rests."""

from tio.engine.feeds.http.counters import Count, Counters, MemoryCounters
from tio.engine.feeds.http.hooks import no_page, remaining_of, used_weight
from tio.engine.feeds.http.host import Host
from tio.engine.feeds.http.limiter import Limiter
from tio.engine.feeds.http.refusals import BadKey, QuotaSpent, StaleCredential, Throttled
from tio.engine.feeds.http.shapes import (
    Answer,
    Budget,
    CapabilityState,
    Circuit,
    HostState,
    LimitLeft,
    Priority,
    Window,
)
from tio.engine.feeds.http.web import Web

__all__ = [
    "Answer",
    "BadKey",
    "Budget",
    "CapabilityState",
    "Circuit",
    "Count",
    "Counters",
    "Host",
    "HostState",
    "LimitLeft",
    "Limiter",
    "MemoryCounters",
    "Priority",
    "QuotaSpent",
    "StaleCredential",
    "Throttled",
    "Web",
    "Window",
    "no_page",
    "remaining_of",
    "used_weight",
]
