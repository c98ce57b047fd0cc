"""What happens, to those who watch: the newest of each key, or everything in order.

A `LatestChannel` conflates: publishers only *touch* a key, which costs a set insertion; once a
window the bus renders each touched key that somebody watches, once for all watchers. A slow watcher
keeps one value a key, so its memory is bounded by what it watches.

An `OrderedChannel` never drops: see `tio.engine.ordered`.

Either may `begin_anew`, when nothing told so far holds any more: the next item of each watcher is
then a snapshot.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Hashable, Iterable, Sequence
from typing import Generic, TypeVar

from tio.api.contract import Item
from tio.engine.ordered import OrderedChannel
from tio.plugin import Clock

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
R = TypeVar("R")


class Bus:
    """All channels of one engine; `epoch` names this life of it."""

    def __init__(self, clock: Clock, window: float = 0.05) -> None:
        self.epoch = uuid.uuid4().hex[:12]
        self.window = window
        self._clock = clock
        self._touched: set[Flushable] = set()
        self._pulse: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()

    def latest(self, render: Callable[[K], V | None]) -> "LatestChannel[K, V]":
        """A conflating channel; `render` makes the value of a key, None when there is none."""
        return LatestChannel(self, render)

    def ordered(self, keep: int = 1_000) -> "OrderedChannel[V]":
        """An ordered channel that remembers its last `keep` events."""
        return OrderedChannel(self.epoch, keep)

    def start(self) -> None:
        self._pulse = asyncio.create_task(self._beat(), name="bus pulse")

    async def close(self) -> None:
        if self._pulse is not None:
            self._pulse.cancel()
            await asyncio.gather(self._pulse, return_exceptions=True)
            self._pulse = None

    def flush(self) -> None:
        """Hand every touched key to its watchers now, and what that touched in turn."""
        while self._touched:
            touched, self._touched = self._touched, set()
            for channel in touched:
                channel.flush()

    def due(self, channel: "Flushable") -> None:
        """This is to be flushed with the next beat, or still with the one going on."""
        self._touched.add(channel)
        self._wake.set()

    async def _beat(self) -> None:
        flushed = -self.window
        while True:
            await self._wake.wait()
            # What follows a quiet while is told at once, the rest a window after the last telling.
            await self._clock.sleep(max(0.0, flushed + self.window - self._clock.monotonic()))
            self._wake.clear()
            self.flush()
            flushed = self._clock.monotonic()


class Flushable:
    """What the bus flushes when it is due."""

    def flush(self) -> None:
        raise AssertionError("a channel says how it is flushed")


class LatestChannel(Flushable, Generic[K, V]):
    """Keys and their newest values; every key touched twice in a window is told once."""

    def __init__(self, bus: Bus, render: Callable[[K], V | None]) -> None:
        self._bus = bus
        self._render = render
        self._dirty: set[K] = set()
        self._of_key: dict[K, list[_LatestInbox[K, V]]] = {}
        self._of_all: list[_LatestInbox[K, V]] = []

    @property
    def watched(self) -> bool:
        return bool(self._of_key or self._of_all)

    def touch(self, key: K) -> None:
        """This key's value is not what it was."""
        dirty = self._dirty
        if not dirty:
            self._bus.due(self)
        dirty.add(key)

    def begin_anew(self) -> None:
        """Nothing told so far holds: each watcher's next item is a fresh snapshot."""
        for inbox in {*self._of_all, *(each for of in self._of_key.values() for each in of)}:
            inbox.begin_anew()

    def flush(self) -> None:
        dirty, self._dirty = self._dirty, set()
        if not self.watched:
            return
        for key in dirty:
            inboxes = self._of_key.get(key)
            if not (inboxes or self._of_all):
                continue
            value = self._render(key)
            if value is None:
                continue
            # A crowd makes this the busiest line of an engine: nothing is called per watcher.
            for watchers in (inboxes or (), self._of_all):
                for inbox in watchers:
                    inbox.values[key] = value
                    if inbox.waiter is not None:
                        inbox.wake()

    def watch(
        self,
        keys: Iterable[K] | None,
        snapshot: Callable[[], R],
        gather: Callable[[Sequence[V]], R],
        *,
        on_enter: Callable[[], None] | None = None,
        on_leave: Callable[[], None] | None = None,
    ) -> "LatestWatch[K, V, R]":
        """Watch these keys (None: all): first `snapshot()`, then `gather` of what changed."""
        wanted = None if keys is None else tuple(dict.fromkeys(keys))
        return LatestWatch(self, wanted, snapshot, gather, on_enter, on_leave)

    @property
    def epoch(self) -> str:
        return self._bus.epoch

    def listen(self, listener: "Listener[K, V]") -> None:
        """Tell it of every key from now on, within the beat."""
        self.join(listener, None)

    def join(self, inbox: "_LatestInbox[K, V]", keys: Sequence[K] | None) -> None:
        if keys is None:
            self._of_all.append(inbox)
        for key in keys or ():
            self._of_key.setdefault(key, []).append(inbox)

    def leave(self, inbox: "_LatestInbox[K, V]", keys: Sequence[K] | None) -> None:
        if keys is None:
            self._of_all.remove(inbox)
        for key in keys or ():
            self._of_key[key].remove(inbox)
            if not self._of_key[key]:
                del self._of_key[key]


