"""How full one connection is: small buffers, so that a slow client waits in the engine's inbox."""

import socket
from typing import Any

from aiohttp import web

SEND_BUFFER = 64 * 1024
WRITE_BUFFER = 16 * 1024


class Flow:
    """The outward buffers of one connection, made small."""

    def __init__(self, call: web.Request) -> None:
        self._transport = call.transport
        if self._transport is None:
            return
        self._transport.set_write_buffer_limits(high=WRITE_BUFFER, low=0)
        connection: Any = self._transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)

    def abort(self) -> None:
        """End the connection now, whatever has not been taken."""
        if self._transport is not None:
            self._transport.abort()

    def drained(self) -> bool:
        """Whether the kernel has taken all that was written (so has nothing on a dead line)."""
        transport = self._transport
        return transport is None or not transport.get_write_buffer_size()
