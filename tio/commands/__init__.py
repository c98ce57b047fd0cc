"""The shell's commands: parse, ask, print. `main` is the console script."""

import os
import sys


def main() -> None:
    """Run the command line; every error of ours becomes one sentence and its exit code."""
    if sys.platform == "win32":
        print("tio runs on Linux and macOS; on Windows use it inside WSL.", file=sys.stderr)
        raise SystemExit(1)
    from tio.commands.running import run

    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read us has had enough (`tio bars … | head`); the exit must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(code)
