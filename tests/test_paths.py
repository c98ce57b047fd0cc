import os
import subprocess
import sys
from pathlib import Path

import pytest

from tio.api.errors import Invalid, Misconfigured
from tio.paths import SOCKET_BYTES, Paths, private_folder


def test_tio_home_puts_everything_under_one_folder(tmp_path: Path) -> None:
    paths = Paths.find({"TIO_HOME": str(tmp_path), "XDG_RUNTIME_DIR": "/run/user/1"})

    assert paths.config_file == tmp_path / "config.toml"
    for folder in (paths.config, paths.data, paths.state, paths.cache, paths.runtime):
        assert folder.is_relative_to(tmp_path)


def test_xdg_variables_choose_each_folder() -> None:
    environ = {f"XDG_{kind}_HOME": f"/x/{kind}" for kind in ("CONFIG", "DATA", "STATE", "CACHE")}

    paths = Paths.find(environ | {"XDG_RUNTIME_DIR": "/run/user/1"})

    assert paths.config == Path("/x/CONFIG/tio")
    assert paths.data == Path("/x/DATA/tio")
    assert paths.state == Path("/x/STATE/tio")
    assert paths.cache == Path("/x/CACHE/tio")
    assert paths.runtime == Path("/run/user/1/tio")


def test_without_a_runtime_folder_the_socket_goes_under_state() -> None:
    paths = Paths.find({"XDG_STATE_HOME": "/x/state"})

    assert paths.runtime == Path("/x/state/tio/run")


def test_relative_xdg_folders_are_ignored_as_the_convention_asks(home: Path) -> None:
    paths = Paths.find({"XDG_CONFIG_HOME": "here", "XDG_RUNTIME_DIR": "there"})

    assert paths.config.is_absolute()
    assert paths.runtime.is_absolute()


def test_a_workspace_has_its_own_databases_lock_socket_and_log(tmp_path: Path) -> None:
    paths = Paths.find({"TIO_HOME": "/t"})
    main, demo = paths.workspace("main"), paths.workspace("demo")

    assert main.tio_db == Path("/t/data/main/tio.db")
    assert main.market_db == Path("/t/data/main/market.db")
    for field in ("tio_db", "market_db", "lock", "socket", "log"):
        assert getattr(main, field) != getattr(demo, field)


@pytest.mark.parametrize(
    "name", ["", "Main", "../main", "a/b", "-x", "_x", "a" * 33, "ma in", "main\n", "é"]
)
def test_a_bad_workspace_name_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="cannot name a workspace"):
        Paths.find({"TIO_HOME": "/t"}).workspace(name)


@pytest.mark.parametrize("name", ["main", "replay-2", "a", "0_x", "a" * 32])
def test_a_good_workspace_name_is_taken(name: str) -> None:
    assert Paths.find({"TIO_HOME": "/t"}).workspace(name).name == name


def test_a_socket_path_too_long_names_path_length_and_remedy() -> None:
    home = "/" + "d" * SOCKET_BYTES

    with pytest.raises(Misconfigured) as caught:
        Paths.find({"TIO_HOME": home}).workspace("main")

    length = len(f"{home}/run/main.sock")
    assert f"{length} bytes" in caught.value.message
    assert f"{home}/run/main.sock" in caught.value.message
    assert "TIO_HOME" in caught.value.next
    assert caught.value.exit_code == 78


def test_the_socket_limit_counts_bytes_not_letters() -> None:
    fixed = len("//run/main.sock")
    letters = (SOCKET_BYTES - fixed) // 2

    assert Paths.find({"TIO_HOME": "/" + "é" * letters}).workspace("main")
    with pytest.raises(Misconfigured):
        Paths.find({"TIO_HOME": "/" + "é" * (letters + 1)}).workspace("main")


def test_made_folders_are_private(tmp_path: Path) -> None:
    workspace = Paths.find({"TIO_HOME": str(tmp_path / "t")}).workspace("main")

    workspace.make_folders()
    workspace.make_folders()

    for folder in (workspace.folder, workspace.log.parent, workspace.socket.parent):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_runtime_folder_open_to_others_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    folder.chmod(0o777)

    private_folder(folder)

    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_linked_runtime_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "real")

    with pytest.raises(Misconfigured, match="link or a file"):
        private_folder(tmp_path / "run")


def test_a_file_or_dangling_link_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")

    for name in ("file", "dangling"):
        with pytest.raises(Misconfigured, match="link or a file"):
            private_folder(tmp_path / name)


def test_a_runtime_folder_of_another_user_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)

    with pytest.raises(Misconfigured, match="belongs to user"):
        private_folder(tmp_path)


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    workspace = Paths.find({"TIO_HOME": str(tmp_path / "file" / "t")}).workspace("main")

    with pytest.raises(Misconfigured, match="cannot be made"):
        workspace.make_folders()


def test_platformdirs_is_not_imported_under_tio_home() -> None:
    code = (
        "import sys; from tio.paths import Paths; Paths.find({'TIO_HOME': '/t'});"
        "sys.exit('platformdirs' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
