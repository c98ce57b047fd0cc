"""Who is at the other end of a Unix socket, as the kernel says."""

import ctypes
import os
import socket
import struct
import sys
from typing import Protocol

_UCRED = struct.Struct("3i")  # pid, uid, gid


class Peered(Protocol):
    """What a socket and asyncio's wrapper of one share."""

    def getsockopt(self, level: int, option: int, size: int, /) -> bytes: ...
    def fileno(self) -> int: ...


def peer_uid(connection: Peered) -> int | None:
    """The uid of the process that connected; None where the kernel does not tell."""
    if sys.platform == "darwin":
        return _getpeereid(connection.fileno())
    try:
        found = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
    except OSError:
        return None
    uid: int = _UCRED.unpack(found)[1]
    return uid


def is_owner(connection: Peered | None) -> bool:
    """Whether the other end runs as the user that this process runs as."""
    return connection is not None and peer_uid(connection) == os.getuid()


def _getpeereid(descriptor: int) -> int | None:
    uid, gid = ctypes.c_uint32(), ctypes.c_uint32()
    failed = ctypes.CDLL(None).getpeereid(descriptor, ctypes.byref(uid), ctypes.byref(gid))
    return None if failed else uid.value
