"""`tio mcp` as a client starts it: a process with pipes, alone and beside a daemon."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from tio import daemon
from tio.lock import holder
from tio.paths import Paths, WorkspacePaths

PATIENCE = 60.0
COMMAND = [sys.executable, "-m", "tio", "mcp", "--workspace", "demo"]
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "0"},
    },
}


def spoken() -> StdioServerParameters:
    return StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], env=dict(os.environ))


def begun() -> "subprocess.Popen[str]":
    return subprocess.Popen(
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def greeted(process: "subprocess.Popen[str]") -> dict[str, Any]:
    """What it answers to the first message."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(HELLO) + "\n")
    process.stdin.flush()
    answer: dict[str, Any] = json.loads(process.stdout.readline())
    return answer


@pytest.fixture
def place() -> WorkspacePaths:
    return Paths.find().workspace("demo")


@pytest.fixture
def attended(place: WorkspacePaths) -> Iterator[int]:
    """A daemon of the demo workspace; its pid."""
    pid = daemon.start(place).pid
    yield pid
    found = holder(place.lock)
    if found is not None and found.pid == pid:
        os.kill(pid, signal.SIGKILL)


async def health(mcp: Client) -> dict[str, Any]:
    result = await mcp.call_tool("GetHealth", {})
    first: Any = result.content[0]
    assert not result.is_error, first.text
    found: dict[str, Any] = json.loads(first.text)
    return found


async def test_alone_it_starts_an_engine_and_answers() -> None:
    async with asyncio.timeout(PATIENCE), Client(spoken()) as mcp:
        tools = (await mcp.list_tools()).tools
        bars: Any = (await mcp.call_tool("GetBars", {"symbol": "BTC-USD", "limit": 3})).content[0]
        written = await mcp.call_tool("SaveWatchlist", {"name": "tech"})

    assert len(tools) > 40
    assert len(json.loads(bars.text)["close"]) == 3
    assert written.is_error


async def test_as_of_a_past_moment_its_tools_tell_nothing_later() -> None:
    env = {**os.environ, "TIO_AS_OF": "2026-11-18T15:30Z"}
    told = StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], env=env)
    async with asyncio.timeout(PATIENCE), Client(told) as mcp:
        answer = await mcp.call_tool("GetQuotes", {"symbols": ["SIM:ACME"]})
        assert "2026-11-18T15:30:00Z" in str(answer.content)
        refused = await mcp.call_tool("GetProfile", {"symbol": "SIM:ACME"})
        assert refused.is_error
        assert "tells of now alone" in str(refused.content)


async def test_beside_a_daemon_it_attaches_and_goes_on_when_that_is_killed(
    attended: int,
) -> None:
    async with asyncio.timeout(PATIENCE), Client(spoken()) as mcp:
        before = await health(mcp)
        os.kill(attended, signal.SIGKILL)
        after = await health(mcp)

    assert before["pid"] == attended
    assert after["pid"] != attended


async def test_a_daemon_that_starts_takes_the_engine_over_and_the_tools_go_on(
    place: WorkspacePaths,
) -> None:
    pid = 0
    try:
        async with asyncio.timeout(PATIENCE), Client(spoken()) as mcp:
            before = await health(mcp)
            pid = (await asyncio.to_thread(daemon.start, place)).pid
            after = await health(mcp)
    finally:
        if pid:
            os.kill(pid, signal.SIGKILL)

    assert before["pid"] != pid
    assert after["pid"] == pid


def test_it_ends_when_its_client_leaves_and_said_nothing_but_the_protocol(
    place: WorkspacePaths,
) -> None:
    process = begun()
    hello = greeted(process)
    out, err = process.communicate("this is no message\n", timeout=PATIENCE)

    assert hello["result"]["serverInfo"]["name"] == "tio"
    assert all(json.loads(line)["jsonrpc"] == "2.0" for line in out.splitlines())
    assert "Traceback" not in err
    assert process.returncode == 0
    assert holder(place.lock) is None
    assert not place.socket.exists()


def test_what_was_asked_before_the_client_closed_is_answered() -> None:
    call = {"name": "GetHealth", "arguments": {}}
    said = [
        HELLO,
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call},
    ]
    done = subprocess.run(
        COMMAND,
        input="".join(f"{json.dumps(each)}\n" for each in said),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    first, second = [json.loads(line) for line in done.stdout.splitlines()]

    assert (first["id"], second["id"]) == (1, 2)
    assert json.loads(second["result"]["content"][0]["text"])["workspace"] == "demo"


def test_a_client_that_died_with_a_question_open_is_no_fault(place: WorkspacePaths) -> None:
    process = begun()
    greeted(process)
    assert process.stdin is not None
    assert process.stdout is not None
    call = {"name": "GetHealth", "arguments": {}}
    process.stdin.write('{"jsonrpc": "2.0", "method": "notifications/initialized"}\n')
    asked = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call}
    process.stdin.write(json.dumps(asked) + "\n")
    process.stdout.close()
    process.stdin.close()
    code = process.wait(PATIENCE)
    assert process.stderr is not None
    with process.stderr:
        err = process.stderr.read()

    assert (code, "Traceback" in err) == (0, False), err
    assert holder(place.lock) is None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_quietly_though_its_client_stays(
    number: signal.Signals, place: WorkspacePaths
) -> None:
    process = begun()
    greeted(process)
    process.send_signal(number)
    code = process.wait(PATIENCE)
    out, err = process.communicate()

    assert out == ""
    assert "Traceback" not in err
    assert "Aborted" not in err
    assert code == 0
    assert holder(place.lock) is None
