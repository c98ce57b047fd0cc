"""The daemon's log: JSON lines in a file that rotates by size, or plain lines on standard error."""

import logging
import sys
import time
from collections.abc import Iterator
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


def follow(path: Path, count: int = 20) -> Iterator[str]:
    """The last lines, then those that come, over rotations, until the caller stops."""
    yield from last_lines(path, count)
    place = path.stat() if path.exists() else None
    at = place.st_size if place else 0
    while True:
        time.sleep(POLL)
        if not path.exists():
            continue
        now = path.stat()
        if place is None or now.st_ino != place.st_ino or now.st_size < at:
            place, at = now, 0
        if now.st_size > at:
            with path.open("rb") as file:
                file.seek(at)
                new = file.read()
            whole = new.rfind(b"\n") + 1
            at += whole
            yield from new[:whole].decode("utf-8", "replace").splitlines()


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
