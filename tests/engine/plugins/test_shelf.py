import hashlib
import importlib.metadata
import sys
from pathlib import Path

import pytest

from tio.api.access import OWNER
from tio.api.errors import Conflict, NotFound
from tio.api.system import EnablePlugin, ListPlugins, PluginState
from tio.engine.plugins import PluginService, PluginShelf, find
from tio.engine.plugins.find import shipped_folder

from fakes import FakeClock

GOOD = '''"""Says nothing.

At length.
"""
from tio.plugin import PluginSpec, Traits

class Quiet:
    def __init__(self, settings, clock):
        self.settings = settings
        self.traits = Traits(name="quiet")

PLUGIN = PluginSpec(name="quiet", summary="Says nothing.", sources=(Quiet,))
'''


def digest(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "quiet.py").write_text(GOOD)
    return tmp_path


def shelf(own: Path, pins: dict[str, str] | None = None) -> PluginShelf:
    return PluginShelf(find(own, own / "none"), pins or {}, {"quiet": {"volume": 0}})


def test_a_plugin_is_found_and_not_run(own: Path) -> None:
    (own / "loud.py").write_text('"""Loud."""\nimport sys\nsys.modules["loud_was_here"] = sys')

    listed = shelf(own).listed()

    assert [(p.name, p.state, p.summary) for p in listed] == [
        ("loud", PluginState.available, "Loud."),
        ("quiet", PluginState.available, "Says nothing."),
    ]
    assert listed[1].digest == digest(GOOD)
    assert listed[1].origin == "your folder"
    assert shelf(own).load() == ()
    assert "loud_was_here" not in sys.modules


def test_a_pinned_plugin_runs_with_its_settings(own: Path) -> None:
    pinned = shelf(own, {"quiet": digest(GOOD)})

    specs = pinned.load()
    (source,) = pinned.sources(specs, FakeClock())

    assert [spec.name for spec in specs] == ["quiet"]
    assert source.traits.name == "quiet"
    assert source.settings == {"volume": 0}  # type: ignore[attr-defined]
    assert pinned.listed()[0].state is PluginState.enabled


def test_a_changed_file_is_refused_with_a_sentence(own: Path) -> None:
    (own / "quiet.py").write_text(GOOD + "\nimport sys; sys.modules['quiet_changed'] = sys\n")
    changed = shelf(own, {"quiet": digest(GOOD)})

    assert changed.load() == ()
    assert "quiet_changed" not in sys.modules
    (plugin,) = changed.listed()
    assert plugin.state is PluginState.changed
    assert "not the one that was enabled" in plugin.reason


def test_what_is_run_is_what_was_hashed(own: Path) -> None:
    pinned = shelf(own, {"quiet": digest(GOOD)})
    (own / "quiet.py").write_text("raise SystemExit('swapped after the look')")

    assert len(pinned.load()) == 1


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise RuntimeError('no \x1b[2J luck')", "RuntimeError: no [2J luck"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("import nothing_of_this_name", "ModuleNotFoundError"),
        ("x = 1", "no PLUGIN"),
        ("PLUGIN = 3", "no PLUGIN"),
        (GOOD.replace('"quiet"', '"other"'), "calls itself 'other'"),
    ],
)
def test_a_broken_plugin_is_reported_and_the_rest_run(own: Path, code: str, reason: str) -> None:
    (own / "bad.py").write_text(code)
    pinned = shelf(own, {"bad": digest(code), "quiet": digest(GOOD)})

    assert [spec.name for spec in pinned.load()] == ["quiet"]
    bad = pinned.listed()[0]
    assert (bad.name, bad.state) == ("bad", PluginState.broken)
    assert reason in bad.reason


@pytest.mark.parametrize(
    ("factory", "reason"),
    [("print['x']", "TypeError"), ("return 3", "no traits"), ("raise SystemExit", "SystemExit")],
)
def test_a_source_that_cannot_be_made_breaks_its_plugin_alone(
    own: Path, factory: str, reason: str
) -> None:
    code = (
        "from tio.plugin import PluginSpec\n"
        f"def make(settings, clock):\n    {factory}\n"
        "PLUGIN = PluginSpec(name='bad', summary='', sources=(make,))\n"
    )
    (own / "bad.py").write_text(code)
    pinned = shelf(own, {"bad": digest(code), "quiet": digest(GOOD)})

    sources = pinned.sources(pinned.load(), FakeClock())

    assert [source.traits.name for source in sources] == ["quiet"]
    assert reason in pinned.listed()[0].reason


