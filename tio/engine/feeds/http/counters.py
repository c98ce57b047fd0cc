"""Where the counts of the day are kept, so that a restart does not forget them."""

from typing import Protocol

import msgspec


class Count(msgspec.Struct, frozen=True):
    """What was used in the window that began at `began`, in Unix seconds."""

    began: int
    used: float


class Counters(Protocol):
    """Counts by key; a key names host, window and a hash of the credential."""

    async def load(self, key: str) -> Count | None: ...
    async def save(self, key: str, count: Count) -> None: ...


class MemoryCounters:
    """Counts that are forgotten with the process."""

    def __init__(self) -> None:
        self.counts: dict[str, Count] = {}

    async def load(self, key: str) -> Count | None:
        return self.counts.get(key)

    async def save(self, key: str, count: Count) -> None:
        self.counts[key] = count
