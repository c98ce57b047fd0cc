"""What importing a room loads: the contracts of pyproject.toml, proven in a fresh interpreter."""

import subprocess
import sys

import pytest

ENGINE = "tio.engine"
SCREEN = "textual"


@pytest.mark.parametrize(
    ("room", "unloaded"),
    [
        ("tio.api.words", ["numpy", "aiohttp", SCREEN, "rich", "tio.config", ENGINE]),
        ("tio.config", ["numpy", "aiohttp", SCREEN, "rich", "platformdirs", ENGINE]),
        ("tio.plugin", ["aiohttp", SCREEN, "rich", ENGINE]),
        ("tio.draw", [SCREEN, "rich", "plotext", ENGINE]),
        ("tio.engine.local", [SCREEN, "rich", "typer", "plotext", "tio.wire", "tio.screens"]),
        ("tio.wire.client", [SCREEN, "rich", "numpy", "tio.config", ENGINE]),
        ("tio.connect", [SCREEN, "rich", "typer", "plotext", "tio.screens"]),
        ("tio.app", [ENGINE, "tio.wire", "plotext", "typer", "aiohttp"]),
        ("tio.commands", [SCREEN, "numpy", "aiohttp", "plotext", ENGINE, "tio.wire"]),
        ("tio.commands.app", ["mcp", "pydantic", SCREEN, ENGINE, "tio.mcp"]),
        ("tio.mcp.door", [SCREEN, "typer", "plotext", "tio.screens", "tio.connect", ENGINE]),
    ],
)
def test_importing_a_room_loads_nothing_it_should_not(room: str, unloaded: list[str]) -> None:
    code = f"import sys, {room}; print(sorted(sys.modules.keys() & set({unloaded!r})))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
