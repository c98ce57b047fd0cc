import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import tio
from tio import config
from tio.engine.plugins.find import shipped_folder

PROJECT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
LOCK = (PROJECT / "requirements.lock").read_text("utf-8")
LONGEST_FILE = 450

WANTED = [
    *PYPROJECT["project"]["dependencies"],
    *PYPROJECT["project"]["optional-dependencies"]["dev"],
    *PYPROJECT["build-system"]["requires"],
]


def pins() -> dict[str, str]:
    return dict(re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)$", LOCK, re.MULTILINE))


@pytest.mark.parametrize("wanted", WANTED)
def test_the_lock_has_a_version_of_everything_wanted(wanted: str) -> None:
    requirement = Requirement(wanted)

    assert requirement.specifier.contains(pins()[requirement.name])


def test_the_lock_pins_exactly_and_names_no_host() -> None:
    lines = [line for line in LOCK.splitlines() if not line.startswith("#")]

    assert len(lines) == len(pins())
    assert "://" not in LOCK
    assert "--" not in LOCK


def test_every_dependency_has_a_lower_bound() -> None:
    for wanted in WANTED:
        assert any(spec.operator == ">=" for spec in Requirement(wanted).specifier), wanted


def test_the_wheel_carries_settings_and_plugins() -> None:
    carried = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]

    assert carried == {"config.toml": "tio/config.toml", "plugins": "tio/plugins"}
    assert config.shipped().exists()
    assert (shipped_folder() / "csv_folder.py").exists()


def test_the_version_is_said_once() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", tio.__version__)
    assert PYPROJECT["project"]["dynamic"] == ["version"]


def test_every_package_says_what_it_holds_and_no_file_is_too_long() -> None:
    for file in [*(PROJECT / "tio").rglob("*.py"), *(PROJECT / "plugins").glob("*.py")]:
        text = file.read_text("utf-8")
        assert text.lstrip().startswith('"""'), f"{file.name} has no docstring"
        assert text.count("\n") <= LONGEST_FILE, f"{file.name} has {text.count(chr(10))} lines"
        assert (file.parent / "__init__.py").exists(), f"{file.parent.name} has no __init__.py"
