import os
import socket
import stat
from pathlib import Path

import pytest

from tio.api.errors import Conflict, Misconfigured
from tio.wire.socket_door import Door


def test_the_socket_is_for_its_owner_alone(socket_path: Path) -> None:
    mask = os.umask(0)
    try:
        door = Door.open(socket_path)
    finally:
        os.umask(mask)

    assert stat.S_IMODE(socket_path.lstat().st_mode) == 0o600
    door.close()
    assert not socket_path.exists()


def test_a_stale_socket_is_replaced(socket_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(socket_path))

    door = Door.open(socket_path)

    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(socket_path))
    door.close()


def test_what_is_no_socket_is_left_alone(socket_path: Path) -> None:
    socket_path.write_text("my notes")

    with pytest.raises(Conflict, match="is not a socket"):
        Door.open(socket_path)

    assert socket_path.read_text() == "my notes"


def test_a_link_in_the_sockets_place_is_not_followed(socket_path: Path, home: Path) -> None:
    target = home / "precious"
    target.write_text("mine")
    socket_path.symlink_to(target)

    with pytest.raises(Conflict):
        Door.open(socket_path)

    assert target.read_text() == "mine"


def test_a_folder_open_to_others_is_refused(socket_path: Path) -> None:
    socket_path.parent.chmod(0o755)

    with pytest.raises(Misconfigured, match="only you"):
        Door.open(socket_path)


def test_a_folder_that_is_a_link_is_refused(home: Path) -> None:
    (home / "real").mkdir(mode=0o700)
    (home / "link").symlink_to(home / "real")

    with pytest.raises(Misconfigured, match="only you"):
        Door.open(home / "link" / "main.sock")


def test_a_path_too_long_is_one_sentence(home: Path) -> None:
    folder = home / ("d" * 120)
    folder.mkdir(mode=0o700)

    with pytest.raises(Misconfigured, match="cannot be opened"):
        Door.open(folder / "main.sock")


def test_another_ones_socket_in_our_place_is_not_removed(socket_path: Path) -> None:
    first = Door.open(socket_path)
    second = Door.open(socket_path)

    first.close()

    assert socket_path.exists()
    second.close()


def test_an_inherited_socket_is_never_removed(socket_path: Path) -> None:
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(socket_path))

    Door(listening, None).close()

    assert socket_path.exists()
