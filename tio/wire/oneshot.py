"""One ask, or one topic as lines, over the socket with the standard library alone: for commands."""

import http.client
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

CONNECT_WITHIN = 3.0
PROTOCOL = "1"


def ask_bytes(
    path: Path, name: str, body: bytes = b"{}", key: str = "", *, within: float | None = None
) -> tuple[int, bytes]:
    """The status and JSON of one ask; FileNotFoundError or ConnectionError when nobody is there."""
    headers = {"Content-Type": "application/json", "Tio-Protocol": PROTOCOL}
    if key:
        headers["Idempotency-Key"] = key
    with _connected(path, within) as connection:
        connection.request("POST", f"/v1/ask/{name}", body, headers)
        reply = connection.getresponse()
        return reply.status, reply.read()


def get_bytes(path: Path, address: str, *, within: float | None = None) -> tuple[int, bytes]:
    """The status and body of a page, as `/v1/words`."""
    with _connected(path, within) as connection:
        connection.request("GET", address, headers={"Tio-Protocol": PROTOCOL})
        reply = connection.getresponse()
        return reply.status, reply.read()


def lines(path: Path, name: str, fields: dict[str, str] | None = None) -> Iterator[bytes]:
    """A topic's items as JSON lines until the engine leaves; a refusal is `{"error": …}`."""
    query = f"?{urlencode(fields)}" if fields else ""
    with _connected(path, None) as connection:
        connection.request("GET", f"/v1/watch/{name}{query}", headers={"Tio-Protocol": PROTOCOL})
        reply = connection.getresponse()
        while line := _next_line(reply):
            yield line.rstrip(b"\n")


def _next_line(reply: http.client.HTTPResponse) -> bytes:
    """The next whole line; empty when the engine has ended the stream or left."""
    try:
        line = reply.readline()
    except (http.client.IncompleteRead, ConnectionError):
        return b""
    return line if line.endswith(b"\n") else b""


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path, within: float | None) -> None:
        super().__init__("tio")
        self._path = path
        self._within = within

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(CONNECT_WITHIN)
        self.sock.connect(str(self._path))
        self.sock.settimeout(self._within)


@contextmanager
def _connected(path: Path, within: float | None) -> Iterator[_UnixConnection]:
    connection = _UnixConnection(path, within)
    try:
        yield connection
    finally:
        connection.close()
