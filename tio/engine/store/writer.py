"""The one thread that writes a file."""

import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tio.api.errors import TioError
from tio.engine.store.faults import told
from tio.engine.store.opening import Durability, connect
from tio.engine.store.write_queue import Write, WriteQueue

BATCH = 0.05
"""Seconds of bulk gathered into one transaction."""


class Writer:
    """Runs each write in a transaction of its own, and bulk in batches."""

    def __init__(
        self, path: Path, durability: Durability, lost: Callable[[TioError], None]
    ) -> None:
        self.queue = WriteQueue()
        self._path = path
        self._lost = lost
        self._connection = connect(path, durability)
        self.changes = 0
        """Rows changed by what is committed."""
        self._thread = threading.Thread(target=self._run, name=f"writes {path.name}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Finish what waits, fold the log into the file, end the thread."""
        self.queue.close()
        self._thread.join()

    def _run(self) -> None:
        try:
            while (write := self.queue.take()) is not None:
                if write.bulk:
                    self._write_batch(write)
                else:
                    self._write_one(write)
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.Error as error:  # The log stays beside the file and is read on opening.
            self._lost(told(error, self._path))
        finally:
            self._connection.close()

    def _write_one(self, write: Write) -> None:
        if not write.begins():
            return
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            result = write.work(self._connection)
            self._commit()
        except BaseException as error:  # noqa: BLE001 — whoever awaits the write gets it
            self._roll_back()
            self._fail([write], error)
        else:
            _answer(write, result)

    def _write_batch(self, first: Write) -> None:
        """Bulk until time is up or an urgent write comes; one that fails takes no other along."""
        finished: list[tuple[Write, Any]] = []
        ends = time.monotonic() + BATCH
        write: Write | None = first
        begun: list[Write] = []
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            while write is not None:
                if write.begins():
                    begun.append(write)
                    self._write_within(write, finished)
                write = self.queue.take_bulk() if time.monotonic() < ends else None
            self._commit()
        except BaseException as error:  # noqa: BLE001 — whoever awaits the writes gets it
            self._roll_back()
            if write is first and not begun and write.begins():
                begun.append(write)
            self._fail(begun, error)
        else:
            for done, result in finished:
                _answer(done, result)

    def _write_within(self, write: Write, finished: list[tuple[Write, Any]]) -> None:
        self._connection.execute("SAVEPOINT piece")
        try:
            finished.append((write, write.work(self._connection)))
        except BaseException as error:
            if not self._connection.in_transaction:
                raise
            self._connection.execute("ROLLBACK TO piece")
            self._fail([write], error)
        self._connection.execute("RELEASE piece")

    def _commit(self) -> None:
        self._connection.execute("COMMIT")
        self.changes = self._connection.total_changes

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _fail(self, writes: list[Write], error: BaseException) -> None:
        known = told(error, self._path) if isinstance(error, sqlite3.Error) else error
        unawaited = False
        for write in writes:
            if write.done is None:
                unawaited = True
            elif not write.done.done():
                write.done.set_exception(known)
        if unawaited:
            self._lost(known if isinstance(known, TioError) else _unexpected(known))


def _answer(write: Write, result: Any) -> None:
    if write.done is not None:
        write.done.set_result(result)


def _unexpected(error: BaseException) -> TioError:
    return TioError(f"a write failed: {type(error).__name__}: {error}", "the log has the rest")
