"""What waits for a writer: acknowledged writes first, bulk after them."""

import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

Work = Callable[[sqlite3.Connection], Any]


@dataclass(frozen=True)
class Write:
    """One piece of work; `done`, where somebody waits, gets its result after the commit."""

    work: Work
    bulk: bool = False
    done: "Future[Any] | None" = field(default=None, compare=False)

    def begins(self) -> bool:
        """False when whoever waited has left before it began: it is then not done at all."""
        return self.done is None or self.done.set_running_or_notify_cancel()


class WriteQueue:
    """Two lines before one writer thread: the urgent one is always served first."""

    def __init__(self) -> None:
        self._urgent: deque[Write] = deque()
        self._bulk: deque[Write] = deque()
        self._changed = threading.Condition()
        self._closed = False

    def __len__(self) -> int:
        return len(self._urgent) + len(self._bulk)

    def put(self, write: Write) -> bool:
        """False when the queue is closed."""
        with self._changed:
            if self._closed:
                return False
            (self._bulk if write.bulk else self._urgent).append(write)
            self._changed.notify()
            return True

    def take(self) -> Write | None:
        """The next write, waiting for it; None when closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._urgent or self._bulk or self._closed)
            if self._urgent:
                return self._urgent.popleft()
            return self._bulk.popleft() if self._bulk else None

    def take_bulk(self) -> Write | None:
        """More bulk for the transaction under way; None when an urgent write waits."""
        with self._changed:
            return self._bulk.popleft() if self._bulk and not self._urgent else None

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
