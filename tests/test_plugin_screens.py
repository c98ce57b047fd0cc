"""Screens of plugins: found by their code, loaded late, told in a sentence when broken."""

import hashlib
from pathlib import Path

import pytest

from tio.api.errors import Broken
from tio.api.system import Plugin, PluginState
from tio.plugin_screens import PluginScreens

GREETING = '''"""Greets."""
from tio.plugin import PluginSpec

def greeting():
    from textual.screen import Screen
    return Screen()

PLUGIN = PluginSpec(
    name="greeter", summary="Greets.",
    screens={"HEY": "greeter:greeting", "GONE": "greeter:gone", "NOWHERE": "no_such_module:It"},
)
'''


def written(folder: Path, name: str, code: str) -> Plugin:
    (folder / f"{name}.py").write_text(code)
    digest = f"sha256:{hashlib.sha256(code.encode()).hexdigest()}"
    return Plugin(name=name, state=PluginState.enabled, digest=digest)


def test_an_enabled_plugin_brings_its_codes(tmp_path: Path) -> None:
    from textual.screen import Screen

    screens = PluginScreens(tmp_path)
    codes, faults = screens.learn([written(tmp_path, "greeter", GREETING)])
    assert codes["HEY"] == "of the plugin greeter"
    assert not faults
    assert isinstance(screens.maker("HEY")(), Screen)


def test_one_that_is_not_enabled_is_not_run(tmp_path: Path) -> None:
    greeter = written(tmp_path, "greeter", "raise SystemExit('run!')")
    available = Plugin(name=greeter.name, state=PluginState.available, digest=greeter.digest)
    assert PluginScreens(tmp_path).learn([available]) == ({}, [])


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("broken", "raise ValueError('no luck')", "Plugin broken is broken: ValueError: no luck"),
        ("absent", "", "Plugin absent is broken: TypeError: has no PLUGIN"),
    ],
)
def test_a_broken_one_is_a_sentence_and_hides_no_other(
    tmp_path: Path, name: str, code: str, words: str
) -> None:
    plugins = [written(tmp_path, name, code), written(tmp_path, "greeter", GREETING)]
    screens = PluginScreens(tmp_path)
    for _ in range(2):
        codes, faults = screens.learn(plugins)
        assert "HEY" in codes
        assert [fault for fault in faults if fault.startswith(words)]


def test_a_file_that_changed_since_it_was_enabled_is_not_run(tmp_path: Path) -> None:
    enabled = written(tmp_path, "greeter", GREETING)
    (tmp_path / "greeter.py").write_text("raise SystemExit('run!')")
    codes, faults = PluginScreens(tmp_path).learn([enabled])
    assert not codes
    assert "is changed" in faults[0]


@pytest.mark.parametrize("code", ["GONE", "NOWHERE"])
def test_a_class_that_is_not_there_is_told(tmp_path: Path, code: str) -> None:
    screens = PluginScreens(tmp_path)
    screens.learn([written(tmp_path, "greeter", GREETING)])
    with pytest.raises(Broken, match=f"{code} of the plugin greeter cannot be loaded"):
        screens.maker(code)
