import os
import socket
import subprocess
import sys
from pathlib import Path

from tio.wire import systemd


def test_readiness_is_told_as_a_datagram(socket_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(socket_path))

        assert systemd.notify("READY=1", {"NOTIFY_SOCKET": str(socket_path)})

        assert manager.recv(100) == b"READY=1"


def test_without_a_manager_nothing_is_told(socket_path: Path) -> None:
    assert not systemd.notify("READY=1", {})
    assert not systemd.notify("READY=1", {"NOTIFY_SOCKET": str(socket_path)})
    assert not systemd.notify("READY=1", {"NOTIFY_SOCKET": "relative"})


def test_sockets_of_another_process_are_not_taken() -> None:
    for environ in (
        {},
        {"LISTEN_PID": str(os.getpid() + 1), "LISTEN_FDS": "1"},
        {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "0"},
        {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "many"},
    ):
        assert systemd.inherited(environ) is None


def test_a_passed_listening_socket_is_taken(socket_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(socket_path))
        listening.listen()
        code = (
            "import os; os.dup2(int(os.environ['GIVEN']), 3);"
            "from tio.wire import systemd;"
            "door = systemd.inherited({'LISTEN_PID': str(os.getpid()), 'LISTEN_FDS': '1'});"
            "print(door.getsockname())"
        )

        done = subprocess.run(
            [sys.executable, "-c", code],
            pass_fds=[listening.fileno()],
            env={**os.environ, "GIVEN": str(listening.fileno())},
            capture_output=True,
            text=True,
            check=True,
        )

    assert done.stdout.strip() == str(socket_path)