@pytest.mark.parametrize("code", [b"def (", b"\x00", b"\xff\xfe", b"(" * 5000])
def test_a_file_that_is_not_python_is_reported_before_anybody_enables_it(
    own: Path, code: bytes
) -> None:
    (own / "bad.py").write_bytes(code)

    plugin = shelf(own).listed()[0]

    assert plugin.state is PluginState.broken
    assert "is not Python" in plugin.reason
    with pytest.raises(Conflict, match="is not Python"):
        shelf(own).trust("bad")


def test_an_enabled_plugin_that_is_gone_is_reported(own: Path) -> None:
    (plugin, _) = shelf(own, {"gone": digest("")}).listed()

    assert plugin.state is PluginState.broken
    assert "no plugin of this name" in plugin.reason


def test_a_file_whose_name_cannot_name_a_plugin_is_left_alone(own: Path) -> None:
    for name in ("__init__", "_hidden", "Upper", "a-b", "x" * 41):
        (own / f"{name}.py").write_text(GOOD)

    assert [plugin.name for plugin in shelf(own).listed()] == ["quiet"]


def test_ones_own_plugin_comes_before_a_shipped_one(own: Path, tmp_path: Path) -> None:
    (own / "csv_folder.py").write_text('"""Mine."""')

    found = find(own)

    assert found["csv_folder"].summary == "Mine."
    assert find(tmp_path / "none")["csv_folder"].origin == "ships with tio"


def test_the_shipped_plugin_loads_by_its_pin(own: Path) -> None:
    found = find(own / "none")
    pinned = PluginShelf(found, {"csv_folder": found["csv_folder"].digest}, {})

    specs = pinned.load()

    assert [spec.name for spec in specs] == ["csv_folder"]
    assert (shipped_folder() / "csv_folder.py").exists()
    assert pinned.sources(specs, FakeClock()) == ()
    assert "set `folder`" in pinned.listed()[0].reason


def test_an_installed_package_offers_plugins_by_entry_point(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    (site / "quiet_pack").mkdir(parents=True)
    (site / "quiet_pack" / "__init__.py").write_text(GOOD.replace('"quiet"', '"packed"'))
    (site / "quiet_pack" / "rest.py").write_text("REST = 1\n")
    info = site / "quiet_pack-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: quiet-pack\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[tio.plugins]\npacked = quiet_pack\n")
    monkeypatch.syspath_prepend(str(site))

    found = find(tmp_path / "none", tmp_path / "none")
    assert "quiet_pack" not in sys.modules
    assert found["packed"].origin == "package quiet-pack"

    pins = {"packed": found["packed"].digest}
    assert [spec.name for spec in PluginShelf(found, pins).load()] == ["packed"]
    monkeypatch.delitem(sys.modules, "quiet_pack")

    (site / "quiet_pack" / "rest.py").write_text("REST = 2\n")
    (changed,) = PluginShelf(find(tmp_path / "none", tmp_path / "none"), pins).listed()
    assert changed.state is PluginState.changed


async def test_enabling_pins_the_hash_of_now(own: Path) -> None:
    kept: dict[str, str] = {}

    async def keep(name: str, pin: str) -> None:
        kept[name] = pin

    service = PluginService(shelf(own), keep)
    answers = service.answers()

    enabled = await answers[EnablePlugin](EnablePlugin("quiet", digest(GOOD)), OWNER)

    assert kept == {"quiet": digest(GOOD)}
    assert enabled.state is PluginState.enabled
    assert "next start" in enabled.reason
    assert (await answers[ListPlugins](ListPlugins(), OWNER))[0].state is PluginState.enabled


async def test_enabling_another_file_than_was_read_is_refused(own: Path) -> None:
    async def keep(name: str, pin: str) -> None:
        raise AssertionError("nothing to keep")

    enable = PluginService(shelf(own), keep).answers()[EnablePlugin]

    with pytest.raises(Conflict, match="has the hash"):
        await enable(EnablePlugin("quiet", digest("")), OWNER)
    with pytest.raises(NotFound, match="no plugin is called 'nope'"):
        await enable(EnablePlugin("nope"), OWNER)


def test_where_no_package_names_us_the_others_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def points(group: str) -> tuple[importlib.metadata.EntryPoint, ...]:
        read.append(group)
        return ()

    monkeypatch.setattr(importlib.metadata, "entry_points", points)
    info = tmp_path / "other-1.0.dist-info"
    info.mkdir()
    names = info / "entry_points.txt"
    names.write_text("[console_scripts]\nother = other:main\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), str(tmp_path / "none")])
    find(tmp_path / "none", tmp_path / "none")
    assert read == []
    names.write_text("[tio.plugins]\nother = other\n")
    find(tmp_path / "none", tmp_path / "none")
    assert read == ["tio.plugins"]
