"""The Desk against a bare Textual app and against DataTable, each in a pty of its own, in one run.

`python -m benchmarks.bench_screen` prints first paint (ratio to bare), CPU while 500 symbols change
2,000 times a second, and key-to-paint (ratio to the same table on DataTable). Loopback only, one
child at a time.
"""

import argparse
import fcntl
import os
import pty
import re
import select
import statistics
import struct
import sys
import termios
import time
from pathlib import Path

SYMBOLS, TICKS, SIZE = 500, 2_000, (140, 40)
ESCAPES = re.compile(rb"\x1b(\[[0-9;?<>=]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[@-Z\\-_])")


class Terminal:
    """A child in a pty, read until a text shows."""

    def __init__(self, child: str) -> None:
        self.start = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
            command = [sys.executable, "-m", "benchmarks.screen_children", child]
            os.execv(sys.executable, command)
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

    def close(self) -> None:
        self.press(b"q")
        self.read(1.0)
        if os.waitpid(self.pid, os.WNOHANG)[0] == 0:  # It ends now at the latest.
            os.kill(self.pid, 9)
            os.waitpid(self.pid, 0)
        os.close(self.fd)


def first_paint(child: str, text: str, times: int) -> list[float]:
    """Seconds from start to a text on screen, for each of several starts."""
    taken = []
    for _ in range(times):
        terminal = Terminal(child)
        shown = terminal.read(15.0, text)
        if shown is None:
            raise SystemExit(f"{child}: {text!r} never showed")
        taken.append(shown - terminal.start)
        terminal.close()
    return taken


def live(child: str, ready: str, seconds: float, keys: int) -> tuple[float, float, list[float]]:
    """CPU (share of a core), memory (MB), key-to-paint (ms) of a live table."""
    terminal = Terminal(child)
    if terminal.read(15.0, ready) is None:
        raise SystemExit(f"{child}: {ready!r} never showed")
    terminal.read(2.0)
    before, began = terminal.cpu(), time.perf_counter()
    terminal.read(seconds)
    share = (terminal.cpu() - before) / (time.perf_counter() - began)
    waits = []
    for number in range(1, keys + 1):
        terminal.read(0.07 + number % 7 * 0.011)
        pressed = terminal.press(b"\x1b[B")
        shown = terminal.read(3.0, f"› S{number:04}")
        waits.append(((shown or pressed + 3.0) - pressed) * 1000)
    memory = terminal.memory()
    terminal.close()
    return share, memory, waits


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=8.0)
    options.add_argument("--keys", type=int, default=25)
    options.add_argument("--starts", type=int, default=5)
    chosen = options.parse_args()
    bare = statistics.median(first_paint("bare", "ready", chosen.starts))
    frame = statistics.median(first_paint("desk", "watchlist", chosen.starts))
    full = statistics.median(first_paint("desk", "S0003", chosen.starts))
    print(f"first paint: bare {bare * 1000:.0f} ms, frame {frame / bare:.2f}× (goal 1.3×)")
    print(f"populated: {full / bare:.2f}× (goal 2.2×)")
    results = {}
    for child in ("desk", "table"):
        share, memory, waits = live(child, "S0003", chosen.seconds, chosen.keys)
        median = statistics.median(waits)
        high = sorted(waits)[int(len(waits) * 0.95) - 1]
        results[child] = median
        print(
            f"{child}: {SYMBOLS} symbols × {TICKS} ticks/s: {share:.1%} of a core, {memory:.0f} MB,"
            f" key-to-paint p50 {median:.1f} ms, p95 {high:.1f} ms"
        )
    print(f"key-to-paint is 1/{results['table'] / results['desk']:.1f} of DataTable's (goal 1/8)")


if __name__ == "__main__":
    main()
