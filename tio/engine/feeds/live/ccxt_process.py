"""The process in which ccxt runs: begun with the first question, ended when nobody asks."""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path
from typing import Any

import msgspec

from tio.api.errors import SourceUnavailable
from tio.engine.feeds.ccxt_answers import error_of, read_answer
from tio.engine.feeds.live.answering import reading
from tio.plugin import Clock

CHILD = Path(__file__).with_name("ccxt_child.py")
IDLE = 600.0
"""Seconds without a question after which the process ends."""
LONGEST = 120.0
"""Seconds an answer may take, the import of ccxt and its rate limit included."""
_LINE = 64 * 1024 * 1024


class CcxtProcess:
    """Asks one question at a time; when the process is lost the next question begins another."""

    def __init__(self, exchange: str, proxy: str, clock: Clock) -> None:
        self.exchange = exchange
        self._proxy, self._clock = proxy, clock
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._number = 0
        self._used = 0.0

    async def ask(self, ask: str, **params: Any) -> bytes:
        """The rows of the answer, as JSON; a TioError where ccxt has none."""
        async with self._turn:
            self._used = self._clock.monotonic()
            process = await self._started()
            self._number += 1
            question = {"ask": ask, "id": self._number, **params}
            line = await self._within(process, msgspec.json.encode(question) + b"\n")
        with reading(f"ccxt ({self.exchange})"):
            answer = read_answer(line)
        error = error_of(answer, self.exchange)
        if error is not None:
            raise error
        return bytes(answer.rows)

    async def close(self) -> None:
        """End the process, if it runs."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)

    async def _started(self) -> Process:
        process = self._process
        if process is None or process.returncode is not None:
            await self.close()
            # -P: the folder of the child has a ccxt.py of ours, which must not be taken for it.
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",
                str(CHILD),
                self.exchange,
                self._proxy,
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                env={n: value for n, value in os.environ.items() if not n.startswith("TIO_")},
                limit=_LINE,
            )
            self._process = process
            self._keeper = asyncio.create_task(self._keep(process), name="ccxt")
        return process

    async def _within(self, process: Process, question: bytes) -> bytes:
        """The line that answers, or the end of a process that does not."""
        talking = asyncio.ensure_future(self._talk(process, question))
        asleep = asyncio.ensure_future(self._clock.sleep(LONGEST))
        try:
            await asyncio.wait((talking, asleep), return_when=asyncio.FIRST_COMPLETED)
            if talking.done():
                return talking.result()
        finally:
            answered = talking.done()
            for task in (talking, asleep):
                task.cancel()
            await asyncio.gather(talking, asleep, return_exceptions=True)
            if not answered:  # it would come when the answer to another question is awaited
                await self.close()
        raise SourceUnavailable(f"{self.exchange} through ccxt: no answer in {LONGEST:g} seconds")

    async def _talk(self, process: Process, question: bytes) -> bytes:
        assert process.stdin is not None
        assert process.stdout is not None
        line = b""
        with contextlib.suppress(ConnectionError, ValueError):
            process.stdin.write(question)
            await process.stdin.drain()
            line = await process.stdout.readline()
        if not line.endswith(b"\n"):
            await self.close()
            raise SourceUnavailable(f"{self.exchange} through ccxt: its process has ended")
        return line

    async def _keep(self, process: Process) -> None:
        """Own the process until it has been idle, or this is cancelled."""
        try:
            while self._turn.locked() or self._clock.monotonic() - self._used < IDLE:
                await self._clock.sleep(IDLE)
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
            if self._process is process:
                self._process = None
            if process.stdout is not None:
                await process.stdout.read()
            await process.wait()
