"""One engine a workspace: a lock held for life, released by the kernel when its holder dies."""

import fcntl
import os
from pathlib import Path

import msgspec

from tio.api.errors import Misconfigured


class Holder(msgspec.Struct, frozen=True):
    """Who holds a lock: its process, and as what (`daemon`, `terminal` or `command`)."""

    pid: int = 0
    kind: str = ""


class Lock:
    """The right to be a workspace's engine and to own its socket."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def take(cls, path: Path, kind: str = "terminal") -> "Lock | None":
        """The lock of the file at `path`, or None when another process holds it."""
        descriptor = _opened(path)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        except OSError as error:
            os.close(descriptor)
            raise Misconfigured(f"{path} cannot be locked: {error.strerror}") from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, msgspec.json.encode(Holder(os.getpid(), kind)) + b"\n", 0)
        return cls(descriptor)

    def release(self) -> None:
        """Give it up; the file stays, for unlinking it would let two hold two files."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None


def holder(path: Path) -> Holder | None:
    """Who holds the lock at `path`, None when nobody does."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(descriptor)
    else:
        return None
    finally:
        os.close(descriptor)


def _read(descriptor: int) -> Holder:
    """What the holder wrote; empty in the instant between taking and writing."""
    try:
        return msgspec.json.decode(os.pread(descriptor, 200, 0), type=Holder)
    except msgspec.DecodeError:
        return Holder()


def _opened(path: Path) -> int:
    try:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        return os.open(path, flags, 0o600)
    except OSError as error:
        raise Misconfigured(f"{path} cannot be opened: {error.strerror}") from error
