"""What systemd gives and wants: an inherited socket, and to be told when we are ready."""

import os
import socket
from collections.abc import Mapping

FIRST = 3  # SD_LISTEN_FDS_START


def inherited(environ: Mapping[str, str] | None = None) -> socket.socket | None:
    """The listening Unix socket systemd passed to this very process, never to be unlinked."""
    given = os.environ if environ is None else environ
    if given.get("LISTEN_PID") != str(os.getpid()) or not given.get("LISTEN_FDS", "").isdigit():
        return None
    if int(given["LISTEN_FDS"]) < 1:
        return None
    door = socket.socket(fileno=FIRST)
    if door.family != socket.AF_UNIX or not door.getsockopt(
        socket.SOL_SOCKET, socket.SO_ACCEPTCONN
    ):
        door.detach()
        return None
    os.set_inheritable(FIRST, False)
    door.setblocking(False)
    return door


def supervised(environ: Mapping[str, str] | None = None) -> bool:
    """Whether systemd started this process."""
    given = os.environ if environ is None else environ
    return "NOTIFY_SOCKET" in given or "INVOCATION_ID" in given


def notify(state: str, environ: Mapping[str, str] | None = None) -> bool:
    """Tell systemd (`READY=1`, `STOPPING=1`); False when nobody listens."""
    address = (os.environ if environ is None else environ).get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return False
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as teller:
        try:
            teller.sendto(state.encode(), address)
        except OSError:
            return False
    return True
