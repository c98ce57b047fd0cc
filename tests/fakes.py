"""Fakes the tests share: an engine that answers what it was given, a clock moved by hand."""

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from tio.api.contract import After, Item, Request, Topic
from tio.api.errors import NotFound, TioError
from tio.api.market import Instrument
from tio.api.sources import SourceState
from tio.api.ticks import Tick
from tio.plugin import Traits

R = TypeVar("R")


class FakeClock:
    """Time that stands still until `advance`; sleepers wake in order."""

    def __init__(self, now: datetime = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)) -> None:
        self._start = now
        self._elapsed = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return self._elapsed

    @property
    def sleepers(self) -> int:
        return len(self._sleepers)

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken = asyncio.Event()
        heapq.heappush(self._sleepers, (self._elapsed + seconds, next(self._order), woken))
        await woken.wait()

    async def advance(self, seconds: float) -> None:
        """Move time on, waking each sleeper at its own moment and letting it run."""
        await settle()
        end = self._elapsed + seconds
        while self._sleepers and self._sleepers[0][0] <= end + 1e-9:
            at, _, woken = heapq.heappop(self._sleepers)
            self._elapsed = max(self._elapsed, at)
            woken.set()
            await settle()
        self._elapsed = end
        await settle()


class FakeOutlet:
    """Keeps what a source told: ticks in order, frames, instruments and refusals."""

    def __init__(self) -> None:
        self.ticks: list[Tick] = []
        self.emissions: list[tuple[Sequence[Tick], int | None]] = []
        self.traits: list[Traits | None] = []
        self.frames: list[tuple[str, str]] = []
        self.introduced: list[Instrument] = []
        self.refusals: dict[str, str] = {}
        self.standings: list[tuple[SourceState, str]] = []
        self.came = asyncio.Event()

    def emit(
        self,
        ticks: Sequence[Tick],
        received_at: int | None = None,
        traits: Traits | None = None,
    ) -> None:
        self.ticks += ticks
        self.emissions.append((ticks, received_at))
        self.traits.append(traits)
        self.came.set()

    def frame(self, url: str, text: str) -> None:
        self.frames.append((url, text))

    def introduce(self, instruments: Sequence[Instrument]) -> None:
        self.introduced += instruments

    def refused(self, symbol: str, reason: str) -> None:
        self.refusals[symbol] = reason

    def standing(self, state: SourceState, reason: str = "") -> None:
        self.standings.append((state, reason))


NOWHERE = "ws://nowhere.example/"
"""Where no socket opens, with `no_address` to look it up."""


async def no_address(host: str, port: int) -> Sequence[str]:
    """Looks a name up where there is no network: refused at once, so that time stands still."""
    raise OSError(f"{host}:{port} is not known here")


async def settle(rounds: int = 20) -> None:
    """Let everything that can run without waiting for time run."""
    for _ in range(rounds):
        await asyncio.sleep(0)


class FakeEngine:
    """Answers what it was given and remembers what it was asked.

    `answers` maps a request value, or a request type, to its answer (an error is raised; a callable
    gets the request). `topics` maps a topic value or type to its first value; `push` sends more.
    """

    def __init__(
        self,
        answers: Mapping[Any, Any] | None = None,
        topics: Mapping[Any, Any] | None = None,
    ) -> None:
        self.answers = dict(answers or {})
        self.topics = dict(topics or {})
        self.asked: list[Request[Any]] = []
        self.keys: list[str] = []
        self.watching: list[Topic[Any]] = []
        self.closed = False
        self._watches: list[FakeWatch] = []

    async def ask(self, request: Request[R], /, *, key: str = "") -> R:
        self.asked.append(request)
        self.keys.append(key)
        found = _lookup(self.answers, request)
        if found is _MISSING:
            raise NotFound(f"the fake engine has no answer for {type(request).__name__}")
        answer = found(request) if callable(found) else found
        if isinstance(answer, TioError):
            raise answer
        return answer  # type: ignore[no-any-return]

    def watch(self, topic: Topic[R], /, *, after: After | None = None) -> "FakeWatch":
        return FakeWatch(self, topic)

    def push(self, kind: type[Topic[Any]], value: Any) -> int:
        """Send `value` to every watcher of a topic of that kind; how many there were."""
        reached = [watch for watch in self._watches if isinstance(watch.topic, kind)]
        for watch in reached:
            watch.queue.put_nowait(value)
        return len(reached)

    async def close(self) -> None:
        self.closed = True

    def entered(self, watch: "FakeWatch") -> None:
        self._watches.append(watch)
        self.watching.append(watch.topic)

    def left(self, watch: "FakeWatch") -> None:
        self._watches.remove(watch)
        self.watching.remove(watch.topic)


class FakeWatch:
    def __init__(self, engine: FakeEngine, topic: Topic[Any]) -> None:
        self.engine = engine
        self.topic = topic
        self.queue: asyncio.Queue[Any] = asyncio.Queue()

    async def __aenter__(self) -> AsyncIterator[Item[Any]]:
        self.engine.entered(self)
        return self._items()

    async def __aexit__(self, *exc: object) -> None:
        self.engine.left(self)

    async def _items(self) -> AsyncIterator[Item[Any]]:
        seq = itertools.count(1)
        first = _lookup(self.engine.topics, self.topic)
        if first is not _MISSING:
            value = first(self.topic) if callable(first) else first
            if isinstance(value, TioError):
                raise value
            yield Item("fake", next(seq), True, value)
        while True:
            value = await self.queue.get()
            if isinstance(value, TioError):
                raise value
            yield Item("fake", next(seq), False, value)


_MISSING = object()


def _lookup(table: Mapping[Any, Any], said: Any) -> Any:
    if said in table:
        return table[said]
    return table.get(type(said), _MISSING)
