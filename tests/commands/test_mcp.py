import importlib.util
from datetime import UTC, datetime
from typing import Any

import pytest

from tio.commands.running import run
from tio.mcp import stdio


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the command would serve, instead of serving it."""
    calls: list[Any] = []
    monkeypatch.setattr(stdio, "serve", lambda *told: calls.append(told))
    monkeypatch.setattr("tio.daemon_log.log_to_stderr", lambda settings: None)
    return calls


@pytest.mark.parametrize("role", ["viewer", "trader"])
def test_it_serves_the_workspace_in_the_role_asked_for(role: str, served: list[Any]) -> None:
    assert run(["mcp", "--role", role, "--workspace", "demo"]) == 0

    ((place, _, given, as_of),) = served
    assert (place.name, given, as_of) == ("demo", role, None)


def test_it_serves_a_past_moment_where_one_is_told(
    served: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIO_AS_OF", "2026-11-18T15:30Z")
    assert run(["mcp"]) == 0
    assert served[0][3] == datetime(2026, 11, 18, 15, 30, tzinfo=UTC)


def test_without_being_told_it_only_reads(served: list[Any]) -> None:
    assert run(["mcp"]) == 0
    assert served[0][2] == "viewer"


@pytest.mark.parametrize("role", ["owner", "admin", "root", ""])
def test_no_model_is_more_than_a_trader(
    role: str, served: list[Any], capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["mcp", "--role", role]) == 2

    out, err = capfd.readouterr()
    assert out == ""
    assert f"there is no role {role!r} for a model\nviewer or trader" in err
    assert served == []


def test_without_the_package_it_says_how_to_install_it(
    served: list[Any], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    assert run(["mcp"]) == 78
    assert "pip install 'tio[mcp]'" in capfd.readouterr().err
    assert served == []


def test_its_help_begins_with_an_example_and_tells_what_a_client_needs(
    capfd: pytest.CaptureFixture[str],
) -> None:
    run(["mcp", "--help"])

    told = capfd.readouterr().out
    assert told.index("Example: tio mcp") < told.index('{"mcpServers": {"tio": {"command": "tio"')
    assert told.index("mcpServers") < told.index("--role")
