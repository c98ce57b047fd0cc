"""Everything in order, to those who watch.

An `OrderedChannel` never drops: it keeps a ring for those who resume, and a watcher that falls more
than `INBOX` events behind is ended with `Overflow`.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Generic, TypeVar

from tio.api.contract import After, Item
from tio.api.errors import Overflow

V = TypeVar("V")
R = TypeVar("R")

INBOX = 10_000
"""Events an ordered watcher may be behind before its watch ends."""


class OrderedChannel(Generic[V]):
    """Events numbered from 1 within an epoch; the last `keep` are remembered."""

    def __init__(self, epoch: str, keep: int) -> None:
        self.epoch = epoch
        self.seq = 0
        self._ring: deque[tuple[int, V]] = deque(maxlen=keep)
        self._inboxes: list[_OrderedInbox[V]] = []

    @property
    def watched(self) -> bool:
        return bool(self._inboxes)

    def publish(self, event: V) -> None:
        self.seq += 1
        entry = (self.seq, event)
        self._ring.append(entry)
        for inbox in self._inboxes:
            inbox.put(entry)

    def begin_anew(self) -> None:
        """Forget every event; each watcher's next item is a snapshot of what came since."""
        # A number of its own tells those who resume from the event before.
        self.seq += 1
        self._ring.clear()
        for inbox in self._inboxes:
            inbox.begin_anew()

    def recent(self) -> list[V]:
        """The remembered events, oldest first."""
        return [event for _, event in self._ring]

    def since(self, after: After | None) -> list[tuple[int, V]] | None:
        """The events after that point; None when they are no longer all remembered."""
        if after is None or after.epoch != self.epoch or after.seq > self.seq:
            return None
        missed = [entry for entry in self._ring if entry[0] > after.seq]
        return missed if len(missed) == self.seq - after.seq else None

    def watch(
        self,
        gather: Callable[[Sequence[V]], R],
        after: After | None = None,
        *,
        on_enter: Callable[[], None] | None = None,
        on_leave: Callable[[], None] | None = None,
        snapshot: Callable[[], R] | None = None,
    ) -> "OrderedWatch[V, R]":
        """Every event; first a snapshot, or what came `after` that point.

        The snapshot is of what is remembered where nothing else makes one.
        """
        return OrderedWatch(self, gather, after, on_enter, on_leave, snapshot)

    def join(self, inbox: "_OrderedInbox[V]") -> None:
        self._inboxes.append(inbox)

    def leave(self, inbox: "_OrderedInbox[V]") -> None:
        self._inboxes.remove(inbox)


class _OrderedInbox(Generic[V]):
    def __init__(self) -> None:
        self.entries: list[tuple[int, V]] = []
        self.ready = asyncio.Event()
        self.lost = self.anew = False

    def begin_anew(self) -> None:
        self.entries.clear()
        self.lost, self.anew = False, True
        self.ready.set()

    def put(self, entry: tuple[int, V]) -> None:
        if len(self.entries) >= INBOX:
            self.lost = True
        else:
            self.entries.append(entry)
        self.ready.set()

    async def take(self) -> list[tuple[int, V]]:
        await self.ready.wait()
        self.ready.clear()
        entries, self.entries = self.entries, []
        if not entries and self.lost:
            raise Overflow(
                f"this watcher fell more than {INBOX:,} events behind and was ended",
                "watch again: the first item is a fresh snapshot",
            )
        if self.lost:
            self.ready.set()
        return entries


class OrderedWatch(Generic[V, R]):
    """A watch of every event; an item may hold several, and its seq is that of its last."""

    def __init__(
        self,
        channel: OrderedChannel[V],
        gather: Callable[[Sequence[V]], R],
        after: After | None,
        on_enter: Callable[[], None] | None,
        on_leave: Callable[[], None] | None,
        snapshot: Callable[[], R] | None = None,
    ) -> None:
        self._channel = channel
        self._snapshot = snapshot or (lambda: gather(channel.recent()))
        self._gather = gather
        self._after = after
        self._on_enter = on_enter
        self._on_leave = on_leave
        self._inbox: _OrderedInbox[V] = _OrderedInbox()

    async def __aenter__(self) -> AsyncIterator[Item[R]]:
        if self._on_enter is not None:
            self._on_enter()
        channel = self._channel
        missed = channel.since(self._after)
        if missed is None:
            first = Item(channel.epoch, channel.seq, True, self._snapshot())
        else:
            first = Item(
                channel.epoch,
                channel.seq,
                False,
                self._gather([event for _, event in missed]),
            )
        channel.join(self._inbox)
        resumed_level = missed is not None and not missed
        return self._items(None if resumed_level else first)

    async def __aexit__(self, *exc: object) -> None:
        self._channel.leave(self._inbox)
        if self._on_leave is not None:
            self._on_leave()

    async def _items(self, first: Item[R] | None) -> AsyncIterator[Item[R]]:
        if first is not None:
            yield first
        while True:
            entries = await self._inbox.take()
            anew, self._inbox.anew = self._inbox.anew, False
            value = self._gather([event for _, event in entries])
            seq = entries[-1][0] if entries else self._channel.seq
            yield Item(self._channel.epoch, seq, anew, value)
