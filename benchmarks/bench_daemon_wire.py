"""The whole daemon under a thousand WebSocket clients, thirty symbols each, then some stuck ones.

A real daemon in a process of its own: 500 simulated symbols at 2,000 ticks a second through the
market, all its bars and, in a workspace with a past, the store. The clients are raw sockets in this
process. Age is from a tick's receipt by the engine to its arrival at a client.

Run: python -m benchmarks.bench_daemon_wire [--demo] [--clients N] [--seconds S]    (about 45 s)
"""

import argparse
import asyncio
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from http.client import HTTPException
from pathlib import Path

import msgspec

from benchmarks.wire_clients import cpu_seconds, measure, peak_mb, resident_mb
from tio.frugal import allow_descriptors
from tio.wire.oneshot import ask_bytes

READY_WITHIN = 20.0
LEFT_WITHIN = 15.0
ALONE = 5.0
PLUGIN = '''"""The simulator in a workspace that keeps its bars."""
from tio.engine.feeds.simulator.source import SimulatedSource
from tio.plugin import PluginSpec
PLUGIN = PluginSpec(
    name="load", summary="load", sources=(lambda _, clock: SimulatedSource(7, 500, 2_000.0, clock),)
)
'''


class Symbol(msgspec.Struct, frozen=True):
    symbol: str


def furnish(home: Path) -> None:
    """A home whose demo, and whose `load` by a plugin, tick 500 symbols 2,000 times a second."""
    plugins = home / "plugins"
    plugins.mkdir(mode=0o700)
    (plugins / "load.py").write_text(PLUGIN)
    pin = hashlib.sha256(PLUGIN.encode()).hexdigest()
    (home / "config.toml").write_text(
        f'[demo]\nsymbols = 500\nrate = 2000\n[plugins.enabled]\nload = "sha256:{pin}"\n'
    )


def symbols_of(path: Path, daemon: "subprocess.Popen[bytes]") -> list[str]:
    """Every symbol the daemon has a quote of, as soon as it has all."""
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and daemon.poll() is None:
        try:
            code, body = ask_bytes(path, "GetQuotes", b'{"symbols":[]}', within=2.0)
        except (OSError, HTTPException):
            code, body = 0, b""
        if code == 200 and len(found := msgspec.json.decode(body, type=list[Symbol])) == 500:
            return [each.symbol for each in found]
        time.sleep(0.1)
    raise SystemExit(f"the daemon did not tell 500 quotes within {READY_WITHIN:g} s")


def run(daemon: "subprocess.Popen[bytes]", path: Path, clients: int, seconds: float) -> None:
    pid = daemon.pid
    symbols = symbols_of(path, daemon)
    time.sleep(1)
    cpu, began = cpu_seconds(pid), resident_mb(pid)
    time.sleep(ALONE)
    alone = (cpu_seconds(pid) - cpu) / ALONE
    print(f"no client: {alone:.1%} of a core · {began:.1f} MB, peak until then {peak_mb(pid):.1f}")
    for spent in asyncio.run(measure(path, pid, symbols, clients, seconds)):
        print(spent.told())
    time.sleep(1)
    print(f"all gone: {resident_mb(pid):.1f} MB; peak {peak_mb(pid):.1f} MB")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--clients", type=int, default=1_000)
    options.add_argument("--seconds", type=float, default=10.0)
    options.add_argument("--demo", action="store_true", help="the demo, which keeps no bars")
    chosen = options.parse_args()
    workspace = "demo" if chosen.demo else "load"
    print(f"target: <= 50% of a core, p99 < 150 ms, < 120 MB; workspace {workspace}")
    with tempfile.TemporaryDirectory(prefix="tio-") as folder:
        home = Path(folder)
        furnish(home)
        environ = os.environ | {"TIO_HOME": folder}
        with subprocess.Popen([sys.executable, "-m", "tio.daemon", workspace], env=environ) as it:
            allow_descriptors()  # of ours; the daemon sees to its own
            try:
                run(it, home / "run" / f"{workspace}.sock", chosen.clients, chosen.seconds)
            finally:
                it.send_signal(signal.SIGTERM)
                try:
                    it.wait(LEFT_WITHIN)
                except subprocess.TimeoutExpired:
                    it.kill()


if __name__ == "__main__":
    main()
