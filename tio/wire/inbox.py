"""What one remote watcher has yet to take: bounded, conflated, and aware of what is missing."""

import asyncio
from collections import deque
from typing import Any

import msgspec

from tio.api.contract import After, Delivery, Item, Topic
from tio.api.errors import Overflow, TioError

MOST_WAITING = 64
"""Items of a latest-wins topic that cannot be merged, before a fresh snapshot replaces them."""
MOST_ORDERED = 10_000
"""Events of an ordered topic a watcher may be behind before its watch ends."""


class Ended(Exception):
    """The engine has nothing more to say on this topic."""


class Inbox:
    """Items of one watch between the socket and its watcher."""

    def __init__(self, topic: Topic[Any], after: After | None = None) -> None:
        self.topic = topic
        self.ordered = topic.meaning.delivery is Delivery.ordered
        self.last = after if self.ordered else None
        self._items: deque[Item[Any]] = deque()
        self._events = 0
        self._ready = asyncio.Event()
        self._end: Exception | None = None
        self._fresh = True

    @property
    def ended(self) -> bool:
        return self._end is not None

    def await_snapshot(self) -> None:
        """The topic is watched anew: the next item begins a new count."""
        self._fresh = True

    def receive(self, item: Item[Any]) -> bool:
        """Keep an item; False when something before it is missing or too much is waiting."""
        if self._end is not None:
            return True
        if not self._follows(item):
            return False
        self._fresh = False
        self.last = After(item.epoch, item.seq)
        kept = self._keep_ordered(item) if self.ordered else self._keep_latest(item)
        self._ready.set()
        return kept

    def end(self, error: Exception | None = None) -> None:
        """Nothing more comes; what waits is still taken, then `error` (or a plain end)."""
        if self._end is None:
            self._end = error or Ended()
            self._ready.set()

    async def arrived(self) -> None:
        """Returns when an item waits or the watch has ended."""
        await self._ready.wait()

    def refusal(self) -> TioError | None:
        """The error that came before any item."""
        refused = not self._items and isinstance(self._end, TioError)
        return self._end if refused else None  # type: ignore[return-value]

    async def take(self) -> Item[Any]:
        while not self._items:
            if self._end is not None:
                raise self._end
            self._ready.clear()
            await self._ready.wait()
        item = self._items.popleft()
        self._events -= _count(item)
        return item

    def _follows(self, item: Item[Any]) -> bool:
        if item.snapshot:
            return True
        if self.last is None or self.last.epoch != item.epoch:
            return False
        if self.ordered:
            # An item may hold several events; its number is that of its last.
            return item.seq - self.last.seq <= _count(item)
        return self._fresh or item.seq == self.last.seq + 1

    def _keep_ordered(self, item: Item[Any]) -> bool:
        self._items.append(item)
        self._events += _count(item)
        if self._events > MOST_ORDERED:
            self.end(
                Overflow(
                    f"this watcher fell more than {MOST_ORDERED:,} events behind and was ended",
                    "watch again: the first item is a fresh snapshot",
                )
            )
        return True

    def _keep_latest(self, item: Item[Any]) -> bool:
        if item.snapshot:
            self._items.clear()
            self._events = 0
        elif self._items and (merged := _merged(self._items[-1], item)) is not None:
            self._events -= _count(self._items.pop())
            item = merged
        self._items.append(item)
        self._events += _count(item)
        if len(self._items) > MOST_WAITING:
            self._items.clear()
            self._events = 0
            return False
        return True


def _count(item: Item[Any]) -> int:
    return max(1, len(item.value)) if isinstance(item.value, tuple) else 1


def _merged(old: Item[Any], new: Item[Any]) -> Item[Any] | None:
    """Both as one, the newest of each symbol; None for values that are not lists by symbol."""
    if not isinstance(old.value, tuple) or not isinstance(new.value, tuple):
        return None
    if not new.value or not hasattr(new.value[0], "symbol"):
        return None
    newest = {entry.symbol: entry for entry in old.value}
    newest.update((entry.symbol, entry) for entry in new.value)
    return msgspec.structs.replace(new, snapshot=old.snapshot, value=tuple(newest.values()))
