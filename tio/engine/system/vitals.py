"""How the engine does: uptime, rates, loop lag, memory, files."""

import asyncio
import os
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tio import __version__
from tio.api.access import Principal
from tio.api.contract import Request, Topic
from tio.api.system import GetHealth, GetStorage, Health, Shutdown, StorageReport
from tio.engine.service import Answer, Stream
from tio.engine.store.database import Database
from tio.plugin import Clock

BEAT = 0.5
"""Seconds between two measurements of the loop's lag."""


class Vitals:
    """Answers for health and storage; hands a wish to shut down to whoever holds the engine."""

    def __init__(
        self,
        workspace: str,
        clock: Clock,
        traffic: Callable[[], tuple[int, int]],
        databases: Sequence[Database],
        notice: Callable[[], str] = lambda: "",
    ) -> None:
        """`notice` says what, besides its files, a person should know; empty when all is well."""
        self._workspace = workspace
        self._clock = clock
        self._traffic = traffic
        self._databases = databases
        self._notice = notice
        self._born = time.monotonic()
        self._task: asyncio.Task[None] | None = None
        self._lags: list[float] = []
        self._rate = 0.0
        self.census: Callable[[], int] = lambda: 0
        self.on_shutdown: Callable[[bool], None] | None = None

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {GetHealth: self._health, GetStorage: self._storage, Shutdown: self._shutdown}

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {}

    async def start(self) -> None:
        self._task = asyncio.create_task(self._measure(), name="vitals")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _measure(self) -> None:
        _, before = self._traffic()
        while True:
            began = time.monotonic()
            await asyncio.sleep(BEAT)
            took = time.monotonic() - began
            self._lags = [*self._lags[-19:], max(0.0, took - BEAT)]
            _, ticks = self._traffic()
            self._rate += 0.4 * ((ticks - before) / took - self._rate)
            before = ticks

    async def _health(self, _: GetHealth, __: Principal) -> Health:
        instruments, ticks = self._traffic()
        notices = [self._notice(), *(db.notice for db in self._databases)]
        return Health(
            version=__version__,
            workspace=self._workspace,
            pid=os.getpid(),
            uptime=time.monotonic() - self._born,
            clients=self.census(),
            instruments=instruments,
            ticks=ticks,
            rate=round(self._rate, 1),
            lag_ms=round(max(self._lags, default=0.0) * 1_000, 2),
            memory_mb=round(resident_mb(), 1),
            now=self._clock.now(),
            banner="; ".join(filter(None, notices)),
        )

    async def _storage(self, request: GetStorage, _: Principal) -> tuple[StorageReport, ...]:
        return tuple([await db.report(check=request.check) for db in self._databases])

    async def _shutdown(self, request: Shutdown, principal: Principal) -> Health:
        health = await self._health(GetHealth(), principal)
        if self.on_shutdown is not None:
            asyncio.get_running_loop().call_soon(self.on_shutdown, request.hand_over)
        return health


def resident_mb() -> float:
    """This process's resident memory in MB; its peak where the system tells no more."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    return pages * resource.getpagesize() / (1 << 20)
