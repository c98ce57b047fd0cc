import os
import subprocess
import sys
from pathlib import Path

import pytest

from tio.api.errors import Misconfigured
from tio.lock import Lock, holder


def test_only_one_holds_it(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    first = Lock.take(file, "daemon")
    assert first is not None

    assert Lock.take(file) is None
    found = holder(file)
    assert found is not None
    assert (found.pid, found.kind) == (os.getpid(), "daemon")

    first.release()
    assert holder(file) is None
    second = Lock.take(file)
    assert second is not None
    second.release()


def test_a_killed_holder_leaves_it_free(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    code = (
        "import sys, pathlib; from tio.lock import Lock;"
        "lock = Lock.take(pathlib.Path(sys.argv[1])); print('held', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        found = holder(file)
        assert found is not None
        assert found.pid == other.pid
        assert Lock.take(file) is None
        other.kill()

    lock = Lock.take(file)
    assert lock is not None
    lock.release()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine")
    (tmp_path / "lock").symlink_to(tmp_path / "precious")

    with pytest.raises(Misconfigured, match="cannot be opened"):
        Lock.take(tmp_path / "lock")

    assert (tmp_path / "precious").read_text() == "mine"


def test_nobody_holds_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert holder(tmp_path / "lock") is None
