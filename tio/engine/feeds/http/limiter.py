"""The limiter of one host and credential: bucket, windows, concurrency, the server's word."""

import asyncio
import contextlib
import logging
import math
from collections.abc import Sequence
from datetime import UTC, datetime

from tio.api.errors import Busy, TioError, TooLarge
from tio.engine.feeds.http.counters import Counters
from tio.engine.feeds.http.shapes import Budget, LimitLeft, Priority
from tio.engine.feeds.http.windows import Bucket, Counter
from tio.plugin import Clock

log = logging.getLogger(__name__)


class Urgency:
    """The priority of a call that waits; it rises when somebody more urgent joins."""

    def __init__(self, priority: Priority) -> None:
        self.priority = priority

    def raise_to(self, priority: Priority) -> None:
        self.priority = min(self.priority, priority)


class Lease:
    """A place that was granted; given back when the answer is there."""

    def __init__(self, cost: float, counted_in: Sequence[int]) -> None:
        self.cost = cost
        self.counted_in = counted_in


class _Waiter:
    def __init__(
        self, order: int, cost: float, urgency: Urgency, deadline: float, who: str
    ) -> None:
        self.order, self.cost, self.urgency, self.deadline = order, cost, urgency, deadline
        self.who = who
        self.granted: asyncio.Future[Lease] = asyncio.get_running_loop().create_future()


