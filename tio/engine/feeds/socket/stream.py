"""A venue's live messages for ever, over as many connections as its limits make necessary."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from tio.api.series import EPOCH
from tio.engine.feeds.http import Web
from tio.engine.feeds.http.redact import Redactor
from tio.engine.feeds.socket.connection import Messages, Talk
from tio.engine.feeds.socket.holding import Frame, Holding, OnFrame
from tio.engine.feeds.socket.lane import Lane, OnGap
from tio.engine.feeds.socket.shapes import Manners, Phase, StreamState
from tio.engine.feeds.socket.subscription import spread
from tio.engine.feeds.socket.wire import Dial, dialer

_ORDER = (Phase.waiting, Phase.connecting, Phase.repairing, Phase.live)
_BETWEEN = 1.0
"""Seconds between two openings of one stream: never more than one a second."""


class Stream:
    """Subscribed to what is wanted now, reconnecting and repairing until `run` is cancelled.

    `on_frame(text or bytes, received_at in µs UTC)`; a ValueError or TioError it raises is counted.
    `on_gap(last received_at, symbols)` is awaited after a reconnect; live frames wait for it.
    `ends` says whether a frame announces that the venue will close. `on_state` hears of changes.
    """

    def __init__(
        self,
        web: Web,
        name: str,
        url: str,
        on_frame: OnFrame,
        *,
        subscribe: Messages,
        unsubscribe: Messages,
        manners: Manners | None = None,
        hello: Callable[[], Sequence[str]] = tuple,
        ends: Callable[[Frame], bool] = lambda _: False,
        on_gap: OnGap | None = None,
        on_state: Callable[[StreamState], None] = lambda _: None,
        headers: Mapping[str, str] = {},
        credential: str = "",
        own: bool = False,
        dial: Dial | None = None,
    ) -> None:
        """`own`: the owner wrote this address; one that names a private address is taken for own.

        `hello` gives what every opening begins with, as to log in; `dial` replaces the wire.
        """
        self.name = name
        self.manners = manners or Manners()
        self._url, self._clock, self._jitter = url, web.clock, web.jitter
        self._shown = Redactor([credential]).url(url)
        self._on_frame, self._on_gap, self._on_state = on_frame, on_gap, on_state
        self._talk = Talk(subscribe, unsubscribe, hello, ends)
        self._headers = headers
        opened = dialer(web, url, self.manners, own)
        self._dial, self._wire = dial or opened[0], opened[1]
        self._lanes: list[Lane] = []
        self._wanted: frozenset[str] = frozenset()
        self._changed = asyncio.Event()
        self._opening = asyncio.Lock()
        self._opened_at: float | None = None
        self._past = StreamState(name=name, url=self._shown, phase=Phase.idle)

    def want(self, symbols: Iterable[str]) -> None:
        """The symbols wanted now, in the venue's spelling; none at all: no connection."""
        self._wanted = frozenset(symbols)
        self._changed.set()

    async def run(self) -> None:
        """For ever; cancelled, it closes its connections."""
        tasks: dict[Lane, asyncio.Task[None]] = {}
        try:
            while True:
                self._changed.clear()
                await self._share(tasks)
                changed = asyncio.create_task(self._changed.wait())
                try:
                    waited = (changed, *tasks.values())
                    await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    changed.cancel()
                for task in tasks.values():
                    if task.done():
                        task.result()  # a lane ends only by a fault of ours
        finally:
            for task in tasks.values():
                task.cancel()
            await asyncio.gather(*tasks.values(), return_exceptions=True)
            await self._wire.close()

    def try_now(self) -> None:
        """Do not wait any longer before connecting again."""
        for lane in self._lanes:
            lane.try_now()

    def state(self) -> StreamState:
        """How it does: the phase of the connection that is worst off, and sums over all."""
        lanes = self._lanes
        if not lanes:
            return self._past
        worst = min(lanes, key=lambda lane: _ORDER.index(lane.phase) if lane.phase in _ORDER else 1)
        last = max((lane.last_at for lane in lanes if lane.last_at is not None), default=None)
        pings = [lane.connection.ping for lane in lanes if lane.connection is not None]
        return StreamState(
            name=self.name,
            url=self._shown,
            phase=worst.phase,
            reason=worst.reason,
            until=worst.until,
            connections=sum(lane.connection is not None for lane in lanes),
            symbols=len(self._wanted),
            reconnects=sum(lane.reconnects for lane in lanes),
            frames=sum(lane.frames for lane in lanes),
            garbage=sum(lane.holding.garbage for lane in lanes),
            oversize=sum(lane.oversize for lane in lanes),
            unreleased=sum(lane.holding.lost for lane in lanes),
            last_message_at=None if last is None else _moment(last),
            ping=max((ping for ping in pings if ping is not None), default=None),
        )

    async def _share(self, tasks: dict[Lane, "asyncio.Task[None]"]) -> None:
        """Give every connection its symbols; end those without, begin those that lack."""
        shares = spread(
            self._wanted, [lane.wants.symbols for lane in self._lanes], self.manners.most_symbols
        )
        for lane, share in zip(list(self._lanes), shares, strict=False):
            lane.wants.set(share)
            if not share:
                self._lanes.remove(lane)
                task = tasks.pop(lane)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        for share in [share for share in shares if share][len(self._lanes) :]:
            lane = self._lane()
            lane.wants.set(share)
            self._lanes.append(lane)
            tasks[lane] = asyncio.create_task(lane.run(), name=f"stream of {self.name}")
        if not self._lanes:
            self._on_state(self._past)

    def _lane(self) -> Lane:
        return Lane(
            self.name,
            self._url,
            self._clock,
            self._jitter,
            self._dial,
            self._gate,
            self.manners,
            self._talk,
            self._headers,
            Holding(self._on_frame),
            self._on_gap,
            lambda: self._on_state(self.state()),
        )

    async def _gate(self) -> None:
        """One opening after the other, a second apart."""
        async with self._opening:
            now = self._clock.monotonic()
            if self._opened_at is not None and now - self._opened_at < _BETWEEN:
                await self._clock.sleep(self._opened_at + _BETWEEN - now)
            self._opened_at = self._clock.monotonic()


def _moment(at: int) -> datetime:
    return EPOCH + timedelta(microseconds=at)
