"""What every test gets unasked: a home of its own, and no settings of the one who runs it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine must not fail a property by its clock.
settings.register_profile("tio", deadline=None)
settings.load_profile("tio")

KEPT = {"TIO_TEST_DATA", "TIO_TEST_MODEL_URL", "TIO_TEST_MODEL_SERVER", "TIO_TEST_MODEL_FILE"}
XDG = ("CONFIG", "DATA", "STATE", "CACHE")


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A fresh HOME with TIO_HOME and XDG_* in it, short enough for a Unix socket's 107 bytes."""
    for name in list(os.environ):
        if (name.startswith("TIO_") and name not in KEPT) or name in {
            "NO_COLOR",
            "XDG_RUNTIME_DIR",
        }:
            monkeypatch.delenv(name)
    monkeypatch.setenv("TIO_OFFLINE", "1")
    folder = Path(tempfile.mkdtemp(prefix="tio-"))
    monkeypatch.setenv("TIO_HOME", str(folder / "tio"))
    monkeypatch.setenv("HOME", str(folder))
    for kind in XDG:
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(folder / kind.lower()))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
