"""Writes what the sources say to a recording, from a thread of its own."""

import contextlib
import gzip
import zlib
from collections.abc import Sequence
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Thread
from time import monotonic
from typing import BinaryIO

from tio.api.errors import Conflict, Invalid, NotAllowed, NotFound
from tio.api.files import RecordingReport
from tio.api.ticks import Tick
from tio.engine.feeds.frames import HEADER, stamp
from tio.engine.feeds.tio_ticks import address, written

_FLUSH_EVERY = 0.5
_MOST_WAITING = 20_000
_BREAKS = str.maketrans("\r\n", "  ")
_Item = tuple[str, str, str | tuple[Tick, ...], int]
"""Source, address, what it said, when (µs UTC); without an address: its connection is another."""


class Recorder:
    """One recording file, gzipped when its name ends in .gz; `stop` ends it.

    `frame` and `ticks` return at once: what the disk cannot keep up with is dropped and counted.
    A full disk ends the recording with its `reason`; what was written stays.
    """

    def __init__(self, path: Path, sources: Sequence[str]) -> None:
        """Raises Conflict for a file that exists: a recording never overwrites one."""
        self.reason = ""
        """Why it ended by itself; empty while it goes and after `stop`."""
        self.dropped = 0
        self._path = path
        self._lines = 0
        self._url = ""
        self._heard: set[str] = set()
        self._lost: set[str] = set()
        """Sources heard before whose next words come over a new connection."""
        self._waiting: Queue[_Item | None] = Queue(_MOST_WAITING)
        self._raw = _created(path)
        self._file: BinaryIO | gzip.GzipFile = self._raw
        if path.suffix == ".gz":
            self._file = gzip.GzipFile(path.stem, "wb", fileobj=self._raw, compresslevel=5)
        self._thread = Thread(target=self._write, args=(tuple(sources),), name="recorder")
        self._thread.daemon = True
        self._thread.start()

    def frame(self, source: str, url: str, text: str, at: int) -> None:
        """A raw frame of `source` as received from `url` at this instant (µs UTC)."""
        self._put((source, f"{url.partition('#')[0]}#{source}", text, at))

    def ticks(self, source: str, ticks: Sequence[Tick], at: int) -> None:
        """One emission of a source that has no raw frames."""
        self._put((source, address(source), tuple(ticks), at))

    def reconnected(self, source: str) -> None:
        """What `source` says from now on comes over another connection than what it said before."""
        self._put((source, "", "", 0))

    @property
    def recording(self) -> bool:
        return self._thread.is_alive() and not self.reason

    def report(self) -> RecordingReport:
        size = 0
        with contextlib.suppress(OSError):
            size = self._path.stat().st_size
        return RecordingReport(
            path=str(self._path), recording=self.recording, lines=self._lines, bytes=size
        )

    def stop(self) -> RecordingReport:
        """Write what waits, close the file, say what it holds; waits for the disk."""
        while self._thread.is_alive():
            with contextlib.suppress(Full):
                self._waiting.put(None, timeout=0.1)
                break
        self._thread.join()
        return self.report()

    def _put(self, item: _Item) -> None:
        if self.reason:
            return
        try:
            self._waiting.put_nowait(item)
        except Full:
            self.dropped += 1

    def _write(self, sources: tuple[str, ...]) -> None:
        try:
            self._say(" ".join((HEADER, *sources)))
            self._loop()
            self._file.close()
        except OSError as wrong:
            self.reason = f"recording to {self._path} ended: {wrong.strerror or wrong}"
        finally:
            # A gzip stream that cannot be ended still gives back its file.
            with contextlib.suppress(OSError):
                self._file.close()
            with contextlib.suppress(OSError):
                self._raw.close()

    def _loop(self) -> None:
        flushed = monotonic()
        while True:
            try:
                item = self._waiting.get(timeout=_FLUSH_EVERY)
            except Empty:
                item = ("", "", "", 0)
            if item is None:
                return
            source, url, said, at = item
            if url:
                self._record(source, url, said, at)
            elif source in self._heard:
                self._lost.add(source)
            if monotonic() - flushed >= _FLUSH_EVERY:
                self._flush()
                flushed = monotonic()

    def _record(self, source: str, url: str, said: str | tuple[Tick, ...], at: int) -> None:
        if url != self._url:
            self._say(f"{url} <-> {stamp(at)}")
            self._url = url
        if source in self._lost:
            # One such line may only turn to this address; said again, it was connected to anew.
            self._say(f"{url} <-> {stamp(at)}")
            self._lost.discard(source)
        self._heard.add(source)
        text = said if isinstance(said, str) else written(said)
        self._say(f"{stamp(at)}: {text.translate(_BREAKS)}")

    def _say(self, line: str) -> None:
        self._file.write(line.encode(errors="replace") + b"\n")
        self._lines += 1

    def _flush(self) -> None:
        if isinstance(self._file, gzip.GzipFile):
            self._file.flush(zlib.Z_SYNC_FLUSH)
        self._raw.flush()


def _created(path: Path) -> BinaryIO:
    try:
        return path.open("xb")
    except FileExistsError:
        raise Conflict(f"{path} exists already", "name another file") from None
    except FileNotFoundError:
        raise NotFound(f"there is no folder {path.parent}") from None
    except PermissionError:
        raise NotAllowed(f"{path} may not be written") from None
    except (OSError, ValueError) as wrong:
        raise Invalid(f"{path!s:.200} cannot be written: {wrong}") from None
