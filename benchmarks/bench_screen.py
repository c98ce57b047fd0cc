"""The Desk against a bare Textual app and against DataTable, each in a pty of its own, in one run.

`python -m benchmarks.bench_screen` prints first paint (ratio to bare), CPU while 500 symbols change
2,000 times a second, and key-to-paint (ratio to the same table on DataTable). One child at a time,
the two tables in turns.
"""

import argparse
import fcntl
import math
import os
import pty
import re
import select
import statistics
import struct
import sys
import termios
import time
from collections.abc import Sequence
from pathlib import Path

CHILDREN = "benchmarks.screen_children"
SYMBOLS, TICKS, SIZE = 500, 2_000, (140, 40)
ESCAPES = re.compile(rb"\x1b(\[[0-9;?<>=]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[@-Z\\-_])")


class Terminal:
    """A child in a pty, read until a text shows: words after `python -m`."""

    def __init__(self, *words: str) -> None:
        self.start = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
            os.execv(sys.executable, [sys.executable, "-m", *words])
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))

    def read(self, seconds: float, expected: str = "") -> float | None:
        """Read for so long or until a text shows; the moment it did."""
        seen, end = b"", time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            if not select.select([self.fd], [], [], min(left, 0.02))[0]:
                continue
            try:
                news = os.read(self.fd, 1 << 16)
            except OSError:  # The child has left.
                return None
            seen = (seen + news)[-200_000:]
            if expected and expected.encode() in ESCAPES.sub(b"", seen):
                return time.perf_counter()
        return None

    def press(self, keys: bytes) -> float:
        at = time.perf_counter()
        os.write(self.fd, keys)
        return at

    def cpu(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))

    def close(self, patience: float = 1.0) -> None:
        """Leave with `q`; read until the child has ended, or end it."""
        self.press(b"q")
        self.read(patience)
        if os.waitpid(self.pid, os.WNOHANG)[0] == 0:  # It ends now at the latest.
            os.kill(self.pid, 9)
            os.waitpid(self.pid, 0)
        os.close(self.fd)


def first_paint(child: str, text: str, times: int) -> list[float]:
    """Seconds from start to a text on screen, for each of several starts."""
    taken = []
    for _ in range(times):
        terminal = Terminal(CHILDREN, child)
        shown = terminal.read(15.0, text)
        if shown is None:
            raise SystemExit(f"{child}: {text!r} never showed")
        taken.append(shown - terminal.start)
        terminal.close()
    return taken


class Live:
    """What was measured of one child, over all its rounds."""

    def __init__(self) -> None:
        self.shares: list[float] = []
        self.waits: list[float] = []
        self.memory = 0.0

    def measure(self, child: str, ready: str, seconds: float, keys: int) -> None:
        """One round: CPU (share of a core), memory (MB), key-to-paint (ms) of a live table."""
        terminal = Terminal(CHILDREN, child)
        if terminal.read(15.0, ready) is None:
            raise SystemExit(f"{child}: {ready!r} never showed")
        terminal.read(2.0)
        self.shares.append(share(terminal, seconds))
        self.waits += key_waits(terminal, [f"› S{number:04}" for number in range(1, keys + 1)])
        self.memory = max(self.memory, terminal.memory())
        terminal.close()

    def told(self) -> str:
        cpu, (median, high) = statistics.median(self.shares), spread(self.waits)
        return (
            f"{SYMBOLS} symbols × {TICKS} ticks/s: {cpu:.1%} of a core, {self.memory:.0f} MB,"
            f" key-to-paint p50 {median:.1f} ms, p95 {high:.1f} ms"
        )


def share(terminal: Terminal, seconds: float) -> float:
    """Processor time of the child, as a share of a core."""
    before, began = terminal.cpu(), time.perf_counter()
    terminal.read(seconds)
    return (terminal.cpu() - before) / (time.perf_counter() - began)


def key_waits(terminal: Terminal, texts: Sequence[str]) -> list[float]:
    """Milliseconds from each `down` to the text that shows it done; 3,000 when it never did."""
    waits = []
    for number, text in enumerate(texts, 1):
        terminal.read(0.07 + number % 7 * 0.011)
        pressed = terminal.press(b"\x1b[B")
        shown = terminal.read(3.0, text)
        waits.append(((shown or pressed + 3.0) - pressed) * 1000)
    return waits


def spread(values: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    return statistics.median(values), sorted(values)[math.ceil(len(values) * 0.95) - 1]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=5.0)
    options.add_argument("--keys", type=int, default=20)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--starts", type=int, default=5)
    chosen = options.parse_args()
    bare = statistics.median(first_paint("bare", "ready", chosen.starts))
    frame = statistics.median(first_paint("desk", "watchlist", chosen.starts))
    full = statistics.median(first_paint("desk", "S0003", chosen.starts))
    print(f"first paint: bare {bare * 1000:.0f} ms, frame {frame / bare:.2f}× (goal 1.3×)")
    print(f"populated: {full / bare:.2f}× (goal 2.2×)")
    desk, table = Live(), Live()
    for _ in range(chosen.rounds):  # In turns, so that a busy machine slows both.
        desk.measure("desk", "S0003", chosen.seconds, chosen.keys)
        table.measure("table", "S0003", chosen.seconds, chosen.keys)
    print(f"desk: {desk.told()}")
    print(f"DataTable: {table.told()}")
    ratio = statistics.median(table.waits) / statistics.median(desk.waits)
    print(f"key-to-paint is 1/{ratio:.1f} of DataTable's (goal 1/8)")


if __name__ == "__main__":
    main()
