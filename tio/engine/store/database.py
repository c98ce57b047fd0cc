"""One SQLite file: a single writer thread, readers of their own, migrations on opening."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from tio.api.errors import Busy, TioError
from tio.api.system import StorageReport
from tio.engine.store.backups import back_up, integrity
from tio.engine.store.faults import told
from tio.engine.store.migrations import Step, schema_of
from tio.engine.store.opening import Durability, connect_to_read, make_ready
from tio.engine.store.write_queue import Work, Write
from tio.engine.store.writer import Writer

__all__ = ["Database", "Durability", "Step"]

T = TypeVar("T")
READERS = 3
WAITING = 20_000
"""Bulk writes that may wait; one more is dropped and reported."""


def _ignore(error: TioError) -> None:
    """Nobody asked to hear of lost bulk writes."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Database:
    """A file of the store. `notice` says, after opening, what a person should know about it."""

    def __init__(
        self,
        path: Path,
        durability: Durability,
        steps: Sequence[Step],
        *,
        on_lost: Callable[[TioError], None] = _ignore,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self.path = path
        self.notice = ""
        self._durability = durability
        self._steps = steps
        self._on_lost = on_lost
        self._now = now
        self._writer: Writer | None = None
        self._readers: ThreadPoolExecutor | None = None
        self._of_thread = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def changes(self) -> int:
        """Rows changed since the file was opened: the same as long as nothing of it changes."""
        return 0 if self._writer is None else self._writer.changes

    async def open(self) -> None:
        """Make the file ready; Conflict if a newer tio wrote it, Broken or Busy if it cannot."""
        self._loop = asyncio.get_running_loop()
        await asyncio.to_thread(self._open)

    async def close(self) -> None:
        """Finish every write that waits, then let go of the file."""
        writer, self._writer = self._writer, None
        readers, self._readers = self._readers, None
        if readers is not None:
            await asyncio.to_thread(readers.shutdown)
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        if writer is not None:
            await asyncio.to_thread(writer.close)

    async def write(self, work: Callable[[sqlite3.Connection], T], *, bulk: bool = False) -> T:
        """Run `work` in one transaction; its result once that is committed.

        Cancelled while it waits, nothing happens; cancelled later, it still happens whole. With
        `bulk` it waits behind every other write and may share its transaction.
        """
        done: Future[T] = Future()
        if self._writer is None or not self._writer.queue.put(Write(work, bulk, done)):
            raise _closed(self.path)
        return await asyncio.wrap_future(done)

    def post(self, work: Work) -> None:
        """Bulk nobody waits for; losing it is told to `on_lost`, on the event loop."""
        if self._writer is None:
            self._lost(_closed(self.path))
        elif len(self._writer.queue) >= WAITING:
            self._lost(Busy(f"{self.path.name} is {WAITING:,} writes behind; newer ones are lost"))
        elif not self._writer.queue.put(Write(work, bulk=True)):
            self._lost(_closed(self.path))

    async def settle(self) -> None:
        """Wait until everything posted before is committed."""
        await self.write(_nothing, bulk=True)

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` off the loop on a connection that cannot write, in one snapshot."""
        if self._readers is None:
            raise _closed(self.path)
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    async def report(self, *, check: bool = False) -> StorageReport:
        """The file's size and schema; with `check` whether SQLite finds it whole."""
        return await self.read(lambda connection: self._report(connection, check))

    async def back_up(self) -> Path:
        """Copy the file beside itself while it is in use; the newest three copies are kept."""
        return await asyncio.to_thread(back_up, self.path, self._now())

    def _open(self) -> None:
        self.notice = make_ready(self.path, self._durability, self._steps, self._now())
        self._writer = Writer(self.path, self._durability, self._lost)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix=f"reads {self.path.name}")

    def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            connection = self._reader()
            connection.execute("BEGIN")
            try:
                return work(connection)
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise told(error, self.path) from error

    def _reader(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._of_thread, "connection", None)
        if found is None:
            found = connect_to_read(self.path)
            self._of_thread.connection = found
            self._connections.append(found)
        return found

    def _report(self, connection: sqlite3.Connection, check: bool) -> StorageReport:
        parts = (self.path.with_name(self.path.name + end) for end in ("", "-wal"))
        return StorageReport(
            file=self.path.name,
            bytes=sum(part.stat().st_size for part in parts if part.exists()),
            schema=schema_of(connection),
            integrity=integrity(connection) if check else "",
        )

    def _lost(self, error: TioError) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._on_lost, error)


def _closed(path: Path) -> Busy:
    return Busy(f"{path.name} is closed, so nothing was saved", "try again when tio has started")


def _nothing(connection: sqlite3.Connection) -> None:
    """What waiting for the queue does."""
