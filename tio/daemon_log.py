"""The daemon's log: JSON lines in a file that rotates by size, or plain lines on standard error."""

import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

import msgspec

from tio.config import Log

POLL = 0.2


def keep_log(path: Path, settings: Log) -> None:
    """Write every log line of this process to `path`, from now on."""
    handler = RotatingFileHandler(
        path, maxBytes=settings.max_mb * 1_000_000, backupCount=settings.keep, encoding="utf-8"
    )
    handler.setFormatter(JsonLine())
    _install(handler, settings)


def log_to_stderr(settings: Log) -> None:
    """Write every log line of this process to standard error, from now on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    _install(handler, settings)


def last_lines(path: Path, count: int) -> list[str]:
    """The last lines of the log, oldest first; none when there is no log."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - count * 4_096))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return []
    return lines[-count:] if count else []


def follow(
    path: Path, count: int = 20, pause: Callable[[], None] = lambda: time.sleep(POLL)
) -> Iterator[str]:
    """The last whole lines, then those that come, over rotations, until the caller stops."""
    place, at, lines = _end(path, count)
    yield from lines
    while True:
        pause()
        now = _stat(path)
        if place is not None and (now is None or now.st_ino != place.st_ino):
            rotated = path.with_name(f"{path.name}.1")
            if (there := _stat(rotated)) is not None and there.st_ino == place.st_ino:
                yield from _whole(rotated, at)[0]
            at = 0
        place = now
        if now is not None:
            at = at if at <= now.st_size else 0  # it was emptied
            lines, at = _whole(path, at)
            yield from lines


def _end(path: Path, count: int) -> tuple[os.stat_result | None, int, list[str]]:
    """The file, where its last whole line ends, and its last lines."""
    place = _stat(path)
    if place is None:
        return None, 0, []
    lines, at = _whole(path, max(0, place.st_size - count * 4_096))
    return place, at, lines[-count:] if count else []


def _whole(path: Path, at: int) -> tuple[list[str], int]:
    """The whole lines from there on, and where they end."""
    try:
        with path.open("rb") as file:
            file.seek(at)
            new = file.read()
    except FileNotFoundError:
        return [], at
    end = new.rfind(b"\n") + 1
    return new[:end].decode("utf-8", "replace").splitlines(), at + end


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


class JsonLine(logging.Formatter):
    """One record as one line of JSON: at, level, origin, message, and the traceback if any."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname.lower(),
            "origin": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line).decode()


def _install(handler: logging.Handler, settings: Log) -> None:
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(settings.level.upper())
    # The engine's LOG hears more than a file that keeps only warnings.
    handler.setLevel(settings.level.upper())
