"""One command line run to its exit code; the terminal alone opens without the command tree."""

import gc
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tio.api.errors import TioError


def run(arguments: Sequence[str]) -> int:
    """The exit code of one command line."""
    shortest = _shortest(tuple(arguments))
    if shortest is not None and sys.stdout.isatty():
        # What starting makes stays; the app looks for garbage again once it has started.
        gc.disable()
    try:
        # Importing the command tree is a fifth of the time until the first frame.
        (shortest or _by_tree(arguments))()
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(bool(leaving.code))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0
    except _ours() as error:
        return _told(error)
    return 0


def _by_tree(arguments: Sequence[str]) -> Callable[[], None]:
    def call() -> None:
        from tio.commands.app import cli

        cli(list(arguments), prog_name="tio")

    return call


def _desk() -> None:
    from tio.commands.desk import run_desk
    from tio.commands.workspace import chosen

    run_desk(chosen(""))


def _demo() -> None:
    from tio.commands.desk import run_desk

    run_desk("demo")


def _attach(workspace: str) -> Callable[[], None]:
    def call() -> None:
        from tio.commands.asking import demand_engine
        from tio.commands.desk import run_desk
        from tio.commands.workspace import chosen

        name = chosen(workspace)
        demand_engine(name)
        run_desk(name)

    return call


def _shortest(arguments: tuple[str, ...]) -> Callable[[], None] | None:
    """The terminal's usual beginnings; every other line goes through the command tree."""
    match arguments:
        case ():
            return _desk
        case ("demo",):
            return _demo
        case ("attach",):
            return _attach("")
        case ("attach", "-w" | "--workspace", str(name)) if name and not name.startswith("-"):
            return _attach(name)
    return None


def _ours() -> "type[TioError]":
    # Only evaluated once something was raised: a command that ends well never imports it.
    from tio.api.errors import TioError

    return TioError


def _told(error: "TioError") -> int:
    """One sentence on standard error, and what to do next."""
    from tio.api.clean import clean

    print(clean(error.message, prose=True), file=sys.stderr)
    if error.next:
        print(clean(error.next, prose=True), file=sys.stderr)
    return error.exit_code
