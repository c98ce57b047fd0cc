"""The local door: a Unix socket that only its owner can open, in a folder that only they can."""

import os
import socket
import stat
import sys
from pathlib import Path
from typing import Self

from tio.api.errors import Conflict, Misconfigured

BACKLOG = 1024


class Door:
    """A listening socket; `path` is None when it was inherited and is not ours to remove."""

    def __init__(self, listening: socket.socket, path: Path | None) -> None:
        self.listening = listening
        self._path = path
        self._file = path.lstat() if path else None

    @classmethod
    def open(cls, path: Path) -> Self:
        """A 0600 socket at `path`; only the holder of the workspace's lock may call this.

        A stale socket is removed, anything else in its place is refused: Misconfigured, Conflict.
        """
        _check_folder(path.parent)
        _remove_stale(path)
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            _bind_private(listening, path)
            listening.listen(BACKLOG)
            listening.setblocking(False)
        except OSError as error:
            listening.close()
            raise Misconfigured(
                f"the socket {path} cannot be opened: {error.strerror or error}",
                "Set XDG_RUNTIME_DIR or TIO_HOME to a shorter folder that is yours.",
            ) from error
        return cls(listening, path)

    def close(self) -> None:
        """Stop listening and remove the socket's file, unless another has taken its place."""
        self.listening.close()
        if self._path is None or self._file is None:
            return
        try:
            if os.path.samestat(self._path.lstat(), self._file):
                self._path.unlink()
        except FileNotFoundError:
            return


def _bind_private(listening: socket.socket, path: Path) -> None:
    if sys.platform != "darwin":
        # The file takes these permissions on bind: it is never open to others, not even briefly.
        os.fchmod(listening.fileno(), 0o600)
        listening.bind(os.fspath(path))
        return
    mask = os.umask(0o177)
    try:
        listening.bind(os.fspath(path))
    finally:
        os.umask(mask)


def _check_folder(folder: Path) -> None:
    try:
        found = folder.lstat()
    except OSError as error:
        raise Misconfigured(f"{folder} cannot be used: {error.strerror}") from error
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
    if not ours or stat.S_IMODE(found.st_mode) != 0o700:
        raise Misconfigured(
            f"{folder} is not a folder that only you can open",
            "Make it yours with mode 0700, or set TIO_HOME to another.",
        )


def _remove_stale(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise Conflict(f"{path} is in the way and is not a socket", "Move it away.")
    path.unlink()
