"""Start-up: commands against a bare Python, the Desk against a bare Textual app, in one run.

python benchmarks/bench_start.py [--runs 7]

Prints medians and the ratio to the named baseline; the limits are those of the first issue.
"""

import argparse
import fcntl
import os
import pty
import re
import select
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

ESCAPES = re.compile(
    rb"\x1b(\[[0-9;?<>=]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[PX^_].*?\x1b\\|[@-Z])"
)
BARE_APP = (
    "from textual.app import App\n"
    "from textual.widgets import Static\n"
    "class Bare(App):\n"
    "    def compose(self):\n"
    "        yield Static('bare ready')\n"
    "Bare().run()\n"
)
PYTHON = sys.executable
TIO = [PYTHON, "-m", "tio"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    home = Path(tempfile.mkdtemp(prefix="tio-bench-"))
    os.environ["TIO_HOME"] = str(home)
    # As installed: every module compiled once, tio's as well as its libraries'.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    try:
        _commands(runs)
        _screens(runs)
        _networks(runs, home / "config.toml")
    finally:
        subprocess.run([*TIO, "daemon", "stop", "-w", "demo"], capture_output=True, check=False)
        shutil.rmtree(home, ignore_errors=True)


def _commands(runs: int) -> None:
    subprocess.run([*TIO, "daemon", "start", "-w", "demo"], check=True, capture_output=True)
    commands = {
        "python -c pass": [PYTHON, "-c", "pass"],
        "tio --help": [*TIO, "--help"],
        "tio quote": [*TIO, "quote", "SIM:ACME", "-w", "demo"],
    }
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs + 1):
        for name, command in commands.items():
            began = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            taken[name].append(time.perf_counter() - began)
    bare = statistics.median(taken["python -c pass"][1:])
    for name, limit in (("tio --help", 12), ("tio quote", 30)):
        median = statistics.median(taken[name][1:])
        print(f"{name:<22} {median * 1e3:7.0f} ms  {median / bare:5.1f} × python (limit {limit})")


def _screens(runs: int) -> None:
    """The daemon of `_commands` runs, so the Desk attaches; then one starts its own engine."""
    marks = {"frame": rb"1 Desk", "populated": rb"SIM:ACME[^\n]*?\d+\.\d\d"}
    attached = _in_turn([*TIO, "attach", "-w", "demo"], marks, runs)
    subprocess.run([*TIO, "daemon", "stop", "-w", "demo"], capture_output=True, check=True)
    inside = _in_turn([*TIO, "demo"], marks, runs)
    for name, (bare, seen) in (("attached", attached), ("engine inside", inside)):
        baseline = statistics.median(bare)
        print(f"{'bare Textual app':<24} {baseline * 1e3:5.0f} ms")
        for mark, limit in (("frame", 1.3), ("populated", 2.2)):
            median = statistics.median(run[mark] for run in seen)
            ratio = median / baseline
            what = f"{name}, {mark}"
            print(f"{what:<24} {median * 1e3:5.0f} ms  {ratio:5.2f} × bare (limit {limit})")


def _networks(runs: int, config: Path) -> None:
    """A workspace of real prices, engine inside: told to stay offline, and reaching for sources."""
    os.environ.pop("TIO_OFFLINE", None)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ways = {
            "offline": "offline = true",
            "proxy refuses": 'proxy = "http://127.0.0.1:9"',
            "proxy never answers": f'proxy = "http://127.0.0.1:{silent.getsockname()[1]}"',
        }
        config.write_text(f"[network]\n{ways['offline']}\n")
        listed = [*TIO, "watchlist", "add", "main", "AAPL", "BTC-USD", "EURUSD", "-w", "main"]
        subprocess.run(listed, check=True, capture_output=True)
        marks = {"frame": rb"1 Desk", "watchlist": rb"BTC-USD"}
        seen: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
        for _ in range(runs + 1):
            for way, setting in ways.items():
                config.write_text(f"[network]\n{setting}\n")
                seen[way].append(_until([*TIO, "-w", "main"], marks))
    for mark in marks:
        baseline = statistics.median(run[mark] for run in seen["offline"][1:])
        for way in list(ways)[1:]:
            median = statistics.median(run[mark] for run in seen[way][1:])
            what = f"{way}, {mark}"
            print(f"{what:<29} {median * 1e3:5.0f} ms  {median / baseline:5.2f} × offline")


def _in_turn(
    command: list[str], marks: dict[str, bytes], runs: int
) -> tuple[list[float], list[dict[str, float]]]:
    """The bare app and the command by turns, so that both meet the same machine; one to warm up."""
    bare, seen = [], []
    for _ in range(runs + 1):
        bare.append(_until([PYTHON, "-c", BARE_APP], {"ready": rb"bare ready"})["ready"])
        seen.append(_until(command, marks))
    return bare[1:], seen[1:]


def _until(command: list[str], marks: dict[str, bytes], within: float = 20.0) -> dict[str, float]:
    """Seconds from the start until each pattern was on the screen."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8")
        os.execvp(command[0], command)
    began = time.perf_counter()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    seen, found = b"", dict.fromkeys(marks, float("nan"))
    left = dict(marks)
    try:
        while left and time.perf_counter() - began < within:
            if not select.select([terminal], [], [], 0.02)[0]:
                continue
            seen += os.read(terminal, 1 << 16)
            plain = ESCAPES.sub(b"", seen)
            for name in [name for name, pattern in left.items() if re.search(pattern, plain)]:
                found[name] = time.perf_counter() - began
                del left[name]
    finally:
        os.kill(pid, 15)
        os.close(terminal)
        os.waitpid(pid, 0)
    return found


if __name__ == "__main__":
    main()