class _LatestInbox(Generic[K, V]):
    __slots__ = ("anew", "values", "waiter")

    def __init__(self) -> None:
        self.values: dict[K, V] = {}
        self.anew = False
        self.waiter: asyncio.Future[None] | None = None

    def forget(self) -> None:
        self.values.clear()
        self.anew = False

    def begin_anew(self) -> None:
        self.values.clear()
        self.anew = True
        self.wake()

    async def arrived(self) -> None:
        """Returns when there is something to take; for one taker."""
        while not (self.values or self.anew):
            self.waiter = asyncio.get_running_loop().create_future()
            try:
                await self.waiter
            finally:
                self.waiter = None

    def take(self) -> list[V]:
        values, self.values = self.values, {}
        return list(values.values())

    def wake(self) -> None:
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)


class Listener(_LatestInbox[K, V]):
    """Gathers changes for something of the engine's own, which is due as soon as there are any.

    It is itself among those the channel tells: `leave` ends that.
    """

    __slots__ = ("_bus", "_due")

    def __init__(self, bus: Bus, due: Flushable) -> None:
        super().__init__()
        self._bus, self._due = bus, due
        # Never awaited: what has a waiter is woken by each change.
        self.waiter = asyncio.get_running_loop().create_future()

    def wake(self) -> None:
        self._bus.due(self._due)


class LatestWatch(Generic[K, V, R]):
    """A watch that holds at most the newest value of each key until it is taken."""

    __slots__ = ("_channel", "_gather", "_inbox", "_keys", "_on_enter", "_on_leave", "_snapshot")

    def __init__(
        self,
        channel: LatestChannel[K, V],
        keys: Sequence[K] | None,
        snapshot: Callable[[], R],
        gather: Callable[[Sequence[V]], R],
        on_enter: Callable[[], None] | None,
        on_leave: Callable[[], None] | None,
    ) -> None:
        self._channel = channel
        self._keys = keys
        self._snapshot = snapshot
        self._gather = gather
        self._on_enter = on_enter
        self._on_leave = on_leave
        self._inbox: _LatestInbox[K, V] = _LatestInbox()

    async def __aenter__(self) -> AsyncIterator[Item[R]]:
        if self._on_enter is not None:
            self._on_enter()
        self._channel.join(self._inbox, self._keys)
        return self._items()

    async def __aexit__(self, *exc: object) -> None:
        self._channel.leave(self._inbox, self._keys)
        if self._on_leave is not None:
            self._on_leave()

    async def _items(self) -> AsyncIterator[Item[R]]:
        self._inbox.forget()  # what it holds is older than the snapshot
        seq = 1
        yield Item(self._channel.epoch, seq, True, self._snapshot())
        while True:
            await self._inbox.arrived()
            seq += 1
            yield self._next(seq)

    def _next(self, seq: int) -> Item[R]:
        """What is told next; here nothing of it outlives the telling, however long that lasts."""
        if self._inbox.anew:
            self._inbox.forget()
            return Item(self._channel.epoch, seq, True, self._snapshot())
        return Item(self._channel.epoch, seq, False, self._gather(self._inbox.take()))