class Limiter:
    """Grants calls in order of priority, each when every layer has room for its cost."""

    def __init__(
        self, name: str, budget: Budget, clock: Clock, counters: Counters, key: str = ""
    ) -> None:
        """`key` is what the day's counts are kept under, by default the name."""
        self.name = name
        self.budget = budget
        self._kept_as = key or name
        self._clock, self._counters = clock, counters
        # Windows follow the server's calendar: our clock at first, then its Date header.
        self._offset = clock.now().timestamp() - clock.monotonic()
        self._bucket = Bucket(budget.rate, budget.burst, clock.monotonic())
        self._windows = tuple(Counter(window) for window in budget.windows)
        self._flying = 0
        self._blocked_until = -math.inf
        self._blocked_reason = ""
        self._throttles = 0
        self._waiters: list[_Waiter] = []
        self._order = 0
        self._pump: asyncio.Task[None] | None = None
        self._loading = asyncio.Lock()
        self._loaded = not any(window.daily for window in budget.windows)

    async def acquire(self, cost: float, urgency: Urgency, patience: float, who: str = "") -> Lease:
        """A place within `patience` seconds; Busy when there is none, TooLarge when never.

        `who` is whose name the refusal bears, by default the limiter's.
        """
        await self._load()
        who = who or self.name
        for window in self.budget.windows:
            if cost > window.limit:
                told = f"one call costs {cost:g}, more than {window.limit:g} ({window.name})"
                raise TooLarge(f"{who}: {told}")
        self._order += 1
        deadline = self._clock.monotonic() + patience
        waiter = _Waiter(self._order, cost, urgency, deadline, who)
        self._waiters.append(waiter)
        self.serve()
        try:
            lease = await waiter.granted
        except asyncio.CancelledError:
            self._leave(waiter)
            raise
        try:
            await self._save()
        except BaseException:
            self.release(lease)
            raise
        return lease

    def release(self, lease: Lease) -> None:
        """Give a place back; a window that turned meanwhile counts the call as well."""
        self._flying -= 1
        now = self._server_time()
        for counter, counted_in in zip(self._windows, lease.counted_in, strict=True):
            counter.recount(lease.cost, counted_in, now)
        self.serve()

    def block(self, seconds: float, reason: str) -> None:
        """Let nobody ask for that long."""
        until = self._clock.monotonic() + seconds
        if until > self._blocked_until:
            self._blocked_until, self._blocked_reason = until, reason
        self.serve()

    def throttled(self, seconds: float | None, jitter: float, reason: str) -> None:
        """Refused for asking too often: blocked as told, or twice as long each time, to 120 s."""
        if seconds is None:
            most = min(120.0, 4.0 * 2**self._throttles)
            seconds = most / 2 * (1 + jitter)
        self._throttles = min(self._throttles + 1, 10)
        self.block(seconds, reason)

    def answered(self) -> None:
        """An answer came that was no refusal for asking too often."""
        self._throttles = 0

    def remaining(self, left: float, reset_seconds: float | None) -> None:
        """The server says so many calls are left, whole again after `reset_seconds`."""
        self._bucket.clamp(left, self._clock.monotonic())
        if left <= 0 and reset_seconds is not None and reset_seconds > 0:
            self.block(reset_seconds, "its limit is used up")

    def used(self, window: str, used: float) -> None:
        """The server counted that much in the window of that name; others are passed over."""
        for counter in self._windows:
            if counter.window.name == window:
                counter.at_least(used, self._server_time())

    def server_clock(self, at: datetime, took: float = 0.0) -> None:
        """The server's own time, which its windows follow, in an answer that took so long.

        It was written at any moment of those seconds; two more either way are nothing.
        """
        least = at.timestamp() - self._clock.monotonic()
        if not least - 2.0 <= self._offset <= least + took + 2.0:
            self._offset = least + took / 2

    def blocked(self) -> tuple[datetime | None, str]:
        """Until when nobody may ask, and why."""
        wait = self._blocked_until - self._clock.monotonic()
        return (self._wall(wait), self._blocked_reason) if wait > 0 else (None, "")

    def left(self) -> tuple[LimitLeft, ...]:
        """What is left of each layer."""
        now = self._server_time()
        most = self.budget.concurrency
        bucket = self._bucket.left(self._clock.monotonic())
        flying = LimitLeft("at once", most - self._flying, most)
        return (bucket, *(counter.left(now) for counter in self._windows), flying)

    @property
    def waiting(self) -> int:
        return len(self._waiters)

    def daily_reset(self) -> float | None:
        """Seconds until the day's window begins anew; None without one."""
        now = self._server_time()
        resets = [c.left(now).resets_at for c in self._windows if c.window.daily]
        return min((at.timestamp() - now for at in resets if at), default=None)

    def serve(self) -> None:
        """Grant what can be granted now, refuse what cannot in time, come back for the rest."""
        now = self._clock.monotonic()
        next_at = math.inf
        # After a refusal for asking too often, one goes ahead and the others wait for its answer.
        most = 1 if self._throttles else self.budget.concurrency
        for waiter in sorted(self._waiters, key=lambda each: (each.urgency.priority, each.order)):
            if self._flying >= most:
                break
            wait, words = self._wait(waiter.cost, waiter.urgency.priority)
            if wait <= 0:
                self._grant(waiter, now)
            elif now + wait > waiter.deadline:
                self._refuse(waiter, wait, words)
            else:
                next_at = now + wait
                break
        for waiter in list(self._waiters):
            if waiter.deadline <= now:
                self._refuse(waiter, 0.0, "too many calls at once")
        next_at = min([next_at, *(waiter.deadline for waiter in self._waiters)])
        self._come_back(next_at - now)

    async def close(self) -> None:
        """Refuse who waits and stop."""
        for waiter in list(self._waiters):
            self._refuse(waiter, 0.0, "tio is closing")
        pump, self._pump = self._pump, None
        if pump is not None:
            pump.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await pump

    def _wait(self, cost: float, priority: Priority) -> tuple[float, str]:
        """Seconds until every layer but concurrency has room, and the one that takes longest."""
        now, server = self._clock.monotonic(), self._server_time()
        waits = [
            (self._blocked_until - now, self._blocked_reason),
            (self._bucket.wait(cost, priority, now), f"at most {self.budget.rate:g} a second"),
        ]
        for counter in self._windows:
            words = f"{counter.window.limit:g} ({counter.window.name}) used up"
            waits.append((counter.wait(cost, priority, server), words))
        longest = max(waits)
        return longest if longest[0] > 0 else (0.0, "")

    def _grant(self, waiter: _Waiter, now: float) -> None:
        self._waiters.remove(waiter)
        if waiter.granted.done():  # its caller has gone
            return
        self._bucket.take(waiter.cost, now)
        self._flying += 1
        server = self._server_time()
        counted_in = tuple(counter.take(waiter.cost, server) for counter in self._windows)
        waiter.granted.set_result(Lease(waiter.cost, counted_in))

    def _refuse(self, waiter: _Waiter, wait: float, words: str) -> None:
        self._waiters.remove(waiter)
        if not waiter.granted.done():
            when = f", next try at {self._wall(wait):%H:%M:%S}" if 0 < wait < 1e8 else ""
            waiter.granted.set_exception(Busy(f"{waiter.who}: {words}{when}"))

    def _leave(self, waiter: _Waiter) -> None:
        """The caller of a waiter was cancelled: give back what it may just have been granted."""
        if waiter in self._waiters:
            self._waiters.remove(waiter)
            self.serve()
        elif not waiter.granted.cancelled() and waiter.granted.exception() is None:
            self.release(waiter.granted.result())

    def _come_back(self, seconds: float) -> None:
        if self._pump is not None and self._pump is not asyncio.current_task():
            self._pump.cancel()
        self._pump = None
        if math.isfinite(seconds):
            self._pump = asyncio.create_task(self._later(seconds), name=f"limits of {self.name}")

    async def _later(self, seconds: float) -> None:
        await self._clock.sleep(max(0.0, seconds))
        self.serve()

    def _server_time(self) -> float:
        return self._clock.monotonic() + self._offset

    def _wall(self, wait: float) -> datetime:
        return datetime.fromtimestamp(self._clock.now().timestamp() + wait, UTC)

    async def _load(self) -> None:
        async with self._loading:
            if self._loaded:
                return
            for counter in self._windows:
                if counter.window.daily:
                    count = await self._counters.load(self._key(counter))
                    counter.restore(count, self._server_time())
            self._loaded = True

    async def _save(self) -> None:
        for counter in self._windows:
            if counter.window.daily:
                try:
                    await self._counters.save(self._key(counter), counter.count())
                except (OSError, TioError) as error:
                    log.warning("the day's count of %s was not kept: %s", self.name, error)

    def _key(self, counter: Counter) -> str:
        return f"{self._kept_as}/{counter.window.name}"
